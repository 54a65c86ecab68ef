"""What the search looks through, as scripts: a page opened from disk may load a script, and may not fetch a file.

There is no inverted index. Excerpts need the texts themselves, and to look through these takes some milliseconds; so
the texts are all that a reader loads: names when the box is first used, papers, data sets and chapters on the search
page, and numbers and Chinese summaries there if a query asks for them. The Chinese ones are those of the catalogue.

Measured on the book of 1,933 papers, compressed: Sphinx's index 677 kB, without excerpts, numbers and Chinese words;
Pagefind's 12.9 MB in 2,727 files, which no page opened from disk can load; ours 503 kB, names 45 kB, and 281 kB on demand.
"""

from collections.abc import Iterable, Mapping

from sphinx.util.nodes import _make_id

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.folding import SMALL_WORDS
from peft_vlm_survey.show.findable import Name, benchmarks, datasets, names, numbers, papers
from peft_vlm_survey.site.data_script import Anchors, DataScript, compact

KINDS = ("paper", "dataset", "term", "work")


def term_anchor(term: str) -> str:
    """Return the anchor of a term of the glossary, as Sphinx makes it."""
    return _make_id(f"term-{term}")


def names_script(survey: Survey, anchors: Anchors) -> str:
    """Return the script that sets `survey.data.names`: rows of name, place of its kind, and key or anchor, and a hint.

    Works that the list of references does not hold, since nothing cites them, are left out.
    """
    listed = dict(anchors)
    rows = []
    for name in names(survey):
        key = _key(name, listed)
        if key:
            rows.append([name.name, KINDS.index(name.kind), key, name.said])
    return _script("names", [f'"kinds":{compact(KINDS)}', f'"names":[{_lines(rows)}]'])


def _key(name: Name, listed: Mapping[str, str]) -> str:
    """Return what a name leads to: the key of a page, or an anchor in the glossary or in the list of references."""
    if name.kind == "term":
        return term_anchor(name.key)
    return listed.get(name.key, "") if name.kind == "work" else name.key


def texts_script(survey: Survey, anchors: Anchors) -> str:
    """Return the script that sets `survey.data.texts`: papers, data sets, benchmarks, terms and works, each with its words."""
    listed = dict(anchors)
    works = (
        [
            listed[work.key],
            work.name,
            survey.references[work.key].title_without_formulas,
            _authors_and_venue(survey, work.key),
        ]
        for work in survey.background
        if work.key in listed
    )
    terms = ([term_anchor(term.term), [*term.names, term.zh], term.definition] for term in survey.glossary)
    lists: dict[str, Iterable[object]] = {
        "papers": papers(survey),
        "datasets": datasets(survey),
        "benchmarks": benchmarks(survey),
        "terms": terms,
        "works": works,
        "small": SMALL_WORDS,
    }
    return _script("texts", [f"{compact(name)}:[{_lines(rows)}]" for name, rows in lists.items()])


def _authors_and_venue(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    return f"{', '.join(reference.authors)}. {survey.venue(key)} {reference.year}".replace(".  ", ". ")


def numbers_script(survey: Survey, anchors: Anchors) -> str:
    """Return the script that sets `survey.data.numbers`: every reported number with its address."""
    held = numbers(survey)
    lists = [f"{compact(kind)}:{compact(held[kind])}" for kind in ("methods", "backbones", "homes")]
    return _script("numbers", [*lists, f'"rows":[{_lines(held["rows"])}]'])


def _script(name: str, members: Iterable[str]) -> str:
    return f"survey.data.{name} = {{\n" + ",\n".join(members) + "\n};\n"


def _lines(rows: Iterable[object]) -> str:
    return "\n" + ",\n".join(map(compact, rows)) + "\n"


NAMES = DataScript("search-names.js", names_script)
TEXTS = DataScript("search-texts.js", texts_script)
NUMBERS = DataScript("search-numbers.js", numbers_script)
