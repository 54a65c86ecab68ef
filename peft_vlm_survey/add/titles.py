"""Write a title as references.bib does: Unicode, with braces around what must keep its capitals."""

import re

from peft_vlm_survey.add.entries import Log
from peft_vlm_survey.add.text import escaped, unicode_text
from peft_vlm_survey.add.word_lists import EMPTY_WORDS, PROPER_NAMES, WORDS_OF_THE_FIELD
from peft_vlm_survey.read.formulas import FORMULA
from peft_vlm_survey.read.reference import letters

_EDGES = re.compile(r"^([\"'“”‘’(\[]*)(.*?)([\"'“”‘’)\],.:;?!]*)$", re.DOTALL)


def title(log: Log, name: str) -> str:
    """Return the title field of an entry; `name`, the method's short name, keeps its own capitals in it."""
    given = _without_outer_braces(log.entry.fields.get("title", ""))
    text = unicode_text(given).rstrip()
    text = re.sub(r"(?<![.])\.$", "", text)
    if re.search(r"[{}$]", FORMULA.sub("", text)):
        log.refuse("title has a brace or a '$' that has no fellow.", "Write it as the paper prints it.")
        return ""
    words = [word for word in FORMULA.sub("", text).split() if re.search(r"[^\W\d_]{2}", word)]
    if len(words) > 2 and text == text.upper() and text != text.lower():
        log.refuse("title is all in capitals.", "Write it as the paper prints it; capitals cannot be guessed.")
        return ""
    if len(words) > 3 and not any(word[0].isupper() for word in words[1:]):
        log.note(
            "title has small letters throughout, as Google Scholar prints it; compare its capitals with the paper."
        )
    kept = _kept(given, text)
    if name:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: name, text, flags=re.IGNORECASE)
    return _protected(text, kept)


def short_name(text: str) -> str:
    """Return the short name that a title gives its method before a colon; empty if it gives none.

    >>> short_name("{VL-Adapter}: {Parameter-Efficient} Transfer Learning"), short_name("Dynamic Head: {Unifying} Heads")
    ('VL-Adapter', '')
    """
    head, colon, _ = unicode_text(text).partition(": ")
    return head if colon and " " not in head and "$" not in head and _like_a_name(head) else ""


def _protected(text: str, kept: frozenset[int]) -> str:
    done = []
    begins = False  # behind a colon, where sentence case would keep no capital
    for place, word in enumerate(_words(text)):
        before, core, after = _EDGES.match(word).groups()  # type: ignore[union-attr]
        keep = (
            place in kept
            or _capital_within(core)
            or (begins and core[:1].isupper())
            or core.removesuffix("'s").removesuffix("’s") in PROPER_NAMES
            or (len(core) == 1 and core.isupper() and core not in "AI")
            or (place == 0 and after == ":" and _like_a_name(core))
        )
        done.append(f"{before}{{{core}}}{after}" if keep and core else word)
        begins = word.endswith(":")
    return " ".join(escaped(word) for word in done)


def _like_a_name(word: str) -> bool:
    """Return whether the one word before a title's colon is the name of a method, and not a word of the language."""
    return _capital_within(word) or bool(re.search(r"[^\W\d_](?:[0-9]|-[A-Z])", word))


def _words(text: str) -> list[str]:
    """Split a title at spaces that stand in no formula."""
    stand_ins = [formula.group() for formula in FORMULA.finditer(text)]
    words = FORMULA.sub("\ue000", text).split()
    return [re.sub("\ue000", lambda _: stand_ins.pop(0), word) for word in words]


def _capital_within(word: str) -> bool:
    """Return whether a word has a capital that sentence case would lose and that is no mere beginning.

    >>> [_capital_within(word) for word in ("CLIP", "LoRA", "P-Tuning", "3D", "Few-Shot", "Adapter")]
    [True, True, True, True, False, False]
    """
    parts = re.split(r"[-–/]", FORMULA.sub("", word))
    return any(re.search(r"[^\W_][^\W\d_]*", part) and part[1:] != part[1:].lower() for part in parts) or (
        len(parts) > 1 and any(len(part) == 1 and part.isupper() and part != "A" for part in parts)
    )


def _kept(given: str, text: str) -> frozenset[int]:
    """Return the places of the words whose capitals the export itself puts into braces."""
    words = _words(given)
    if len(words) != len(_words(text)):
        return frozenset()
    kept, depth = set(), 0
    for place, word in enumerate(words):
        for character in FORMULA.sub("", word):
            depth += (character == "{") - (character == "}")
            if depth > 0 and character.isupper():
                kept.add(place)
    return frozenset(kept)


def _without_outer_braces(text: str) -> str:
    """Return a title without braces around the whole of it, which keep nothing in particular."""
    text = text.strip()
    while text.startswith("{") and text.endswith("}"):
        depth = 0
        for place, character in enumerate(text):
            depth += (character == "{") - (character == "}")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def telling_words(text: str) -> list[str]:
    """Return what a key may take from a title, the most telling first: no empty words, and those of any title last.

    >>> telling_words("Visual Prompt Tuning for {Weakly} Supervised Grounding")[:2]
    ['weakly', 'supervised']
    """
    words = [letters(word.replace("+", "plus")) for word in re.split(r"[\s:–—/]+", unicode_text(FORMULA.sub("", text)))]
    words = [word for word in words if re.fullmatch("[a-z0-9]+", word) and word not in EMPTY_WORDS]
    return sorted(words, key=lambda word: word in WORDS_OF_THE_FIELD)
