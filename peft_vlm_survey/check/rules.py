"""Check the files against each other: every name has its row in the table that it leads to, and no row is unused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache

from peft_vlm_survey.check.averages import unrecorded_mismatch, wrong_share
from peft_vlm_survey.check.claims import own_of_another, own_without_claim
from peft_vlm_survey.check.contradictions import unrecorded_contradiction
from peft_vlm_survey.check.datasets import member_without_number, not_in_one_data_set
from peft_vlm_survey.check.sections import section_not_in_the_book
from peft_vlm_survey.check.terms import term_without_entry
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.reference import letters
from peft_vlm_survey.read.registry import TABLES
from peft_vlm_survey.read.reported_costs import ReportedCost
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.sheets import Row


def _naming(survey: Survey, target: str) -> Iterator[tuple[Row, str, str]]:
    """Yield every cell that names a row of the table `target`: its row, its column, and the name."""
    for table in TABLES.values():
        for column in table.columns:
            if column.leads == target and not column.pattern:  # a cell of a form holds more than a name
                for record in getattr(survey, table.name):
                    given = getattr(record, column.name)
                    for name in given if column.many else (given,):
                        yield record.row, column.name, name


def _key_without_entry(survey: Survey) -> Iterator[Problem]:
    places = [
        (row.path, row.line, key, column) for row, column, key in _naming(survey, "references") if row.sound(column)
    ]
    places += [(citation.path, citation.line, citation.key, "key") for citation in survey.citations]
    for path, line, key, column in places:
        if key and key not in survey.references:
            yield Problem(
                path=path,
                line=line,
                message=f"key '{key}' has no entry in {BIBLIOGRAPHY}.",
                remedy=suggest(key, survey.references, "Add its entry, or correct the key."),
                loses=column == "key",  # the entry that was meant now looks as if no row described it
            )


def _name_without_row(target: str) -> Callable[[Survey], Iterator[Problem]]:
    """Return the rule that every name in a column that leads to a table has a row there."""
    table = TABLES[target]
    id = next(column.name for column in table.columns if column.unique)

    def rule(survey: Survey) -> Iterator[Problem]:
        records = getattr(survey, target)
        known = {getattr(record, id) for record in records}
        called = {alias: getattr(record, id) for record in records for alias in getattr(record, "aliases", ())}
        for row, column, name in _naming(survey, target):
            if name and row.sound(column) and name not in known:
                remedy = suggest(name, known, "Add its row.", called=called)
                problem = row.problem(f"{target[:-1].replace('_', ' ')} '{name}' has no row in {table.path}.", remedy)
                yield replace(problem, loses=target in ("protocols", "settings"))  # the one meant now looks unused

    rule.__qualname__ = f"{_name_without_row.__qualname__}({target})"
    return rule


def _entry_without_row(survey: Survey) -> Iterator[Problem]:
    described = {paper.key for paper in survey.papers} | {work.key for work in survey.background}
    used = {key for _, _, key in _naming(survey, "references")} | {citation.key for citation in survey.citations}
    for key, reference in survey.references.items():
        if key not in used:
            yield reference.problem(
                f"no row and no chapter uses '{key}'.",
                "Add its row to data/papers.csv, cite it in a chapter, or delete the entry.",
            )
        elif key not in described:
            yield reference.problem(
                f"nothing says where the record of '{key}' was read.",
                "Add its row to data/background.csv, or to data/papers.csv if the survey discusses it.",
            )


def _twice_described(survey: Survey) -> Iterator[Problem]:
    papers = survey.papers_by_key
    for record in survey.background:
        if record.key in papers:
            line = papers[record.key].row.line
            yield record.row.problem(
                f"'{record.key}' has a row in data/papers.csv (line {line}) too.", "Delete this row."
            )


def _unknown_venue(survey: Survey) -> Iterator[Problem]:
    names = [venue.venue for venue in survey.venues]
    known = cache(lambda name: any(fnmatchcase(name, pattern) for pattern in names))
    for reference in survey.references.values():
        name = reference.plain({"article": "journal", "inproceedings": "booktitle"}.get(reference.type, ""))
        # A missing field and a TeX command are reported as such.
        if name and "\\" not in name and not known(name):
            yield reference.problem(
                f"venue '{name}' has no row in data/venues.csv.",
                suggest(name, names, "Spell it as there, or add its row."),
            )


def _excluded_and_in(survey: Survey) -> Iterator[Problem]:
    titles = {letters(survey.references[p.key].title): p.key for p in survey.papers if p.key in survey.references}
    keys = {paper.key for paper in survey.papers}
    for candidate in survey.excluded:
        key = titles.get(letters(candidate.title)) or (candidate.former_key if candidate.former_key in keys else "")
        if key:
            yield candidate.row.problem(
                f"'{candidate.title}' stands in data/papers.csv as {key}.", "Delete one of the two rows."
            )


def _status_against_identifiers(survey: Survey) -> Iterator[Problem]:
    """Yield papers whose status is `verified` without an identifier of the publisher, or `listed` with one."""
    for paper in survey.papers:
        reference = survey.references.get(paper.key)
        if reference is None or reference.type not in ("article", "inproceedings"):
            continue
        identified = any(reference.fields.get(field) for field in ("doi", "url", "pages"))
        if paper.status == "verified" and not identified:
            yield paper.row.problem(
                "status is 'verified', yet the entry has no doi, url or pages of the publisher.",
                "Add one to the entry, or write 'listed'.",
            )
        elif paper.status == "listed" and identified:
            yield paper.row.problem(
                "status is 'listed', yet the entry has an identifier of the publisher.", "Write 'verified'."
            )


def _numbers(survey: Survey) -> tuple[Result | ReportedCost, ...]:
    return (*survey.results, *survey.measurements, *survey.reported_costs)


def _origin_without_result(survey: Survey) -> Iterator[Problem]:
    used = {number.origin for number in _numbers(survey)}
    for origin in survey.origins:
        if origin.origin not in used:
            yield origin.row.problem(f"no result uses origin '{origin.origin}'.", "Add its results, or delete the row.")


def _ambiguous_alias(survey: Survey) -> Iterator[Problem]:
    for column, records in (("method", survey.methods), ("backbone", survey.backbones)):
        first: dict[str, str] = {getattr(record, column): getattr(record, column) for record in records}
        seen: set[str] = set()
        for record in records:
            name = getattr(record, column)
            if name in seen:
                continue  # the row stands twice: reported as such
            seen.add(name)
            for alias in record.aliases if record.row.sound("aliases") else ():
                if alias in first:
                    yield record.row.problem(
                        f"alias '{alias}' means '{first[alias]}' already.",
                        "A printed name means one thing; keep it once.",
                    )
                first.setdefault(alias, name)


def _other_key(survey: Survey) -> Iterator[Problem]:
    keys = {method.method: method.key for method in survey.methods}
    for number in (*survey.results, *survey.measurements):
        expected = keys.get(number.method, number.method_key)
        known = not number.method_key or number.method_key in survey.references
        if known and number.row.sound("method_key") and number.method_key != expected:
            yield number.row.problem(
                f"method_key '{number.method_key}' is not that of {number.method} in data/methods.csv.",
                f"Write '{expected}'." if expected else "Leave it empty.",
            )


def _protocol_without_origin(survey: Survey) -> Iterator[Problem]:
    used = {origin.protocol for origin in survey.origins}
    for protocol in survey.protocols:
        if protocol.protocol not in used:
            yield protocol.row.problem(
                f"no origin uses protocol '{protocol.protocol}'.", "Name it in an origin, or delete the row."
            )


def _impossible_value(survey: Survey) -> Iterator[Problem]:
    benchmarks = survey.benchmarks_by_id
    for result in survey.results:
        benchmark = benchmarks.get(result.benchmark)
        try:
            value = float(result.value)
            low, high = float(benchmark.range_low or "-inf"), float(benchmark.range_high or "inf")  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            continue  # an unknown benchmark or no number: reported as such
        if result.row.sound("value") and not low <= value <= high:
            yield result.row.problem(
                f"value {result.value} is outside {low:g} to {high:g}, the range of {result.benchmark}.",
                "Look it up again in the origin.",
            )


def _family_without_row(survey: Survey) -> Iterator[Problem]:
    described = {family.family for family in survey.families}
    for family in FAMILIES:
        if family not in described:
            yield Problem(
                path="data/families.csv",
                line=1,
                message=f"family '{family}' has no row.",
                remedy="Describe it; the trade-off table prints every family.",
            )


# The tables whose rows others name by their id; a key names an entry of the bibliography.
_TARGETS = ("origins", "benchmarks", "methods", "backbones", "configurations", "protocols", "settings", "asked_tasks")
# In this order; each with the files that must have been read whole for its word to count.
RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_key_without_entry, (BIBLIOGRAPHY,)),
    (_entry_without_row, (BIBLIOGRAPHY, "data/papers.csv", "data/background.csv")),
    (_twice_described, ()),
    (_unknown_venue, ("data/venues.csv",)),
    (_excluded_and_in, ()),
    (_status_against_identifiers, (BIBLIOGRAPHY,)),
    *((_name_without_row(target), (TABLES[target].path,)) for target in _TARGETS),
    (_origin_without_result, ("data/results.csv", "data/measurements.csv", "data/reported_costs.csv")),
    (member_without_number, ("data/benchmarks.csv", "data/results.csv")),
    (not_in_one_data_set, ("data/benchmarks.csv", "data/results.csv", "data/datasets.csv")),
    (_impossible_value, ("data/benchmarks.csv",)),
    (_family_without_row, ("data/families.csv",)),
    (_ambiguous_alias, ("data/methods.csv", "data/backbones.csv")),
    (_other_key, ("data/methods.csv", BIBLIOGRAPHY)),
    (_protocol_without_origin, ("data/origins.csv",)),
    (own_of_another, ("data/origins.csv", BIBLIOGRAPHY)),
    (own_without_claim, ("data/origins.csv",)),
    (unrecorded_mismatch, ("data/results.csv", "data/benchmarks.csv", "data/mismatches.csv")),
    (wrong_share, ()),
    (section_not_in_the_book, ()),
    (term_without_entry, ("data/glossary.csv",)),
    (unrecorded_contradiction, ("data/results.csv", "data/origins.csv", "data/contradictions.csv")),
)
