"""A method's formula in the letters of a ViT, as a chapter prints it: `L(7d + f) + 2d` instead of `B`."""

from collections.abc import Mapping

from sympy import Expr, Symbol, collect, expand

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.method import total
from peft_vlm_survey.costs.quantities import quantities, target_sums
from peft_vlm_survey.costs.render import BY_SYMBOL, simplified, symbol
from peft_vlm_survey.costs.shapes import Part, Shape, Stack

L, d, f, h, T, P = map(symbol, ("L", "d", "f", "h", "T", "P"))
MEANINGS: Mapping[Symbol, str] = {
    L: "layers",
    d: "width",
    f: "inner width of the feed-forward network",
    h: "attention heads",
    T: "learned positions",
    P: "side of a patch",
}
_BLOCKS = Stack(
    layers=L,
    width=d,
    heads=h,
    kv_heads=h,
    head_width=d / h,  # a ViT's heads together are as wide as the block
    ffn_width=f,
    glu=False,
    norm="layer",
    biases="all",
)
_VIT = Part(
    encoder=(_BLOCKS,),
    embeddings=3 * P**2 * d + d + T * d,
    other_norms=2 * d,
    other_biases=d,
    embedded_width=d,
    embedding_macs=T * 3 * P**2 * d,
)


def on_a_vit(method: str, targets: tuple[str, ...] = ("q", "v")) -> Expr:
    """Return the formula of a method's usual reading in the letters of a ViT. Raises KeyError for an unknown name.

    >>> str(on_a_vit("bitfit"))
    'L*(7*d + f) + 2*d'
    """
    shape = Shape(id="vit", name="ViT", type="vit", parts={"": _VIT}, default="")
    amounts, sums = quantities(shape, _VIT), target_sums(shape, _VIT, targets)
    formula = simplified(total(METHODS[method], METHODS[method].default))
    values = {}
    for used in formula.free_symbols:
        letter = BY_SYMBOL[used]
        if letter.source == "quantity":
            values[used] = amounts[letter.origin]
        elif letter.source == "targets":
            values[used] = sums[letter.origin]
    return collect(expand(formula.subs(values, simultaneous=True)), L)
