"""How a frozen image generator is adapted, as small drawings: what is attached to it, and where the gradient runs."""

from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.panels import MAIN, SIGN, UPPER, Block, Panel, Way, above, along, draw_panels

_PANELS = (
    Panel(
        "A learned word",
        r"$c = E(\ldots, P, \ldots)$",
        (
            Block(24, UPPER, 22, "$P$", "added"),
            Block(88, UPPER, 62, "text encoder"),
            Block(88, MAIN, 54, "denoiser"),
        ),
        (
            *along(12, 61, gradient=False),
            *along(115, 134),
            *along(35, 57, y=UPPER),
            Way(((88, UPPER - 9), (88, MAIN + 9)), True),
        ),
    ),
    Panel(
        "Low-rank factors",
        r"$W = W_0 + \frac{\alpha}{r}\,B\,A$",
        (
            Block(67, MAIN, 42, "$W_0$"),
            Block(50, UPPER, 22, "$A$", "added"),
            Block(84, UPPER, 22, "$B$", "added"),
        ),
        (
            *along(12, 46, 88, 106, 116, 134),
            Way(((22, MAIN), (22, UPPER), (39, UPPER))),
            *along(61, 73, y=UPPER),
            Way(((95, UPPER), (111, UPPER), (111, MAIN + SIGN)), True),
        ),
        ((111, MAIN, "+"),),
    ),
    Panel(
        "Control branch",
        r"$h \leftarrow h + Z\,G(x, c)$",
        (
            Block(42, MAIN, 40, "encoder"),
            Block(107, MAIN, 40, "decoder"),
            Block(46, UPPER, 30, "copy", "added"),
        ),
        (
            *along(12, 22, 62, 69, gradient=False),
            *along(79, 87, 127, 138),
            *along(19, 31, gradient=False, y=UPPER),
            Way(((61, UPPER), (74, UPPER), (74, MAIN + SIGN)), True),
        ),
        ((74, MAIN, "+"),),
        ((6, MAIN, "$x$"), (10, UPPER, "$x, c$")),
    ),
    Panel(
        "Image prompt",
        r"$h \leftarrow \mathrm{att}(h, c) + s\,\mathrm{att}_{2}(h, f)$",
        (
            Block(66, MAIN, 46, r"$\mathrm{att}(h, c)$"),
            Block(66, UPPER, 46, r"$\mathrm{att}_{2}(h, f)$", "added"),
        ),
        (*along(12, 43, 89, 106, 116, 134), *above(22, 111, (43, 89))),
        ((111, MAIN, "+"),),
        ((6, MAIN, "$h$"),),
    ),
    Panel(
        "Condition as tokens",
        r"$X \leftarrow [X;\,C]$",
        (Block(90, MAIN, 44, "blocks"), Block(90, UPPER, 30, r"$B\,A$", "added")),
        (
            *along(12, 31, 41, 68, gradient=False),
            *along(112, 134),
            Way(((36, UPPER - 6), (36, MAIN + SIGN))),
            Way(((90, UPPER - 9), (90, MAIN + 9)), True),
        ),
        ((36, MAIN, "∥"),),
        ((6, MAIN, "$X$"), (36, UPPER, "$C$")),
    ),
    Panel(
        "Motion module",
        r"$h_{1:F} \leftarrow h_{1:F} + \mathrm{att}_{t}(h_{1:F})$",
        (Block(38, MAIN, 34, "layer"), Block(88, UPPER, 38, "time", "added")),
        (*along(12, 21, 55, 109, 119, 134), *above(60, 114, (69, 107))),
        ((114, MAIN, "+"),),
        ((6, MAIN, "$h$"),),
    ),
)


def generators() -> Figure:
    """Draw six ways to adapt a frozen image generator, in one style and with their equations."""
    return draw_panels(_PANELS)
