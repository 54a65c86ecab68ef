"""Methods made for one kind of vision–language model."""

from typing import Any

from peft_vlm_survey.costs.in_place import LORA
from peft_vlm_survey.costs.method import Method, Variant
from peft_vlm_survey.costs.modules import linear
from peft_vlm_survey.costs.symbols import sign

m, p, e, rho, k, C, w, J = map(sign, ("m", "p", "e", "rho", "k_s", "C", "w", "J"))
d, d_t, f_B, G, i, i_S, T = map(sign, ("d", "d_t", "f_B", "G", "i_G", "i_S", "T"))
_towers = ("both towers",)
STAGES = 3
# In and out of each stage by a convolution of the stage's stride; its widths are a quarter, half and all of the last.
_strided = 2 * m * (2**2 * w / 4 + 1**2 * w / 2 + 2**2 * w)
_text_way = STAGES * (2 * d_t * m + m + d_t) + 4 * m * (STAGES - 1)
_interactor = 2 * (4 * m**2 + 4 * m) + linear(m, f_B) + linear(f_B, m) + 6 * m
_crossing = 4 * m**2 + 4 * m

_gated = (
    (2 * d * i + 2 * d * i + 4 * d)  # queries, keys with values, output; two norms
    + (2 * d + d**2 / 2 + d / 2)  # the gate: norm, half the width, one number
    + (2 * d + 8 * d**2)  # feed-forward network
    + 1
)
_select = (4 * e * i_S + 4 * e + 2 * e + 8 * e**2) + (3 * e * i_S + 4 * e + i_S * d + 2 * d + 8 * d**2 + e * d)


def _of_clip(**special: Any) -> Method:
    """Return a method for the two towers of CLIP, which has no head and nothing to switch on."""
    return Method(switches={}, needs="clip", head=False, **special)


METHODS = (
    _of_clip(
        id="etris-bridger",
        name="ETRIS bridger",
        key="xu2023etris",
        variants={
            "resnet": Variant(each=STAGES * 2 * _interactor + _strided + _text_way, macs=None),
            "vit": Variant(
                each=STAGES * 2 * _crossing + STAGES * (2 * w * m + 2 * m + 2 * w) + _text_way,
                macs=None,
                says="the released code",
            ),
        },
        parameters={"bottleneck": "64"},
        counted=("the bridger between the towers in three stages",),
        not_counted=("the decoder, 22.7 to 26.7 M", "positional embeddings, which the code leaves trainable"),
        default_with_vision="vit",
        settings_tried=("bottleneck=64", "bottleneck=8"),
    ),
    Method(
        id="mq-det-gcp",
        name="MQ-Det (gated class-scalable perceiver)",
        key="xu2023mqdet",
        variants={
            "with-selection": Variant(each=G * _gated + _select, macs=None),
            "blocks": Variant(each=G * _gated, macs=None, says="the gated blocks alone"),
        },
        switches={},
        counted=("six gated blocks", "the module that selects visual queries"),
        not_counted=("the detector",),
        backbone_gradient="partly",
        needs="detector",
        head=False,
        settings_tried=("variant=with-selection", "variant=blocks"),
    ),
    _of_clip(
        id="coop",
        name="CoOp",
        key="zhou2022coop",
        variants={
            "unified": Variant(each=p * d_t),
            "class-specific": Variant(
                each=C * p * d_t, says="one context a class; needs --classes", needs_classes=True
            ),
        },
        parameters={"tokens": "16"},
        counted=("the context before the class names",),
        not_counted=(*_towers, "a head: there is none"),
        backbone_gradient="partly",
        learned_context=True,
        settings_tried=("tokens=16", "tokens=4"),
    ),
    _of_clip(
        id="maple",
        name="MaPLe",
        key="khattak2023maple",
        variants={"coupled": Variant(each=J * (p * d_t + linear(d_t, w)), macs=None)},
        parameters={"tokens": "2", "depth": "9"},
        counted=(
            "learned tokens of the text tower in the first layers",
            "the layers that make those of the vision tower",
        ),
        not_counted=(*_towers, "a head: there is none"),
        learned_context=True,
        both_towers=True,
        settings_tried=("tokens=2 depth=9",),
    ),
    _of_clip(
        id="promptsrc",
        name="PromptSRC",
        key="khattak2023promptsrc",
        variants={"independent": Variant(each=J * p * (d_t + w), macs=None)},
        parameters={"tokens": "4", "depth": "9"},
        counted=("learned tokens of both towers in the first layers",),
        not_counted=(*_towers, "a head: there is none"),
        learned_context=True,
        both_towers=True,
        settings_tried=("tokens=4 depth=9",),
    ),
    _of_clip(
        id="clip-lora",
        name="CLIP-LoRA",
        key="zanella2024cliplora",
        variants={"both-towers": LORA},
        parameters={"rank": "2", "targets": "q,k,v,vision.q,vision.k,vision.v"},
        counted=("two matrices of rank r for queries, keys and values of both towers",),
        not_counted=(*_towers, "a head: there is none"),
        mergeable="yes",
        low_rank=True,
        settings_tried=("rank=2",),
    ),
    _of_clip(
        id="clip-adapter",
        name="CLIP-Adapter",
        key="gao2024clipadapter",
        variants={
            "official": Variant(each=2 * e**2 / rho, macs=2 * e**2 / rho),
            "biased": Variant(each=2 * e**2 / rho + e / rho + e, macs=2 * e**2 / rho, says="with biases"),
        },
        parameters={"reduction": "4"},
        counted=("the adapter on image features",),
        not_counted=(*_towers, "a head: there is none"),
        backbone_gradient="no",
        reduces_embedding=True,
        settings_tried=("reduction=4",),
    ),
    _of_clip(
        id="tip-adapter-f",
        name="Tip-Adapter-F",
        key="zhang2022tipadapter",
        variants={"keys": Variant(each=k * C * e, macs=k * C * e, needs_classes=True)},
        parameters={"shots": "16"},
        counted=("the keys of the cache",),
        not_counted=(*_towers, "the values of the cache, which are labels", "a head: there is none"),
        backbone_gradient="no",
        settings_tried=("shots=16", "shots=1"),
        assumed_classes=100,
    ),
)
