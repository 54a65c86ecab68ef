"""The state of the art on a data set: the best methods of one comparable group, with what each trains, and the reference rows."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from peft_vlm_survey.choose.prices import by_form, priced_as
from peft_vlm_survey.compare.choosable import first_ids
from peft_vlm_survey.compare.claims import whose
from peft_vlm_survey.compare.dataset_tables import DatasetTable, dataset_tables_of
from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.lines import Line
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.dataset_facts import doubt
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, NOT_REPORTED, escape, link
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.reported import CLAIMS
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_MOST_SCORES = 3
_BARE = "zero-shot"  # how tables call the model that nothing was trained of
_CLOSED = "the closed form at the method’s usual setting ({ref}`costs`)"
_SHAPES = "the shapes in the released code ({site}`downloads/code_counts.csv`)"
_SHORT_PARTS = 2  # values of a fact that a cell names; more are counted


def state_of_the_art(
    dataset: str,
    *,
    protocol: str = "",
    benchmarks: Sequence[str] = (),
    most: int = 10,
    survey: Survey,
) -> Table:
    """List the best methods of a comparable group of a data set: the largest, or that of a protocol.

    Each method stands once, with its best line. Beside the benchmark that ranks stand `benchmarks`, or else those that
    most of the listed methods report, three in all. Full fine-tuning and the untrained model follow as reference rows
    if they are not among the first. Raises KeyError for an unknown data set and where no such group is ranked.
    """
    dataset_tables = dataset_tables_of(survey, dataset)
    group = next((g for g in dataset_tables if g.ranked and protocol in ("", g.protocol)), None)
    if group is None:
        raise KeyError(f"no ranked group of '{dataset}' with protocol '{protocol}'")
    first = _once_each(line for line in group.lines if line.rank)
    listed = first[:most]
    listed += [line for line in first[most:] if _is_reference(line)]
    category = survey.datasets_by_id[dataset].category
    shares = {id(line): _share(line) or _derived(survey, line) or _counted(survey, line) for line in listed}
    share: Column[Line] = Column("Share", 12, lambda line: shares[id(line)] or NOT_REPORTED, further=True)
    ids = first_ids(survey, [method_of(line.numbers[0]) for line in listed])
    return table(
        listed,
        Column("Method", 24, lambda line: _name(survey, line)),
        *(_score(benchmark) for benchmark in _scores(survey, group, benchmarks, listed)),
        Column("Reported in", 22, lambda line: _reported(survey, line.cells[group.main.benchmark][0])),
        Column("Rank", 9, lambda line: str(line.rank)),
        Column("Trained", 22, lambda line: _trained(survey, line, category), further=True),
        *([share] if any(shares.values()) else []),
        Column("Code", 20, lambda line: _code(survey, line), further=True),
        note=f"{escape(survey.protocol(group.protocol).name)}; {escape(group.backbone)}. {escape(doubt(group))} "
        f"{_italics(survey, listed) if any(shares.values()) else ''}All methods: {{dataset}}`{dataset}`."
        + (f" {{beside}}`{ids}`" if ids else ""),
        data=survey.number_rows(number for line in listed for number in line.numbers),
    )


def _score(benchmark: Benchmark) -> Column[Line]:
    return Numbers(heading(benchmark), 9, lambda line: _value(line, benchmark))


def _reported(survey: Survey, number: Result) -> str:
    """Return the table of the number that ranks a line, and whether its authors ran the method again or copied it."""
    claim = CLAIMS[whose(survey, number)]
    told = "" if claim in (CLAIMS["own"], CLAIMS[""]) else f" ({claim})"
    return f"{source(survey, number.origin)}{told}"


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
    id = priced_as(survey, line.numbers[0])
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
    return f"*Share* in italics: computed from {' or '.join(ways)}. " if ways else ""


def _value(line: Line, benchmark: Benchmark) -> str:
    cell = line.cells.get(benchmark.benchmark)
    return short(cell[0].value) if cell else NOT_REPORTED


def _code(survey: Survey, line: Line) -> str:
    paper = survey.papers_by_key.get(line.method_key)
    if paper is None or not paper.code:
        return NOT_ESTABLISHED
    return link(paper.code_licence or "code", paper.code)
