"""Methods that put learned tokens before the input, or before keys and values."""

from peft_vlm_survey.costs.expressions import Expression, if_given
from peft_vlm_survey.costs.method import Method, Variant
from peft_vlm_survey.costs.modules import linear
from peft_vlm_survey.costs.symbols import sign

d, d_0, d_kv, h, p, L, M, T = map(sign, ("d", "d_0", "d_kv", "h", "p", "L", "M", "T"))
W, A, N_l = map(sign, ("W", "A", "N_l"))
# As many rows more in every matrix product and in both sides of every attention.
_longer = p * W + 2 * ((T + p) ** 2 - T**2) * A
_beside = 2 * T * p * A


def _optional(network: Expression, *, otherwise: Expression | int) -> Expression:
    """Return the network's parameters if a hidden width is given, which is 0 if not."""
    return if_given(M, network, otherwise)


METHODS = (
    Method(
        id="prompt-tuning",
        name="Prompt tuning",
        key="lester2021prompt",
        variants={
            "one": Variant(each=p * d_0 + _optional(linear(d_0, M) + linear(M, d_0), otherwise=0), macs=_longer),
            "two-copies": Variant(
                each=2 * p * d_0, macs=_longer, says="one for each stack, as Hugging Face peft stores it"
            ),
        },
        parameters={"tokens": "20", "mlp": None},
        counted=("the embeddings of the learned tokens", "their network of width M, if mlp is given"),
        longer=True,
        settings_tried=("tokens=20", "tokens=1"),
    ),
    Method(
        id="prefix-tuning",
        name="Prefix tuning",
        key="li2021prefix",
        variants={
            "prefix": Variant(
                each=_optional(p * d_0 + linear(d_0, M) + linear(M, 2 * L * d_kv), otherwise=2 * L * p * d_kv),
                macs=_beside,
                kept=2 * L * p * d_kv / T,
            )
        },
        parameters={"tokens": "20", "mlp": None},
        counted=("keys and values of the learned tokens in every layer", "their network of width M, if mlp is given"),
        settings_tried=("tokens=20", "tokens=1"),
    ),
    Method(
        id="p-tuning",
        name="P-tuning",
        key="liu2024ptuning",
        variants={
            "mlp": Variant(each=p * d_0 + linear(d_0, M) + linear(M, M) + linear(M, d_0), macs=_longer),
        },
        parameters={"tokens": "20", "mlp": "128"},
        counted=("the embeddings of the learned tokens", "their network of three layers, needed in training only"),
        longer=True,
        settings_tried=("tokens=20 mlp=128",),
    ),
    Method(
        id="vpt-shallow",
        name="VPT-shallow",
        key="jia2022vpt",
        variants={"shallow": Variant(each=p * d_0, macs=_longer)},
        parameters={"tokens": "10"},
        counted=("the learned tokens before the first layer",),
        longer=True,
        settings_tried=("tokens=10", "tokens=1"),
    ),
    Method(
        id="vpt-deep",
        name="VPT-deep",
        key="jia2022vpt",
        variants={"deep": Variant(each=L * p * d, macs=_longer)},
        parameters={"tokens": "10"},
        counted=("the learned tokens before every layer",),
        longer=True,
        settings_tried=("tokens=10", "tokens=100", "tokens=50", "tokens=1"),
    ),
    Method(
        id="llama-adapter",
        name="LLaMA-Adapter",
        key="zhang2024llamaadapter",
        variants={
            "official": Variant(each=N_l * (p * d + h), macs=_beside * N_l / L, says="a gate for each head"),
            "hf": Variant(
                each=N_l * (p * d + 1), macs=_beside * N_l / L, says="a gate for each layer, as in Hugging Face peft"
            ),
        },
        parameters={"tokens": "10", "layers": None},
        counted=("the learned tokens of the upper layers", "their gates"),
        backbone_gradient="partly",
        needs="uniform",
        default_layers="all but two",
        settings_tried=("tokens=10", "tokens=1"),
    ),
)
