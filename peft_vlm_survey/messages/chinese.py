"""What answers and interface say, in Chinese: by message, by message with gaps, sentence by sentence, or piece by piece."""

import re
from collections.abc import Sequence
from pathlib import Path

from peft_vlm_survey.messages.catalogues import SHARED, translations
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.glossary import GlossaryTerm

UNTITLED = r"\{[a-z:-]+\}`[^`<]*`"  # a role with a title of its own is words
# A number or an ordinal that is no part of a name: not in *HQSeg-44K*, *Llama2-13B*, *Qwen2.5* or a commit.
NUMBER = r"(?<![A-Za-z\d])(?<!\d[.,])\d(?:[\d,.]*\d)?(?:st|nd|rd|th)?(?![A-Za-z\d]|[.,]\d)"
ENDING = r"(?<=\d)(?:st|nd|rd|th)$"  # of an ordinal, which in Chinese has none
_HELD = re.compile(rf"{UNTITLED}|{NUMBER}")
PLACEHOLDER = re.compile(r"\{\d+\}")
GAP = re.compile(r"\{[a-z]\}")
_ANY = r"((?:(?!\. [A-Z]|; )(?:[^()*]|\([^()]*\)))+?)"  # what a gap holds: a piece of a sentence, brackets whole, no emphasis
SENTENCE = r"(?<=[.?!]) (?=[A-Z])"
BETWEEN = {"; ": "；", ": ": "：", ", ": "，"}  # an answer may be a list of labels and names
_BETWEEN = re.compile(f"({'|'.join(BETWEEN)})")
_MARKED = re.compile(r"(\*\*?)([^*]+)\1$")  # emphasis or bold from end to end
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
WORD = r"(?:^|\s)[a-z]{3}"  # what has none is a name
NAMES = ", | and "  # what stands between names
HAN = "\u3400-\u9fff"
NARROW = rf"(?<=[{HAN}]) (?=[{HAN}，。；：、（）])"  # a space that goes
WIDE = rf"(?<=[{HAN}])(?=[A-Za-z\d])|(?<=[A-Za-z\d%])(?=[{HAN}])"  # a place that gets one

# As scripts are given them.
RULES = {
    "number": NUMBER,
    "ending": ENDING,
    "sentence": SENTENCE,
    "word": WORD,
    "names": NAMES,
    "narrow": NARROW,
    "wide": WIDE,
}


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
    """Return a message in Chinese with its placeholders filled in."""
    return PLACEHOLDER.sub(lambda match: re.sub(ENDING, "", held[int(match.group()[1:-1]) - 1]), message)


def template(message: str) -> tuple[str, str, list[str]]:
    r"""Return a message with gaps as a pattern, which Python and scripts read alike, the words without which it is not asked, and what its groups hold.

    A gap {z} may hold lists and several sentences.

    >>> template("{a} is {1} GB.")[1:]
    (' is ', ['a', '1'])
    """
    pieces = re.split(r"\{(\d+|[a-z])\}", message)
    groups = [r"(\{\d+\})" if name.isdigit() else "(.+?)" if name == "z" else _ANY for name in pieces[1::2]]
    literal = [re.sub(r"[.*+?^$()|{}\[\]\\]", r"\\\g<0>", piece) for piece in pieces[::2]]
    pattern = "".join(a + b for a, b in zip(literal, [*groups, ""], strict=True))
    return f"^{pattern}$", max(pieces[::2], key=len), pieces[1::2]


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
        for section in survey.sections_by_task.values():  # answers name them
            own = translations(root, section.address.partition(".")[0])
            self.words |= {section.heading: own[section.heading]} if section.heading in own else {}
        for name in catalogues:
            self.words |= translations(root, name)
        # The most telling first.
        gaps = sorted((text for text in self.words if GAP.search(text)), key=lambda text: -len(GAP.sub("", text)))
        self.templates = [(*template(text), self.words[text]) for text in gaps]
        self._patterns = [(re.compile(pattern), needed, names, said) for pattern, needed, names, said in self.templates]

    def of(self, text: str) -> str:
        """Return an answer of the package or a text of the interface in Chinese, or nothing.

        What is found neither whole nor by a message with gaps is translated sentence by sentence, or as a list of labels and
        names piece by piece; _static/translating.js does it by the same rules.
        """
        text = text.strip()
        if marked := _MARKED.match(text):
            said = self.of(marked[2])
            return said and f"{marked[1]}{said}{marked[1]}"
        return self._found(text) or self._in_sentences(text) or self._in_pieces(_ESCAPED.sub(r"\1", text))

    def _in_sentences(self, text: str) -> str:
        sentences = re.split(SENTENCE, text)
        said = [self.of(sentence) for sentence in sentences] if len(sentences) > 1 else []
        return "".join(said) if all(said) else ""

    def _in_pieces(self, text: str) -> str:
        pieces = _BETWEEN.split(text.removesuffix("."))
        said = [self._found(piece) or ("" if re.search(WORD, piece) else piece) for piece in pieces[::2]]
        if not all(said) or said == pieces[::2]:
            return ""
        between = [*(BETWEEN[mark] for mark in pieces[1::2]), "。" if text.endswith(".") else ""]
        return "".join(each for pair in zip(said, between, strict=True) for each in pair)

    def _found(self, text: str) -> str:
        message, held = placeholders(text)
        if message in self.words and not GAP.search(message):
            return filled(self.words[message], held)
        for pattern, needed, names, said in self._patterns:
            if needed in message and (match := pattern.match(message)):
                return self._with_gaps(said, names, [_as_it_was(group, held) for group in match.groups()])
        return ""

    def _with_gaps(self, said: str, names: Sequence[str], groups: Sequence[str]) -> str:
        """Fill in a translation; what stands in a gap is translated if it can be, and else a name or some."""
        values = {
            name: re.sub(ENDING, "", group) if name.isdigit() else self.of(group) or _listed(group)
            for name, group in zip(names, groups, strict=True)
        }
        return re.sub(WIDE, " ", re.sub(NARROW, "", re.sub(r"\{(\w+)\}", lambda match: values[match[1]], said)))


def _listed(text: str) -> str:
    names = re.split(NAMES, text)
    return text if any(re.search(WORD, name) for name in names) else "、".join(names)


def _as_it_was(text: str, held: Sequence[str]) -> str:
    return PLACEHOLDER.sub(lambda match: held[int(match.group()[1:-1]) - 1], text)


def names_in_chinese(term: GlossaryTerm) -> list[str]:
    """Return what a term is called in Chinese, the usual name first."""
    return [name for name in re.split("[、()（）]", term.zh) if name]
