"""MyST as Markdown that any reader of notebooks shows: roles become text and links, directives what they hold."""

import re
from collections.abc import Callable, Iterator, Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.reference import Reference

Numbers = Mapping[str, str]  # what a label is called in the book, such as `Table 4.2`
_ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
_EXPLICIT = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
_LABEL = re.compile(r"\([\w-]+\)=\n?")
_INNER_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?!https?:)[^)\s]*\)")
_FENCE = re.compile(r"(:{3,}|`{3,})\{([\w-]+)\}[ \t]*(.*)")
_OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")
# Directives that say something to the book's builder alone.
_SILENT = frozenset({"raw", "tabularcolumns", "bibliography", "toctree", "index"})


def plain(text: str, survey: Survey, numbers: Numbers | None = None) -> str:
    """Return MyST as plain Markdown; `numbers` says what the book calls its tables, figures and sections."""
    lines = "\n".join(_lines(text.split("\n"), numbers or {}))
    lines = _LABEL.sub("", lines)
    lines = _ROLE.sub(lambda role: _plain_role(role, survey, numbers or {}), lines)
    return re.sub(r"\n{3,}", "\n\n", _INNER_LINK.sub(r"\1", lines))


def _lines(lines: list[str], numbers: Numbers) -> Iterator[str]:
    """Yield lines with the marks of directives taken away, and with what is made for paper or for the builder alone."""
    rest = iter(lines)
    for line in rest:
        fence = _FENCE.fullmatch(line)
        if fence is None:
            yield line
            continue
        mark, name, argument = fence.groups()
        held = _held(rest, mark)
        if name in _SILENT or (name == "only" and argument.strip() != "html"):
            continue
        options = {}
        while held and (option := _OPTION.fullmatch(held[0])):
            options[option.group(1)] = option.group(2)
            del held[0]
        title = "" if name in ("only", "container") else argument
        called = numbers.get(options.get("name", ""), "")
        if title or called:
            yield f"**{f'{called}.' if called else ''}{' ' if called and title else ''}{title}**"
            yield ""
        yield from _lines(held, numbers)


def _held(rest: Iterator[str], mark: str) -> list[str]:
    """Return the lines of a directive up to the mark that closes it, which is taken too."""
    held = []
    for line in rest:
        if line.strip() == mark:
            break
        held.append(line)
    return held


def _plain_role(role: re.Match[str], survey: Survey, numbers: Numbers) -> str:
    name, text = role.groups()
    explicit = _EXPLICIT.fullmatch(text)
    title, target = (explicit.group(1), explicit.group(2)) if explicit else ("", text)
    if name.startswith("cite:"):
        cited = [_cited(survey, key.strip(), textual=name == "cite:t") for key in target.split(",")]
        return "; ".join(cited) if name == "cite:t" else f"({'; '.join(cited)})"
    if name in ("numref", "ref"):
        called = numbers.get(target, "")
        if name == "numref" and title:
            return re.sub(r"%s|\{number\}", called.rpartition(" ")[2] or target, title)
        return title or called or f"*{target}*"
    if name == "beside":
        return ""  # a comparison stands on the site alone
    known = _NAMED.get(name)
    if known is None:
        return f"`{target}`" if name == "site" else title or target
    return title or known(survey, target)


def _paper(survey: Survey, key: str) -> str:
    return _linked(survey.name(key), survey.references[key])


_NAMED: Mapping[str, Callable[[Survey, str], str]] = {
    "paper": _paper,
    "benchmark": lambda survey, name: survey.benchmark(name).name,
    "dataset": lambda survey, name: survey.dataset(name).name,
}


def _cited(survey: Survey, key: str, *, textual: bool) -> str:
    reference = survey.references[key]
    between = " (" if textual else ", "
    return _linked(f"{reference.short_authors}{between}{reference.year}{')' if textual else ''}", reference)


def _linked(text: str, reference: Reference) -> str:
    return f"[{text}]({reference.address})" if reference.address else text
