"""Methods that train a network of their own: one that generates adapters, one beside the backbone, or gated ones."""

from typing import Any

from peft_vlm_survey.costs.expressions import ZERO, Expression
from peft_vlm_survey.costs.method import SWITCHES, Method, Variant
from peft_vlm_survey.costs.modules import bottleneck, linear
from peft_vlm_survey.costs.symbols import sign

d, m, L, S, r, n, p, T, q = map(sign, ("d", "m", "L", "S", "r", "n", "p", "T", "q"))
E, D, K = map(sign, ("E", "D", "K"))
N_l, F, s, g, H, t = map(sign, ("N_l", "F", "s", "g", "H", "t"))
W_E, W_D, v_E, v_D, z, A, rho = map(sign, ("W_E", "W_D", "v_E", "v_D", "z", "A", "rho"))
E_s, D_s, R = map(sign, ("E_s", "D_s", "R"))
m_d, t_V, q_V = map(sign, ("m_d", "t_V", "q_V"))
_with_norms = {name: name == "norms" for name in SWITCHES}
_with_visual = {name: name in ("norms", "projector") for name in SWITCHES}
_rest = ("biases", "embeddings", "the head, unless --classes is given")

_B = bottleneck(d, m)
_up, _down, _norms = linear(q, d * m) + linear(q, d), linear(q, d * m) + linear(q, m), 2 * linear(q, d)
_generated: dict[str, Any] = {"macs": T * 2 * L * 2 * d * m + 2 * L * 2 * q * d * m, "kept": 2 * L * (d + 2 * m)}
_vl_network = linear(2 * t_V, H) + linear(H, q_V) + 2 * q_V
_vl_sites = linear(q_V, d * m) + linear(q_V, d) + linear(q_V, d * m) + linear(q_V, m)
_vl: dict[str, Any] = {"macs": T * S * 2 * d * m, "kept": S * (d + 2 * m)}


def _vl_pet(gate: Expression, *, macs: Expression = ZERO) -> Variant:
    return Variant(
        each=2 * E * (_B + gate) + D * bottleneck(d, m_d),
        macs=T * (2 * E * 2 * d * m + macs + D * 2 * d * m_d),
        kept=2 * E * (d + 2 * m) + D * (d + 2 * m_d),
    )


METHODS = (
    Method(
        id="hyperformer",
        name="HyperFormer",
        key="karimimahabadi2021hyperformer",
        variants={
            "hyperformer": Variant(
                once=L * t + s * (linear(2 * t, H) + linear(H, q) + 2 * q + 2 * (_up + _down + _norms)) + K * t,
                **_generated,
            )
        },
        parameters={"bottleneck": None, "reduction": "32"},
        switches=_with_norms,
        counted=("the networks that generate adapters and norms", "embeddings of tasks and layers", "the norms"),
        not_counted=_rest,
        settings_tried=("reduction=32",),
    ),
    Method(
        id="hyperformer-pp",
        name="HyperFormer++",
        key="karimimahabadi2021hyperformer",
        variants={
            "hyperformer-pp": Variant(
                once=L * t + s * (2 * t + linear(3 * t, H) + linear(H, q) + 2 * q + _up + _down + _norms) + K * t,
                **_generated,
            )
        },
        parameters={"bottleneck": None, "reduction": "32"},
        switches=_with_norms,
        counted=(
            "one network that generates all adapters and norms",
            "embeddings of tasks, layers and places",
            "the norms",
        ),
        not_counted=_rest,
        settings_tried=("reduction=32",),
    ),
    Method(
        id="lst",
        name="LST",
        key="sung2022lst",
        variants={
            "lst": Variant(
                each=E_s * (W_E / rho**2 + v_E / rho)
                + D_s * (W_D / rho**2 + v_D / rho)
                + (E_s + D_s + s) * (d**2 / rho + d / rho)
                + (d**2 / rho + d)
                + s * z / rho
                + R
                + L,
                macs=T * (E_s * W_E + D_s * W_D) / rho**2
                + T * (E_s + D_s + s + 1) * d**2 / rho
                + 2 * T**2 * A * (E_s + D_s) / (L * rho),
                kept=(E_s + D_s + s) * d,
            )
        },
        parameters={"reduction": "8", "side_layers": None},
        counted=("a side network of the width d/ρ, its taps and gates, its own tables of relative positions",),
        not_counted=("norms of the backbone", *_rest),
        backbone_gradient="no",
        needs="uniform",
        side=True,
        settings_tried=("reduction=8", "reduction=4", "reduction=16"),
    ),
    Method(
        id="lae",
        name="LAE",
        key="gao2023lae",
        variants={
            "adapter": Variant(
                each=N_l * (_B + 1), macs=F + 2 * T * N_l * 2 * d * m, kept=N_l * (d + 2 * m), says="with a scale"
            ),
            "lora": Variant(
                each=N_l * (4 * d * r + 2),
                macs=F,
                kept=N_l * (d + 2 * r),
                says="on keys and values",
                rank_of="keys and values",
            ),
            "prefix": Variant(each=N_l * (2 * p * d + 2), macs=F + 2 * 2 * T * p * N_l * d, kept=N_l * 2 * p),
        },
        parameters={"layers": "5", "bottleneck": "5", "rank": "5", "tokens": "10"},
        counted=("modules with a learned scale in the first layers",),
        not_counted=("the second, averaged copy, which is stored but not trained", "norms", *_rest),
        mergeable="partly",
        needs="uniform",
        copies=2,
        settings_tried=("variant=adapter layers=5 bottleneck=5", "variant=adapter layers=1 bottleneck=1"),
    ),
    Method(
        id="vl-adapter",
        name="VL-Adapter",
        key="sung2022vladapter",
        variants={
            "single": Variant(each=S * _B, **_vl, says="one adapter for all tasks"),
            "multiple": Variant(each=S * _B, **_vl, tasks=4, says="one adapter for each task"),
            "half-shared-up": Variant(
                each=S * (d * m + m), once=S * (d * m + d), **_vl, tasks=4, says="the up-projection is shared"
            ),
            "half-shared-down": Variant(
                each=S * (d * m + d), once=S * (d * m + m), **_vl, tasks=4, says="the down-projection is shared"
            ),
            "hyperformer": Variant(
                once=L * t_V + s * _vl_network + g * _vl_sites + K * t_V, **_vl, tasks=4, says="generated adapters"
            ),
            "compacter": Variant(
                each=S * (2 * n**3 + 2 * d * m / n + m + d),
                **_vl,
                says="hypercomplex adapters, factors unshared",
                hypercomplex=True,
            ),
        },
        parameters={"reduction": "8", "bottleneck": None, "phm": "2"},
        switches=_with_visual,
        counted=("a bottleneck after every attention and feed-forward network", "the norms", "the visual embedding"),
        not_counted=("the vision encoder, whose features are precomputed", *_rest),
        backbone_gradient="partly",
        settings_tried=("variant=single reduction=8", "variant=single reduction=16"),
    ),
    Method(
        id="vl-pet",
        name="VL-PET",
        key="hu2023vlpet",
        variants={
            "large": _vl_pet(_B, macs=2 * E * 2 * d * m),
            "middleX": _vl_pet(d + 1),
            "middleY": _vl_pet(d),
            "small": _vl_pet(2 * d + 1),
        },
        parameters={"bottleneck": None, "reduction": "8", "decoder_bottleneck": "96"},
        switches=_with_visual,
        counted=(
            "gated bottlenecks in the encoder, bottlenecks in the decoder",
            "norms of the encoder",
            "the visual embedding",
        ),
        not_counted=("norms of the decoder", "the vision encoder, whose features are precomputed", *_rest),
        backbone_gradient="partly",
        needs="encoder-decoder",
        norms_of_encoder=True,
        settings_tried=("variant=large", "variant=middleX", "variant=middleY", "variant=small"),
    ),
)
