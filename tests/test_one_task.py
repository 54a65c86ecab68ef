"""What is said of the papers on one task, and that the section on medical images still says what the data do."""

from collections import Counter

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.one_task import task_by_model

MEDICAL = "medical image analysis"
ABOUT = {"caption": "A caption.", "label": "tbl-a"}


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
