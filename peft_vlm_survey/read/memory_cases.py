"""Read data/memory_cases.csv: published memory of training runs on one GPU, with what the model needs to know of them."""

from dataclasses import dataclass
from pathlib import Path

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import Column, Row, read_records

PATH = "data/memory_cases.csv"
_COUNT = "[0-9]+"
COLUMNS = (
    Column(name="group", required=True),
    Column(name="printed_method", required=True),
    Column(name="configuration", required=True),
    Column(name="kind", required=True, words=("peft", "full")),
    Column(name="trained", pattern=_COUNT, form="a whole number"),
    Column(name="copied", pattern=_COUNT, form="a whole number"),
    Column(name="extra_params", pattern=_COUNT, form="a whole number"),
    Column(name="batch", required=True, pattern=_COUNT, form="a whole number"),
    Column(name="tokens", required=True, pattern=_COUNT, form="a whole number"),
    Column(name="tokens_known", required=True, words=("yes", "at most")),
    Column(name="bits", required=True, words=("16", "4")),
    Column(name="double_quantised", words=("yes", "no")),
    Column(name="checkpointing", required=True, words=("yes", "no", "assumed", "assumed not")),
    Column(name="compiled", required=True, words=("yes", "no")),
    Column(name="chunked_loss", required=True, words=("yes", "no")),
    Column(name="library", required=True, words=("litgpt", "peft", "torchtune", "trainer")),
    Column(name="optimizer", required=True, words=("adamw", "paged-8bit")),
    Column(name="value", required=True, pattern=r"[0-9]+(\.[0-9]+)?", form="a number"),
    Column(name="unit", required=True, words=("GB", "GiB")),
    Column(name="measured_as"),
    Column(name="gpu"),
    Column(name="locator"),
    Column(name="source", required=True),
    Column(name="remark"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryCase:
    """One row of memory_cases.csv: a run, its setting, and the memory as printed."""

    group: str
    printed_method: str
    configuration: str
    kind: str
    trained: str
    copied: str
    extra_params: str
    batch: str
    tokens: str
    tokens_known: str
    bits: str
    double_quantised: str
    checkpointing: str
    compiled: str
    chunked_loss: str
    library: str
    optimizer: str
    value: str
    unit: str
    measured_as: str
    gpu: str
    locator: str
    source: str
    remark: str
    row: Row

    @property
    def gigabytes(self) -> float:
        """The printed value in 10^9 bytes."""
        return float(self.value) * (1.024**3 if self.unit == "GiB" else 1)


def read_memory_cases(root: Path) -> tuple[tuple[MemoryCase, ...], tuple[Problem, ...]]:
    """Read the cases in the order of the file."""
    return read_records(root, PATH, COLUMNS, MemoryCase)
