"""Methods of libraries that change a weight otherwise than by two matrices: vectors on fixed matrices, rotations, spectra."""

from peft_vlm_survey.costs.method import OTHERS, Method, Variant
from peft_vlm_survey.costs.symbols import sign

r, d, L, T, a, n_f = map(sign, ("r", "d", "L", "T", "beta", "n_f"))
sides, outputs, inputs, number = map(sign, ("z_sides", "z_out", "z_in", "z_count"))
# The inputs of every target, shared ones again for each.
each_input = sides - outputs

METHODS = (
    Method(
        id="vera",
        name="VeRA",
        key="kopiczko2024vera",
        variants={
            "vera": Variant(each=r * number + outputs, macs=T * r * sides, kept=r * number + outputs),
            "pvera": Variant(
                each=2 * r * number + outputs,
                macs=None,
                kept=2 * r * number + outputs,
                key="fillioux2026pvera",
                says="with a mean and a variance per rank",
            ),
        },
        parameters={"rank": "256", "targets": "q,v"},
        counted=("a vector of the rank and one of the outputs for each target",),
        not_counted=(*OTHERS, "the two random matrices that all targets share, which are drawn again from a seed"),
        mergeable="yes",
        settings_tried=("rank=256 targets=q,v", "rank=64 targets=q,v"),
    ),
    Method(
        id="oft",
        name="OFT",
        key="qiu2023oft",
        variants={"oft": Variant(each=(a - 1) * each_input / 2, macs=None, kept=inputs + outputs)},
        parameters={"block": "32", "targets": "q,v"},
        counted=("the blocks of one rotation for each target, by the entries above their diagonals",),
        mergeable="yes",
        settings_tried=("targets=q,v", "block=4 targets=q,v"),
    ),
    Method(
        id="hra",
        name="HRA",
        key="yuan2024hra",
        variants={"hra": Variant(each=r * each_input, macs=None, kept=inputs + outputs)},
        parameters={"rank": "8", "targets": "q,v"},
        counted=("a chain of r reflections for each target, each of a vector as long as its input",),
        mergeable="yes",
        settings_tried=("rank=8 targets=q,v", "rank=2 targets=q,v"),
    ),
    Method(
        id="miss",
        name="MiSS",
        key="kang2026miss",
        variants={
            "miss": Variant(each=r * outputs, macs=T * r * outputs, kept=r * number),
            "bat": Variant(
                each=r * outputs,
                macs=None,
                kept=inputs + outputs,
                says="multiplied by the weight, formerly Bone: counts are those of MiSS",
            ),
        },
        parameters={"rank": "64", "targets": "q,v"},
        counted=("one matrix of r times the outputs for each target, which r sums of its inputs pass",),
        mergeable="yes",
        settings_tried=("rank=64 targets=q,v", "rank=8 targets=q,v"),
    ),
    Method(
        id="hira",
        name="HiRA",
        key="huang2025hira",
        variants={
            "hira": Variant(each=r * sides, macs=None, kept=inputs + outputs),
            "shira": Variant(
                each=r * sides,
                macs=None,
                kept=inputs + outputs,
                key="bhardwaj2024shira",
                says="as many single weights as LoRA of the same rank would train",
            ),
        },
        parameters={"rank": "32", "targets": "q,v"},
        counted=("two matrices of rank r for each target, whose product is multiplied by the weight number by number",),
        mergeable="yes",
        settings_tried=("rank=32 targets=q,v", "rank=8 targets=q,v"),
    ),
    Method(
        id="delora",
        name="DeLoRA",
        key="bini2025delora",
        variants={"delora": Variant(each=r * sides + number, macs=T * r * sides, kept=inputs + 2 * r * number)},
        parameters={"rank": "8", "targets": "q,v"},
        counted=("two matrices of rank r and one bound for each target",),
        mergeable="yes",
        settings_tried=("rank=8 targets=q,v", "rank=1 targets=q,v"),
    ),
    Method(
        id="psoft",
        name="PSOFT",
        key="wu2026psoft",
        variants={
            "psoft": Variant(
                each=(r * (r - 1) / 2 + 2 * r) * number, macs=T * r * (sides + r * number), kept=4 * r * number
            )
        },
        parameters={"rank": "32", "targets": "q,v"},
        counted=("one rotation of the r main directions of each target, and two vectors of that length",),
        not_counted=(*OTHERS, "the fixed matrices that lead to these directions and back"),
        mergeable="yes",
        settings_tried=("rank=32 targets=q,v", "rank=8 targets=q,v"),
    ),
    Method(
        id="road",
        name="RoAd",
        key="liao2024road",
        variants={
            "road-1": Variant(each=outputs, kept=outputs),
            "road-2": Variant(each=2 * outputs, kept=outputs),
            "road-4": Variant(each=4 * outputs, kept=outputs),
        },
        parameters={"targets": "q,v"},
        counted=("an angle and a length for each pair of outputs of a target, or for each output, or two",),
        mergeable="yes",
        settings_tried=("targets=q,v",),
    ),
    Method(
        id="fourierft",
        name="FourierFT",
        key="gao2024fourierft",
        variants={
            "fourierft": Variant(each=n_f * number, macs=None, kept=inputs + outputs),
            "waveft": Variant(
                each=n_f * number,
                macs=None,
                kept=inputs + outputs,
                key="bilican2025waveft",
                says="of a wavelet transform",
            ),
        },
        parameters={"frequencies": "1000", "targets": "q,v"},
        counted=("as many entries of the spectrum of each target's change",),
        mergeable="yes",
        settings_tried=("frequencies=1000 targets=q,v", "frequencies=100 targets=q,v"),
    ),
    Method(
        id="loreft",
        name="LoReFT",
        key="wu2024reft",
        variants={
            "loreft": Variant(each=L * (2 * d * r + r), macs=None, kept=L * (d + 2 * r)),
            "direft": Variant(
                each=L * (2 * d * r + r),
                macs=None,
                kept=L * (d + 2 * r),
                says="without the orthogonal projection: counts are those of LoReFT",
            ),
        },
        parameters={"rank": "4"},
        counted=("two matrices and a vector of rank r a layer, which edit what some tokens hold behind it",),
        settings_tried=("rank=4", "rank=1"),
    ),
)
