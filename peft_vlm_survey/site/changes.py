"""What a rebuild does again: it reads chapters whose answers changed, and writes pages that show what changed.

Sphinx itself sees that a chapter's text changed, but not the data behind its cells, and it writes a page anew only
when that page's own source or numbers changed, not when another page's title, label or number did.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from peft_vlm_survey.cache import code, names_in, sources
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.questions import find_problems
from peft_vlm_survey.site.answers import asked_in, cached_answers, forget
from peft_vlm_survey.site.bibliography import Citations
from peft_vlm_survey.site.citations import printed_years
from peft_vlm_survey.site.data_script import PAGE
from peft_vlm_survey.site.papers import catalogued

logger = logging.getLogger(__name__)
_LEADS = ("reftarget", "reftargetid", "refid")


def setup(app: Sphinx) -> None:
    """Take part in Sphinx's two decisions: what to read, and what to write."""
    app.connect("env-get-outdated", _chapters_to_read)
    app.connect("doctree-read", _not_all_entries)
    app.connect("doctree-read", _note_targets, priority=900)  # after every link is there
    app.connect("env-purge-doc", _forget_targets)
    app.connect("env-merge-info", _merge_targets)
    app.connect("env-get-updated", _pages_to_write, priority=900)  # after Sphinx has numbered sections and figures


def _chapters_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the chapters whose answers, or the code that gave them, are no longer those of the last build."""
    before = getattr(env, "survey_state", ())
    state = (code(), sources(ROOT))
    env.survey_state = state  # type: ignore[attr-defined]
    kept: dict[str, str] = getattr(env, "survey_answers", {})
    asked = set(env.found_docs) if before != state else added | changed
    if asked:
        for problem in find_problems(ROOT, the_survey()):  # the notebook that asks will stop there
            logger.warning(problem.message, location=(problem.path, problem.line))
        forget()
    now = {name: _fingerprint(name) for name in asked}
    env.survey_answers = kept | now  # type: ignore[attr-defined]
    if before[:1] != state[:1]:
        env.get_domain("cite").texts.clear()  # type: ignore[attr-defined]
        return sorted(env.found_docs)
    return sorted(name for name in asked if now[name] != kept.get(name))


def _fingerprint(chapter: str) -> str:
    """Return a digest of all that is read into a chapter from the data: answers, and names of papers, benchmarks and data sets."""
    survey = the_survey()
    path = f"book/{chapter}.md"
    answers = cached_answers()
    asked = [answers.entries.get(question.call) for question in asked_in(path)]
    parts = [answer.shown if answer else "" for answer in asked]
    text = (ROOT / path).read_text(encoding="utf-8")
    named = {name for answer in asked if answer for name in answer.names} | names_in(text)
    return _digest([*parts, *(_name(survey, *name) for name in sorted(named))])


def _name(survey: Survey, kind: str, key: str) -> str:
    """Return what such a link is called; nothing if it leads nowhere, which is told where it stands."""
    try:
        if kind == "dataset":
            return survey.dataset(key).name
        return survey.name(key) if kind == "paper" else survey.benchmark(key).name
    except KeyError:
        return ""


def _not_all_entries(app: Sphinx, doctree: nodes.document) -> None:
    """Let a chapter's list of what it cites depend on those entries alone; they are compared before writing."""
    if app.env.docname != PAGE:
        app.env.dependencies[app.env.docname] -= {str(ROOT / "references.bib")}


def _note_targets(app: Sphinx, doctree: nodes.document) -> None:
    """Note the labels to which a chapter leads: its page is written again when one of them is called or numbered otherwise."""
    targets = {str(link[name]) for link in doctree.findall(pending_xref) for name in _LEADS if link.get(name)}
    _targets(app.env)[app.env.docname] = targets | {target.lower() for target in targets}


def _forget_targets(app: Sphinx, env: BuildEnvironment, name: str) -> None:
    _targets(env).pop(name, None)


def _merge_targets(app: Sphinx, env: BuildEnvironment, names: Iterable[str], other: BuildEnvironment) -> None:
    _targets(env).update({name: targets for name, targets in _targets(other).items() if name in set(names)})


def _targets(env: BuildEnvironment) -> dict[str, set[str]]:
    if not hasattr(env, "survey_targets"):
        env.survey_targets = {}  # type: ignore[attr-defined]
    return env.survey_targets  # type: ignore[attr-defined,no-any-return]


def _pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that show a title, label, number or reference that is no longer that of the last build.

    With the data the root is among them: without a page to write, Sphinx would leave the pages made from data as well.
    """
    kept: dict[str, str] = getattr(env, "survey_shown", {})
    titles = {name: title.astext() for name, title in env.titles.items() if name in env.found_docs}
    terms = [(term.term, term.definition) for term in the_survey().glossary]
    common = [repr(sorted(titles.items())), repr(sorted(env.toc_secnumbers.items())), repr(terms)]
    years = printed_years(env)
    shown = {name: {_reference(key, years.get(key, "")) for key in keys} for name, keys in _cited(env).items()}
    shown[PAGE] = set().union(*shown.values())  # it lists what any chapter cites
    shown[env.config.root_doc].update(env.survey_state)  # type: ignore[attr-defined]
    now = {name: _digest([*common, *_numbers(env, name), *sorted(parts)]) for name, parts in shown.items()}
    env.survey_shown = now  # type: ignore[attr-defined]
    return sorted(name for name in now if now[name] != kept.get(name))


def _numbers(env: BuildEnvironment, name: str) -> Iterator[str]:
    """Yield how a chapter's own figures are numbered, and how each label is called and numbered to which it leads."""
    standard = env.domaindata["std"]
    yield repr(env.toc_fignumbers.get(name))
    for target in sorted(_targets(env).get(name, ())):
        label, plain = standard["labels"].get(target), standard["anonlabels"].get(target)
        numbers = env.toc_fignumbers.get((label or plain or ("",))[0], {})
        identity = (label or plain or ("", ""))[1]
        yield repr((target, label, plain, [kind.get(identity) for kind in numbers.values()]))


def _cited(env: BuildEnvironment) -> Mapping[str, set[str]]:
    """Return the keys that every chapter cites or lists."""
    cited: dict[str, set[str]] = {name: set() for name in env.found_docs}
    domain: Citations = env.get_domain("cite")  # type: ignore[assignment]
    for reference in domain.citation_refs:
        cited[reference.docname].update(target.key for target in reference.targets)
    for citation in domain.citations:
        cited[citation.bibliography_key.docname].add(citation.key)
    return cited


@cache
def _reference(key: str, year: str) -> str:
    """Return what a citation and its place in a chapter's list show of a work."""
    survey = the_survey()
    reference = survey.references.get(key)
    return repr((reference and reference.fields, year, key in catalogued()))


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()
