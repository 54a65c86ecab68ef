"""Methods that train what is there, or what can be folded into it."""

from dataclasses import replace

from peft_vlm_survey.costs.method import OTHERS, SWITCHES, Method, Variant
from peft_vlm_survey.costs.symbols import sign

_no_switches: dict[str, bool] = {}


def _switches(*names: str) -> dict[str, bool]:
    return {name: False for name in SWITCHES if name in names}


r, d, L = map(sign, ("r", "d", "L"))
sides, outputs, scaled, inputs, number = map(sign, ("z_sides", "z_out", "z_scaled", "z_in", "z_count"))
small, large, larger = map(sign, ("z_small", "z_large", "z_larger"))
P, B, N, N_w, R, o, trained_inputs, T = map(sign, ("P", "b", "N", "N_w", "R", "o", "I", "T"))

a, N_l = map(sign, ("beta", "N_l"))
LORA = Variant(each=r * sides, macs=T * r * sides, kept=inputs + r * number)
_OTHER_STARTS = {
    "pissa": "meng2024pissa",
    "olora": "buyukakyuz2024olora",
    "corda": "yang2024corda",
    "loftq": "li2024loftq",
    "lora-ga": "wang2024loraga",
}
METHODS = (
    Method(
        id="full",
        name="Full fine-tuning",
        key="",
        variants={"all": Variant(each=P, kept=trained_inputs)},
        switches=_no_switches,
        counted=("every parameter of the backbone",),
        not_counted=("fixed position tables", "the head, unless --classes is given"),
        mergeable="yes",
        whole=True,
        trains_weights=True,
        already_there="all",
    ),
    Method(
        id="linear-probe",
        name="Linear probing",
        key="",
        variants={"head": Variant()},
        switches=_no_switches,
        counted=("the head, if --classes is given",),
        not_counted=("the backbone",),
        backbone_gradient="no",
    ),
    Method(
        id="bitfit",
        name="BitFit",
        key="benzaken2022bitfit",
        variants={
            "biases": Variant(each=B),
            "by-name": Variant(each=B + R, says="every parameter whose name contains bias, tables of positions too"),
        },
        switches=_switches("norms", "embeddings", "positions", "projector"),
        counted=("every bias of the part, those of the norms among them; on T5 the biases that are added to it",),
        not_counted=("weights of the norms", "tables of relative positions", "the head, unless --classes is given"),
        mergeable="yes",
        needs="biases",
        already_there="all",
        adds_biases=True,
    ),
    Method(
        id="norm-tuning",
        name="Norm tuning",
        key="",
        variants={
            "norms": Variant(each=N - N_w),
            "with-word-norms": Variant(each=N, says="the norms of the word embeddings too"),
        },
        switches=_switches("embeddings", "positions", "projector"),
        counted=("weights and biases of the norms of the blocks and of the final norm",),
        not_counted=("norms of the word embeddings", "LayerScale", "the head, unless --classes is given"),
        mergeable="yes",
        needs="norms",
        already_there="all",
    ),
    Method(
        id="lora",
        name="LoRA",
        key="hu2022lora",
        variants={
            "lora": LORA,
            "dora": Variant(
                each=r * sides + outputs,
                macs=T * r * sides,
                kept=inputs + r * number + outputs,
                key="liu2024dora",
                says="with a magnitude per output; unmerged, peft also computes the norms of all sums in every pass, which is not counted",
            ),
            "rslora": replace(
                LORA, key="kalajdzievski2023rslora", says="scaled by the root of the rank: counts are those of LoRA"
            ),
            "lora-plus": replace(
                LORA,
                key="hayou2024loraplus",
                says="its two matrices learn at different rates: counts are those of LoRA",
            ),
            "gralora": replace(
                LORA,
                key="jung2025gralora",
                kept=inputs + 2 * r * number,
                says="in blocks, with an exchange between them: counts are those of LoRA",
            ),
            **{
                name: replace(LORA, key=key, says="which starts the two matrices otherwise: counts are those of LoRA")
                for name, key in _OTHER_STARTS.items()
            },
            "some-layers": Variant(
                each=r * sides * N_l / L,
                macs=T * r * sides * N_l / L,
                kept=(inputs + r * number) * N_l / L,
                says="on as many layers as are named; the memory is that of LoRA on all",
                of_layers=True,
            ),
        },
        parameters={"rank": "8", "targets": "q,v", "layers": None},
        default_layers="all",
        counted=("two matrices of rank r for each target",),
        mergeable="yes",
        low_rank=True,
        asked_first=True,
        as_makers_do=True,
        # With all linear layers and the projector: as LLaVA-1.5 is tuned.
        settings_tried=(
            *(
                "rank=8 targets=q,v",
                "rank=128 targets=q,v",
                "rank=128 targets=all projector=yes",
                "rank=16 targets=all",
            ),
            *(f"rank={rank} targets=q,v" for rank in (64, 16, 4, 1)),
        ),
    ),
    Method(
        id="qlora",
        name="QLoRA",
        key="dettmers2023qlora",
        variants={"lora": LORA},
        parameters={"rank": "8", "targets": "q,v"},
        counted=("two matrices of rank r for each target",),
        not_counted=(*OTHERS, "the backbone, which is stored with few bits"),
        mergeable="partly",
        bits=4,
        quantised=True,
        low_rank=True,
        as_makers_do=True,
        settings_tried=("rank=8 targets=q,v", "rank=16 targets=all", "rank=4 targets=q,v", "rank=1 targets=q,v"),
    ),
    Method(
        id="bi-lora",
        name="Bi-LoRA",
        key="jie2023binaryadapter",
        variants={"fp32-head": LORA, "bi-head": replace(LORA, binary_head=True)},
        parameters={"rank": "32", "targets": "q,v"},
        counted=("two matrices of rank r for each target, trained as latent 32-bit weights, stored with few bits",),
        mergeable="yes",
        bits=1,
        binarised=True,
        low_rank=True,
        settings_tried=("rank=32 targets=q,v", "rank=1 targets=q,v"),
    ),
    Method(
        id="ia3",
        name="(IA)³",
        key="liu2022ia3",
        variants={
            "ia3": Variant(each=scaled, kept=scaled),
            "inputs": Variant(
                each=sides - outputs, kept=sides - outputs, says="a vector on the inputs of every target"
            ),
        },
        parameters={"targets": None},
        counted=("a vector on keys, values and the inner activations of the feed-forward networks",),
        mergeable="yes",
    ),
    Method(
        id="adalora",
        name="AdaLoRA",
        key="zhang2023adalora",
        variants={"svd": Variant(each=r * (sides + number), macs=T * r * sides, kept=inputs + 2 * r * number)},
        parameters={"rank": "12", "targets": "q,v"},
        counted=("two matrices and r singular values for each target, at the rank with which it begins",),
        not_counted=(*OTHERS, "that the rank falls in training"),
        mergeable="yes",
        settings_tried=("rank=12 targets=q,v",),
    ),
    Method(
        id="loha",
        name="LoHa",
        key="yeh2024lycoris",
        variants={"loha": Variant(each=2 * r * sides, macs=None, kept=inputs + 2 * outputs)},
        parameters={"rank": "8", "targets": "q,v"},
        counted=("two pairs of matrices of rank r for each target, whose products are multiplied number by number",),
        mergeable="yes",
        settings_tried=("rank=8 targets=q,v",),
    ),
    Method(
        id="lokr",
        name="LoKr",
        key="yeh2024lycoris",
        variants={
            "low-rank": Variant(
                each=small + r * larger,
                macs=None,
                kept=inputs + 2 * outputs,
                rank_of="kronecker factor",
                says="the larger Kronecker factor as two matrices of rank r",
            ),
            "whole": Variant(
                each=small + large,
                macs=None,
                kept=inputs + 2 * outputs,
                says="the larger Kronecker factor whole, as from half of its longer side on",
            ),
        },
        parameters={"rank": "8", "targets": "q,v", "factor": None},
        counted=(
            "two factors for each target, whose Kronecker product has its size; each side is split into two numbers that are "
            "as near to each other as possible, or into a given factor and the rest",
        ),
        mergeable="yes",
        settings_tried=("rank=8 targets=q,v", "variant=whole targets=q,v"),
    ),
    Method(
        id="boft",
        name="BOFT",
        key="liu2024boft",
        variants={"boft": Variant(each=a * (sides - outputs) + outputs, macs=None, kept=inputs + outputs)},
        parameters={"block": "4", "targets": "q,v"},
        counted=("the blocks of one rotation for each target, and a scale per output",),
        not_counted=(*OTHERS, "further factors of the rotation"),
        mergeable="yes",
        settings_tried=("targets=q,v",),
    ),
    Method(
        id="ssf",
        name="SSF",
        key="lian2022ssf",
        variants={"ssf": Variant(each=2 * o, kept=o)},
        counted=("a scale and a shift after every operation: linear layers, norms, patch embedding",),
        mergeable="yes",
    ),
    Method(
        id="difffit",
        name="DiffFit",
        key="xie2023difffit",
        variants={
            "blocks": Variant(each=B + 2 * d * L, says="two scales a block: after attention and feed-forward network"),
            "linears": Variant(
                each=B + sign("o_b") * sign("N_l"), says="a scale on every linear layer of the first half of the blocks"
            ),
            "seven": Variant(
                each=B + 7 * d * L, says="7d a block: the only reading that fits what is printed; undocumented"
            ),
        },
        parameters={"layers": None},
        switches=_switches("norms", "embeddings", "positions", "projector"),
        counted=("every bias", "scale vectors; where they stand is not established"),
        not_counted=("weights of the norms", "the label embedding, unless --classes is given"),
        mergeable="yes",
        already_there="biases",
        default_layers="half",
    ),
    Method(
        id="spt",
        name="SPT",
        key="he2023spt",
        variants={
            "lora": Variant(each=sign("u"), macs=None, says="structured part by LoRA"),
            "adapter": Variant(each=sign("u"), macs=None, says="structured part by adapters"),
        },
        parameters={"budget": "400000"},
        switches=_no_switches,
        counted=("the requested budget; what a run trains lies within two per cent of it",),
        not_counted=(
            "the head, unless --classes is given",
            "the places of the weights that are tuned one by one, which the stored bytes leave out too",
        ),
        mergeable="partly",
        trains_weights=True,
        already_there="all",
        settings_tried=("variant=lora budget=400000", "variant=lora budget=200000"),
    ),
)
