"""Find papers, methods and data sets by words: the command `peft-vlm-survey search` and the function `search`."""

import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from pathlib import Path

from peft_vlm_survey.arguments import Parser, above_zero
from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.data import survey_below, the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.folding import folded, squeezed, telling_words, with_versions
from peft_vlm_survey.read.glossary import names_of
from peft_vlm_survey.read.vocabulary import FACTS

KINDS = ("paper", "method", "dataset")
LIMIT = 13  # with a line before and one after, fifteen
WIDTH = 100  # columns of a line
# What the words were found in, from best to least.
_IS_NAME, _BEGINS_NAME, _IN_NAME, _IN_TITLE, _IN_TEXT = range(5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found: `id` is the key of a paper, the id of a data set or the name of a method, `page` its page in the site.

    `page` is empty for a method that no paper of the catalogue proposes.
    """

    kind: str
    id: str
    name: str
    title: str
    page: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    found: Found
    names: tuple[str, ...]
    text: tuple[str, ...]
    titles: tuple[str, ...] = ()
    known: int = 0
    year: int = 0


def search(words: str, *, kinds: Iterable[str] = KINDS, survey: Survey | None = None) -> list[Found]:
    """Return the papers, methods and data sets in which all words stand, those with the words in their names first.

    Case, accents, the kind of a dash and words that say nothing (*vs*, *best*, *difference between*) do not count; what
    stands in double quotes must stand there so. A title that is the query, or begins with it, counts as a name does. Of
    papers that hold the words alike, what weighs most comes first. `kinds` are those of KINDS that are wanted.
    """
    wanted = _wanted(words)
    return _found(survey or the_survey(), set(kinds), wanted, fewest=len(wanted)) if wanted else []


def _wanted(words: str) -> list[str]:
    """Return the words and the quoted phrases of a query that say something, folded."""
    quoted = re.compile('["“”]([^"“”]+)["“”]')
    phrases = [
        with_versions(folded(" ".join(phrase.split()))) for phrase in quoted.findall(words) if " " in phrase.strip()
    ]
    rest = re.sub('["“][^"“”]+ [^"“”]+["”]', " ", words) if phrases else words
    return [*phrases, *(telling_words(with_versions(folded(rest))) if rest.strip() else [])]


def _found(survey: Survey, kinds: set[str], wanted: list[str], *, fewest: int) -> list[Found]:
    """Return what holds at least so many of the words: most of them first, then by place, kind, and how well known."""
    ranked = []
    for entry in _entries(survey):
        if entry.found.kind not in kinds:
            continue
        text = _text(entry)
        held = [word for word in wanted if _all_begin([word], text)]
        if len(held) >= fewest:
            order = (-len(held), _place(entry, held), KINDS.index(entry.found.kind), -entry.known, -entry.year)
            ranked.append((order, entry.found.id, entry.found))
    return [hit for *_, hit in sorted(ranked, key=lambda ranking: ranking[:2])]


def _nearest_hits(survey: Survey, kinds: set[str], wanted: list[str]) -> list[Found]:
    """Return what holds the most of several words, where nothing holds all; nothing if each stands nowhere."""
    for fewest in range(len(wanted) - 1, 0, -1):
        if hits := _found(survey, kinds, wanted, fewest=fewest):
            return hits
    return []


def _text(entry: _Entry) -> str:
    return " ".join(map(folded, (*entry.names, entry.found.title, *entry.text)))


def _place(entry: _Entry, wanted: list[str]) -> int:
    """Return in what the words were found, the best place first."""
    whole = squeezed(" ".join(wanted))
    titles = entry.titles if " " in " ".join(wanted) else ()
    called = [squeezed(name) for name in (*entry.names, *titles)]
    if whole in called:
        return _IS_NAME
    if any(name.startswith(whole) for name in called):
        return _BEGINS_NAME
    if any(_all_begin(wanted, folded(name)) for name in entry.names):
        return _IN_NAME
    return _IN_TITLE if _all_begin(wanted, folded(entry.found.title)) else _IN_TEXT


def _all_begin(wanted: list[str], text: str) -> bool:
    """Return whether every word begins a word of the text; a decimal number must be the same number, as 66.5 and 66.50."""
    return all(re.search(_pattern(word), text) for word in wanted)


@cache
def _pattern(word: str) -> str:
    if re.fullmatch(r"\d+\.\d+", word):
        whole, _, part = word.partition(".")
        tail = rf"\.{part}0*" if (part := part.rstrip("0")) else r"(\.0+)?"
        return rf"(?<![\w.]){whole}{tail}(?!\w|\.\d)"
    joined = re.sub(r"(?<=[a-z])(?=\d)", "[ -]?", re.escape(word))  # sam2 is SAM 2
    return rf"(?<!\w){joined}" + (r"(?!\d)" if word[-1].isdigit() else "")


def _entries(survey: Survey) -> Iterator[_Entry]:
    papers, known, scores = survey.papers_by_key, survey.derived(weights), survey.derived(_scores)
    for paper in survey.papers:
        reference, description = survey.references[paper.key], survey.description(paper.key)
        facts = [value for name in FACTS for value in description.fact(name)] if description else []
        tasks = [name for task in paper.task for name in names_of(task, survey.glossary_by_term)]
        yield _Entry(
            found=Found(
                kind="paper",
                id=paper.key,
                name=paper.name,
                title=f"{reference.title_without_formulas} ({reference.short_authors}, {_where(survey, paper.key)})",
                page=f"papers/{paper.key}.html",
            ),
            names=tuple(filter(None, (paper.name, *paper.aliases, paper.key))),
            text=(
                _where(survey, paper.key),
                *reference.authors,
                *tasks,
                *paper.families,
                description.summary if description else "",
                *facts,
                scores.get(paper.key, ""),
            ),
            titles=(title := reference.title_without_formulas, title.partition(": ")[2]),
            known=known.get(paper.key, 0),
            year=reference.year,
        )
    for method in survey.methods:
        proposed = papers.get(method.key)
        yield _Entry(
            found=Found(
                kind="method",
                id=method.method,
                name=method.method,
                title=f"proposed by {method.key}" if method.key else "no paper of its own",
                page=f"papers/{method.key}.html" if proposed else "",
            ),
            names=(method.method, *method.aliases),
            text=(method.note,),
            known=known.get(method.key, 0),
        )
    for dataset in survey.datasets:
        yield _Entry(
            found=Found(
                kind="dataset", id=dataset.id, name=dataset.name, title=dataset.task, page=f"datasets/{dataset.id}.html"
            ),
            names=(dataset.name, dataset.id, *dataset.aliases),
            text=tuple(survey.benchmark(member).name for member in dataset.members),
        )


def _scores(survey: Survey) -> Mapping[str, str]:
    """Return the scores of each paper's method as one text, by its key."""
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for number in survey.results:
        values[number.method_key][number.value] = None
    return {key: " ".join(of_key) for key, of_key in values.items() if key}


def _where(survey: Survey, key: str) -> str:
    return f"{survey.venue(key)} {survey.references[key].year}".strip()


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and what was found, or 2 if nothing was."""
    parser = Parser(
        prog="peft-vlm-survey search",
        description="Find papers, methods and data sets that contain all words, those with the words in their names first.",
        epilog="Example: peft-vlm-survey search prompt segmentation --kind paper",
    )
    parser.add_argument(
        "words",
        nargs="+",
        metavar="WORD",
        help="what to look for; a word may be the beginning of one, and '\"two words\"' stand together",
    )
    parser.add_argument("--kind", choices=KINDS, action="append", help="only results of this kind; may be repeated")
    parser.add_argument(
        "--limit", type=above_zero, metavar="N", help=f"show at most N results (default: {LIMIT}; all with --json)"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    options = parser.parse_intermixed_args(arguments)
    try:
        survey = survey_below(root)
    except SurveyError as error:
        return 1, str(error)
    words, kinds = " ".join(options.words), set(options.kind or KINDS)
    hits = search(words, kinds=kinds, survey=survey)
    if options.json:
        return 0, json.dumps([asdict(hit) for hit in hits[: options.limit]], ensure_ascii=False, indent=2)
    if hits:
        return 0, "\n".join(_lines(hits, options.limit or LIMIT))
    wanted = _wanted(words)
    if hits := _nearest_hits(survey, kinds, wanted):
        note = "Nothing holds all these words. Most of them stand in:"
        return 0, "\n".join((note, *_lines(hits, options.limit or LIMIT)))
    near = _nearest(survey, kinds, words)
    remedy = f"Did you mean '{near}'?" if near else "Try fewer words, or their beginnings."
    return 2, f"nothing is called '{words}', and no text holds these words.\n    {remedy}"


def _nearest(survey: Survey, kinds: set[str], words: str) -> str:
    """Return the name that is written most nearly so, of equally near ones the best known; empty if none is near."""
    known: dict[str, int] = {}
    for entry in _entries(survey):
        if entry.found.kind in kinds:
            known |= {name: max(known.get(name, 0), entry.known) for name in entry.names}
    by_letters = {folded(name): name for name in sorted(known, key=lambda name: known[name])}
    near = get_close_matches(folded(words), by_letters, n=10, cutoff=0.7)
    ratios = {name: SequenceMatcher(None, name, folded(words)).ratio() for name in near}
    best = max(near, key=lambda name: (round(ratios[name], 2), known[by_letters[name]]), default="")
    return by_letters.get(best, "")


def _lines(hits: list[Found], limit: int) -> Iterator[str]:
    for hit in hits[:limit]:
        name = f"{hit.name}: " if hit.name and hit.kind != "method" and not hit.title.startswith(hit.name) else ""
        label = hit.id if hit.kind != "method" else hit.name
        yield textwrap.wrap(f"{hit.kind:8}{label}  {name}{hit.title}", WIDTH, max_lines=1, placeholder=" …")[0]
    if len(hits) > limit:
        yield f"{len(hits) - limit:,} more; --limit {len(hits)} shows all."
