"""What the survey says of one data set, in words: who leads, by how much, and whether that is more than noise."""

from collections.abc import Iterable, Sequence

from peft_vlm_survey.compare.dataset_tables import DatasetTable, ranked_methods
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.ranks import FEWEST_IN_WORDS
from peft_vlm_survey.compare.shown_digits import difference_shown, median_shown, short
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.datasets import Dataset
from peft_vlm_survey.show.numbers import metric_beside
from peft_vlm_survey.show.sentences import capitalised, counted, listed

FOLDER = "datasets"


def address_of(dataset: str) -> str:
    """Return the address of a data set's page, from the site's root."""
    return f"{FOLDER}/{dataset}.html"


def years_of(survey: Survey, dataset_tables: Iterable[DatasetTable]) -> str:
    """Return from when to when the methods of some tables were published, as far as their papers are known."""
    return _span(survey, (line for dataset_table in dataset_tables for line in dataset_table.lines))


def _span(survey: Survey, lines: Iterable[Line]) -> str:
    years = sorted({survey.references[line.method_key].year for line in lines if line.method_key})
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years))


def sentences(survey: Survey, dataset: Dataset, dataset_tables: Sequence[DatasetTable]) -> tuple[str, ...]:
    """Return what the numbers of a data set say, one sentence each; the first names the leader of the largest group."""
    largest = dataset_tables[0]
    if not largest.ranked:
        return f"{_unranked(dataset, dataset_tables)}: the numbers are listed, and none is ranked.", _held(
            survey, dataset_tables
        )
    return standing(largest), *_references(largest), _held(survey, dataset_tables)


def _unranked(dataset: Dataset, dataset_tables: Sequence[DatasetTable]) -> str:
    """Return why nothing on a data set is ranked."""
    if any(dataset_table.comparable for dataset_table in dataset_tables):
        return f"On {dataset.name} no {FEWEST_IN_WORDS} methods have numbers under one protocol on one backbone"
    if not dataset_tables[0].protocol:
        which = "most of the" if len(dataset_tables) > 1 else "the"
        return f"For {which} numbers on {dataset.name} the protocol or the backbone is not established"
    return f"On {dataset.name} every row keeps a set-up of its own"


def leading_group(dataset_tables: Sequence[DatasetTable]) -> str:
    """Return what the group that stands open is called: the largest one, or the largest one with a mean."""
    most = max(ranked_methods(dataset_table) for dataset_table in dataset_tables)
    return "largest comparable group" + ("" if ranked_methods(dataset_tables[0]) == most else " with a mean")


def standing(group: DatasetTable) -> str:
    """Return in one sentence who leads a ranked group, by how much, and whether re-runs differ by as much."""
    leading, other, lead = group.leading, group.next, group.lead()
    names = list(dict.fromkeys(line.method for line in leading))
    ranked = len({method_of(line.numbers[0]) for line in group.lines if line.rank})
    value = _with_unit(_value(leading[0], group.main), group.main)
    metric = metric_beside(group.main)
    leads = "leads" if len(names) == 1 else "lead"
    sentence = f"On {group.backbone} {listed(names)} {leads} {counted(ranked, 'method')} with {value}"
    sentence += f" on {group.main.name}{f' ({metric})' if metric else ''}"
    if other is not None and lead is not None:
        by = difference_shown(lead, _printed(group.main, leading[0])[0])
        sentence += f", {by}{_points(group)} {'ahead of' if group.main.more_is_better else 'below'} {other.method}"
    if group.apart is None:
        return f"{sentence}; too few methods were run again to say whether that is more than noise."
    decides = ""
    if lead is not None:
        decides = ", less than the lead" if lead > group.apart else ", so that the lead decides nothing"
    return f"{sentence}; re-runs of one method differ by {apart_shown(group)}{_points(group)}{decides}."


def doubt(group: DatasetTable) -> str:
    """Return in one sentence how large a difference must be to count in a ranked group."""
    if group.apart is None:
        return "Too few methods were run more than once to tell which differences are noise."
    return f"Runs of one method typically differ by {apart_shown(group)}{_points(group)}; methods that differ by no more share a range of ranks."


def _points(group: DatasetTable) -> str:
    return " points" if group.main.unit == "%" else ""


def apart_shown(group: DatasetTable) -> str:
    """Return how far re-runs lie apart in the median, with the decimals of the values that lead; empty where it is not known."""
    return "" if group.apart is None else f"{median_shown(group.apart, _printed(group.main, *group.leading)):f}"


def _printed(benchmark: Benchmark, *lines: Line) -> list[str]:
    return [line.cells[benchmark.benchmark][0].value for line in lines]


def _references(group: DatasetTable) -> tuple[str, ...]:
    """Return what full fine-tuning and the untrained model have in a group, or that they have nothing."""
    known = [line for line in group.lines if line.value(group.main) is not None]
    full = next((line for line in known if line.method == REFERENCE), None)
    bare = next((line for line in known if "zero-shot" in line.method.lower()), None)
    lacking = [name for name, line in (("full fine-tuning", full), ("the untrained model", bare)) if line is None]
    if len(lacking) == 2:
        return ("Neither full fine-tuning nor the untrained model is in it.",)
    named = {line.method for line in (*group.leading, group.next) if line}  # whose value stands in the sentence before
    clauses = [
        f"{line.method} has {_value(line, group.main)}" for line in (full, bare) if line and line.method not in named
    ]
    clauses += [f"{name} is not in the group" for name in lacking]
    text = "; ".join(clauses)
    return (f"{capitalised(text)}.",) if text else ()


def _held(survey: Survey, dataset_tables: Sequence[DatasetTable]) -> str:
    numbers = sum(len(line.numbers) for dataset_table in dataset_tables for line in dataset_table.lines)
    methods = len({method for dataset_table in dataset_tables for method in dataset_table.methods})
    groups = sum(dataset_table.comparable for dataset_table in dataset_tables)
    years = years_of(survey, dataset_tables)
    span = f", published in {years}" if years else ""
    sentence = f"In all, this page holds {counted(numbers, 'number')} of {counted(methods, 'method')}{span}"
    if not groups:
        return f"{sentence}."
    sentence += f", in {counted(groups, 'comparable group')}"
    if lists := len(dataset_tables) - groups:
        sentence += f" and {counted(lists, 'list')} of what cannot be compared"
    return f"{sentence}; only numbers of one group may be compared." if len(dataset_tables) > 1 else f"{sentence}."


def beside_the_first(dataset_tables: Sequence[DatasetTable]) -> tuple[str, str]:
    """Return how many comparable groups and lists a page holds beside what stands open on it, and what they are called.

    A table of numbers that cannot be compared is a list, here as in the sentences above.
    """
    first, *others = dataset_tables
    groups = sum(dataset_table.comparable for dataset_table in others)
    lists = len(others) - groups
    counts = [
        counted(number, f"other {thing}" if first.comparable is (thing == "group") else thing)
        for number, thing in ((groups, "group"), (lists, "list"))
        if number
    ]
    return " and ".join(
        counts
    ), "Other groups and lists" if groups and lists else f"Other {'groups' if groups else 'lists'}"


def _value(line: Line, benchmark: Benchmark) -> str:
    value = line.value(benchmark)
    return "" if value is None else short(line.cells[benchmark.benchmark][0].value)


def _with_unit(value: str, benchmark: Benchmark) -> str:
    return f"{value} {benchmark.unit}".rstrip()
