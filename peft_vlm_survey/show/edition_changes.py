"""Answers about what changed since the edition before: counts, and a table for each kind of change."""

from collections import Counter
from collections.abc import Sequence

from peft_vlm_survey.editions.changes import Changes, changes_of
from peft_vlm_survey.editions.changes_output import rows_of
from peft_vlm_survey.editions.paper_changes import KINDS, PaperCell
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.group_names import group_name
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, escape
from peft_vlm_survey.show.sentences import counted
from peft_vlm_survey.show.table import Table

MOST = 12  # rows of a table that would otherwise have thousands
_FIRST = "This is the first edition that is kept, so there is none to compare it with.\n"
_COLUMNS = {
    "code_licence": "licence of the code",
    "code": "address of the code",
    "code_extent": "extent of the code",
    "eprint": "arXiv identifier",
    "doi": "DOI",
    "url": "address",
    "further_families": "further families",
    "summary_zh": "summary in Chinese",
    "gradient": "gradient through the backbone",
}


def changes_counted(*, survey: Survey) -> Markup:
    """Return in a list how much changed since the edition before."""
    changes = changes_of(survey)
    if changes is None:
        return Markup(_FIRST)
    numbers = changes.numbers
    lines = [
        f"Edition {changes.new.version} of {changes.new.date} is compared with edition {changes.old.version} of {changes.old.date}.",
        "",
        _papers_counted(changes),
        f"- **Numbers**: {len(numbers.come):,} were added, {len(numbers.gone):,} withdrawn, "
        f"and {len(numbers.values):,} have another value."
        if numbers.come or numbers.gone or numbers.values
        else "- **Numbers**: the same as before.",
        _rankings_counted(changes),
    ]
    return Markup("\n".join(lines) + "\n")


def all_editions(*, survey: Survey) -> Table:
    """List the published editions, the newest first, with their size and what each added."""
    editions = survey.editions[::-1]
    return Table(
        header=("Edition", "Date", "Papers", "Scores", "Added"),
        rows=[
            [
                edition.version,
                edition.date,
                f"{int(edition.papers):,}" if edition.papers else NOT_ESTABLISHED,
                f"{int(edition.results):,}" if edition.results else NOT_ESTABLISHED,
                escape(edition.added),
            ]
            for edition in editions
        ],
        widths=(10, 14, 10, 10, 56),
        numeric=frozenset({2, 3}),
        data=[edition.row.cells for edition in editions],
    )


def _papers_counted(changes: Changes) -> str:
    papers = changes.papers
    corrected = {kind: papers.of(kind, "changed", "emptied") for kind in ("record", "label", "description")}
    if not (papers.come or papers.gone or any(corrected.values())):
        return "- **Papers**: the same as before, and nothing that was said of them was corrected."
    return (
        f"- **Papers**: {len(papers.come):,} came in and {len(papers.gone):,} went out. "
        f"Something that was said was corrected in the record of {_papers(corrected['record'])}, "
        f"in the labels of {_papers(corrected['label'])} and in the description of {_papers(corrected['description'])}."
    )


def _rankings_counted(changes: Changes) -> str:
    rankings = changes.rankings
    if not (rankings.turned or rankings.changed or rankings.come):
        return (
            f"- **Rankings**: the {rankings.ranked:,} comparable groups that both editions rank are in the same order."
        )
    return (
        f"- **Rankings**: of {rankings.ranked:,} comparable groups that both editions rank, "
        f"{len(rankings.turned):,} have another leader, and {sum(len(group.moved) for group in rankings.changed):,} "
        f"methods another place; {rankings.come:,} groups are ranked for the first time."
    )


def _papers(cells: Sequence[PaperCell]) -> str:
    return counted(len({cell.key for cell in cells}), "paper")


def _others(count: int, thing: str = "") -> str:
    """Return how many more there are, such as `1 other` or `3 other groups`."""
    return f"{count:,} other {thing}{'' if count == 1 else 's'}" if thing else counted(count, "other")


def papers_that_came(*, survey: Survey) -> Table | Markup:
    """Count the papers that came in and went out by category."""
    changes = changes_of(survey)
    if changes is None or not (changes.papers.come or changes.papers.gone):
        return Markup("No paper came in, and none went out.\n")
    come, gone = (Counter(row["category"] for row in rows) for rows in (changes.papers.come, changes.papers.gone))
    before, now = Counter(changes.old.categories), Counter(changes.new.categories)
    names = [name for name in {**CATEGORIES, **come, **gone} if before[name] or now[name]]
    rows = [
        [escape(CATEGORIES.get(name, name)), *(f"{count[name]:,}" for count in (before, come, gone, now))]
        for name in names
    ]
    return Table(
        header=["Category", f"In {changes.old.version}", "Came in", "Went out", f"In {changes.new.version}"],
        rows=rows,
        widths=[40, 15, 15, 15, 15],
        numeric=frozenset([1, 2, 3, 4]),
        note="A category can also change by papers that were moved to or from another.",
        data=[row for row in rows_of(changes)["papers"] if row["change"] in ("in", "out")],
    )


def papers_corrected(*, most: int = MOST, survey: Survey) -> Table | Markup:
    """List what was corrected of papers: one row for each thing that was said and is said otherwise, the commonest first."""
    changes = changes_of(survey)
    cells = [cell for cell in changes.papers.cells if cell.how != "filled"] if changes else []
    if not changes or not cells:
        return Markup("Nothing that was said of a paper was corrected.\n")
    alike: dict[tuple[str, str, str, str], list[PaperCell]] = {}
    for cell in cells:
        alike.setdefault((cell.kind, cell.column, _short(cell.before), _short(cell.now)), []).append(cell)
    ordered = sorted(alike.items(), key=lambda pair: (-len(pair[1]), KINDS.index(pair[1][0].kind)))
    rows = [
        [escape(_COLUMNS.get(column, column)), escape(before), escape(now), _which(same)]
        for (_, column, before, now), same in ordered[:most]
    ]
    if rest := ordered[most:]:
        count = len({cell.key for _, same in rest for cell in same})
        rows.append([_others(len(rest)), NOT_ESTABLISHED, NOT_ESTABLISHED, counted(count, "paper")])
    return Table(
        header=["What", "Before", "Now", "Papers"],
        rows=rows,
        widths=[18, 30, 30, 22],
        data=[row for row in rows_of(changes)["papers"] if row["change"] in ("changed", "emptied")],
    )


def _which(cells: Sequence[PaperCell]) -> str:
    return f"{{paper}}`{cells[0].key}`" if len(cells) == 1 else counted(len(cells), "paper")


def _short(text: str) -> str:
    if text.startswith("sha256:"):
        return "another sentence"
    return text if len(text) <= 90 else f"{text[:88].rstrip()} …"


def papers_completed(*, survey: Survey) -> Table | Markup:
    """Count what was not established of papers before, and is now."""
    changes = changes_of(survey)
    count = (
        Counter((cell.kind, cell.column) for cell in changes.papers.cells if cell.how == "filled") if changes else {}
    )
    if not changes or not count:
        return Markup("Nothing was added to what is said of a paper.\n")
    ordered = sorted(count.items(), key=lambda pair: -pair[1])
    return Table(
        header=["What", "Kind", "Papers"],
        rows=[[escape(_COLUMNS.get(column, column)), kind, f"{number:,}"] for (kind, column), number in ordered],
        widths=[50, 30, 20],
        numeric=frozenset([2]),
        data=[{"column": column, "kind": kind, "papers": str(number)} for (kind, column), number in ordered],
    )


def numbers_that_came(*, most: int = MOST, survey: Survey) -> Table | Markup:
    """Count the numbers that were added and withdrawn, by the task of their benchmark, the most first."""
    changes = changes_of(survey)
    if changes is None or not (changes.numbers.come or changes.numbers.gone):
        return Markup("No number was added, and none withdrawn.\n")
    tasks = {**changes.old.tasks, **changes.new.tasks}
    come, gone = (
        Counter(tasks.get(row["benchmark"], "") or "other" for row in rows)
        for rows in (changes.numbers.come, changes.numbers.gone)
    )
    tables = {
        task: len(
            {row["origin"] for row in changes.numbers.come if (tasks.get(row["benchmark"], "") or "other") == task}
        )
        for task in come
    }
    ordered = sorted({*come, *gone}, key=lambda task: (-come[task], -gone[task], task))
    rows = [[escape(task), f"{come[task]:,}", f"{tables.get(task, 0):,}", f"{gone[task]:,}"] for task in ordered[:most]]
    if rest := ordered[most:]:
        sums = [sum(count.get(task, 0) for task in rest) for count in (come, tables, gone)]
        rows.append([_others(len(rest), "task"), *(f"{number:,}" for number in sums)])
    return Table(
        header=["Task", "Numbers added", "From tables", "Withdrawn"],
        rows=rows,
        widths=[46, 18, 18, 18],
        numeric=frozenset([1, 2, 3]),
        data=[
            {"task": task, "added": str(come[task]), "tables": str(tables.get(task, 0)), "withdrawn": str(gone[task])}
            for task in ordered
        ],
    )


def numbers_changed(*, most: int = MOST, survey: Survey) -> Table | Markup:
    """List the numbers that have another value, were withdrawn, or bear another name."""
    changes = changes_of(survey)
    rows = [row for row in rows_of(changes)["numbers"] if row["change"] != "added"] if changes else []
    if not rows:
        return Markup("No number was withdrawn, and none reads otherwise.\n")
    shown = [
        [
            escape(row["method"]),
            f"{{benchmark}}`{row['benchmark']}`"
            if _is_benchmark(survey, row["benchmark"])
            else escape(row["benchmark"]),
            escape(row["column"].replace("_", " ")),
            escape(row["before"]) or NOT_ESTABLISHED,
            escape(row["now"]) or ("withdrawn" if row["change"] == "withdrawn" else NOT_ESTABLISHED),
        ]
        for row in rows[:most]
    ]
    if len(rows) > most:
        shown.append([_others(len(rows) - most), *[NOT_ESTABLISHED] * 4])
    return Table(
        header=["Method", "Benchmark", "What", "Before", "Now"],
        rows=shown,
        widths=[24, 24, 14, 19, 19],
        data=rows,
    )


def _is_benchmark(survey: Survey, name: str) -> bool:
    return any(benchmark.benchmark == name for benchmark in survey.benchmarks)


def rankings_turned(*, most: int = MOST, survey: Survey) -> Table | Markup:
    """List the comparable groups with another leader, those of most methods first."""
    changes = changes_of(survey)
    if not changes or not changes.rankings.turned:
        return Markup("No comparable group that both editions rank has another leader.\n")
    protocols = survey.protocols_by_id
    rows = []
    for turn in changes.rankings.turned[:most]:
        before, now = ([escape(turn.names[name][1]) for name in leaders] for leaders in turn.leaders)
        group = group_name(protocols[turn.protocol], turn.backbone)
        rows.append(
            [escape(group), f"{{benchmark}}`{turn.benchmark}`", ", ".join(before), ", ".join(now), str(len(turn.moved))]
        )
    if (left := len(changes.rankings.turned) - most) > 0:
        rows.append([_others(left, "group"), *[NOT_ESTABLISHED] * 4])
    return Table(
        header=["Group", "Ranked by", "Led before", "Leads now", "Places moved"],
        rows=rows,
        widths=[34, 20, 16, 16, 14],
        numeric=frozenset([4]),
        data=rows_of(changes)["rankings"],
    )
