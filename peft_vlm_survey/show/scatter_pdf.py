"""A scatter as PDF: its lines, points and letters as outlines, so that nothing of a reader's fonts is needed."""

import zlib
from functools import cache
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path as Outline

from peft_vlm_survey.show.scatter import FAINT, FRONT, HEIGHT, INK, LETTERS, MUTED, WIDTH

_POINTS = 0.75  # of a printer in a pixel of the web
_ROUND = 0.5523  # how far the handles of four curves lie from their ends, in radii, for a circle
_LARGE = 100  # the size in which a letter is taken from its font
_FONT = FontProperties(family="DejaVu Sans")
# The opacities that are used, by the names under which a content stream asks for them.
_OPACITIES = {opacity: f"/O{place}" for place, opacity in enumerate((1.0, *dict.fromkeys(FAINT.values())))}


def scatter_pdf(svg: str) -> bytes:
    """Return a scatter, given as SVG, as one page of PDF of its size; the same bytes for the same scatter."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - what scatter() drew
    drawn = [f"{_POINTS} 0 0 {-_POINTS} 0 {HEIGHT * _POINTS} cm 1 w"]
    for element in root:
        kind, classes = element.tag, (element.get("class") or "").split()
        if kind == "path":
            drawn += [_opacity(classes[0]), _colour(INK, "RG"), *_line(element.get("d") or ""), "S"]
        elif kind == "circle":
            best = "best" in classes
            drawn += [_opacity("best" if best else "circle"), _colour(FRONT if best else INK, "rg")]
            drawn += [*_circle(*(float(element.get(name) or 0) for name in ("cx", "cy", "r"))), "f"]
        elif kind == "text":
            drawn += [_opacity("text"), _colour(MUTED if "other" in classes else INK, "rg")]
            drawn += _letters(element)
    return _file("\n".join(drawn).encode("ascii"))


def _opacity(kind: str) -> str:
    return f"{_OPACITIES[FAINT.get(kind, 1.0)]} gs"


def _colour(hexadecimal: str, operator: str) -> str:
    parts = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return " ".join([*(f"{part:.3f}" for part in parts), operator])


def _line(path: str) -> list[str]:
    """Return a path of the absolute steps M, H and V, the only ones that a scatter has."""
    x = y = 0.0
    operators = []
    for step in path.replace("M", " M ").replace("H", " H ").replace("V", " V ").split(" M ")[1:]:
        first, second, *others = step.split()
        x, y = float(first), float(second)
        operators.append(f"{x:g} {y:g} m")
        for letter, value in zip(others[::2], others[1::2], strict=True):
            x, y = (float(value), y) if letter == "H" else (x, float(value))
            operators.append(f"{x:g} {y:g} l")
    return operators


def _circle(x: float, y: float, radius: float) -> list[str]:
    near = radius * _ROUND
    ends = ((0, 1), (-1, 0), (0, -1), (1, 0))
    operators = [f"{x + radius:.2f} {y:.2f} m"]
    a, b = 1, 0
    for c, d in ends:
        corners = ((a * radius + c * near, b * radius + d * near), (c * radius + a * near, d * radius + b * near))
        operators.append(" ".join(f"{x + p:.2f} {y + q:.2f}" for p, q in (*corners, (c * radius, d * radius))) + " c")
        a, b = c, d
    return operators


def _letters(text: ElementTree.Element) -> list[str]:
    letters = [_outline(letter) for letter in text.text or ""]
    width = sum(advance for _, advance in letters)
    start = {"end": width, "middle": width / 2}.get(text.get("text-anchor") or "", 0.0)
    x, y = (float(text.get(name) or 0) for name in ("x", "y"))
    operators = [f"q 1 0 0 -1 {x - start:.2f} {y:.2f} cm"]
    for outline, advance in letters:
        operators += [outline, f"1 0 0 1 {advance:.2f} 0 cm"]
    return [*operators, "Q"]


@cache
def _outline(letter: str) -> tuple[str, float]:
    """Return the filled outline of a letter, from the origin on upwards, and how far on the next one stands."""
    font = get_font(findfont(_FONT))
    font.set_size(_LARGE, 72)
    advance = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
    points, codes = font.get_path()
    scale = LETTERS / _LARGE
    operators: list[str] = []
    last = (0.0, 0.0)
    for corners, code in Outline(points * scale, codes).iter_segments(simplify=False):
        pairs = list(zip(corners[::2], corners[1::2], strict=True))
        if code == Outline.CLOSEPOLY:
            operators.append("h")
            continue
        if code == Outline.CURVE3:  # PDF knows cubic curves alone
            (p, q), end = pairs
            handles = [(a + 2 / 3 * (p - a), b + 2 / 3 * (q - b)) for a, b in (last, end)]
            pairs = [*handles, end]
        operator = {Outline.MOVETO: "m", Outline.LINETO: "l"}.get(code, "c")
        operators.append(" ".join(f"{p:.2f} {q:.2f}" for p, q in pairs) + f" {operator}")
        last = pairs[-1]
    return "\n".join([*operators, "f"] if operators else []), advance * scale


def _file(content: bytes) -> bytes:
    """Return a file of one page with this content."""
    packed = zlib.compress(content, level=4)  # the usual level takes three times as long for a tenth less
    states = " ".join(f"{name} << /ca {opacity:g} /CA {opacity:g} >>" for opacity, name in _OPACITIES.items())
    box = f"[0 0 {WIDTH * _POINTS:g} {HEIGHT * _POINTS:g}]"
    things = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents 4 0 R /Resources << /ExtGState << {states} >> >> >>".encode(),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    written = b"%PDF-1.4\n"
    places = []
    for number, thing in enumerate(things, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(things) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(things) + 1) + table + end
