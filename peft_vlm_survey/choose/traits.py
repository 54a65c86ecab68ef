"""What is known of a method beside its numbers and costs: code, licence, merging, the gradient's way, the data it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs import METHODS
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.tasks import GROUPS

# What is trained on few examples: VTAB-1k, with 1,000 images a task, and the tasks of CLIP that are defined so.
FEW_BENCHMARKS = "vtab-1k"
FEW_TASKS = (*GROUPS["CLIP few-shot and base-to-novel"][:3], "few-shot image classification", "few-shot segmentation")
FEW, FULL, NONE = "few", "full", "none"
# Licences under which anything may be done with the code as long as its authors are named.
PERMISSIVE = ("MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Unlicense", "CC BY 4.0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What is known of a method; `merges` and `gradient` are yes, no, partly, or empty where it is not known.

    `same_speed` tells whether inference needs nothing more once all is in place, `has_code` whether there is code to
    train with. `code` is an address or the name of a library; `licence` is empty where none was looked up.
    """

    merges: str = ""
    gradient: str = ""
    same_speed: str = ""
    has_code: str = ""
    code: str = ""
    licence: str = ""
    trains: bool = True


def traits_of(survey: Survey, key: str, priced: str) -> Traits:
    """Return the traits of a method by the key of its paper and its name in the cost model; both may be empty."""
    paper, description = survey.papers_by_key.get(key), survey.description(key)
    counted = METHODS.get(priced)
    merges = counted.mergeable if counted else _answer(description.mergeable if description else ())
    gradient = counted.backbone_gradient if counted else _answer(description.gradient if description else ())
    quick = bool(description) and set(description.inference if description else ()) <= {
        "none",
        "none, text features cached",
    }
    known = bool(description and description.inference)
    library = next((s for s in survey.software if priced and s.method_id == priced and s.licence), None)
    usable = paper is not None and bool(paper.code) and paper.code_extent not in ("empty", "data only", "moved")
    looked_for = paper is not None and (paper.code_found == "none" or bool(paper.code))
    return Traits(
        merges=merges,
        gradient=gradient,
        same_speed="yes" if merges == "yes" or (known and quick) else "no" if known or counted else "",
        has_code="yes" if usable or library else "no" if looked_for else "",
        code=paper.code if paper and usable else library.library if library else "",
        licence=paper.code_licence if paper and usable else library.licence if library else "",
        trains=not (paper and paper.kind == "training-free" and description and "training-free" in description.regime),
    )


def data_of(benchmark: Benchmark) -> str:
    """Return whether a benchmark trains on few examples, on all, or at test time on none that is labelled."""
    if benchmark.task == "CLIP test-time adaptation":
        return NONE
    few = benchmark.benchmark.startswith(FEW_BENCHMARKS) or benchmark.task in FEW_TASKS
    return FEW if few else FULL


def _answer(stated: tuple[str, ...]) -> str:
    values: Mapping[str, str] = {"yes": "yes", "no": "no", "none": "no", "partly": "partly"}
    return values.get(stated[0], "") if stated else ""
