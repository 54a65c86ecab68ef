"""The messages of the book and their translations: gettext catalogues below locale/, one for each chapter.

Two more catalogues serve all chapters: answers.po translates what the package says in tables and captions, interface.po
what templates and scripts say. In these, numbers and roles are placeholders, {1}, {2}, …, so that one message serves
every number. This module reads the catalogues, renews them from the chapters, and tells what is missing or wrong.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from peft_vlm_survey.data import survey_below
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.questions import answered, read_questions
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.show.table import Table

FOLDER = "locale/zh_CN/LC_MESSAGES"
SHARED = ("answers", "interface")
_LONG = 11  # letters of a word that means one thing
_EXTENSIONS = {"colon_fence", "dollarmath", "attrs_inline"}
_WITHOUT_TEXT = ("code-cell", "bibliography", "raw", "literalinclude", "search-field")
_FENCE = re.compile(r"\{([a-z-]+)\}\s*(.*)")
_OPTIONS = re.compile(r"\A(?::[\w-]+:.*\n)+")
_UNTITLED = r"\{[a-z:-]+\}`[^`<]*`"  # a role with a title of its own is words
_ROLE = r"\{[a-z:-]+\}`[^`]*`"
# A number that is no part of a name: not in *13th*, *HQSeg-44K*, *Llama2-13B*, *Qwen2.5* or a commit.
NUMBER = r"(?<![A-Za-z\d])(?<!\d[.,])\d(?:[\d,.]*\d)?(?![A-Za-z\d]|[.,]\d)"
_HELD = re.compile(rf"{_UNTITLED}|{NUMBER}")
_PLACEHOLDER = re.compile(r"\{\d+\}")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_LARGE = re.compile(r"\d[\d,.]*(?:[- ](?:thousand|million|billion|trillion)| ?[万亿])")  # 65 billion is 650 亿
BETWEEN = {"; ": "；", ": ": "：", ", ": "，"}  # an answer may be a list of labels and names
_BETWEEN = re.compile(f"({'|'.join(BETWEEN)})")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADER = b"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh_CN\\n"

"""
_WORDS = re.compile(r"[a-z]{3}")
WORD = r"(?:^|\s)[a-z]{3}"  # what has none is a name
_NAMES = re.compile(r"\{(?:cite|paper|benchmark|dataset)|\]\(")  # a cell that leads elsewhere is no message of its own
_HAN = "\u3400-\u9fff"
# How Chinese is set here: full-width stops and brackets, and a space between Chinese and Latin.
_MISSET = re.compile(
    rf"[{_HAN}][,;:?!](?!//)|[{_HAN}]\.(?!\w)|\([^()<>]*[{_HAN}]|[{_HAN}][A-Za-z\d]|[A-Za-z\d%][{_HAN}]|[{_HAN}] [，。；：、（）]"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a chapter as it is written, and where."""

    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a catalogue is translated, how much is missing, and what is stale: changed in the source since."""

    name: str
    translated: int
    missing: int
    stale: int


@cache
def _parser() -> Any:
    return create_md_parser(MdParserConfig(enable_extensions=_EXTENSIONS), DocutilsRenderer)


def chapters(root: Path) -> tuple[str, ...]:
    """Return the chapters that have a catalogue, and with it a page in Chinese."""
    there = (path.stem for path in (root / FOLDER).glob("*.po"))
    return tuple(sorted(name for name in there if name not in SHARED))


def said_in(root: Path, chapter: str) -> list[Said]:
    """Return the messages of a chapter: description, headings, paragraphs and cells that stand in it, and captions of its cells."""
    path = f"book/{chapter}.md"
    text = (root / path).read_text(encoding="utf-8")
    front = re.match(r"\A---\n(.*?)\n---\n", text, re.DOTALL)
    found: list[Said] = []
    if front:
        meta = yaml.safe_load(front[1]).get("myst", {}).get("html_meta", {})
        if "description" in meta:
            found.append(Said(meta["description"], path, front[1].count("\n", 0, front[1].index("description:")) + 2))
    found += [Said(words, path, line) for words, line in _messages(text, 0)]
    for cell in _cells(text):
        for word in ("alt", "caption"):
            if words := cell[0].get(word):
                found.append(Said(" ".join(str(words).split()), path, cell[1]))
    for question in read_questions(root):
        if question.path == path and question.keywords.get("caption"):
            found.append(Said(question.keywords["caption"], path, question.line))
    return list({said.text: said for said in reversed(found)}.values())[::-1]


def _cells(text: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield what the settings of each cell say of its figure, with its line."""
    for match in re.finditer(r"^```\{code-cell\}[^\n]*\n---\n(.*?)^---\n", text, re.MULTILINE | re.DOTALL):
        settings = (yaml.safe_load(match[1]) or {}).get("mystnb", {})
        yield {**settings.get("image", {}), **settings.get("figure", {})}, text.count("\n", 0, match.start()) + 1


def _messages(text: str, before: int) -> Iterator[tuple[str, int]]:
    """Yield the messages of a piece of MyST as Sphinx cuts them, each with its line; `before` lines stand above the piece."""
    for token in _parser().parse(text):
        line = before + (token.map[0] if token.map else 0) + 1
        if token.type == "inline" and token.content.strip() and not _is_bare(token):
            yield token.content.replace("\n", " ").strip(), line
        elif token.type in ("fence", "colon_fence") and (fence := _FENCE.match(token.info)):
            name, argument = fence.groups()
            if name in _WITHOUT_TEXT:
                continue
            if argument and name in ("table", "dropdown"):
                yield argument.strip(), line
            body = token.content
            options = _OPTIONS.match(body)
            skipped = options.group().count("\n") if options else 0
            yield from _messages(body[options.end() :] if options else body, line + skipped)


def _is_bare(token: Token) -> bool:
    """Return whether a piece holds no words: a table cell with numbers alone."""
    return not any(letter.isalpha() for letter in token.content)


def placeholders(text: str) -> tuple[str, list[str]]:
    """Return an answer as a message, with its numbers and roles as placeholders, and what these hold.

    >>> placeholders("12 papers of {cite:t}`x` with r=8 and LoRA2")
    ('{1} papers of {2} with r={3} and LoRA2', ['12', '{cite:t}`x`', '8'])
    """
    held: list[str] = []

    def placed(match: re.Match[str]) -> str:
        held.append(match.group())
        return f"{{{len(held)}}}"

    return _HELD.sub(placed, _ESCAPED.sub(r"\1", " ".join(text.split()))), held


def filled(message: str, held: Sequence[str]) -> str:
    """Return a message with its placeholders filled in."""
    return _PLACEHOLDER.sub(lambda match: held[int(match.group()[1:-1]) - 1], message)


def read_catalogue(root: Path, name: str) -> Catalog:
    """Return a catalogue. Raises PoFileError for a file that is none."""
    with (root / FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


@cache
def translations(root: Path, name: str) -> dict[str, str]:
    """Return the translations that a catalogue holds, without those that are in doubt."""
    if not (root / FOLDER / f"{name}.po").is_file():
        return {}
    return {
        str(message.id): str(message.string) for message in _of(read_catalogue(root, name)) if _is_translated(message)
    }


class Chinese:
    """What serves all pages in Chinese: the shared catalogues, and the labels and terms that the data hold in both languages."""

    def __init__(self, root: Path, survey: Survey, catalogues: Sequence[str] = SHARED) -> None:
        labels: dict[str, set[str]] = {}
        for label in survey.vocabulary:
            labels.setdefault(label.value, set()).add(label.zh)
        words = {term.term: names_in_chinese(term)[0] for term in survey.glossary}
        # *None* means more than one thing.
        words |= {value: next(iter(said)) for value, said in labels.items() if len(said) == 1}
        both = {each: zh for text, zh in words.items() for each in (text, text[0].upper() + text[1:])}
        self.words = {placeholders(text)[0]: zh for text, zh in both.items()}
        for name in catalogues:
            self.words |= translations(root, name)

    def of(self, text: str) -> str:
        """Return an answer of the package or a text of the interface in Chinese, or nothing.

        What is a list of labels and names is translated piece by piece, as _static/translating.js does it by the same rules.
        """
        if found := self._found(text):
            return found
        text = _ESCAPED.sub(r"\1", text.strip())
        pieces = _BETWEEN.split(text.removesuffix("."))
        said = [self._found(piece) or ("" if re.search(WORD, piece) else piece) for piece in pieces[::2]]
        if not all(said) or said == pieces[::2]:
            return ""
        between = [*(BETWEEN[mark] for mark in pieces[1::2]), "。" if text.endswith(".") else ""]
        return "".join(each for pair in zip(said, between, strict=True) for each in pair)

    def _found(self, text: str) -> str:
        message, held = placeholders(text)
        return filled(self.words.get(message, ""), held)


def names_in_chinese(term: GlossaryTerm) -> list[str]:
    """Return what a term is called in Chinese, the usual name first."""
    return [name for name in re.split("[、()（）]", term.zh) if name]


def _of(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _is_translated(message: Message) -> bool:
    return bool(message.string) and not message.fuzzy


def progress(root: Path) -> list[Progress]:
    """Return how far the translation of each chapter and of the shared catalogues is."""
    found = []
    for name in (*chapters(root), *SHARED):
        if not (root / FOLDER / f"{name}.po").is_file():
            continue
        catalogue = read_catalogue(root, name)
        messages = {str(message.id): message for message in _of(catalogue)}
        wanted = set(messages) if name in SHARED else {said.text for said in said_in(root, name)}
        done = sum(text in messages and _is_translated(messages[text]) for text in wanted)
        stale = sum(message.fuzzy or text not in wanted for text, message in messages.items())
        found.append(Progress(name, done, len(wanted) - done, stale))
    return found


def summary(root: Path) -> str:
    """Return how far the translation is, a line for each catalogue that is not complete."""
    found = progress(root)
    short = [each for each in found if each.missing or each.stale]
    lines = [f"In Chinese: {len(found) - len(short)} of {len(found)} catalogues are complete."]
    for each in short:
        stale = f", {each.stale} stale" if each.stale else ""
        lines.append(f"    {each.name}: {each.translated} of {each.translated + each.missing} messages{stale}.")
    return "\n".join(lines)


def answers_in(root: Path, survey: Survey) -> list[str]:
    """Return the messages of the answers that translated chapters show: heads, notes and sentences, and cells of several words."""
    wanted = {f"book/{name}.md" for name in chapters(root)}
    said = Chinese(root, survey, ["interface"])
    found: dict[str, None] = {}
    for question, answer in answered(root, survey):
        if question.path not in wanted:
            continue
        if isinstance(answer, Table):
            texts = [*answer.header, *(words for words, _ in _messages(answer.note, 0))]
            texts += [cell for row in answer.rows for cell in row if re.search(WORD, cell) and not _NAMES.search(cell)]
        elif isinstance(answer, str):
            texts = [words for words, _ in _messages(answer, 0)]
        else:
            continue
        found |= {placeholders(text)[0]: None for text in texts if not said.of(text)}
    captions = {question.keywords.get("caption") for question in read_questions(root)}  # of their chapters
    return [message for message in found if _WORDS.search(message) and message not in captions]


def renew(root: Path, survey: Survey, started: Sequence[str] = ()) -> None:
    """Write the catalogues anew from the sources, with the translations that they hold; start those of the chapters named.

    A translation whose message has changed a little stays, marked as in doubt (fuzzy); one whose message is gone goes.
    """
    for name in sorted({*chapters(root), *started}):
        _write(root, name, [said.text for said in said_in(root, name)])
    _write(root, "answers", answers_in(root, survey))


def _write(root: Path, name: str, wanted: Sequence[str]) -> None:
    there = (root / FOLDER / f"{name}.po").is_file()
    catalogue = read_catalogue(root, name) if there else Catalog(locale="zh_CN")
    template = Catalog()
    for text in wanted:
        template.add(text)
    catalogue.update(template)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags.intersection_update({"fuzzy"})  # roles have braces, and shares a per cent sign
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    with (root / FOLDER / f"{name}.po").open("wb") as file:
        file.write(_HEADER)
        write_po(file, catalogue, width=0, no_location=True, omit_header=True)


def find_problems(root: Path, glossary: Sequence[GlossaryTerm] = ()) -> Iterator[Problem]:
    """Yield every translation that does not hold what its message holds, names a term otherwise than the glossary, or is not set as Chinese is set."""
    for path in sorted((root / FOLDER).glob("*.po")):
        name, place = path.stem, f"{FOLDER}/{path.name}"
        try:
            catalogue = read_catalogue(root, name)
        except PoFileError as error:
            fault = f"not a gettext catalogue: {error}."
            yield Problem(
                path=place,
                line=error.lineno + 1,
                message=fault,
                remedy="Correct it, or write it anew with make messages.",
            )
            continue
        if name not in SHARED and not (root / f"book/{name}.md").is_file():
            yield Problem(
                path=place,
                line=1,
                message=f"no chapter '{name}'.",
                remedy=f"Delete it, or name it as in {', '.join(SHARED)}.",
            )
            continue
        for message in _of(catalogue):
            if _is_translated(message):
                faults = [*_faults(str(message.id), str(message.string))]
                faults += _never_found(str(message.id)) if name in SHARED else []
                faults += _otherwise(str(message.id), str(message.string), glossary)
                for fault, remedy in faults:
                    yield Problem(path=place, line=message.lineno or 1, message=fault, remedy=remedy)


def _faults(original: str, translation: str) -> Iterator[tuple[str, str]]:
    held, kept = _contents(original), _contents(translation)
    if lost := held - kept:
        yield (
            f"the translation lacks {_listed(lost)}.",
            "Every role, link, formula, code and number of the message stands in its translation.",
        )
    if added := kept - held:
        yield (
            f"the translation adds {_listed(added)}.",
            "It says what the message says; a number that is a word there is a word here.",
        )
    if found := _MISSET.search(_without_markup(translation)):
        yield (
            f"'{found.group()}' is not set as Chinese is.",
            "Brackets and stops are full-width, and a space stands between Chinese and Latin letters or digits.",
        )


def _never_found(message: str) -> Iterator[tuple[str, str]]:
    said = placeholders(_PLACEHOLDER.sub("0", message))[0]
    if said != message:
        yield f"'{message}' is never asked for.", f"Numbers are placeholders there, in order: '{said}'."


def _otherwise(original: str, translation: str, glossary: Sequence[GlossaryTerm]) -> Iterator[tuple[str, str]]:
    """Yield the terms of several words, or of a long one, that a translation does not call as the glossary does."""
    prose = re.sub(rf"{_UNTITLED}|`[^`]*`", " ", original)
    for term in glossary:
        if len(term.term) < _LONG and " " not in term.term:
            continue
        names = names_in_chinese(term)
        if re.search(rf"(?<![\w-]){re.escape(term.term)}s?(?![\w-])", prose, re.IGNORECASE) and not any(
            name in translation for name in names
        ):
            yield f"'{term.term}' is called otherwise.", f"data/glossary.csv calls it {' or '.join(names)}."


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found))


def _without_markup(text: str) -> str:
    return re.sub(rf"{_ROLE}|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|\{{[^}}]*\}}", "\ufffc", text)


def _contents(text: str) -> Counter[str]:
    """Return what a message holds that a translation may not change: roles by target, links, formulas, code, emphasis and numbers."""
    held: Counter[str] = Counter()
    for token in _parser().parseInline(text):
        for part in token.children or ():
            if part.type == "myst_role":
                target = re.search(r"<([^<>]+)>\Z", part.content)
                held[f"{{{part.meta['name']}}}`{target[1] if target else part.content}`"] += 1
            elif part.type in ("math_inline", "code_inline"):
                held[part.content if part.type == "code_inline" else f"${part.content}$"] += 1
            elif part.type == "link_open":
                held[str(part.attrs["href"])] += 1
            elif part.type in ("strong_open", "em_open"):
                held["**bold**" if part.type == "strong_open" else "*emphasis*"] += 1
            elif part.type == "text":
                held.update(_NUMBER.findall(_LARGE.sub("", part.content)))
    return held


if __name__ == "__main__":
    renew(Path(), survey_below(Path()), sys.argv[1:])
