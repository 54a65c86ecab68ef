"""Read data/surveys.csv: the surveys, benchmarks, studies and lists of the field, and what each covers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column

KINDS = {
    "survey": "Survey",
    "benchmark": "Benchmark",
    "study": "Critical study",
    "list": "List without a paper",
}
GROUPS = (
    *("PEFT of vision models", "PEFT of language and large models", "PEFT of VLMs and multimodal LLMs"),
    *("Prompt learning and VLM transfer", "Open-vocabulary perception and grounding", "SAM adaptation"),
    *("Continual learning with PEFT", "Federated PEFT", "Diffusion customisation"),
    *("Test-time and label-free adaptation", "Domains"),
)
COUNTED = ("papers", "papers, at least", "arXiv ids", "links", "rows")
OTHERS = "and others"
_MONTH = "[0-9]{4}(-(0[1-9]|1[0-2]))?"


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedSurvey:
    """One row of surveys.csv; where it has a `key`, references.bib says its authors, venue, year and arXiv identifier."""

    title: str = column(required=True, unique=True)
    key: str = column(unique=True, leads="references")
    authors: tuple[str, ...]
    venue: str
    year: str = column(pattern="[0-9]{4}", form="a year of four digits")
    arxiv: str = column(pattern=r"[0-9]{4}\.[0-9]{4,5}", form="an arXiv identifier like 2112.06825")
    kind: str = column(required=True, words=tuple(KINDS))
    group: str = column(required=True, words=GROUPS)
    taxonomy: str
    covers_until: str = column(pattern=_MONTH, form="a year or a month like 2025-03")
    repository: str = column(pattern=r"[A-Za-z0-9-]+/[\w.-]+", form="a repository like owner/name")
    last_commit: str = column(pattern=DATE, form=DATE_FORM)
    papers_listed: str = column(pattern="[0-9]+", form="a whole number")
    counted_as: str = column(words=COUNTED)
    maintained: str = column(words=("yes", "slowly", "no"))
    data_offered: str = column(words=("yes", "no"))
    read: str = column(required=True)
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    note: str
    row: Row


def _said_twice(surveys: Iterable[RelatedSurvey]) -> Iterator[Problem]:
    for survey in surveys:
        for name in ("authors", "venue", "year", "arxiv"):
            if survey.key and getattr(survey, name):
                yield survey.row.problem(
                    f"{name} of '{survey.key}' stands here and in references.bib.", "Leave this cell empty."
                )


def _half_said(surveys: Iterable[RelatedSurvey]) -> Iterator[Problem]:
    for survey in surveys:
        if bool(survey.papers_listed) != bool(survey.counted_as):
            yield survey.row.problem("papers_listed and counted_as go together.", "Fill in both, or leave both empty.")
        if survey.last_commit and not survey.repository:
            yield survey.row.problem(
                "last_commit without a repository.", "Name the repository, or leave the date empty."
            )


RULES = (_said_twice, _half_said)
