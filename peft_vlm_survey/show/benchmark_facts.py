"""What the survey says of one benchmark, in words: what it measures, under which protocols, and what does not add up."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.contradictions import Contradiction
from peft_vlm_survey.read.mismatches import Mismatch
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.protocols import Protocol
from peft_vlm_survey.show.facts import Fact, Part
from peft_vlm_survey.show.sentences import capitalised

FOLDER = "benchmarks"
_CONDITIONS = {
    "training": "Training",
    "pretraining": "Pre-training",
    "resolution": "Images",
    "split": "Split",
    "selection": "Selection",
    "averaging": "Average",
    "note": "Note",
}


def address_of(benchmark: str) -> str:
    """Return the address of a benchmark's page, from the site's root."""
    return f"{FOLDER}/{benchmark}.html"


def titles(survey: Survey) -> Mapping[str, str]:
    """Return a title for every benchmark that no other has: its name, with what tells it apart where several share it."""
    names = Counter(benchmark.name for benchmark in survey.benchmarks)
    tasks = Counter((benchmark.name, benchmark.task) for benchmark in survey.benchmarks)

    def title(benchmark: Benchmark) -> str:
        if names[benchmark.name] == 1:
            return benchmark.name
        if benchmark.task and tasks[benchmark.name, benchmark.task] == 1:
            return f"{benchmark.name} ({benchmark.task})"
        return f"{benchmark.name} ({', '.join(filter(None, (benchmark.dataset, benchmark.split, benchmark.metric)))})"

    return {benchmark.benchmark: title(benchmark) for benchmark in survey.benchmarks}


def headings(survey: Survey) -> Mapping[str, str]:
    """Return for every benchmark what its page is headed: its title with its task in front, which no other page has."""
    named = titles(survey)
    tasks = Counter((benchmark.name, benchmark.task) for benchmark in survey.benchmarks)

    def heading(benchmark: Benchmark) -> str:
        if not benchmark.task:
            return named[benchmark.benchmark]
        alone = tasks[benchmark.name, benchmark.task] == 1
        name = benchmark.name if alone else named[benchmark.benchmark]
        return f"{capitalised(benchmark.task)}: {name}"

    return {benchmark.benchmark: heading(benchmark) for benchmark in survey.benchmarks}


def sentence(benchmark: Benchmark) -> str:
    """Return in one sentence what is measured on what, and which way is better."""
    unit = f", in {benchmark.unit}," if benchmark.unit else ""
    split = f" ({benchmark.split})" if benchmark.split else ""
    return f"{capitalised(benchmark.metric)}{unit} on {benchmark.dataset}{split}; {benchmark.direction} is better."


def _with_numbers(survey: Survey) -> frozenset[str]:
    return frozenset(number.benchmark for number in survey.results)


def facts_of(survey: Survey, benchmark: Benchmark) -> tuple[Fact, ...]:
    """Return what is known of a benchmark, but for the works that describe its data."""
    benchmarks = survey.benchmarks_by_id
    used = survey.derived(_with_numbers)

    def linked(names: tuple[str, ...]) -> tuple[Part, ...]:
        return tuple(Part(benchmarks[name].name, address_of(name) if name in used else "") for name in names)

    within = tuple(b.benchmark for b in survey.benchmarks if benchmark.benchmark in b.parts)
    high = f"to {benchmark.range_high}" if benchmark.range_high else "upwards, without bound"
    known = (
        Fact("Category", (Part(CATEGORIES[benchmark.category], f"{benchmark.category}.html"),)),
        Fact("Task", (Part(benchmark.task),) if benchmark.task else ()),
        Fact("Data set", (Part(benchmark.dataset),)),
        Fact("Split", (Part(benchmark.split),) if benchmark.split else ()),
        Fact("Metric", (Part(benchmark.metric),)),
        Fact("Unit", (Part(benchmark.unit or "none"),)),
        Fact("Direction", (Part(f"{benchmark.direction} is better"),)),
        Fact("Possible values", (Part(f"{benchmark.range_low} {high}"),)),
        Fact(f"It is the {benchmark.averages} of", linked(benchmark.parts)),
        Fact("Averaged by", linked(within)),
        Fact("Note", (Part(benchmark.note),) if benchmark.note else ()),
    )
    return tuple(fact for fact in known if fact.parts)


def conditions(protocol: Protocol, benchmark: Benchmark) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the conditions of a protocol with what they are called, and the names of those that are not established.

    What a benchmark cannot have is not missed: images where only language is read, an average of a single score.
    """
    stated = tuple((name, getattr(protocol, field)) for field, name in _CONDITIONS.items() if getattr(protocol, field))
    beside = {"note"}
    beside |= {"resolution"} if benchmark.category == "language" else set()
    beside |= set() if _is_mean(benchmark) else {"averaging"}
    lacking = tuple(
        name.lower() for field, name in _CONDITIONS.items() if field not in beside and not getattr(protocol, field)
    )
    return stated, lacking


def _is_mean(benchmark: Benchmark) -> bool:
    return bool(benchmark.averages) or bool(re.search(r"\b(mean|average)\b", benchmark.metric))


def mismatches_by_benchmark(survey: Survey) -> Mapping[str, tuple[Mismatch, ...]]:
    """Return the recorded mismatches that concern each benchmark: as the average, or as a part printed beside it."""
    benchmarks = survey.benchmarks_by_id
    printed = {(n.origin, n.method, n.backbone, n.benchmark) for n in survey.results}
    concerned: dict[str, dict[int, Mismatch]] = defaultdict(dict)
    for mismatch in survey.mismatches:
        place = (mismatch.origin, mismatch.method, mismatch.backbone)
        concerned[mismatch.benchmark][mismatch.row.line] = mismatch
        ahead = [*benchmarks[mismatch.benchmark].parts]
        while ahead:
            name = ahead.pop()
            if (*place, name) in printed:
                concerned[name][mismatch.row.line] = mismatch
            else:  # recomputed from parts of its own
                ahead += benchmarks[name].parts
    return {name: tuple(by_line[line] for line in sorted(by_line)) for name, by_line in concerned.items()}


def contradictions_of(survey: Survey, benchmark: str) -> tuple[Contradiction, ...]:
    """Return the recorded contradictions on a benchmark, in the order of the file."""
    return tuple(contradiction for contradiction in survey.contradictions if contradiction.benchmark == benchmark)


class ResultPages:
    """What such pages show of a survey."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of every benchmark."""
        return self.survey.derived(titles)
