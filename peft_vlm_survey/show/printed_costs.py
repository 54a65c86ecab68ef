"""Printed costs beside their closed forms: which agree, which a named reason explains, which are open."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from peft_vlm_survey.costs.verdicts import Verdict, Word, verdicts
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.reported_costs import REASONS
from peft_vlm_survey.show.markup import Markup, cite, escape
from peft_vlm_survey.show.table import Column, Table, table

WORDS: Mapping[Word, str] = {
    "agrees": "agree within the printed digits",
    "explained": "are explained by a named reason",
    "open": "are open",
}
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+(?=[@:])")
_UNITS = {"parameters": "", "backbones": " backbones", "%": " %"}


def printed_costs(verdict: str, *, survey: Survey) -> Table:
    """Return the printed costs of one verdict (`agrees`, `explained`, `open`) beside what the closed form gives.

    Raises KeyError if there is no such verdict.
    """
    if verdict not in WORDS:
        raise KeyError(f"no verdict '{verdict}'")
    compared = [v for v in verdicts(survey) if v.verdict == verdict]
    more: Mapping[str, Sequence[Column[Verdict]]] = {
        "agrees": [],
        "explained": [
            Column("With the reason", 13, lambda v: in_unit(v.explained, v.unit)),
            Column("Reason", 21, lambda v: escape(v.says)),
        ],
        "open": [Column("What is known", 22, lambda v: escape(v.note) or "nothing")],
    }
    used = {(v.origin, v.setting) for v in compared}
    return table(
        compared,
        Column("Method", 19, lambda v: escape(v.printed_method)),
        Column("Reported", 13, lambda v: in_unit(v.printed, v.unit)),
        Column("Closed form", 13, lambda v: in_unit(v.derived, v.unit)),
        *more[verdict],
        Column("Reported by", 16, lambda v: source_of(survey, v)),
        Column("Backbone", 14, lambda v: escape(v.backbone_name)),
        Column("Setting", 16, lambda v: escape(words_of(v)) or "default"),
        data=[cells(row) for row in survey.reported_costs if (row.origin, row.setting) in used],
    )


def in_unit(text: str, unit: str) -> str:
    """Return a printed or derived amount with its unit; whole parameters with thousands apart.

    >>> in_unit("597514", "parameters"), in_unit("4.18", "%"), in_unit("0.06 to 0.12", "M")
    ('597,514', '4.18 %', '0.06 to 0.12 M')
    """
    if unit in ("parameters", "bytes"):
        text = " to ".join(f"{int(float(part)):,}" for part in text.split(" to "))
    return f"{text}{_UNITS.get(unit, f' {unit}')}"


def words_of(verdict: Verdict) -> str:
    """Return the setting of a verdict in a few words."""
    words = [pair.replace("=", " ").replace("_", " ") for pair in verdict.parameters if not pair.startswith("targets=")]
    words += [
        pair.removeprefix("targets=").replace(",", ", ") for pair in verdict.parameters if pair.startswith("targets=")
    ]
    if verdict.classes:
        mean = Fraction(verdict.classes)
        words.append(f"{mean} classes" if mean.denominator == 1 else f"{float(mean):.1f} classes in the mean")
    return "; ".join(
        word.removeprefix("variant ").replace(" yes", "").replace("norms no", "no norms") for word in words
    )


def source_of(survey: Survey, verdict: Verdict) -> str:
    """Return who prints a number: the paper, the repository, or what kind of place it is."""
    if verdict.key in survey.references:
        return cite(verdict.key)
    origin = survey.origins_by_id.get(verdict.origin)
    return escape(owner_of(origin.source)) if origin else ""


def owner_of(source: str) -> str:
    """Return whose a source is: its repository, or the source as it is told.

    >>> owner_of("huggingface/peft@5d602fd: prompt_tuning.md"), owner_of("a table in a public repository")
    ('huggingface/peft', 'a table in a public repository')
    """
    repository = _REPOSITORY.match(source)
    return repository[0] if repository else source


def verdict_counts(*, survey: Survey) -> Markup:
    """Return in a sentence how many printed numbers agree, are explained, are open, and in a list how often each reason."""
    compared = verdicts(survey)
    counted = Counter(v.verdict for v in compared)
    once = {(v.method, v.backbone, v.parameters, v.classes, v.printed, v.unit): v.verdict for v in compared}
    reasons = Counter(reason for v in compared for reason in v.reason)
    lines = [
        f"Of {len(compared)} reported numbers, {_shares(counted)}.",
        f"Numbers that several tables repeat are counted once in a total of {len(once)}: {_shares(Counter(once.values()))}.",
        "The reasons are these, with the number of cases that each explains:",
        "",
    ]
    lines += [f"- {escape(REASONS[reason])} ({count})" for reason, count in reasons.most_common()]
    return Markup("\n".join(lines) + "\n")


def _shares(counted: Mapping[Word, int]) -> str:
    *others, last = (f"{counted[word]} {text}" for word, text in WORDS.items())
    return f"{', '.join(others)} and {last}"
