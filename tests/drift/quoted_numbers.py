"""Report numbers of the chapters' prose, with decimals or of four digits and more, that neither the data nor an answer has."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from every import each

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.questions import answered, find_problems

# What a sentence works out, and from which printed numbers: a difference, a mean, a share in percent.
DERIVED = {
    "69.42": ("(7 * 78.48 + 4 * 82.43 + 8 * 54.98) / 19", "VPT-deep on VTAB-1k, by tasks instead of by groups"),
    "9.81": ("71.19 - 61.38", "LAE over CODA-Prompt on the one split of ImageNet-R"),
    "2.34": ("100 * 8 * 651382 / 222903552", "HyperFormer++ for eight tasks, as counted, of T5-base"),
    "222.9": ("222903552 / 1000000", "T5-base, in millions"),
    "1.07": ("76.89 - 75.82", "LAVT on RefCOCO testA, mean over overall IoU"),
    "65.78": ("(66.88 + 56.79 + 73.66) / 3", "full fine-tuning on BART-base, the three accuracies"),
    "9.46": ("121.66 - 112.20", "VL-PET-large over full fine-tuning on T5-base, captions"),
    "0.95": ("55.11 - 54.16", "VL-PET-large over VL-Adapter on BART-base, GQA"),
    "7.42": ("122.03 - 114.61", "VL-PET-large over VL-Adapter on BART-base, captions"),
    "3.52": ("47.60 - 44.08", "VPT-deep behind full fine-tuning on ADE20K in DA-VPT; CoOp too, 75.18 - 71.66"),
    "2.29": ("100 * 5097240 / 222903552", "LST with side blocks at all layers, as counted, of T5-base"),
    "4.44": ("25.31 - 20.87", "DiffFit against full fine-tuning on ArtBench"),
    "38,045": ("722860 / 19", "the head of a ViT-B on VTAB-1k, as counted"),
}
# What a sentence quotes from a text that is no table of the data: each says there where it comes from.
QUOTED = {
    "2.92": "the abstract of VL-PET, which counts in percent of a mean",
    "3.41": "the abstract of VL-PET, which counts in percent of a mean",
    "24.02": "VPT's Table 1: what is stored for 24 tasks, in backbones; read in texts that quote it",
    "1.87": "a count on the CLIP of ETRIS's code, which has more parameters than the published one",
    "6.9": "a count of HyperFormer by its description, which its code does not follow",
    "5.8": "the plot in the repository of LST",
    "8.8": "a report in the issue tracker of LST",
    "115.1": "115.01, rounded up as the end of a range",
    "138.5": "stored activations by closed form; make verify measures them",
    "140.4": "stored activations as measured; make verify repeats it",
    "168.8": "stored activations as measured; make verify repeats it",
    "0.634": "the abstract of Chart-RL",
    "970,000": "the README of OpenVLA, which says 970K trajectories",
    "120,000": "the abstract of MM-RLHF, which says 120k",
    "1,333": "the longer side of an image as Grounding DINO reads it, in pixels",
    "179,584": "a count on the code of LST with the configuration that it ships for BitFit",
    "395,867": "a mean over the sensitivity files that SPT's repository releases",
    "397,579": "a mean over the sensitivity files that SPT's repository releases",
    "442,512": "a mean over the subnets that NOAH's repository releases",
}
_FENCE = re.compile(r"^(`{3,}|:{3,})\{.*?^\1$", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"\{[a-z:]+\}`[^`]*`|`[^`]*`|\$[^$]*\$|https?://\S+|\b\d{4}\.\d{5}\b")
_NUMBER = re.compile(r"(?<![\w./:-])(?:\d+(?:,\d{3})*\.\d+(?!\w|\.\d)|\d{1,3}(?:,\d{3})+(?!\w|[.,]\d))")
_ANY_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PADDING = re.compile(r"[\u2007-\u2009\u202f]")
CHAPTERS = sorted((ROOT / "book").glob("*.md"))


def plain(number: str) -> str:
    """Return a number without separators and closing zeros, so that 6.20 and 6.2 are one."""
    return f"{Decimal(number.replace(',', '')).normalize():f}"


@cache
def in_the_data() -> frozenset[str]:
    """Return every number of the sheets and of the answers to the chapters' questions."""
    texts = []
    for path in (ROOT / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            texts += [" ".join(row) for row in csv.reader(stream)]
    # Asked first, the questions keep their answers, for the test that asks them as well.
    assert list(find_problems(ROOT, the_survey())) == []
    texts += [str(getattr(answer, "svg", answer)) for _, answer in answered(ROOT, the_survey())]
    numbers = {found for text in texts for found in _ANY_NUMBER.findall(_PADDING.sub("", text)) if len(found) < 20}
    return frozenset(map(plain, numbers))


def printed(chapter: Path) -> Iterator[tuple[int, str]]:
    """Yield every number of a chapter's prose that has decimals or thousands, with its line."""
    text = _FENCE.sub(lambda fence: "\n" * fence.group().count("\n"), chapter.read_text(encoding="utf-8"))
    for number, line in enumerate(text.split("\n"), start=1):
        for found in _NUMBER.findall(_MARKUP.sub("", line)):
            yield number, found


@each("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_number_of_the_prose_stands_in_the_data_or_is_accounted_for(chapter):
    known = in_the_data() | {plain(number) for number in (*DERIVED, *QUOTED)}
    assert [f"{chapter.name}:{line}: {number}" for line, number in printed(chapter) if plain(number) not in known] == []


@pytest.mark.parametrize("number", DERIVED)
def test_a_derived_number_follows_from_numbers_of_the_data(number):
    formula, _ = DERIVED[number]
    terms = [plain(term) for term in re.findall(r"\d+\.\d+|\d{6,}", formula) if term != "1000000"]
    assert set(terms) <= in_the_data()
    exact = Decimal(eval(re.sub(r"(\d+(?:\.\d+)?)", r"Decimal('\1')", formula), {"Decimal": Decimal}))  # noqa: S307
    said = Decimal(number.replace(",", ""))
    assert exact.quantize(said) == said
