"""Find papers, methods and data sets by words: the command `peft-vlm-survey search` and the function `search`."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from peft_vlm_survey.arguments import Parser, above_zero
from peft_vlm_survey.data import survey_below, the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.folding import folded, telling_words
from peft_vlm_survey.read.glossary import names_of
from peft_vlm_survey.read.vocabulary import FACTS

KINDS = ("paper", "method", "dataset")
LIMIT = 20
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
    year: int = 0


def search(words: str, *, kinds: Iterable[str] = KINDS, survey: Survey | None = None) -> list[Found]:
    """Return the papers, methods and data sets in which all words stand, those with the words in their names first.

    Case, accents, the kind of a dash and words that say nothing (*vs*, *best*, *difference between*) do not count. `kinds` are those of KINDS that are wanted.
    """
    wanted = telling_words(words)
    chosen = set(kinds)
    ranked = []
    for entry in _entries(survey or the_survey()) if wanted else ():
        if entry.found.kind in chosen and (place := _place(entry, wanted)) is not None:
            ranked.append(((place, KINDS.index(entry.found.kind), -entry.year, entry.found.id), entry.found))
    return [hit for _, hit in sorted(ranked, key=lambda ranking: ranking[0])]


def _place(entry: _Entry, wanted: list[str]) -> int | None:
    """Return in what the words were found, the best place first; None if one of them is nowhere."""
    names = [folded(name) for name in entry.names]
    whole = " ".join(wanted)
    if whole in names:
        return _IS_NAME
    if any(name.startswith(whole) for name in names):
        return _BEGINS_NAME
    if any(_all_begin(wanted, name) for name in names):
        return _IN_NAME
    title = folded(entry.found.title)
    if _all_begin(wanted, title):
        return _IN_TITLE
    text = " ".join([*names, title, *map(folded, entry.text)])
    return _IN_TEXT if _all_begin(wanted, text) else None


def _all_begin(wanted: list[str], text: str) -> bool:
    """Return whether every word begins a word of the text."""
    return all(re.search(rf"(?<!\w){re.escape(word)}", text) for word in wanted)


def _entries(survey: Survey) -> Iterator[_Entry]:
    papers = survey.papers_by_key
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
            ),
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
        )
    for dataset in survey.datasets:
        yield _Entry(
            found=Found(
                kind="dataset", id=dataset.id, name=dataset.name, title=dataset.task, page=f"datasets/{dataset.id}.html"
            ),
            names=(dataset.name, dataset.id, *dataset.aliases),
            text=tuple(survey.benchmark(member).name for member in dataset.members),
        )


def _where(survey: Survey, key: str) -> str:
    return f"{survey.venue(key)} {survey.references[key].year}".strip()


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and what was found, or 2 if nothing was."""
    parser = Parser(
        prog="peft-vlm-survey search",
        description="Find papers, methods and data sets in which all words stand, those with the words in their names first.",
        epilog="Example: peft-vlm-survey search prompt segmentation --kind paper",
    )
    parser.add_argument("words", nargs="+", metavar="WORD", help="what to look for; a word may be the beginning of one")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only these; may be repeated")
    parser.add_argument("--limit", type=above_zero, default=LIMIT, metavar="N", help=f"show so many (default: {LIMIT})")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    options = parser.parse_intermixed_args(arguments)
    try:
        survey = survey_below(root)
    except SurveyError as error:
        return 1, str(error)
    words = " ".join(options.words)
    hits = search(words, kinds=options.kind or KINDS, survey=survey)
    if options.json:
        return 0, json.dumps([asdict(hit) for hit in hits[: options.limit]], ensure_ascii=False, indent=2)
    if not hits:
        return (
            2,
            f"nothing is called '{words}', and no text holds these words.\n    Try fewer words, or their beginnings.",
        )
    return 0, "\n".join(_lines(hits, options.limit))


def _lines(hits: list[Found], limit: int) -> Iterator[str]:
    for hit in hits[:limit]:
        name = f"{hit.name}: " if hit.name and hit.kind != "method" and not hit.title.startswith(hit.name) else ""
        label = hit.id if hit.kind != "method" else hit.name
        yield f"{hit.kind:8}{label}  {name}{hit.title}"
    if len(hits) > limit:
        yield f"{len(hits) - limit} more; --limit {len(hits)} shows all."
