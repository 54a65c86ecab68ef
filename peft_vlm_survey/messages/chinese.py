"""What answers and interface say, in Chinese: by message, by message with gaps, sentence by sentence, or piece by piece."""

import re
from collections.abc import Sequence
from pathlib import Path

from peft_vlm_survey.messages.catalogues import SHARED, translations
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.glossary import GlossaryTerm

UNTITLED = r"\{[a-z:-]+\}`[^`<]*`"  # a role with a title of its own is words
# A number that is no part of a name: not in *13th*, *HQSeg-44K*, *Llama2-13B*, *Qwen2.5* or a commit.
NUMBER = r"(?<![A-Za-z\d])(?<!\d[.,])\d(?:[\d,.]*\d)?(?![A-Za-z\d]|[.,]\d)"
_HELD = re.compile(rf"{UNTITLED}|{NUMBER}")
PLACEHOLDER = re.compile(r"\{\d+\}")
BETWEEN = {"; ": "；", ": ": "：", ", ": "，"}  # an answer may be a list of labels and names
_BETWEEN = re.compile(f"({'|'.join(BETWEEN)})")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
WORD = r"(?:^|\s)[a-z]{3}"  # what has none is a name


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
    return PLACEHOLDER.sub(lambda match: held[int(match.group()[1:-1]) - 1], message)


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
