"""The figure of a transformer block with the places where each family attaches."""

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from peft_vlm_survey.show.figure import Figure
from peft_vlm_survey.show.style import ACCENT, FAINT, FROZEN, INK, TRAINED, canvas, finish


def attachment() -> Figure:
    """Draw one pre-norm transformer block, frozen parts grey, and what each family adds to it or changes in it."""
    figure, (axes,) = canvas(5.3)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 84)
    axes.axis("off")

    # The frozen block, from the input at the bottom to the output at the top.
    _arrow(axes, (48, 2), (48, 12))
    _box(axes, 37, 12, 22, 5, "layer norm")
    _box(axes, 37, 20, 22, 13, "attention\n$W_q, W_k, W_v, W_o$")
    _box(axes, 37, 43.5, 22, 5, "layer norm")
    _box(axes, 37, 51.5, 22, 12, "feed-forward\n$W_1, W_2$")
    for low, high in ((17, 20), (33, 35.5), (40.5, 43.5), (48.5, 51.5), (63.5, 66), (71, 81)):
        _arrow(axes, (48, low), (48, high))
    axes.text(50, 79.5, "output", fontsize=8)
    axes.text(50, 3.4, "tokens", fontsize=8)

    # Adapters stand in series behind the two sub-layers.
    _box(axes, 41, 35.5, 14, 5, "adapter", trained=True)
    _box(axes, 41, 66, 14, 5, "adapter", trained=True)
    axes.text(15, 74, "Adapter\na bottleneck behind a sub-layer", fontsize=8, ha="center", va="center")
    _arrow(axes, (31, 73.5), (41, 69.5))

    # Prompts join the tokens; selected weights are the block's own; low-rank factors run beside a matrix.
    _box(axes, 0, 1.5, 30, 7, "Prompt\nlearned tokens", trained=True)
    _arrow(axes, (30, 5), (47, 5))
    _box(axes, 0, 11, 30, 7, "Selective\nbiases, norms, chosen weights", trained=True)
    _arrow(axes, (30, 14.5), (37, 14.5))
    _box(axes, 0, 22, 30, 9, "Reparameterisation\n$W_0 + B A$, merged afterwards", trained=True)
    _arrow(axes, (30, 26.5), (37, 26.5))

    # A hypernetwork writes the adapters' weights.
    _box(axes, 0, 48, 30, 9, "Hypernetwork\nwrites the adapters' weights", trained=True)
    _arrow(axes, (18, 57), (41, 67.5), dashed=True, bend=-0.2)
    _arrow(axes, (18, 48), (41, 38), dashed=True, bend=0.2)

    # The side network reads the activations and sends nothing back.
    _box(
        axes,
        80,
        12,
        20,
        59,
        "Side-tuning\n\na narrow network\nreads activations;\nno gradient\nenters the block",
        trained=True,
    )
    for height in (18.5, 42, 66):
        _arrow(axes, (59.5 if height != 42 else 48.3, height), (80, height), ladder=True)
    _arrow(axes, (90, 71), (90, 79))
    axes.text(90, 80, "prediction", fontsize=8, ha="center")

    axes.text(
        69.5, 55, "Quantised\nbackbone or\nmodule in\nfew bits", fontsize=8, ha="center", va="center", color=ACCENT
    )
    axes.text(69.5, 29, "Hybrid\nseveral of\nthese at once", fontsize=8, ha="center", va="center", color=ACCENT)
    return finish(figure)


def _box(axes: Axes, x: float, y: float, width: float, height: float, text: str, *, trained: bool = False) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.9",
            facecolor=TRAINED if trained else FROZEN,
            edgecolor=ACCENT if trained else FAINT,
            linewidth=0.9,
        )
    )
    axes.text(x + width / 2, y + height / 2, text, ha="center", va="center", fontsize=8, linespacing=1.25)


def _arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    dashed: bool = False,
    ladder: bool = False,
    bend: float = 0,
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7,
            connectionstyle=f"arc3,rad={bend}",
            linewidth=0.8,
            linestyle=(0, (3, 2)) if dashed else (0, (1, 2)) if ladder else "-",
            color=INK if not ladder else FAINT,
            shrinkA=0,
            shrinkB=0,
        )
    )
