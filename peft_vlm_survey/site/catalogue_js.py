"""The catalogue as scripts, for the explorer and the citation cards: a page opened from disk may not fetch a file.

`catalogue.js` has what the explorer shows and filters by, and is all that it waits for. The other authors and the aliases
come after it, for who searches; so do the summaries (`descriptions_js`). Works that are cited without being classified,
which only cards name, and addresses, which only an exported table has, stand apart. Each holds one list a column, since
what is alike compresses better side by side; `packed` says how a column is shortened.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.glossary import names_of
from peft_vlm_survey.read.papers import CATEGORIES, KINDS, SCOPES, Paper
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.catalogue import weightiest_first
from peft_vlm_survey.show.facts import chapters_by_paper
from peft_vlm_survey.site import packed
from peft_vlm_survey.site.data_script import DataScript, compact

FIELDS = (  # of an exported table, in its order; the page knows the groups from the tasks
    "key",
    "name",
    "aliases",
    "title",
    "authors",
    "year",
    "venue",
    "category",
    "groups",
    "tasks",
    "family",
    "further_families",
    "kind",
    "scope",
    "code",
    "arxiv",
    "address",
    "status",
    "added",
    "depth",
)
SERIES = 3  # papers that adapt a model of this very name make it the base of what is called so and by a size
AT_ONCE = 50  # papers that the explorer draws at first; their summaries come with the catalogue
SHOWN_WHOLE = 2  # authors; of more the first is shown
GITHUB = "https://github.com/"  # begins most addresses of code, and is left out


def catalogue_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.catalogue`.

    `fields` names the columns of an exported table, `papers` has those that the explorer shows or filters by, in the order of the catalogue; the vocabularies are in their order, `called` has what else tasks are called, and `models` the base models, each with its other names. `facts` names each typed fact with its values, and
    `papers.facts` has per fact the places of each paper's values; `numbers` and `chapters` say with 1 which papers have
    reported numbers, or are cited by a chapter; `summaries` are those of the papers that are drawn at first.
    """
    described = [survey.description(paper.key) for paper in weightiest_first(survey)[:AT_ONCE]]
    columns = (f"{compact(name)}:{survey.derived(_Column(name))}" for name in _COLUMNS)
    values = _facts(survey)
    members = {
        "fields": compact(FIELDS),
        "papers": "{\n" + ",\n".join(columns) + "\n}",
        "summaries": compact([description.summary if description else "" for description in described]),
        "categories": compact(CATEGORIES),
        "groups": compact(list(GROUPS.items())),
        "called": compact({task: other for task, *other in _called(survey) if other}),
        "models": compact(_models(survey)),
        "families": compact(FAMILIES),
        "kinds": compact(KINDS),
        "scopes": compact(SCOPES),
        "facts": compact([[name, FACTS[name][0], values[name]] for name in FACTS]),
    }
    text = ",\n".join(f"{compact(name)}:{value}" for name, value in members.items())
    return f"survey.data.catalogue = {{\n{text}\n}};\n"


def _called(survey: Survey) -> list[tuple[str, ...]]:
    return [names_of(task, survey.glossary_by_term) for tasks in GROUPS.values() for task in tasks]


@dataclass(frozen=True, slots=True)
class _Column:
    """What one column of the catalogue holds, as JSON."""

    name: str

    def __call__(self, survey: Survey) -> str:
        """Return its text."""
        return compact(_COLUMNS[self.name](survey, weightiest_first(survey)))


def _titles(survey: Survey, papers: Sequence[Paper]) -> object:
    return packed.texts([survey.references[paper.key].title_without_formulas for paper in papers])


def _tasks(survey: Survey, papers: Sequence[Paper]) -> object:
    place = {task: place for place, task in enumerate(task for tasks in GROUPS.values() for task in tasks)}
    return packed.letters([place[task] for task in paper.task] for paper in papers)


def _is_size(rest: str) -> bool:
    """Return whether what follows a model's name says its size or pre-training: no version, as in 'SAM 2', and no other name."""
    return bool(re.search(r"\d|\b(base|large|small|medium|[TSBLH]|XL|text encoder)\b", rest)) and not re.fullmatch(
        r"[ -]v?\d(\.\d)?", rest
    )


def base_models(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return the models that each paper adapts, without sizes and pre-training: 'CLIP' for 'CLIP-ViT-B/16', by key."""
    parts = {paper.key: [part for name in paper.backbones for part in name.split(" + ")] for paper in survey.papers}
    counts = Counter(part for own in parts.values() for part in set(own))
    series = sorted((name for name, count in counts.items() if count >= SERIES), key=len, reverse=True)

    def base(name: str) -> str:
        shorter = (known for known in series if name.startswith((f"{known} ", f"{known}-")))
        return next((base(known) for known in shorter if _is_size(name.removeprefix(known))), name)

    return {key: tuple(dict.fromkeys(map(base, own))) for key, own in parts.items()}


def _models(survey: Survey) -> list[tuple[str, ...]]:
    """Return every base model with its other names, in the order of the alphabet."""
    known = survey.backbones_by_id
    found = {model for models in survey.derived(base_models).values() for model in models}
    return [(model, *(known[model].aliases if model in known else ())) for model in sorted(found)]


def _places_of_models(survey: Survey, papers: Sequence[Paper]) -> object:
    place = {model: place for place, (model, *_) in enumerate(_models(survey))}
    return packed.letters([place[model] for model in survey.derived(base_models)[paper.key]] for paper in papers)


def _with_numbers(survey: Survey, papers: Sequence[Paper]) -> object:
    reported = {number.method_key for number in (*survey.results, *survey.measurements)}
    return [int(paper.key in reported) for paper in papers]


def _in_chapters(survey: Survey, papers: Sequence[Paper]) -> object:
    cited = chapters_by_paper(survey)
    return [int(paper.key in cited) for paper in papers]


def _places_of_facts(survey: Survey, papers: Sequence[Paper]) -> object:
    values = _facts(survey)
    places = {name: {value: place for place, (value, _) in enumerate(values[name])} for name in FACTS}
    described = [survey.description(paper.key) for paper in papers]
    return {
        name: packed.letters(
            [place[value] for value in description.fact(name)] if description else [] for description in described
        )
        for name, place in places.items()
    }


def _picked(name: str) -> Callable[[Survey, Sequence[Paper]], object]:
    """Return what makes a column of cells of papers, of which there are few different ones."""
    return lambda survey, papers: packed.picked([getattr(paper, name) for paper in papers])


_COLUMNS: Mapping[str, Callable[[Survey, Sequence[Paper]], object]] = {
    "key": packed.keys,
    "name": packed.names,
    "title": _titles,
    "authors": lambda survey, papers: [_shown(survey.references[paper.key].authors) for paper in papers],
    "year": lambda survey, papers: packed.picked([survey.references[paper.key].year for paper in papers]),
    "venue": lambda survey, papers: packed.picked([survey.venue(paper.key) for paper in papers]),
    "category": _picked("category"),
    "tasks": _tasks,
    "models": _places_of_models,
    "family": _picked("family"),
    "further_families": _picked("further_families"),
    "kind": _picked("kind"),
    "scope": _picked("scope"),
    "code": lambda survey, papers: [paper.code.removeprefix(GITHUB) for paper in papers],
    "licence": _picked("code_licence"),
    "status": _picked("status"),
    "added": _picked("added"),
    "depth": _picked("depth"),
    "numbers": _with_numbers,
    "chapters": _in_chapters,
    "facts": _places_of_facts,
}


def _facts(survey: Survey) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the values of each typed fact, in English and in Chinese."""
    values: dict[str, list[tuple[str, str]]] = {name: [] for name in FACTS}
    for term in survey.vocabulary:
        values[term.field].append((term.value, term.zh))
    return values


def _shown(authors: Sequence[str]) -> str:
    """Return the authors that a row of the explorer names; a semicolon at the end says that there are more."""
    return ";".join(authors) if len(authors) <= SHOWN_WHOLE else f"{authors[0]};"


def authors_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.authors`: of each paper the authors that its row does not name, and aliases."""
    papers = weightiest_first(survey)
    names = [survey.references[paper.key].authors for paper in papers]
    columns = {
        "authors": [";".join(known[1:]) if len(known) > SHOWN_WHOLE else "" for known in names],
        "aliases": [";".join(paper.aliases) for paper in papers],
    }
    return f"survey.data.authors = {_lines(columns)};\n"


def works_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.works`: the works that are cited without being classified."""
    works = sorted(survey.background, key=lambda work: work.key)
    references = [survey.references[work.key] for work in works]
    columns = {
        "key": [work.key for work in works],
        "name": [work.name for work in works],
        "title": [reference.title_without_formulas for reference in references],
        "authors": [reference.authors for reference in references],
        "year": [reference.year for reference in references],
        "venue": [survey.venue(work.key) for work in works],
    }
    return f"survey.data.works = {_lines(columns)};\n"


def addresses_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.addresses`: where each paper is found, in the order of the catalogue."""
    references = [survey.references[paper.key] for paper in weightiest_first(survey)]
    columns = {
        "arxiv": [reference.plain("eprint") for reference in references],
        "address": [reference.address for reference in references],
    }
    return f"survey.data.addresses = {_lines(columns)};\n"


def _lines(columns: Mapping[str, object]) -> str:
    return "{\n" + ",\n".join(f"{compact(name)}:{compact(column)}" for name, column in columns.items()) + "\n}"


SCRIPT = DataScript("catalogue.js", lambda survey, anchors: catalogue_script(survey))
AUTHORS = DataScript("authors.js", lambda survey, anchors: authors_script(survey))
WORKS = DataScript("works.js", lambda survey, anchors: works_script(survey))
ADDRESSES = DataScript("addresses.js", lambda survey, anchors: addresses_script(survey))
