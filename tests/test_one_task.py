"""What is said of the papers on one task, and that the section on medical images still says what the data do."""

from collections import Counter

import pytest

from peft_vlm_survey import tables
from peft_vlm_survey.compare.dataset_tables import dataset_tables_of
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.one_task import papers_of, task_adapted, task_by_model, task_met

MEDICAL = "medical image analysis"
ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_a_task_is_told_with_its_papers_kinds_of_models_and_families(good):
    said = task_adapted("visual question answering", survey=good)
    assert said.startswith("The catalogue holds 1 paper on visual question answering. Of the ")
    assert "of main families, *prompt* (1, 100.0 %)." in said


def test_kinds_of_models_are_counted_with_every_paper_that_adapts_them():
    survey = the_survey()
    table = task_by_model(MEDICAL, least=20, survey=survey, **ABOUT)
    papers = [paper for paper in survey.papers if MEDICAL in paper.task]
    count = Counter(model for paper in papers if (known := survey.description(paper.key)) for model in known.model)
    assert [(row["model"], int(row["papers"])) for row in table.data] == [
        (model, number) for model, number in count.most_common() if number >= 20
    ]
    for row, (model, number, *_) in zip(table.data, table.rows, strict=True):
        assert f"{int(row['papers']):,} <task=medical+image+analysis&model=" in number
        own = [paper for paper in papers if (known := survey.description(paper.key)) and row["model"] in known.model]
        assert int(row["code"]) == sum(bool(paper.code) for paper in own)
        assert int(row["spared"]) <= int(row["gradient_known"]) <= len(own) == int(row["papers"]), model


def test_methods_that_met_are_named_and_none_where_none_did(good):
    assert "No two of them stand in one comparable group." in task_met("image classification", survey=good)
    assert "Only BiomedCoOp, CLIP\\-SVD and XCoOp stand in one comparable group" in task_met(
        MEDICAL, survey=the_survey()
    )


@pytest.mark.parametrize("ask", [task_adapted, task_met])
def test_a_word_that_is_no_task_is_refused(ask, good):
    with pytest.raises(KeyError, match="no task 'surgery'"):
        ask("surgery", survey=good)


def in_the_section():
    text = (ROOT / "book" / "across.md").read_text(encoding="utf-8")
    return text.partition("(medical)=")[2].partition("## Trained share")[0]


def test_the_section_says_of_the_catalogue_what_is_so():
    survey = the_survey()
    papers = papers_of(MEDICAL, survey)
    assert "in four of the five categories" in in_the_section()
    assert {paper.category for paper in papers} == {"grounding", "qa", "recognition", "vision"}
    rows = {row[0]: row for row in tables.task_by_model(MEDICAL, least=20, **ABOUT).rows}
    assert [name.replace("\\", "") for name in list(rows)[:3]] == [
        "promptable segmenter",
        "vision transformer",
        "dual-encoder VLM",
    ]
    assert "SAM, vision transformers and CLIP are adapted most" in (ROOT / "book" / "across.md").read_text("utf-8")
    for model, words in (
        ("vision transformer", "low-rank factors in a ViT"),
        ("MLLM", "low-rank factors in a multimodal"),
    ):
        assert rows[model][2].startswith("reparameterisation") and words in in_the_section()


def test_the_section_says_of_the_group_what_is_so():
    dataset_table = next(
        m for m in dataset_tables_of(the_survey(), "clip-biomedical") if m.protocol == "clip-fewshot-biomed-10"
    )
    order = [line.method for line in dataset_table.lines]
    assert order[:2] == ["CLIP-SVD", "BiomedCoOp"] and "(CLIP-SVD) are ahead of learned words" in in_the_section()
    medical = {paper.key for paper in papers_of(MEDICAL, the_survey())}
    general = [line.method for line in dataset_table.lines if line.method_key and line.method_key not in medical]
    behind = [name for name in general if order.index(name) > order.index("Linear probing")]
    assert 2 * len(behind) > len(general) > 4 and "ahead of most of what was made for CLIP" in in_the_section()


def test_what_the_section_quotes_is_what_the_summaries_say():
    survey = the_survey()
    quoted = {
        "gu2025finetunesam": ("18 ways", "17 radiology data sets", "encoder and decoder together does best"),
        "mills2024samknee": ("meniscus", "decoder alone stays behind a plain 3D U-Net"),
        "fazekas2023samedoct": ("specialised networks still lead at times",),
        "lian2024less": ("13 of 18 settings", "two chest X-ray foundation models"),
        "dutt2024medical": ("17 parameter-efficient methods", "six data sets", "largest where data are few"),
        "zhong2025commonmedical": ("LoRA closes the gap", "on unseen modalities general models hold up"),
        "chen2024layernorm": ("the norms alone beat usual added modules in efficiency",),
    }
    for key, words in quoted.items():
        assert f"`{key}`" in in_the_section()
        known = survey.description(key)
        assert known is not None
        for said in words:
            assert said in known.summary, (key, said)
