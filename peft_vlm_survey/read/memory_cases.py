"""Read data/memory_cases.csv: published memory of training runs on one GPU, with what the model needs to know of them."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

_COUNT = "[0-9]+"
_RANGE = r"[0-9]+(\.[0-9]+)? to [0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryCase:
    """One row of memory_cases.csv: a run, its setting, and the memory as printed."""

    group: str = column(required=True)
    role: str = column(required=True, words=("fitted", "spread", "held back"))
    printed_method: str = column(required=True)
    configuration: str = column(required=True, leads="configurations")
    kind: str = column(required=True, words=("peft", "full"))
    trained: str = column(pattern=_COUNT, form="a whole number")
    copied: str = column(pattern=_COUNT, form="a whole number")
    extra_params: str = column(pattern=_COUNT, form="a whole number")
    batch: str = column(required=True, pattern=_COUNT, form="a whole number")
    tokens: str = column(required=True, pattern=_COUNT, form="a whole number")
    tokens_known: str = column(required=True, words=("yes", "at most"))
    bits: str = column(required=True, words=("32", "16", "8", "4"))
    double_quantised: str = column(words=("yes", "no"))
    checkpointing: str = column(required=True, words=("yes", "no", "assumed", "assumed not"))
    compiled: str = column(required=True, words=("yes", "no"))
    chunked_loss: str = column(required=True, words=("yes", "no"))
    library: str = column(required=True, words=("litgpt", "peft", "torchtune", "trainer", "other"))
    optimizer: str = column(required=True, words=("adamw", "adam", "sgd", "paged-8bit", "not stated"))
    value: str = column(required=True, pattern=r"[0-9]+(\.[0-9]+)?", form="a number")
    unit: str = column(required=True, words=("GB", "GiB", "MiB"))
    measured_as: str
    gpu: str
    locator: str
    source: str = column(required=True)
    varying: str = column(words=("yes", "no"))
    command: str
    foretold: str = column(
        pattern=f"{_RANGE}; {_RANGE}; {_RANGE}", form="three ranges such as 8.1 to 9.2; 7 to 10.5; 6.4 to 9"
    )
    remark: str
    row: Row

    @property
    def gigabytes(self) -> float:
        """The printed value in 10^9 bytes."""
        return float(self.value) * {"GB": 1, "GiB": 1.024**3, "MiB": 1.024**3 / 1024}[self.unit]

    @property
    def fitted(self) -> bool:
        """Return whether a run may have set a constant of the closed form."""
        return self.role == "fitted"

    @property
    def held_back(self) -> bool:
        """Return whether a run serves no constant of the memory model, only its test."""
        return self.role == "held back"

    @property
    def allocated(self) -> bool:
        """Return whether the printed value counts what tensors take, and not what the allocator reserves or the card shows."""
        return self.group.startswith("LitGPT") or self.measured_as in ("peak memory active", "peak memory allocated")
