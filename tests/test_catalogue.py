"""The catalogue as lists in a chapter, and as the scripts that the explorer and the citation cards read."""

import dataclasses
import gzip
import json
import pickle
import re

import pytest
from unpacking import unpacked_papers

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.catalogue import catalogue, weightiest_first
from peft_vlm_survey.show.markup import KEPT
from peft_vlm_survey.site.bibtex_js import bibtex_script
from peft_vlm_survey.site.catalogue_js import (
    AT_ONCE,
    FIELDS,
    addresses_script,
    authors_script,
    base_models,
    catalogue_script,
    works_script,
)
from peft_vlm_survey.site.descriptions_js import HALVES, descriptions_script


def with_papers(survey, *changes):
    """Return the survey with one paper more for each change of the first one's cells, under its own key."""
    first = survey.papers[0]
    more = tuple(dataclasses.replace(first, **change) for change in changes)
    known = {paper.key: survey.references[first.key] for paper in more}
    return dataclasses.replace(survey, papers=(*survey.papers, *more), references={**known, **survey.references})


def with_reference(survey, key, **fields):
    reference = dataclasses.replace(survey.references[key], fields={**survey.references[key].fields, **fields})
    return dataclasses.replace(survey, references={**survey.references, key: reference})


def with_paper(survey, key, **cells):
    papers = tuple(dataclasses.replace(p, **cells) if p.key == key else p for p in survey.papers)
    return dataclasses.replace(survey, papers=papers)


def lines(markup):
    return [line for line in str(markup).splitlines() if line.startswith("- ")]


def said(script, name):
    """Return what a script adds to the data of the page under a name."""
    found = re.fullmatch(rf"survey\.data\.{name} = (.*);\n", script, re.DOTALL)
    return json.loads(found.group(1))


def rows(columns):
    """Return the rows of one list a column."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def papers(survey):
    return unpacked_papers(said(catalogue_script(survey), "catalogue"), said(authors_script(survey), "authors"))


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_lists_its_papers_and_no_others(good, category):
    keys = re.findall(r"\{paper\}`([^`]+)`", str(catalogue(category, survey=good)))
    assert sorted(keys) == sorted(paper.key for paper in good.papers if paper.category == category)


def test_an_unknown_category_is_refused(good):
    with pytest.raises(KeyError, match="no category 'audio'"):
        catalogue("audio", survey=good)


def test_a_line_says_name_title_authors_venue_tasks_and_families_and_its_year_stands_over_it(good):
    survey = with_reference(good, "ivey2022seer", title="Seeing with {CLIP}: $k$ Shots")
    survey = with_paper(survey, "ivey2022seer", kind="training-free")
    (line,) = lines(catalogue("vision", survey=survey))
    authors = re.escape(good.references["ivey2022seer"].short_authors.removesuffix("."))
    assert re.fullmatch(
        rf"- \*\*\{{paper\}}`ivey2022seer`\*\* Seeing with CLIP\\: k Shots\. {authors}\. [^.]+\. "
        r"\*training\\-free relative\\, image classification\\, side\\-tuning\\, adapter\*",
        line,
    )


def test_a_paper_that_is_built_with_tuning_says_so_before_its_tasks(good):
    survey = with_paper(good, "ivey2022seer", scope="built")
    (line,) = lines(catalogue("vision", survey=survey))
    assert "*Built with PEFT\\, image classification" in line


@pytest.mark.parametrize(
    ("title", "name", "printed"),
    [
        ("{Seer}: A Study", "Seer", r"**{paper}`ivey2022seer`**\: A Study. "),
        ("{Seer}-Adapters: A Study", "Seer", r"**{paper}`ivey2022seer`**\-Adapters\: A Study. "),
        ("{SEER} for All", "Seer", "**{paper}`SEER <ivey2022seer>`** for All. "),
        ("{Seers} for All", "Seer", "**{paper}`ivey2022seer`** Seers for All. "),
        ("Who Sees?", "Seer", r"**{paper}`ivey2022seer`** Who Sees\? "),
        ("Seeing: {A} Study", "", "{paper}`Seeing: A Study <ivey2022seer>`. "),
        ("Seeing `it", "", r"**{paper}`ivey2022seer`** Seeing \`it. "),
    ],
)
def test_a_line_begins_with_name_and_title_each_said_once(title, name, printed, good):
    survey = with_paper(with_reference(good, "ivey2022seer", title=title), "ivey2022seer", name=name)
    (line,) = lines(catalogue("vision", survey=survey))
    assert line.startswith(f"- {printed}")


def test_what_is_not_established_leaves_no_mark(good):
    survey = with_paper(good, "ivey2022seer", task=(), family="", further_families=(), name="")
    (line,) = lines(catalogue("vision", survey=survey))
    assert line.endswith(f" {survey.venue('ivey2022seer')}.") and "None" not in line and "–" not in line
    assert "2022" not in line.partition("`ivey2022seer`")[2]


def test_years_are_headings_newest_first_with_the_number_of_their_papers(good):
    survey = with_papers(good, {"key": "old2019a", "name": "B"}, {"key": "new2025b", "name": "C"})
    survey = with_papers(survey, {"key": "old2019c", "name": "A"})
    for key, year in (("old2019a", "2019"), ("new2025b", "2025"), ("old2019c", "2019")):
        survey = with_reference(survey, key, year=year)
    text = str(catalogue("grounding", survey=survey))
    assert re.findall(r"\{rubric\} (.*)", text) == ["2025: 1 paper", "2021: 1 paper", "2019: 2 papers"]
    keys = re.findall(r"\{paper\}`([^`]+)`", text)
    assert keys == ["new2025b", "garcia2021grounder", "old2019c", "old2019a"]


def test_the_site_prints_the_years_alone_and_a_pdf_every_line_whenever_they_were_asked_for(good, monkeypatch):
    whole = catalogue("grounding", survey=good)
    monkeypatch.setenv(KEPT, "1")
    assert re.findall(r"\{rubric\} (.*)", str(whole)) == [f"2021: {len(lines(whole.on_the_site)) + 1} paper"]
    assert lines(str(whole)) == [] == lines(pickle.loads(pickle.dumps(whole)))  # noqa: S301 (our own)
    monkeypatch.setenv("SURVEY_PDF", "1")
    printed = pickle.loads(pickle.dumps(whole))  # noqa: S301 (our own)
    assert len(lines(printed)) == 1
    assert str(printed) == str(whole)
    assert printed.on_the_site == whole.on_the_site


def test_the_scripts_of_a_paper_hold_every_field_of_an_exported_table_but_the_groups_of_tasks(good):
    held = {*papers(good)[0], *said(addresses_script(good), "addresses")}
    assert said(catalogue_script(good), "catalogue")["fields"] == list(FIELDS)
    assert held >= {*FIELDS} - {"groups"}


def test_the_scripts_say_of_every_paper_what_the_survey_does():
    survey = the_survey()
    reported = {number.method_key for number in (*survey.results, *survey.measurements)}
    cited = {citation.key for citation in survey.citations}
    found = papers(survey)
    for row, paper in zip(found, weightiest_first(survey), strict=True):
        reference, described = survey.references[paper.key], survey.description(paper.key)
        facts = {name: list(described.fact(name)) if described else [] for name in FACTS}
        assert row == {
            "key": paper.key,
            "name": paper.name,
            "aliases": list(paper.aliases),
            "title": reference.title_without_formulas,
            "authors": list(reference.authors),
            "year": reference.year,
            "venue": survey.venue(paper.key),
            "category": paper.category,
            "tasks": list(paper.task),
            "models": list(survey.derived(base_models)[paper.key]),
            "family": paper.family,
            "further_families": list(paper.further_families),
            "kind": paper.kind,
            "scope": paper.scope,
            "code": paper.code,
            "licence": paper.code_licence,
            "status": paper.status,
            "added": paper.added,
            "depth": paper.depth,
            "numbers": paper.key in reported,
            "chapters": paper.key in cited,
            "facts": facts,
        }
    for mark in ("numbers", "chapters"):
        assert {row[mark] for row in found} == {0, 1}


def test_a_base_model_is_named_without_its_size_and_before_what_is_put_beside_it():
    survey = the_survey()
    adapted = {paper.key: paper.backbones for paper in survey.papers if paper.backbones}
    found = survey.derived(base_models)
    assert all(len(found[key]) >= 1 for key in adapted)
    assert {found[key] for key, names in adapted.items() if names == ("CLIP-ViT-B/16",)} == {("CLIP",)}
    assert {found[key] for key, names in adapted.items() if names == ("SAM 2",)} == {("SAM 2",)}
    assert {found[key] for key, names in adapted.items() if names == ("Llama-2-7B",)} == {("Llama-2",)}


def test_sam_2_is_found_by_each_of_its_spellings():
    models = said(catalogue_script(the_survey()), "catalogue")["models"]
    (sam2,) = [names for names in models if names[0] == "SAM 2"]
    assert {"SAM2", "Segment Anything Model 2"} <= {*sam2}


def test_the_summaries_of_the_papers_that_are_drawn_at_first_come_with_the_catalogue():
    survey = the_survey()
    first = [survey.description(paper.key) for paper in weightiest_first(survey)[:AT_ONCE]]
    found = said(catalogue_script(survey), "catalogue")["summaries"]
    assert found == [described.summary if described else "" for described in first]
    explorer = (ROOT / "_static" / "explorer.js").read_text(encoding="utf-8")
    assert f"const ROWS_AT_ONCE = {AT_ONCE};" in explorer


def test_every_value_of_a_fact_has_its_chinese_label():
    known = said(catalogue_script(the_survey()), "catalogue")["facts"]
    labels = {(name, value): zh for name, _, values in known for value, zh in values}
    assert labels == {(term.field, term.value): term.zh for term in the_survey().vocabulary}


@pytest.mark.parametrize(
    "change",
    [
        {"key": "ivey2022other"},
        {"key": "ivey2021seer"},
        {"name": "Seer: Two"},
        {"name": ""},
        {"aliases": ("A", "B b")},
        {"code": "https://gitlab.example/a"},
        {"code": "https://github.com/a/b"},
        {"code": ""},
    ],
    ids=str,
)
def test_whatever_a_cell_says_it_is_read_as_it_stands(change, good):
    survey = with_papers(good, {**change, "key": change.get("key", "ivey2022more")})
    wanted = next(paper for paper in survey.papers if paper.key == change.get("key", "ivey2022more"))
    (found,) = [row for row in papers(survey) if row["key"] == wanted.key]
    assert {name: found[name] for name in change} == {
        name: list(value) if isinstance(value, tuple) else value for name, value in change.items()
    }


def test_addresses_are_in_the_order_of_the_papers(good):
    found = rows(said(addresses_script(good), "addresses"))
    references = [good.references[paper.key] for paper in weightiest_first(good)]
    assert found == [{"arxiv": r.plain("eprint"), "address": r.address} for r in references]
    assert any(row["arxiv"] for row in found) and len({row["address"] for row in found}) > 1


def test_the_works_that_are_cited_alone_say_what_a_citation_says(good):
    found = rows(said(works_script(good), "works"))
    assert [row["key"] for row in found] == sorted(work.key for work in good.background)
    for row in found:
        reference = good.references[row["key"]]
        assert row["name"] and row["title"] == reference.title_without_formulas
        assert (row["authors"], row["year"]) == (list(reference.authors), reference.year)
        assert row["venue"] == good.venue(row["key"])


def test_what_the_explorer_begins_with_weighs_little_for_a_paper():
    weight = len(gzip.compress(catalogue_script(the_survey()).encode(), 9))
    assert weight < 53 * len(the_survey().papers)


def test_the_further_authors_and_aliases_weigh_as_much_as_they_must():
    weight = len(gzip.compress(authors_script(the_survey()).encode(), 9))
    assert weight < 27 * len(the_survey().papers)


def test_the_script_has_the_vocabularies_in_their_order(good):
    found = said(catalogue_script(good), "catalogue")
    assert list(found["categories"].items()) == list(CATEGORIES.items())
    assert [(name, tuple(tasks)) for name, tasks in found["groups"]] == list(GROUPS.items())


@pytest.mark.parametrize("title", ["A </script> B", 'With "quotes" and \\\\alpha', "Łódź 数据"])
def test_any_title_survives_in_the_script(good, title):
    survey = with_reference(good, "ivey2022seer", title=title)
    seer = next(row for row in papers(survey) if row["key"] == "ivey2022seer")
    assert seer["title"] == survey.references["ivey2022seer"].title


def test_the_bibtex_script_has_every_entry_by_its_key_and_the_anchors(good):
    found = said(bibtex_script(good, {"id7": "ivey2022seer"}), "bibtex")
    assert list(found["entries"]) == sorted(good.references)
    assert found["entries"]["ivey2022seer"].startswith("@")
    assert all(f"{{{key}," in entry for key, entry in found["entries"].items())
    assert found["anchors"] == {"id7": "ivey2022seer"}


def test_the_same_survey_gives_the_same_scripts(good):
    turned = dataclasses.replace(good, papers=good.papers[::-1], background=good.background[::-1])
    for script in (catalogue_script, authors_script, works_script, addresses_script):
        assert script(turned) == script(good)
    for half in HALVES:
        assert descriptions_script(turned, half) == descriptions_script(good, half)
    assert str(catalogue("vision", survey=turned)) == str(catalogue("vision", survey=good))
