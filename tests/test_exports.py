import csv
import dataclasses
import io
import json

import bibtexparser
import pytest
from every import each
from mistakes import GOOD
from pybtex.database import parse_string

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import (
    book_bib,
    category_bib,
    downloads,
    paper_bib,
    papers_csv,
    papers_json,
    references_bib,
    results_json,
)
from peft_vlm_survey.export.csv_json import table_csv
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.vocabulary import FACTS

PEOPLE = ("author", "editor")
CATEGORY_OF = {
    "grounding": "garcia2021grounder",
    "qa": "hart2022asker",
    "vision": "ivey2022seer",
    "language": "jones2023teller",
}


def entries(text):
    return parse_string(text, "bibtex").entries


def said(entry):
    """Return every field of an entry as pybtex read it, persons apart."""
    return {name.lower(): value for name, value in entry.fields.items() if name not in PEOPLE}


def paper(survey, key):
    (found,) = [paper for paper in json.loads(papers_json(survey))["papers"] if paper["key"] == key]
    return found


def row(survey, key):
    (found,) = [row for row in csv.DictReader(io.StringIO(papers_csv(survey))) if row["key"] == key]
    return found


def test_the_bibliography_has_every_key_in_order(good):
    assert list(entries(references_bib(good))) == sorted(good.references)


def test_a_category_and_a_paper_have_their_entries_alone(good):
    for category, key in CATEGORY_OF.items():
        assert list(entries(category_bib(good, category))) == list(entries(paper_bib(good, key))) == [key]
    with pytest.raises(KeyError):
        paper_bib(good, "nobody2020nothing")


def test_the_entry_of_the_book_can_be_read(good):
    assert list(entries(book_bib(good))) == ["peftvlmsurvey2026book"]


def test_the_table_joins_the_reference(good):
    joined = {
        "title": "Grounder: a $k$-shot Study of CLIP",
        "authors": "Inés García; Jan van der Berg; Pat O'Neil",
        "venue": "Proceedings of the Second Conference on Small Things",
        "year": "2021",
        "doi": "10.1000/small.2021.010",
        "url": "https://small.example/2021/010",
        "eprint": "2101.00010",
    }
    assert row(good, "garcia2021grounder").items() >= joined.items()


def test_the_table_ends_its_lines_with_line_feeds_and_leaves_empty_what_is_not_established(good):
    assert "\r" not in papers_csv(good)
    assert row(good, "jones2023teller")["doi"] == ""
    assert row(good, "hart2022asker")["groups"] == "Question answering and captioning"


def test_the_json_has_every_paper_of_its_edition(good):
    document = json.loads(papers_json(good))
    assert (document["schema"], document["version"], document["date"]) == (1, "0.1.0", "2026-01-02")
    assert [paper["key"] for paper in document["papers"]] == [paper.key for paper in good.papers]


def test_the_json_joins_what_is_known(good):
    joined = {
        "title": "Asker & Answerer: 50% Fewer Weights",
        "authors": ["Mary Hart", "Jörg Müller"],
        "venue": "Journal of Small Things",
        "year": 2022,
        "arxiv": "2110.00022",
        "doi": None,
        "url": None,
        "task": ["visual question answering", "visual captioning"],
        "groups": ["Question answering and captioning"],
        "summary_zh": "在问题及冻结语言模型的每一层之前放入可学习的词元。",
        "trained": ["tokens"],
        "place": ["token sequence, every layer"],
        "mergeable": ["partly"],
        "code": None,
        "note_zh": None,
    }
    assert paper(good, "hart2022asker").items() >= joined.items()


@pytest.mark.parametrize("key", CATEGORY_OF.values())
def test_the_json_keeps_every_cell_of_a_paper(good, key):
    kept = paper(good, key)
    cells = {
        name: "; ".join(kept[name]) if isinstance(kept[name], list) else kept[name] or ""
        for name in good.paper(key).row.cells
    }
    assert cells == good.paper(key).row.cells


def test_every_promised_file_is_there(good):
    promised = {"papers.json", "results.json", "datapackage.json", "references.csv", "costs.csv"}
    promised |= {path.name for path in (GOOD / "data").glob("*.csv")}
    promised |= {"references.ris", "references.csl.json"} | {f"{name}.bib" for name in ("references", *CATEGORIES)}
    promised |= {f"datasets/{dataset.id}.{form}" for dataset in good.datasets for form in ("bib", "csv")}
    assert set(downloads(good)) == promised


@each("name", lambda: sorted(path.stem for path in (GOOD / "data").glob("*.csv")))
def test_a_table_of_the_data_is_offered_with_every_cell(good, name):
    offered = list(csv.DictReader(io.StringIO(downloads(good)[f"{name}.csv"])))
    kept = list(csv.DictReader((GOOD / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    assert [{**row, **cells} for row, cells in zip(offered, kept, strict=True)] == offered


def test_the_records_of_all_references_are_offered_as_a_table(good):
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(downloads(good)["references.csv"]))}
    assert list(rows) == list(good.references)
    assert rows["garcia2021grounder"] == {
        "key": "garcia2021grounder",
        "type": "inproceedings",
        "title": "Grounder: a $k$-shot Study of CLIP",
        "authors": "Inés García; Jan van der Berg; Pat O'Neil",
        "venue": "Proceedings of the Second Conference on Small Things",
        "venue_short": "CST",
        "year": "2021",
        "volume": "",
        "number": "",
        "pages": "10–19",
        "publisher": "",
        "doi": "10.1000/small.2021.010",
        "url": "https://small.example/2021/010",
        "eprint": "2101.00010",
    }


def test_the_record_of_an_article_has_its_volume_and_its_number_each_in_its_column(good):
    asker = good.references["hart2022asker"]
    numbered = dataclasses.replace(asker, fields={**asker.fields, "volume": "3", "number": "7"})
    survey = dataclasses.replace(good, references={"hart2022asker": numbered})
    (row,) = csv.DictReader(io.StringIO(table_csv(survey, "references")))
    assert (row["volume"], row["number"], row["year"], row["pages"]) == ("3", "7", "2022", "100–120")


def test_the_numbers_as_json_say_what_the_tables_say(good):
    said = json.loads(results_json(good))
    for table, name in (("benchmarks", "benchmark"), ("protocols", "protocol")):
        rows = csv.DictReader(io.StringIO(table_csv(good, table)))
        assert said[table] == {row[name]: {column: cell or None for column, cell in row.items()} for row in rows}
    for table in ("results", "measurements"):
        rows = list(csv.DictReader(io.StringIO(table_csv(good, table))))
        assert len(said[table]) == len(rows) > 0
        assert [
            {column: number[column] or "" for column in row} for number, row in zip(said[table], rows, strict=True)
        ] == rows


def test_an_address_is_no_tex_and_keeps_its_tilde(good):
    address = "https://small.example/~hart/a--b_c.pdf"
    reference = good.references["hart2022asker"]
    changed = dataclasses.replace(reference, fields={**reference.fields, "url": address})
    survey = dataclasses.replace(good, references={**good.references, "hart2022asker": changed})
    assert (row(survey, "hart2022asker")["url"], paper(survey, "hart2022asker")["url"]) == (address, address)


@pytest.mark.slow
def test_pybtex_reads_the_books_references_as_they_are_kept():
    read = {
        key: (said(one), tuple(one.persons["author"])) for key, one in entries(references_bib(the_survey())).items()
    }
    assert read == {
        key: ({name: value for name, value in reference.fields.items() if name not in PEOPLE}, reference.people)
        for key, reference in the_survey().references.items()
    }


def test_bibtexparser_reads_the_books_references_as_they_are_kept():
    survey = the_survey()
    library = bibtexparser.parse_string(references_bib(survey))
    read = {e.key: (e.entry_type, {field.key: field.value for field in e.fields}) for e in library.entries}
    assert library.failed_blocks == []
    assert read == {key: (reference.type, dict(reference.fields)) for key, reference in survey.references.items()}


@pytest.mark.slow
def test_both_parsers_read_the_file_of_every_paper_of_the_book():
    """All files behind one another are read at once: what is open or superfluous in one shows in the next."""
    survey = the_survey()
    keys = [paper.key for paper in survey.papers]
    text = "".join(paper_bib(survey, key) for key in keys)
    assert [found.key for found in bibtexparser.parse_string(text).blocks] == keys
    assert list(entries(text)) == keys


def test_every_file_ends_with_one_line_feed(good):
    texts = {name: text for name, text in downloads(good).items() if text}
    assert [name for name, text in texts.items() if not text.endswith("\n") or text.endswith("\n\n")] == []


def test_the_order_of_the_entries_does_not_change_the_bibliography(good):
    turned = dict(reversed(good.references.items()))
    assert references_bib(dataclasses.replace(good, references=turned)) == references_bib(good)


@pytest.mark.parametrize("text", ["<script>", "a,b", 'say "x"', "视觉", "a; b", "{x}", "\\input"])
def test_any_summary_survives_in_table_and_json(good, text):
    described = tuple(dataclasses.replace(description, summary=text) for description in good.descriptions)
    survey = dataclasses.replace(good, descriptions=described)
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(table_csv(survey, "descriptions"), newline=""))}
    assert (rows["hart2022asker"]["summary"], paper(survey, "hart2022asker")["summary"]) == (text, text)


def test_what_a_paper_without_a_description_does_is_null_and_empty(good):
    kept = paper(good, "jones2023teller")
    assert (kept["summary"], kept["summary_zh"], kept["trained"], kept["basis"]) == (None, None, [], {})


def test_the_json_says_how_each_typed_fact_is_known(good):
    kept = paper(good, "garcia2021grounder")
    assert kept["basis"].keys() == {name for name in FACTS if kept[name]}
    assert (kept["basis"]["trained"], kept["basis"]["mergeable"]) == ("abstract", "by construction")
