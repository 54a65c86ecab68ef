"""A method's formula in the letters of one architecture, as a chapter prints it: `L(7d + f) + 2d` instead of `B`."""

from collections.abc import Mapping

from sympy import Expr, Symbol, collect, expand, latex

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.method import total
from peft_vlm_survey.costs.quantities import quantities, target_sums
from peft_vlm_survey.costs.render import BY_SYMBOL, simplified, symbol
from peft_vlm_survey.costs.shapes import T5_BUCKETS, Part, Shape, Stack

d, f, h, k, d_k = map(symbol, ("d", "f", "h", "k", "d_k"))
L, E, D = map(symbol, ("L", "E", "D"))
T, V, P = map(symbol, ("T", "V", "P"))
MEANINGS: Mapping[Symbol, str] = {
    L: "layers",
    E: "layers of the encoder",
    D: "layers of the decoder",
    d: "width",
    f: "inner width of the feed-forward network",
    h: "attention heads",
    k: "key/value heads",
    d_k: "head width",
    T: "learned positions",
    V: "vocabulary",
    P: "side of a patch",
}


def _stack(layers: Symbol, *, glu: bool, norm: str, biases: str, attentions: int = 1) -> Stack:
    """Return blocks in letters; a ViT's heads together are as wide as the block."""
    wide = biases == "all"
    return Stack(
        layers=layers,
        width=d,
        heads=h,
        kv_heads=h if wide or attentions == 2 or not glu else k,
        head_width=d / h if wide else d_k,
        ffn_width=f,
        glu=glu,
        norm=norm,
        biases=biases,
        attentions=attentions,
        norms=attentions + 1,
    )


def _vit() -> Part:
    return Part(
        encoder=(_stack(L, glu=False, norm="layer", biases="all"),),
        embeddings=3 * P**2 * d + d + T * d,
        other_norms=2 * d,
        other_biases=d,
        embedded_width=d,
        embedding_macs=T * 3 * P**2 * d,
    )


def _decoder() -> Part:
    return Part(
        decoder=(_stack(L, glu=True, norm="rms", biases="none"),),
        embeddings=2 * V * d,
        other_norms=d,
        norm_biased=False,
        embedded_width=d,
        vocabulary=V,
    )


def _t5() -> Part:
    encoder = _stack(E, glu=False, norm="rms", biases="none")
    decoder = _stack(D, glu=False, norm="rms", biases="none", attentions=2)
    bare = Part(encoder=(encoder,), decoder=(decoder,))
    return Part(
        encoder=(encoder,),
        decoder=(decoder,),
        embeddings=V * d,
        other_norms=2 * d,
        norm_biased=False,
        added_biases=sum(m.count * m.outputs for m in bare.matrices) + bare.block_norms + V,
        relative_positions=2 * T5_BUCKETS * h,
        embedded_width=d,
        vocabulary=V,
    )


ARCHITECTURES: Mapping[str, Part] = {"vit": _vit(), "decoder": _decoder(), "t5": _t5()}


def in_letters(method: str, architecture: str, *, variant: str = "", targets: tuple[str, ...] = ("q", "v")) -> Expr:
    """Return the formula of a method in the letters of an architecture. Raises KeyError for an unknown name.

    >>> str(in_letters("bitfit", "vit"))
    'L*(7*d + f) + 2*d'
    """
    part = ARCHITECTURES[architecture]
    known = METHODS[method]
    shape = Shape(id=architecture, name=architecture, type=architecture, parts={"": part}, default="")
    amounts, sums = quantities(shape, part), target_sums(shape, part, targets)
    formula = simplified(total(known, variant or known.default))
    values = {}
    for used in formula.free_symbols:
        letter = BY_SYMBOL[used]
        if letter.source == "quantity":
            values[used] = amounts[letter.origin]
        elif letter.source == "targets":
            values[used] = sums[letter.origin]
    return collect(expand(formula.subs(values, simultaneous=True)), (L, E, D))


def latex_in_letters(
    method: str, architecture: str, *, variant: str = "", targets: tuple[str, ...] = ("q", "v")
) -> str:
    """Return the same as LaTeX, without delimiters."""
    names = {symbol: letter.latex for symbol, letter in BY_SYMBOL.items()}
    return str(latex(in_letters(method, architecture, variant=variant, targets=targets), symbol_names=names))
