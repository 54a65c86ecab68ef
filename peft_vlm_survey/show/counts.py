"""Named numbers that sentences of the chapters quote, by `{value}`."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.compare.experiments import points
from peft_vlm_survey.compare.findings import grade, measured
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import Entry, Group, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.kept_back import FOUND
from peft_vlm_survey.show.markup import Markup

Values = Mapping[str, int | str]
# What a table says of a method's cost, by the quantities of measurements that count for it.
COSTS = {
    "Memory": ("memory", "memory-reserved", "memory-saved"),
    "Training time": ("training-time",),
    "Inference": ("latency", "throughput", "flops", "inference-memory"),
    "Storage": ("storage",),
}


def share(part: int, whole: int) -> str:
    """Return a part of a whole in percent, with one decimal.

    >>> share(1, 8)
    '12.5 %'
    """
    return f"{100 * part / whole:.1f} %" if whole else "–"


def candidates(*, survey: Survey) -> Values:
    """Count what was judged, taken in and left out, until when, and the years in which the papers appeared."""
    papers, left = len(survey.papers), len(survey.excluded)
    years = [survey.references[paper.key].year for paper in survey.papers]
    return {
        "judged": papers + left,
        "papers": papers,
        "left_out": left,
        "until": max([paper.added for paper in survey.papers] + [candidate.checked for candidate in survey.excluded]),
        "first_year": str(min(years)),
        "last_year": str(max(years)),
    }


def families(*names: str, survey: Survey) -> Values:
    """Count the papers of some main families among those whose main family is known. Raises KeyError for another word."""
    if unknown := [name for name in names if name not in FAMILIES]:
        raise KeyError(f"no family '{unknown[0]}'")
    known = [paper.family for paper in survey.papers if paper.family]
    of_these = sum(family in names for family in known)
    return {"papers": of_these, "of": len(known), "share": share(of_these, len(known))}


def preprints(*, survey: Survey) -> Values:
    """Count the papers that have no venue but arXiv."""
    found = sum(survey.venue(paper.key) == "arXiv" for paper in survey.papers)
    return {"papers": found, "share": share(found, len(survey.papers))}


def recall(*, survey: Survey) -> Values:
    """Return how much the catalogue held of the last set of papers that was kept back to measure it."""
    edition = max(([int(n) for n in paper.edition.split(".")], paper.edition) for paper in survey.kept_back)[1]
    papers = [paper for paper in survey.kept_back if paper.edition == edition]
    held = sum(paper.found in (*FOUND,)[:2] for paper in papers)
    return {"edition": edition, "papers": len(papers), "share": share(held, len(papers))}


def references_beside(*, survey: Survey) -> Values:
    """Return in what share of the comparable groups full fine-tuning stands."""
    all_groups = groups(survey)
    beside = sum(any(entry.method == REFERENCE for entry in group.entries) for group in all_groups)
    return {"share": share(beside, len(all_groups))}


def selection_known(*, survey: Survey) -> Values:
    """Return for what share of the protocols it is established how a run was chosen."""
    return {"share": share(sum(bool(protocol.selection) for protocol in survey.protocols), len(survey.protocols))}


def finding(name: str, *, survey: Survey) -> Values:
    """Return the numbers behind a finding. Raises KeyError where there is none of that id.

    `percent` and `ratio` are its measure, `chance` is what luck alone would give, and `papers` is how many report the tables.
    """
    known = measured(survey)
    if name not in known:
        raise KeyError(f"no finding '{name}'")
    measure = known[name]
    return {
        "percent": f"{100 * measure.value:.0f} %",
        "ratio": decimal(measure.value),
        "chance": round(measure.chance or 0),
        "papers": measure.papers,
        "grade": grade(measure),
        **{word: count if isinstance(count, int) else decimal(count) for word, count in measure.counts.items()},
    }


def decimal(value: float) -> str:
    """Return a difference in points with two decimals.

    >>> decimal(-0.5)
    '−0.50'
    """
    return f"{value:.2f}".replace("-", "−")


def costs_measured(*, survey: Survey) -> Values:
    """Count the measurements of training memory, and name the backbone of most of them with its share."""
    memory = [n for n in survey.measurements if n.benchmark in COSTS["Memory"]]
    (backbone, most), *_ = [*Counter(n.backbone for n in memory if n.backbone).most_common(1), ("", 0)]
    return {
        "memory": len(memory),
        "backbone": backbone or "no backbone",
        "share": share(most, sum(bool(n.backbone) for n in memory)),
    }


def carried_over(*, survey: Survey) -> Values:
    """Return how many methods with a number on a language benchmark have one on a vision–language benchmark too."""
    methods: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        if number.method != REFERENCE:
            methods[survey.benchmark(number.benchmark).category].add(method_of(number))
    language = methods["language"]
    both = language & (methods["grounding"] | methods["qa"] | methods["recognition"])
    return {"language": len(language), "both": len(both)}


def most_trained_first(*, least: int = 3, survey: Survey) -> Values:
    """Return in how many comparable groups the method that trains most is the best, full fine-tuning apart.

    `chance` is in how many it would be if the trained share played no part.
    Only groups count in which at least `least` methods have both a score and a trained share or number.
    """
    counted, first, chance = 0, 0, 0.0
    for g in groups(survey):
        entries = [e for e in g.entries if _trained(e) and e.method != REFERENCE and e.read_in != "notes"]
        scored = [(e, g.worth(number)) for e in entries if (number := e.on(g.main.benchmark))]
        if len({method_of(entry) for entry, _ in scored}) < least:
            continue
        best = max(scored, key=lambda pair: pair[1])[0]
        trained = [_trained(entry) for entry, _ in scored]
        counted += 1
        first += _trained(best) == max(trained)
        chance += trained.count(max(trained)) / len(trained)
    return {"groups": counted, "first": first, "chance": round(chance)}


def _trained(entry: Entry) -> float:
    return float(entry.trained_percent or entry.trained_millions or 0)


def gains_counted(*, more: int = 2, survey: Survey) -> Values:
    """Return in how many comparable groups the best method gains more than some points over full fine-tuning, and on what.

    Groups count that have full fine-tuning on the benchmark that ranks, a score in percent of which more is better;
    notes do not count.
    """
    best: list[tuple[Group, float]] = []
    for g in groups(survey):
        scale = points(g.main)
        gains = [gain for e in g.entries if e.read_in != "notes" and (gain := g.gain(e)) is not None]
        if scale and gains and g.main.more_is_better:
            best.append((g, scale * float(max(gains))))
    large = [g for g, gain in best if gain > more]
    return {"groups": len(best), "large": len(large)}


def splits(*, survey: Survey) -> Values:
    """Return in sentences how many benchmarks, groups and numbers there are, and how many of the groups are ranked."""
    boards = [board for of_benchmark in boards_by_benchmark(survey).values() for board in of_benchmark]
    comparable = [board for board in boards if board.comparable]
    lists = sum(bool(board.protocol) for board in boards) - len(comparable)
    held = {board.benchmark.benchmark for board in boards}
    ranked = sum(board.ranked for board in comparable)
    return {
        "scores": len(survey.results),
        "benchmarks": len(held),
        "groups": len(comparable),
        "ranked": ranked,
        "lists": lists,
    }


def surveys(*, survey: Survey) -> Values:
    """Count the other surveys by kind."""
    kinds = Counter(related.kind for related in survey.surveys)
    return {
        "works": len(survey.surveys),
        "surveys": kinds["survey"],
        "benchmarks": kinds["benchmark"],
        "studies": kinds["study"],
        "lists": kinds["list"],
    }


def at_a_glance(*, survey: Survey) -> Markup:
    """Count what the book holds, each count with a link to where it stands."""
    links = [f"{{ref}}`{words} <{place}>`{rest}" for words, place, rest in counts(survey=survey)]
    return Markup(f":::{{container}} at-a-glance\n{' · '.join(links)}\n:::\n")


def counts(*, survey: Survey) -> list[tuple[str, str, str]]:
    """Return how much the book holds: what is counted, the label of the place where it stands, and what is to be added."""
    methods = {number.method_key for number in (*survey.results, *survey.measurements)}
    with_numbers = [paper for paper in survey.papers if paper.key in methods]
    return [
        (f"{len(survey.papers):,} papers", "catalogue", ""),
        (f"{len(survey.numbers):,} reported numbers", "results", f" for {len(with_numbers):,} of them"),
        (f"{len(survey.datasets)} data sets", "benchmarks", ""),
        (f"{len(survey.reported_costs)} reported costs", "costs", " recalculated"),
    ]
