import dataclasses

import pytest

from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.show.papers import shares
from peft_vlm_survey.tables import compare, record, tradeoffs

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def without(survey, key, *fields):
    """Return the survey with some fields of one reference left out."""
    reference = survey.references[key]
    kept = {name: value for name, value in reference.fields.items() if name not in fields}
    references = {**survey.references, key: dataclasses.replace(reference, fields=kept)}
    return dataclasses.replace(survey, references=references)


def with_paper(survey, key, **changes):
    """Return the survey with some cells of one paper changed."""
    papers = tuple(dataclasses.replace(p, **changes) if p.key == key else p for p in survey.papers)
    return dataclasses.replace(survey, papers=papers)


def row(table, name):
    (found,) = [cells for cells in table.rows if name in cells[0]]
    return dict(zip(table.header, found, strict=True))


def test_a_comparison_has_one_row_for_each_core_paper_and_full_fine_tuning_last(good):
    table = compare("qa", survey=good, **ABOUT)
    assert (table.caption, table.label, len(table.rows)) == ("A caption.", "tbl-a", 2)
    assert table.rows[-1][0] == "Full fine-tuning (reference)"
    assert len(compare("language", survey=good, **ABOUT).rows) == 1


def test_a_method_links_to_its_section_and_cites_its_paper(good):
    assert compare("qa", survey=good, **ABOUT).rows[0][0] == "[Asker](#sec-hart2022asker), {cite:t}`hart2022asker`"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Family", "adapter"),
        ("Backbones", r"CLIP RN50\, CLIP ViT\-B\/16"),
        ("Benchmarks", "TinyRef"),
        ("Trained share", "1.94 M"),
        ("Mergeable", "no"),
        ("Gradient through backbone", "yes"),
    ],
)
def test_a_comparison_holds_what_the_row_of_the_paper_says(good, column, cell):
    assert row(compare("grounding", survey=good, **ABOUT), "Grounder")[column] == cell


def test_a_trained_share_is_the_range_that_the_paper_prints(good):
    assert row(compare("qa", survey=good, **ABOUT), "Asker")["Trained share"] == "0.5–2.50 %"


def test_the_trained_share_of_a_rerun_is_not_the_papers_own(good):
    assert shares(good, good.paper("garcia2021grounder")) == []


@pytest.mark.parametrize("column", ["Trained share", "Mergeable"])
def test_what_is_not_established_prints_as_a_dash(good, column):
    assert row(compare("vision", survey=good, **ABOUT), "Seer")[column] == "–"


def test_papers_that_train_least_come_first(good):
    survey = with_paper(good, "garcia2021grounder", category="qa")
    survey = with_paper(survey, "ivey2022seer", category="qa")
    names = [cells[0].split("]")[0] for cells in compare("qa", survey=survey, **ABOUT).rows[:-1]]
    assert names == ["[Asker", "[Grounder", "[Seer"]


def test_a_name_that_looks_like_markup_prints_as_text(good):
    survey = with_paper(good, "hart2022asker", name="<b>|$")
    assert r"[\<b\>\|\$](#sec-hart2022asker)" in str(compare("qa", survey=survey, **ABOUT))


def test_a_category_that_there_is_not_cannot_be_compared(good):
    with pytest.raises(KeyError):
        compare("groundng", survey=good, **ABOUT)


@pytest.mark.parametrize(
    "said",
    [
        r"**[Grounder\: a $k$\-shot Study of CLIP](<https://small.example/2021/010>)**",
        r"Inés García\, Jan van der Berg\, Pat O\'Neil.",
        "*Proceedings of the Second Conference on Small Things*, 2021",
        r"DOI [10\.1000\/small\.2021\.010](<https://doi.org/10.1000/small.2021.010>)",
        r"arXiv [2101\.00010](<https://arxiv.org/abs/2101.00010>)",
        r"Code: [code\.example\/grounder](<https://code.example/grounder>) (MIT)",
        "Record: verified, read in",
        "on 2026-01-02.",
        "[每个阶段增加了模块]{.language-zh}",
    ],
)
def test_a_record_says_what_identifies_the_paper(good, said):
    assert said in record("garcia2021grounder", survey=good)


def test_a_record_holds_the_bibtex_as_it_is_written(good):
    source = (good.root / "references.bib").read_text(encoding="utf-8")
    entry = source[source.index("@article{hart2022asker") :].split("\n\n")[0]
    assert f"```bibtex\n{entry}\n```" in record("hart2022asker", survey=good)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("hart2022asker", "Code: no official code found."),
        ("ivey2022seer", "(licence not established)"),
        ("ivey2022seer", r"(<https://doi.org/10.1000/small.2022.030>)**"),
    ],
)
def test_a_record_says_what_is_not_established(good, key, said):
    assert said in record(key, survey=good)


@pytest.mark.parametrize(
    ("key", "not_said"), [("hart2022asker", "note"), ("ivey2022seer", "pp."), ("jones2023teller", "on .")]
)
def test_a_record_leaves_out_what_there_is_not(good, key, not_said):
    assert not_said not in record(key, survey=good).split("BibTeX")[0]


def test_a_record_without_venue_and_address_prints_the_title_alone(good):
    said = record("jones2023teller", survey=without(good, "jones2023teller", "eprint"))
    assert "**Teller\\: Words Alone**" in said
    assert ". ." not in said and "**," not in said


@pytest.mark.parametrize("key", ["nobody2020nothing", "able2020adapter"])
def test_a_key_without_a_row_has_no_record(good, key):
    with pytest.raises(KeyError):
        record(key, survey=good)


def test_the_trade_offs_have_a_row_for_every_family(good):
    rows = tradeoffs(survey=good, **ABOUT).rows
    assert [cells[0].split("#family-")[1].rstrip(")") for cells in rows] == list(FAMILIES)
