"""The state of the art on a data set: the best methods of one comparable group, with what each trains, and the reference rows."""

from collections.abc import Iterable, Sequence

from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.master import Line, Master, masters_by_dataset
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.show.dataset_facts import standing
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, NOT_REPORTED, Table, escape, link
from peft_vlm_survey.show.numbers import heading, short

_MOST_SCORES = 3
_BARE = "zero-shot"  # how tables call the model that nothing was trained of
_LEGEND = "*Share*: trained parameters in percent or in millions, as reported; "
_SHORT_PARTS = 2  # values of a fact that a cell names; more are counted


def state_of_the_art(
    dataset: str,
    *,
    backbone: str = "",
    protocol: str = "",
    benchmarks: Sequence[str] = (),
    most: int = 10,
    caption: str,
    label: str,
    survey: Survey,
) -> Table:
    """List the best methods of a comparable group of a data set: the largest, or that of a backbone or a protocol.

    Each method stands once, with its best line. Beside the benchmark that ranks stand `benchmarks`, or else those that
    most of the listed methods report, three in all. Full fine-tuning and the untrained model follow as reference rows
    if they are not among the first. Raises KeyError for an unknown data set and where no such group is ranked.
    """
    found = masters_by_dataset(survey)[dataset]
    group = next(
        (
            g
            for g in found
            if g.ranked and (not backbone or g.backbone == backbone) and (not protocol or g.protocol == protocol)
        ),
        None,
    )
    if group is None:
        raise KeyError(f"no ranked group of '{dataset}' with backbone '{backbone}' and protocol '{protocol}'")
    first = _once_each(line for line in group.lines if line.rank)
    listed = first[:most]
    listed += [line for line in first[most:] if _is_reference(line)]
    scores = _scores(survey, group, benchmarks, listed)
    named = next(d for d in survey.datasets if d.id == dataset)
    shares = ["Share"] if any(_share(line) != NOT_REPORTED for line in listed) else []
    return Table(
        header=["Rank", "Method", "Trained", *shares, *(heading(b) for b in scores), "Code"],
        rows=[
            [
                str(line.rank),
                _name(survey, line),
                _trained(survey, line),
                *(_share(line) for _ in shares),
                *(_value(line, benchmark) for benchmark in scores),
                _code(survey, line),
            ]
            for line in listed
        ],
        widths=[7, 26, 25, *[9] * len(shares), *[9] * len(scores), 12],
        caption=caption,
        label=label,
        numeric=frozenset(range(3 + len(shares), 3 + len(shares) + len(scores))),
        classes=["longtable"],
        note=(
            f"{escape(' '.join(standing(survey, named, group)))} A rank is a span where a difference is no larger than that of re-runs. "
            f"*Share*: trained parameters in percent or in millions, as reported; {NOT_REPORTED}: not reported. All methods: {{dataset}}`{dataset}`."
        ),
        data=survey.number_rows(number for line in listed for number in line.numbers),
    )


def _once_each(lines: Iterable[Line]) -> list[Line]:
    """Return the first, and so the best, line of each method."""
    best: dict[object, Line] = {}
    for line in lines:
        best.setdefault(method_of(line.numbers[0]), line)
    return list(best.values())


def _is_reference(line: Line) -> bool:
    return line.method == REFERENCE or _BARE in line.method.lower()


def _scores(survey: Survey, group: Master, wanted: Sequence[str], lines: Sequence[Line]) -> list[Benchmark]:
    if wanted:
        others = [survey.benchmark(name) for name in wanted]
    else:
        filled = {b.benchmark: sum(b.benchmark in line.cells for line in lines) for b in group.benchmarks}
        others = sorted(
            (b for b in group.benchmarks if 2 * filled[b.benchmark] > len(lines)), key=lambda b: -filled[b.benchmark]
        )
    return [group.main, *(b for b in others if b is not group.main)][:_MOST_SCORES]


def _name(survey: Survey, line: Line) -> str:
    paper = survey.papers_by_key.get(line.method_key)
    if paper is None:
        return escape(line.method)
    where = " ".join(filter(None, (survey.venue(paper.key), str(survey.references[paper.key].year))))
    return f"{{paper}}`{line.method} <{paper.key}>`, {escape(where)}"


def _trained(survey: Survey, line: Line) -> str:
    known = survey.description(line.method_key)
    if known is None or not known.trained:
        return NOT_ESTABLISHED
    what = _few(known.trained)
    return escape(f"{what}: {_few(known.part)}" if known.part else what)


def _few(values: Sequence[str]) -> str:
    more = len(values) - _SHORT_PARTS
    return ", ".join(values[:_SHORT_PARTS]) + (f" and {more} more" if more > 0 else "")


def _share(line: Line) -> str:
    if line.trained_percent:
        return f"{line.trained_percent} %"
    return f"{line.trained_millions} M" if line.trained_millions else NOT_REPORTED


def _value(line: Line, benchmark: Benchmark) -> str:
    cell = line.cells.get(benchmark.benchmark)
    return short(cell[0].value) if cell else NOT_REPORTED


def _code(survey: Survey, line: Line) -> str:
    paper = survey.papers_by_key.get(line.method_key)
    if paper is None or not paper.code:
        return NOT_ESTABLISHED
    return link(paper.code_licence or "code", paper.code)
