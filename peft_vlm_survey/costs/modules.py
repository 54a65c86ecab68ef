"""Methods that put small modules between or beside the layers."""

from dataclasses import replace

from peft_vlm_survey.costs.expressions import ZERO, Expression
from peft_vlm_survey.costs.method import SWITCHES, Method, Variant
from peft_vlm_survey.costs.symbols import sign

d, m, L, r, n, T = map(sign, ("d", "m", "L", "r", "n", "T"))
_with_norms = {name: name == "norms" for name in SWITCHES}
_rest = ("biases", "embeddings", "the head, unless --classes is given")


def bottleneck(width: Expression, inner: Expression) -> Expression:
    """Return the parameters of a bottleneck with biases."""
    return 2 * width * inner + inner + width


def linear(inputs: Expression, outputs: Expression) -> Expression:
    """Return the parameters of a linear layer with a bias."""
    return inputs * outputs + outputs


def _modules(count: Expression, *, extra: Expression = ZERO, once: Expression = ZERO, says: str = "") -> Variant:
    return Variant(
        each=count * (bottleneck(d, m) + extra),
        once=once,
        macs=T * count * 2 * d * m,
        kept=count * (d + 2 * m),
        says=says,
    )


_low_rank = 2 * (d + m) * r + m + d


def _compacter(count: Expression, *, shared: bool) -> Variant:
    return Variant(
        each=count * _low_rank + (n**3 if shared else 0),
        macs=T * count * 2 * d * m,
        kept=count * (d + 2 * m),
        says="" if shared else "low-rank adapters without the hypercomplex product",
        rank_of="bottleneck",
        hypercomplex=shared,
    )


METHODS = (
    Method(
        id="adapter-houlsby",
        name="Adapter (Houlsby)",
        key="houlsby2019adapter",
        variants={
            "houlsby": _modules(2 * L),
            "post-norm": _modules(2 * L, once=2 * L * 2 * d, says="with a norm behind each adapter, shared by tasks"),
        },
        parameters={"bottleneck": "64", "reduction": None},
        switches=_with_norms,
        counted=("two bottlenecks a layer, after self-attention and feed-forward network", "the norms"),
        not_counted=_rest,
        settings_tried=("bottleneck=64", "bottleneck=8", "bottleneck=1 norms=no"),
    ),
    Method(
        id="adapter-pfeiffer",
        name="Adapter (Pfeiffer)",
        key="pfeiffer2021adapterfusion",
        variants={
            "pfeiffer": _modules(L),
            "parallel": replace(
                _modules(L), key="he2022unified", says="beside the feed-forward network: counts are those of the series"
            ),
        },
        parameters={"bottleneck": "64", "reduction": None},
        counted=("one bottleneck a layer, after the feed-forward network",),
        not_counted=("norms", *_rest),
        settings_tried=("bottleneck=64", "bottleneck=8", "bottleneck=1"),
    ),
    Method(
        id="adaptformer",
        name="AdaptFormer",
        key="chen2022adaptformer",
        variants={
            "plain": _modules(L),
            "norm": _modules(L, extra=2 * d, says="with a norm before each bottleneck"),
        },
        parameters={"bottleneck": "64", "reduction": None},
        counted=("one bottleneck a layer, beside the feed-forward network",),
        not_counted=("norms", *_rest),
        settings_tried=("bottleneck=64", "bottleneck=8", "bottleneck=1"),
    ),
    Method(
        id="bi-adaptformer",
        name="Bi-AdaptFormer",
        key="jie2023binaryadapter",
        variants={
            name: Variant(
                each=2 * d * m * L, macs=T * L * 2 * d * m, kept=L * (d + 2 * m), binary_head=name == "bi-head"
            )
            for name in ("fp32-head", "bi-head")
        },
        parameters={"bottleneck": "32", "reduction": None},
        counted=("one bottleneck without biases a layer, trained as latent 32-bit weights, stored with few bits",),
        not_counted=("norms", *_rest),
        bits=1,
        binarised=True,
        settings_tried=("bottleneck=32", "bottleneck=1"),
    ),
    Method(
        id="compacter",
        name="Compacter",
        key="karimimahabadi2021compacter",
        variants={"compacter": _compacter(2 * L, shared=True), "low-rank": _compacter(2 * L, shared=False)},
        parameters={"bottleneck": None, "reduction": "32", "phm": "4", "rank": "1"},
        switches=_with_norms,
        counted=("two hypercomplex bottlenecks a layer", "the small factors that they share", "the norms"),
        not_counted=_rest,
        settings_tried=("bottleneck=24", "bottleneck=8", "bottleneck=4 norms=no"),
    ),
    Method(
        id="compacter-pp",
        name="Compacter++",
        key="karimimahabadi2021compacter",
        variants={"compacter-pp": _compacter(L, shared=True)},
        parameters={"bottleneck": None, "reduction": "32", "phm": "4", "rank": "1"},
        switches=_with_norms,
        counted=("one hypercomplex bottleneck a layer", "the small factors that they share", "the norms"),
        not_counted=_rest,
        settings_tried=("bottleneck=24", "bottleneck=8", "bottleneck=4 norms=no"),
    ),
)
