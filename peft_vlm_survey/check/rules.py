"""Rules that hold between the files: every key, origin and benchmark leads somewhere, and nothing stands unused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache

from peft_vlm_survey.check.averages import unrecorded_mismatch, wrong_share
from peft_vlm_survey.check.claims import own_of_another, own_without_claim
from peft_vlm_survey.check.contradictions import unrecorded_contradiction
from peft_vlm_survey.check.datasets import not_in_one_data_set, unknown_member
from peft_vlm_survey.check.sections import section_not_in_the_book
from peft_vlm_survey.check.terms import term_without_entry
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.between_rows import unknown
from peft_vlm_survey.read.code_counts import CodeCount
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.reference import letters
from peft_vlm_survey.read.reported_costs import ReportedCost
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.sheets import Row


def _uses(survey: Survey) -> Iterator[tuple[Row, str, str]]:
    yield from ((paper.row, "key", paper.key) for paper in survey.papers)
    yield from ((work.row, "key", work.key) for work in survey.background)
    yield from ((reading.row, "key", reading.key) for reading in survey.readings)
    yield from ((erratum.row, "key", erratum.key) for erratum in survey.errata)
    yield from ((correction.row, "key", correction.key) for correction in survey.corrections)
    yield from ((origin.row, "key", origin.key) for origin in survey.origins)
    yield from ((related.row, "key", related.key) for related in survey.surveys)
    yield from ((drawing.row, "key", drawing.key) for drawing in survey.drawings)
    yield from ((recipe.row, "key", recipe.key) for recipe in survey.recipes)
    yield from ((recipe.row, "paper", recipe.paper) for recipe in survey.recipes)
    yield from ((paper.row, "key", paper.key) for paper in survey.kept_back)
    yield from ((result.row, "method_key", result.method_key) for result in (*survey.results, *survey.measurements))
    yield from ((method.row, "key", method.key) for method in survey.methods)
    yield from ((family.row, "reference", key) for family in survey.families for key in family.reference)
    yield from ((benchmark.row, "reference", key) for benchmark in survey.benchmarks for key in benchmark.reference)
    yield from ((dataset.row, "made_by", key) for dataset in survey.datasets for key in dataset.made_by)
    yield from ((backbone.row, "reference", key) for backbone in survey.backbones for key in backbone.reference)
    yield from ((shape.row, "reference", key) for shape in survey.configurations for key in shape.reference)
    yield from ((software.row, "keys", key) for software in survey.software for key in software.keys)


def _key_without_entry(survey: Survey) -> Iterator[Problem]:
    for row, column, key in _uses(survey):
        if key and row.sound(column) and key not in survey.references:
            problem = row.problem(
                f"key '{key}' has no entry in {BIBLIOGRAPHY}.",
                suggest(key, survey.references, "Add its entry, or correct the key."),
            )
            # The entry that was meant now looks as if no row described it.
            yield replace(problem, loses=column == "key")
    for citation in survey.citations:
        if citation.key not in survey.references:
            yield Problem(
                path=citation.path,
                line=citation.line,
                message=f"key '{citation.key}' has no entry in {BIBLIOGRAPHY}.",
                remedy=suggest(citation.key, survey.references, "Add its entry, or correct the key."),
                loses=True,
            )


def _entry_without_row(survey: Survey) -> Iterator[Problem]:
    described = {paper.key for paper in survey.papers} | {work.key for work in survey.background}
    used = {key for _, _, key in _uses(survey)} | {citation.key for citation in survey.citations}
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
    """Yield papers called verified whose venue no identifier of the publisher bears out, and listed ones that have one."""
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


def _unknown_origin(survey: Survey) -> Iterator[Problem]:
    known = {origin.origin for origin in survey.origins}
    return unknown("origin", ((number.row, number.origin) for number in _numbers(survey)), known)


def _origin_without_result(survey: Survey) -> Iterator[Problem]:
    used = {number.origin for number in _numbers(survey)}
    for origin in survey.origins:
        if origin.origin not in used:
            yield origin.row.problem(f"no result uses origin '{origin.origin}'.", "Add its results, or delete the row.")


def _unknown_benchmark(survey: Survey) -> Iterator[Problem]:
    known = {benchmark.benchmark for benchmark in survey.benchmarks}
    return unknown("benchmark", ((result.row, result.benchmark) for result in survey.results), known)


def _unknown_name(survey: Survey) -> Iterator[Problem]:
    methods = {method.method for method in survey.methods}
    backbones = {backbone.backbone for backbone in survey.backbones}
    called = {
        "method": {alias: method.method for method in survey.methods for alias in method.aliases},
        "backbone": {alias: backbone.backbone for backbone in survey.backbones for alias in backbone.aliases},
    }
    naming: tuple[Result | CodeCount, ...] = (*survey.results, *survey.measurements, *survey.code_counts)
    for column, known in (("method", methods), ("backbone", backbones)):
        yield from unknown(column, ((n.row, getattr(n, column)) for n in naming), known, called=called[column])


def _backbone_outside_the_list(survey: Survey) -> Iterator[Problem]:
    """Yield backbones of papers that have no row, so that one model stands under one name wherever it is counted."""
    known = {backbone.backbone for backbone in survey.backbones}
    called = {alias: backbone.backbone for backbone in survey.backbones for alias in backbone.aliases}
    papers = [paper for paper in survey.papers if paper.row.sound("backbones")]
    uses = ((paper.row, name) for paper in papers for name in paper.backbones)
    return unknown("backbone", uses, known, called=called)


def _unknown_configuration(survey: Survey) -> Iterator[Problem]:
    known = {shape.id for shape in survey.configurations}
    uses = [(backbone.row, backbone.configuration) for backbone in survey.backbones]
    uses += [(module.row, module.configuration) for module in survey.implementations]
    uses += [(setting.row, setting.configuration) for setting in survey.settings]
    uses += [(case.row, case.configuration) for case in survey.memory_cases]
    uses += [(trace.row, trace.configuration) for trace in survey.memory_traces]
    uses += [(recipe.row, recipe.configuration) for recipe in survey.recipes]
    return unknown("configuration", uses, known)


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


def _unknown_protocol(survey: Survey) -> Iterator[Problem]:
    known = {protocol.protocol for protocol in survey.protocols}
    return unknown("protocol", ((origin.row, origin.protocol) for origin in survey.origins), known, loses=True)


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


# In this order; each with the files that must have been read whole for its word to count.
RULES: tuple[tuple[Callable[[Survey], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_key_without_entry, (BIBLIOGRAPHY,)),
    (_entry_without_row, (BIBLIOGRAPHY, "data/papers.csv", "data/background.csv")),
    (_twice_described, ()),
    (_unknown_venue, ("data/venues.csv",)),
    (_excluded_and_in, ()),
    (_status_against_identifiers, (BIBLIOGRAPHY,)),
    (_unknown_origin, ("data/origins.csv",)),
    (_origin_without_result, ("data/results.csv", "data/measurements.csv", "data/reported_costs.csv")),
    (_unknown_benchmark, ("data/benchmarks.csv",)),
    (unknown_member, ("data/benchmarks.csv", "data/results.csv")),
    (not_in_one_data_set, ("data/benchmarks.csv", "data/results.csv", "data/datasets.csv")),
    (_impossible_value, ("data/benchmarks.csv",)),
    (_family_without_row, ("data/families.csv",)),
    (_unknown_name, ("data/methods.csv", "data/backbones.csv")),
    (_backbone_outside_the_list, ("data/papers.csv", "data/backbones.csv")),
    (_unknown_configuration, ("data/configurations.csv",)),
    (_ambiguous_alias, ("data/methods.csv", "data/backbones.csv")),
    (_other_key, ("data/methods.csv", BIBLIOGRAPHY)),
    (_unknown_protocol, ("data/protocols.csv",)),
    (_protocol_without_origin, ("data/origins.csv",)),
    (own_of_another, ("data/origins.csv", BIBLIOGRAPHY)),
    (own_without_claim, ("data/origins.csv",)),
    (unrecorded_mismatch, ("data/results.csv", "data/benchmarks.csv", "data/mismatches.csv")),
    (wrong_share, ()),
    (section_not_in_the_book, ()),
    (term_without_entry, ("data/glossary.csv",)),
    (unrecorded_contradiction, ("data/results.csv", "data/origins.csv", "data/contradictions.csv")),
)
