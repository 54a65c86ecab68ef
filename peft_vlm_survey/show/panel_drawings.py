"""The models, the families of modules, and six ways to adapt an image generator, as small drawings of one kind."""

from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.panels import MAIN, SIGN, UPPER, Block, Panel, Way, above, along, draw_panels

_FACTORS = (Block(50, UPPER, 22, "$A$", "added"), Block(84, UPPER, 22, "$B$", "added"))
_LOW_RANK = (
    *along(12, 46, 88, 106, 116, 134),
    Way(((22, MAIN), (22, UPPER), (39, UPPER))),
    *along(61, 73, y=UPPER),
    Way(((95, UPPER), (111, UPPER), (111, MAIN + SIGN)), True),
)
_PANELS = (
    Panel(
        "Adapter, sequential",
        r"$h \leftarrow h + s\,W_u\,\sigma(W_d\,h)$",
        (Block(38, MAIN, 34, "layer"), Block(88, UPPER, 38, "adapter", "added")),
        (*along(12, 21, 55, 109, 119, 134), *above(60, 114, (69, 107))),
        ((114, MAIN, "+"),),
    ),
    Panel(
        "Adapter, parallel",
        r"$h \leftarrow h + s\,W_u\,\sigma(W_d\,x)$",
        (Block(68, MAIN, 40, "layer"), Block(68, UPPER, 40, "adapter", "added")),
        (*along(12, 48, 88, 106, 116, 134), *above(22, 111, (48, 88))),
        ((111, MAIN, "+"),),
    ),
    Panel(
        "Prompt",
        r"$X \leftarrow [P;\,X]$",
        (Block(38, UPPER, 30, "$P$", "added"), Block(82, MAIN, 52, "layers")),
        (*along(12, 33, 43, 56, 108, 134), Way(((38, UPPER - 9), (38, MAIN + SIGN)), True)),
        ((38, MAIN, "∥"),),
        ((6, MAIN, "$X$"),),
    ),
    Panel(
        "LoRA",
        r"$W = W_0 + \frac{\alpha}{r}\,B\,A$",
        (Block(67, MAIN, 42, "$W_0$"), *_FACTORS),
        _LOW_RANK,
        ((111, MAIN, "+"),),
    ),
    Panel(
        "Scale and shift",
        r"$h \leftarrow \gamma \odot h + \beta$",
        (Block(48, MAIN, 42, "$W_0$"), Block(98, UPPER, 30, r"$\gamma,\ \beta$", "added")),
        (*along(12, 27, 69, 93, 103, 134), Way(((98, UPPER - 9), (98, MAIN + SIGN)), True)),
        ((98, MAIN, "⊙"),),
    ),
    Panel(
        "Selective",
        r"$\theta \leftarrow \theta + m \odot \delta$",
        (Block(68, MAIN + 12, 60, "weights"), Block(68, MAIN - 6, 60, "biases", "tuned")),
        along(12, 38, 98, 134),
    ),
    Panel(
        "Side network",
        r"$u_i = S_i(\lambda_i u_{i-1} + (1 - \lambda_i) D_i h_i)$",
        (
            Block(44, MAIN, 30, "layer"),
            Block(96, MAIN, 30, "layer"),
            Block(62, UPPER, 26, "$S_1$", "added"),
            Block(112, UPPER, 26, "$S_2$", "added"),
        ),
        (
            *along(12, 29, 59, 81, 111, 132, gradient=False),
            Way(((64, MAIN), (64, UPPER - 9))),
            Way(((119, MAIN), (119, UPPER - 9))),
            *along(75, 99, 125, 137, y=UPPER),
        ),
    ),
    Panel(
        "Hypernetwork",
        r"$(W_d, W_u)_{t,l} = H_\phi(z_{t,l})$",
        (
            Block(38, MAIN, 34, "layer"),
            Block(92, MAIN, 40, "adapter", "given"),
            Block(92, UPPER, 30, r"$H_\phi$", "added"),
            Block(38, UPPER, 22, "$z$", "added"),
        ),
        (
            *along(12, 21, 55, 72, 112, 134),
            *along(49, 77, y=UPPER),
            Way(((92, UPPER - 9), (92, MAIN + 9)), True, "writes"),
        ),
    ),
    Panel(
        "Quantised, with LoRA",
        r"$y = \mathrm{deq}(W_4)\,x + \frac{\alpha}{r}\,B\,A\,x$",
        (Block(67, MAIN, 42, "4 bits"), *_FACTORS),
        _LOW_RANK,
        ((111, MAIN, "+"),),
    ),
    Panel(
        "Behind the encoder",
        r"$h \leftarrow h + s\,\Delta(h),\quad h = F_\theta(x)$",
        (Block(42, MAIN, 44, "encoder"), Block(101, MAIN, 40, "module", "added")),
        (*along(12, 20, 64, 81, gradient=False), *along(121, 134)),
    ),
)


def modules() -> Figure:
    """Draw how each family is attached to a frozen model, in one style and with its equation."""
    return draw_panels(_PANELS)


_GENERATORS = (
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
    return draw_panels(_GENERATORS)


def _place(x: float, y: float) -> Block:
    """Return the mark of a usual place of modules."""
    return Block(x, y, 7, "", "added", 7)


_BELOW = MAIN - 14  # where a loop runs back below the way through the model
_BETWEEN = (MAIN + UPPER) / 2
_ARCHITECTURES = (
    Panel(
        "One block",
        r"$X \leftarrow X + f(\mathrm{norm}(X))$",
        (
            Block(35, MAIN, 38, "attention"),
            Block(99.5, MAIN, 51, "feed-forward"),
            _place(54, MAIN + 9),
            _place(125, MAIN + 9),
        ),
        (
            *along(10, 16, 54, 59, 69, 74, 125, 129, gradient=False),
            Way(((12, MAIN), (12, UPPER), (64, UPPER), (64, MAIN + SIGN))),
            Way(((72, MAIN), (72, UPPER), (134, UPPER), (134, MAIN + SIGN))),
        ),
        ((64, MAIN, "+"), (134, MAIN, "+")),
        ((5, MAIN, "$X$"),),
    ),
    Panel(
        "CLIP and SigLIP",
        r"$\cos(F_v(v),\, F_t(t))$",
        (
            Block(60, UPPER, 60, "image encoder"),
            Block(60, MAIN, 60, "text encoder"),
            Block(122, _BETWEEN, 22, "cos", ""),
            _place(21, MAIN),
            _place(90, UPPER + 9),
            _place(90, MAIN + 9),
            _place(106, UPPER),
            _place(106, MAIN),
        ),
        (
            *along(10, 30, gradient=False, y=UPPER),
            *along(10, 30, gradient=False),
            Way(((90, UPPER), (122, UPPER), (122, _BETWEEN + 9))),
            Way(((90, MAIN), (122, MAIN), (122, _BETWEEN - 9))),
        ),
        (),
        ((5, UPPER, "$v$"), (5, MAIN, "$t$")),
    ),
    Panel(
        "LLaVA-like model",
        r"$p(\mathrm{answer} \mid C(F_v(v)),\, t)$",
        (
            Block(41, UPPER, 40, "encoder"),
            Block(101, UPPER, 48, "connector"),
            Block(101, MAIN, 48, "LLM"),
            _place(125, UPPER + 9),
            _place(125, MAIN + 9),
        ),
        (
            *along(10, 21, 61, 77, gradient=False, y=UPPER),
            Way(((101, UPPER - 9), (101, MAIN + 9))),
            *along(10, 77, 125, 137, gradient=False),
        ),
        (),
        ((5, UPPER, "$v$"), (5, MAIN, "$t$")),
    ),
    Panel(
        "Grounding DINO",
        r"$\mathrm{boxes} = D(E(F_v(v),\, F_t(t)))$",
        (
            Block(38, UPPER, 33, "encoder"),
            Block(38, MAIN, 33, "encoder"),
            Block(79, _BETWEEN, 37, "enhancer", high=48),
            Block(120, _BETWEEN, 34, "decoder"),
            _place(13, MAIN),
            _place(97, UPPER + 9),
            _place(135, _BETWEEN + 9),
        ),
        (
            *along(9, 21, 55, 60, gradient=False, y=UPPER),
            *along(9, 21, 55, 60, gradient=False),
            *along(98, 103, gradient=False, y=_BETWEEN),
        ),
        (),
        ((4, UPPER, "$v$"), (4, MAIN, "$t$")),
    ),
    Panel(
        "SAM and its successors",
        r"$\mathrm{mask} = D(F_v(v),\, p)$",
        (
            Block(56, UPPER, 60, "image encoder"),
            Block(110, MAIN, 38, "decoder", "tuned"),
            _place(86, UPPER + 9),
        ),
        (
            *along(10, 26, gradient=False, y=UPPER),
            Way(((86, UPPER), (110, UPPER), (110, MAIN + 9))),
            *along(10, 91, 129, 138, gradient=False),
        ),
        (),
        ((5, UPPER, "$v$"), (5, MAIN, "$p$")),
    ),
    Panel(
        "Diffusion transformer",
        r"$\epsilon \approx F(x_t;\, t,\, c)$",
        (Block(74, MAIN, 44, "blocks"), _place(96, MAIN + 9)),
        (
            *along(12, 52, 96, 134, gradient=False),
            Way(((74, UPPER - 7), (74, MAIN + 9))),
            Way(((116, MAIN), (116, _BELOW), (28, _BELOW), (28, MAIN))),
        ),
        (),
        ((6, MAIN, "$x_t$"), (74, UPPER, r"$t,\ c$")),
    ),
)


def architectures() -> Figure:
    """Draw one transformer block and five models, with the usual places of modules."""
    return draw_panels(_ARCHITECTURES)
