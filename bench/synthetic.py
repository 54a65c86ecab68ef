"""A survey of any size, for measuring: papers and numbers are left out of the real one, or papers invented and added."""

import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from peft_vlm_survey.data import load
from peft_vlm_survey.downloads import bibtex
from peft_vlm_survey.form import sheet_text
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES, fitting
from peft_vlm_survey.read.papers import KINDS, Paper
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.sheets import Row
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.venues import Venue
from peft_vlm_survey.read.vocabulary import FACTS

BACKGROUND = TABLES["background"].path
CONTRADICTIONS = TABLES["contradictions"].path
DATASETS = TABLES["datasets"].path
DESCRIPTIONS = TABLES["descriptions"].path
FINDINGS = TABLES["findings"].path
MISMATCHES = TABLES["mismatches"].path
ORIGINS = TABLES["origins"].path
PAPERS = TABLES["papers"].path
PROTOCOLS = TABLES["protocols"].path
KEPT_BACK = TABLES["kept_back"].path
READINGS = TABLES["readings"].path
RECIPES = TABLES["recipes"].path
REPORTED_COSTS = TABLES["reported_costs"].path
MEASUREMENTS = TABLES["measurements"].path
RESULTS = TABLES["results"].path
SETTINGS = TABLES["settings"].path
_FAMILY_NAMES = ("Bergström", "Castelló", "Dvořák", "Eze", "García", "Kim", "Li", "Nguyen", "Okafor", "Yılmaz", "Zhang")
_GIVEN_NAMES = ("Ada", "Bela", "Chidi", "Elif", "Grace", "Inés", "Jun", "Kofi", "Mei", "Olga", "Sven", "Thuy", "Zoë")
_SYLLABLES = (
    "ba",
    "co",
    "di",
    "fu",
    "ga",
    "ki",
    "lo",
    "mi",
    "nu",
    "pa",
    "ro",
    "sa",
    "te",
    "vi",
    "wu",
    "xa",
    "yo",
    "ze",
)
_MANNERS = ("Shared", "Sparse", "Gated", "Layered", "Low-Rank", "Frugal", "Mutual", "Conditional", "Aligned", "Compact")
_PARTS = ("Adapters", "Prompts", "Updates", "Experts", "Bridges", "Factors", "Tokens", "Modules", "Subspaces")
_AIMS = (
    "Transfer",
    "Adaptation of {CLIP}",
    "Multi-Task Tuning",
    "Few-Shot Recognition",
    "Grounded Segmentation",
    "Vision--Language Models",
    "Continual Learning",
    "Large Language Models",
)
_DESCRIBED = 0.95  # of the papers
_PAPER_LINK = re.compile(r"\{paper\}`(?:[^`<]*<)?([^`<>]+)>?`")
# As the real catalogue is: about a third is about language, a third about images.
_WEIGHTS = {"grounding": 15, "qa": 10, "recognition": 15, "vision": 35, "language": 25}


def resize(root: Path, papers: int, *, seed: int = 4) -> None:
    """Rewrite the survey below the root, so that it holds that many papers, the core papers always among them.

    A paper that is left out but cited by a chapter becomes a background work. What is invented depends on the
    seed and the survey alone, and passes every rule of `check`.
    """
    survey = load(root)
    kept = [paper for paper in survey.papers if paper.depth == "core"]
    kept += [paper for paper in survey.papers if paper.depth != "core"][: max(0, papers - len(kept))]
    keys = {paper.key for paper in kept}
    cited = _cited(survey) | _cite_instead_of_linking(root, {paper.key for paper in survey.papers} - keys)
    left = [paper for paper in survey.papers if paper.key not in keys]
    references = {key: r for key, r in survey.references.items() if key not in {p.key for p in left} - cited}
    rows = [dict(paper.row.cells) for paper in survey.papers if paper.key in keys]
    described = [dict(summary.row.cells) for summary in survey.descriptions if summary.key in keys]
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for count, (reference, row) in enumerate(_invented(survey, papers - len(kept), chance)):
        references[reference.key] = reference
        rows.append(row)
        if chance.random() < _DESCRIBED:
            description = _description(survey, reference.key, count, chance)
            described.append(description)
            fit = fitting(survey.families, description["trained"].split("; "), description["action"].split("; "))
            row["family"] = fit[0] if fit else row["family"]  # as its facts have it
            if description["trained"] == "nothing":
                row["kind"], row["family"] = "training-free", ""
            elif row["kind"] == "training-free" and "nothing" not in description["trained"].split("; "):
                row["kind"] = "method"
    (root / BIBLIOGRAPHY).write_text(bibtex(references.values()), encoding="utf-8")
    (root / PAPERS).write_text(sheet_text(PAPERS, rows), encoding="utf-8")
    (root / DESCRIPTIONS).write_text(sheet_text(DESCRIPTIONS, described), encoding="utf-8")
    _keep(root, RECIPES, lambda cells: {cells["key"], cells["paper"]} - {""} <= references.keys())
    _keep(root, KEPT_BACK, lambda cells: cells["key"] in {"", *references})
    _keep(root, READINGS, lambda cells: cells["key"] in references)
    works = [dict(work.row.cells) for work in survey.background]
    works += [_as_background(survey, paper) for paper in left if paper.key in cited]
    (root / BACKGROUND).write_text(sheet_text(BACKGROUND, works), encoding="utf-8")


def without_the_fields_numbers(root: Path) -> None:
    """Rewrite the survey below the root, so that it holds the numbers of the core papers' own tables alone."""
    survey = load(root)
    core = {paper.key for paper in survey.papers if paper.depth == "core"}
    kept = {origin.origin for origin in survey.origins if origin.row.cells["key"] in core}
    for path in (RESULTS, MEASUREMENTS, MISMATCHES):
        _keep(root, path, lambda cells: cells["origin"] in kept)
    _keep(root, CONTRADICTIONS, lambda cells: _narrowed(cells, kept))
    origins = _keep(root, ORIGINS, lambda cells: cells["origin"] in kept)
    costs = _keep(root, REPORTED_COSTS, lambda cells: cells["origin"] in kept)
    protocols, settings = {row["protocol"] for row in origins}, {row["setting"] for row in costs}
    _keep(root, PROTOCOLS, lambda cells: cells["protocol"] in protocols)
    _keep(root, SETTINGS, lambda cells: cells["setting"] in settings)
    measured = {number.benchmark for number in survey.results if number.origin in kept}
    _keep(root, DATASETS, lambda cells: _with_numbers(cells, measured))
    _keep(root, FINDINGS, _of_few_numbers)


def _keep(root: Path, path: str, wanted: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """Leave the wanted rows in a sheet, and return them."""
    with (root / path).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if wanted(row)]
    (root / path).write_text(sheet_text(path, rows), encoding="utf-8")
    return rows


def _of_few_numbers(finding: dict[str, str]) -> bool:
    """Let a finding hold whatever the numbers say, and return whether it is the one that so few can bear."""
    finding |= {"low": "0", "high": "1"}
    return finding["measure"] == "best matches full"


def _with_numbers(dataset: dict[str, str], measured: set[str]) -> bool:
    """Leave the benchmarks that have numbers in a data set, and return whether it still has its own."""
    for column in ("members", "also"):
        dataset[column] = "; ".join(name for name in dataset[column].split("; ") if name in measured)
    return bool(dataset["members"])


def _narrowed(contradiction: dict[str, str], origins: set[str]) -> bool:
    """Leave the values of these origins in a contradiction, and return whether it still is one."""
    values = [value for value in contradiction["values"].split("; ") if value.partition("=")[0] in origins]
    contradiction["values"] = "; ".join(values)
    if contradiction["right"] not in {value.partition("=")[2] for value in values}:
        contradiction["right"] = ""
    return len(values) > 1


def _cited(survey: Survey) -> set[str]:
    """Return the keys that must keep their entry, whatever papers are left out."""
    rows: list[Row] = []
    for records in (survey.errata, survey.corrections, survey.origins, survey.methods, survey.surveys, survey.drawings):
        rows += [record.row for record in records]
    for holders in (survey.families, survey.benchmarks, survey.backbones):
        rows += [holder.row for holder in holders]
    cited = {row.cells.get("key", "") for row in rows} | {citation.key for citation in survey.citations}
    cited |= {key for row in rows if "reference" in row.cells for key in row.parts("reference")}
    return cited | {number.method_key for number in (*survey.results, *survey.measurements)}


def _cite_instead_of_linking(root: Path, left_out: set[str]) -> set[str]:
    """Turn the chapters' links to pages of papers that are left out into citations, and return the papers' keys."""
    linked: set[str] = set()

    def cited(link: re.Match[str]) -> str:
        if link.group(1) not in left_out:
            return link.group()
        linked.add(link.group(1))
        return f"{{cite:t}}`{link.group(1)}`"

    for chapter in (root / "book").glob("*.md"):
        chapter.write_text(_PAPER_LINK.sub(cited, chapter.read_text(encoding="utf-8")), encoding="utf-8")
    return linked


def _as_background(survey: Survey, paper: Paper) -> dict[str, str]:
    name = survey.name(paper.key)
    return {"key": paper.key, "role": "method", "name": name, "source": paper.source, "checked": paper.added}


def _invented(survey: Survey, number: int, chance: random.Random) -> Iterator[tuple[Reference, dict[str, str]]]:
    taken = set(survey.references)
    tasks = [task for group in GROUPS.values() for task in group]
    for count in range(number):
        family_names = chance.sample(_FAMILY_NAMES, chance.randint(1, 7))
        year = chance.randint(2019, 2026)
        name = "".join(chance.choices(_SYLLABLES, k=3)).capitalize() + chance.choice(["", "Net", "LoRA", "PT"])
        key = f"{_ascii(family_names[0])}{year}{_ascii(name)}"
        if key in taken:
            key += f"n{count}"
        taken.add(key)
        title = (
            f"{{{name}}}-{count}: {chance.choice(_MANNERS)} {chance.choice(_PARTS)} for {chance.choice(_AIMS)} "
            f"with {chance.choice(_MANNERS)} {chance.choice(_PARTS)}"
        )
        yield (
            _reference(key, title, family_names, year, count, chance.choice(survey.venues), chance),
            _row(key, name, count, tasks, chance),
        )


def _reference(
    key: str, title: str, family_names: list[str], year: int, count: int, venue: Venue, chance: random.Random
) -> Reference:
    fields = {
        "author": " and ".join(f"{family}, {chance.choice(_GIVEN_NAMES)}" for family in family_names),
        "title": title,
    }
    form = {"journal": ("article", "journal"), "preprint": ("misc", "")}.get(venue.kind, ("inproceedings", "booktitle"))
    if form[1]:
        fields[form[1]] = venue.venue.replace("*", f"{year - 1990}th").replace("&", r"\&")
        first = chance.randint(1, 9000)
        fields["pages"] = f"{first}--{first + chance.randint(8, 20)}"
    fields["year"] = str(year)
    if form[1] and chance.random() < 0.5:
        fields["doi"] = f"10.5555/invented.{count}"
    if form[1]:
        fields["url"] = f"https://proceedings.example/{year}/{count}"
    if not form[1] or chance.random() < 0.7:
        # A month holds five figures of papers, so the numbers cannot meet.
        fields |= {"eprint": f"{year % 100:02}{1 + count % 12:02}.{90000 + count:05}", "archiveprefix": "arXiv"}
    return Reference(key=key, type=form[0], fields=fields, line=1)


def _row(key: str, name: str, count: int, tasks: list[str], chance: random.Random) -> dict[str, str]:
    established = chance.random() < 0.85
    day = f"2026-{1 + count % 10:02}-{1 + count % 28:02}"
    row = dict.fromkeys((column.name for column in TABLES["papers"].columns), "")
    has_code = chance.random() < 0.5
    return row | {
        "key": key,
        "name": name if chance.random() < 0.8 else "",
        "kind": chance.choices(tuple(KINDS), (80, 8, 8, 3, 1))[0],
        "category": chance.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0],
        "task": "; ".join(chance.sample(tasks, chance.choice((1, 1, 2)))) if established else "",
        "family": chance.choice(FAMILIES) if established else "",
        "depth": "catalogue",
        "code": f"https://code.example/{key}" if has_code else "",
        "code_found": chance.choice(("source", "abstract", "name") if has_code else ("none", "")),
        "source": f"proceedings.example@0000001: {count}.json",
        "checked": day if established else "",
        "added": day,
        "status": "verified" if chance.random() < 0.9 else "partial",
    }


def _description(survey: Survey, key: str, count: int, chance: random.Random) -> dict[str, str]:
    """Return what an invented paper does: a sentence like no other, and one or two values of each typed fact."""
    facts = {}
    for name in FACTS:
        values = [term.value for term in survey.vocabulary if term.field == name]
        facts[name] = "; ".join(chance.sample(values, min(len(values), chance.choice((1, 1, 2)))))
    facts["mergeable"] = "no"  # whatever is extra at inference
    words = ["".join(chance.choices(_SYLLABLES, k=4)) for _ in range(12)]
    return {
        "key": key,
        "text": "abstract",
        "source": f"proceedings.example@0000001: {count}.json",
        "summary": f"Trains modules number {count} in a frozen model for {' '.join(words)}.",
        "summary_zh": f"在冻结的模型中训练第{count}号模块。",
        **facts,
        "basis": f"abstract: {', '.join(name for name in FACTS if facts[name])}",
    }


def _ascii(name: str) -> str:
    folded = name.casefold().translate(str.maketrans("öóřáíüñıëń", "ooraiunien"))
    return "".join(letter for letter in folded if "a" <= letter <= "z")
