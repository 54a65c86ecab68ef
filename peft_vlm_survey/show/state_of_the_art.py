"""The state of the art on a data set: the best methods of one comparable group, with what each trains, and the reference rows."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from peft_vlm_survey.choose.prices import by_form, priced_as
from peft_vlm_survey.compare.choosable import first_ids
from peft_vlm_survey.compare.dataset_tables import DatasetTable, dataset_tables_of
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.show.dataset_facts import standing
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, NOT_REPORTED, Table, escape, link
from peft_vlm_survey.show.numbers import heading

_MOST_SCORES = 3
_BARE = "zero-shot"  # how tables call the model that nothing was trained of
_LEGEND = "*Share*: trained parameters in percent or in millions, as reported; "
_CLOSED = "the closed form at the method’s usual setting ({ref}`costs`)"
_SHAPES = "the shapes in the released code, counted ({site}`downloads/code_counts.csv`)"
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
    dataset_tables = dataset_tables_of(survey, dataset)
    group = next(
        (
            g
            for g in dataset_tables
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
    named = survey.datasets_by_id[dataset]
    found_shares = [_share(line) or _derived(survey, line) or _counted(survey, line) or NOT_REPORTED for line in listed]
    shares = ["Share"] if any(share != NOT_REPORTED for share in found_shares) else []
    legend = _LEGEND + _italics(survey, listed)
    ids = first_ids(survey, [method_of(line.numbers[0]) for line in listed])
    return Table(
        header=["Rank", "Method", "Trained", *shares, *(heading(b) for b in scores), "Code"],
        rows=[
            [
                str(line.rank),
                _name(survey, line),
                _trained(survey, line, named.category),
                *(share for _ in shares),
                *(_value(line, benchmark) for benchmark in scores),
                _code(survey, line),
            ]
            for line, share in zip(listed, found_shares, strict=True)
        ],
        widths=[6, 24, 22, *[9] * len(shares), *[9] * len(scores), 20],
        caption=caption,
        label=label,
        numeric=frozenset(range(3 + len(shares), 3 + len(shares) + len(scores))),
        classes=["longtable"],
        note=(
            f"{escape(' '.join(standing(survey, named, group)))} A rank is a span where a difference is no larger than that of re-runs. "
            f"{legend if shares else ''}{NOT_REPORTED}: not reported. *Code* names its licence. All methods: {{dataset}}`{dataset}`."
            + (f" {{beside}}`{ids}`" if ids else "")
        ),
        data=survey.number_rows(number for line in listed for number in line.numbers),
    )


def own_scores(dataset: str, *, benchmarks: Sequence[str], caption: str, label: str, survey: Survey) -> Table:
    """List what the papers of a data set report of their own methods, by year: for tasks where no group is large enough to rank.

    A line is a method on a backbone under a protocol with a number on at least one of `benchmarks`. Raises KeyError for
    an unknown data set or benchmark, and where there is no such line.
    """
    scores = [survey.benchmark(name) for name in benchmarks]
    named = survey.datasets_by_id.get(dataset)
    if named is None:
        raise KeyError(f"no data set '{dataset}'")
    lines = [
        (line, group.protocol)
        for group in dataset_tables_of(survey, dataset)
        for line in group.lines
        if line.method_key in survey.papers_by_key
        and any(number.claim == "own" for b in scores for number in line.cells.get(b.benchmark, ()))
    ]
    if not lines:
        raise KeyError(f"no paper reports its own method on {', '.join(benchmarks)}")
    lines.sort(key=lambda pair: (survey.references[pair[0].method_key].year, pair[0].method, pair[0].backbone))
    return Table(
        header=["Method", "Backbone and set-up", "Trained", *(heading(b) for b in scores), "Code"],
        rows=[
            [
                _name(survey, line),
                _set_up(survey, line, protocol),
                _trained(survey, line, named.category),
                *(_value(line, benchmark) for benchmark in scores),
                _code(survey, line),
            ]
            for line, protocol in lines
        ],
        widths=[20, 30, 19, *[9] * len(scores), 20],
        caption=caption,
        label=label,
        numeric=frozenset(range(3, 3 + len(scores))),
        classes=["longtable"],
        note=(
            "By year and not ranked: backbones, training data and image sizes differ from row to row. "
            f"{NOT_REPORTED}: not reported. *Code* names its licence. All numbers with their protocols: {{dataset}}`{dataset}`."
        ),
        data=survey.number_rows(n for line, _ in lines for b in scores for n in line.cells.get(b.benchmark, ())),
    )


def _set_up(survey: Survey, line: Line, protocol: str) -> str:
    name = survey.protocol(protocol).name if protocol else ""
    return "; ".join(escape(part) for part in (line.backbone, name) if part) or NOT_ESTABLISHED


def _once_each(lines: Iterable[Line]) -> list[Line]:
    """Return the first, and so the best, line of each method."""
    best: dict[object, Line] = {}
    for line in lines:
        best.setdefault(method_of(line.numbers[0]), line)
    return list(best.values())


def _is_reference(line: Line) -> bool:
    return line.method == REFERENCE or _BARE in line.method.lower()


def _scores(survey: Survey, group: DatasetTable, wanted: Sequence[str], lines: Sequence[Line]) -> list[Benchmark]:
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


def _trained(survey: Survey, line: Line, category: str) -> str:
    """Return what is trained; in which part only where the paper is about such models, since methods travel."""
    known, paper = survey.description(line.method_key), survey.papers_by_key.get(line.method_key)
    if known is None or not known.trained:
        return NOT_ESTABLISHED
    what = _few(known.trained)
    at_home = paper is not None and paper.category == category and known.part
    return escape(f"{what}: {_few(known.part)}" if at_home else what)


def _few(values: Sequence[str]) -> str:
    more = len(values) - _SHORT_PARTS
    return ", ".join(values[:_SHORT_PARTS]) + (f" and {more} more" if more > 0 else "")


def _share(line: Line) -> str:
    """Return the share that the table of a line reports, in percent or in millions; empty if it reports none."""
    if line.trained_percent:
        return f"{short(line.trained_percent)} %"
    return f"{short(line.trained_millions)} M" if line.trained_millions else ""


def _derived(survey: Survey, line: Line) -> str:
    """Return what a method made for CLIP trains at its usual setting, by closed form; empty where none tells.

    Methods of all backbones have too many settings for one of them to be that of a row, and what trains something for
    every class has another size on every data set.
    """
    id = priced_as(line.numbers[0])
    known = survey.backbones_by_id.get(line.backbone)
    method = METHODS.get(id)
    if method is None or method.needs != "clip" or method.assumed_classes or known is None or not known.configuration:
        return ""
    prices = by_form(survey, id, known.configuration, "")
    if not prices or prices[0].trained is None:
        return ""
    return _millions(round(prices[0].trained))


def _counted(survey: Survey, line: Line) -> str:
    """Return what a method trains by the shapes in its released code; empty where they were not counted."""
    for count in survey.code_counts:
        if (count.method, count.backbone) == (line.method, line.backbone):
            return _millions(int(count.trained))
    return ""


def _millions(number: int) -> str:
    return f"*{short(str(Decimal(number) / 1_000_000))} M*"


def _italics(survey: Survey, lines: Sequence[Line]) -> str:
    """Return in words what the shares in italics are: closed forms, counts of released code, or both."""
    rest = [line for line in lines if not _share(line)]
    forms = [line for line in rest if _derived(survey, line)]
    ways = [_CLOSED] if forms else []
    if any(_counted(survey, line) for line in rest if line not in forms):
        ways.append(_SHAPES)
    return f"in italics where the table reports none: {' or '.join(ways)}; " if ways else ""


def _value(line: Line, benchmark: Benchmark) -> str:
    cell = line.cells.get(benchmark.benchmark)
    return short(cell[0].value) if cell else NOT_REPORTED


def _code(survey: Survey, line: Line) -> str:
    paper = survey.papers_by_key.get(line.method_key)
    if paper is None or not paper.code:
        return NOT_ESTABLISHED
    return link(paper.code_licence or "code", paper.code)
