"""What is wrong with a translation: what it loses or adds, a term by another name, and how it is set."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.pofile import PoFileError

from peft_vlm_survey.messages.catalogues import FOLDER, SHARED, is_translated, messages_of, read_catalogue
from peft_vlm_survey.messages.chinese import GAP, HAN, PLACEHOLDER, UNTITLED, names_in_chinese, placeholders
from peft_vlm_survey.messages.said import parser
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.glossary import GlossaryTerm

_LONG = 11  # letters of a word that means one thing
_ROLE = r"\{[a-z:-]+\}`[^`]*`"
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_LARGE = re.compile(r"\d[\d,.]*(?:[- ](?:thousand|million|billion|trillion)| ?[万亿])")  # 65 billion is 650 亿
# How Chinese is set here: full-width stops and brackets, and a space between Chinese and Latin.
_MISSET = re.compile(
    rf"[{HAN}][,;:?!](?!//)|[{HAN}]\.(?!\w)|\([^()<>]*[{HAN}]|[{HAN}][A-Za-z\d]|[A-Za-z\d%][{HAN}]|[{HAN}] [，。；：、（）]"
)
# What the translations call by one name and the glossary does not hold.
_ONE_NAME = {
    r"方法族": "家族",
    r"(?<!代码)仓库|代码库": "代码仓库",
    r"(?<![大小])批量": "批大小",
    r"(?<=\d) ?位(?=权重|量化|，)|低位(?=量化)|(?<!中)位数": "比特",
}


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
        for message in messages_of(catalogue):
            if is_translated(message):
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
    said = placeholders(PLACEHOLDER.sub("0", message))[0]
    if said != message:
        yield f"'{message}' is never asked for.", f"Numbers are placeholders there, in order: '{said}'."


def _otherwise(original: str, translation: str, glossary: Sequence[GlossaryTerm]) -> Iterator[tuple[str, str]]:
    """Yield the terms of several words, or of a long one, that a translation does not call as the glossary does, or the others."""
    prose = re.sub(rf"{UNTITLED}|`[^`]*`", " ", original)
    for term in glossary:
        if len(term.term) < _LONG and " " not in term.term:
            continue
        names = names_in_chinese(term)
        if re.search(rf"(?<![\w-]){re.escape(term.term)}s?(?![\w-])", prose, re.IGNORECASE) and not any(
            name in translation for name in names
        ):
            yield f"'{term.term}' is called otherwise.", f"data/glossary.csv calls it {' or '.join(names)}."
    for other, name in _ONE_NAME.items():
        if found := re.search(other, translation):
            yield f"'{found.group()}' is called otherwise.", f"The other translations call it {name}."


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found))


def _without_markup(text: str) -> str:
    return re.sub(rf"{_ROLE}|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|\{{[^}}]*\}}", "\ufffc", text)


def _contents(text: str) -> Counter[str]:
    """Return what a message holds that a translation may not change: roles by target, links, formulas, code, emphasis, numbers and gaps."""
    held = Counter(GAP.findall(text))
    for token in parser().parseInline(text):
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
