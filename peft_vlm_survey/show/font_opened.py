"""The font of the figures' PDFs, read once for all of them.

matplotlib reads a whole font for every PDF, and takes the letters from it that the figure has: a third of drawing it, for
DejaVu Sans has 6,000 of them. Here the font is cut once to those that figures are likely to have, and each figure's are
taken from what is left. The bytes are the same, and a font is read as ever where a figure has other letters.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from functools import cache
from typing import Any

from matplotlib.backends import _backend_pdf_ps as subsets
from matplotlib.ft2font import FT2Font

# Latin and Greek, punctuation, arrows, signs, and the ligatures that stand for two or three letters.
_LIKELY = (
    *range(0x20, 0x180),
    *range(0x391, 0x3CA),
    *range(0x2010, 0x2027),
    *range(0x2190, 0x2194),
    *(0x2212, 0x2248, 0x2264, 0x2265),
    *range(0xFB00, 0xFB05),
)
_cut = subsets.get_glyphs_subset


class _File(io.BytesIO):
    """A font in memory, as matplotlib names the file of one."""

    face_index = 0


@contextmanager
def one_font_opened() -> Iterator[None]:
    """Let PDFs that are drawn meanwhile take their letters from the font that was cut."""
    subsets.get_glyphs_subset = _letters  # type: ignore[assignment]
    try:
        yield
    finally:
        subsets.get_glyphs_subset = _cut


@contextmanager
def _letters(path: Any, glyphs: Iterable[Any]) -> Iterator[subsets.SubsetResults]:
    """Give what matplotlib's own function gives: a font with these letters alone, and the place of each in it."""
    wanted = set(glyphs)
    raw, places, likely = _likely(path)
    if not likely >= wanted:
        with _cut(path, wanted) as cut:
            yield cut
        return
    with _cut(_File(raw), {places[glyph] for glyph in wanted}) as cut:
        left = cut.glyph_index_map
        yield subsets.SubsetResults(cut.font, {glyph: left[place] for glyph, place in places.items() if place in left})


@cache
def _likely(path: Any) -> tuple[bytes, Mapping[Any, Any], Set[Any]]:
    """Return a font cut to the letters that figures are likely to have, the place of each in it, and these letters."""
    font = FT2Font(path)
    likely = {glyph for letter in _LIKELY if (glyph := font.get_char_index(letter))}
    with _cut(path, likely) as cut:
        raw: bytes = subsets.font_as_file(cut.font).getvalue()  # type: ignore[no-untyped-call]
        return raw, cut.glyph_index_map, likely
