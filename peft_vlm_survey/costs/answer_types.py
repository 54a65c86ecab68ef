"""The answer to a question of costs, member by member, as the command and the functions give it in JSON."""

from typing import TypedDict

Plain = int | float


class Ends(TypedDict):
    """A range, in GB of 10^9 bytes."""

    low: float
    high: float


class Peak(TypedDict):
    """The phase of a step that decides, and what takes its memory, the most first."""

    phase: str
    parts_gb: dict[str, float]


class MemorySetting(TypedDict):
    """With what the memory is told, what is assumed, and what lies outside the published runs."""

    batch: Plain | None
    texts: Plain | None
    length: Plain | None
    outputs: Plain | None
    resolution: Plain | None
    precision: Plain
    at: str
    held: str
    checkpointing: str
    options: dict[str, object]
    assumptions: list[str]


class Answer(TypedDict):
    """What a method costs on a backbone; numbers of parameters are scalars, None is not established."""

    method: str
    backbone: str
    variant: str
    part: str
    place: str
    targets: list[str]
    parameters: dict[str, Plain | str | None]
    tasks: Plain
    classes: Plain | None
    trainable: Plain
    trainable_per_task: Plain
    percent: float | None
    percent_per_task: float | None
    percent_of_all: float | None
    backbone_parameters: int | None
    stored_bytes: Plain
    backbone_bytes: Plain | None
    bits: Plain
    extra_flops_percent: float | None
    extra_flops_percent_unmerged: float | None
    mergeable: str
    backbone_gradient: str
    memory_ratio: float | None
    memory_gb: Ends | None
    memory_shown_gb: Ends | None
    memory_kind: str | None
    memory_peak: Peak | None
    memory_setting: MemorySetting
    formula: str
    formula_latex: str
    formula_numbers: str
    letters: dict[str, str]
    warnings: list[str]
    to_say_first: str
    counted: list[str]
    not_counted: list[str]
    reference: str


class Advice(TypedDict):
    """A change of a run, and what comes of it."""

    words: str
    needed_gb: Ends
    verdict: str


class Fit(TypedDict):
    """Whether a run fits on cards, what decides it, and what to change first."""

    verdict: str
    tested: str
    settled_by: str
    kind: str
    gpus: int
    gpu_gib: float
    gpu_note: str
    gpu_gb: float
    sharding: str
    needed_gb: Ends
    shown_gb: Ends
    context_gb: float
    phase: str
    parts_gb: dict[str, float]
    changes: list[Advice]


class OthersRan(TypedDict):
    """What others ran of a method on models of the kind, and the nearest official script."""

    said: str
    nearest: str
    address: str
    script: list[str]
    script_of: str
    script_address: str


class LinesToRun(TypedDict):
    """Lines of one library that run the setting."""

    title: str
    library: str
    written_in: str
    checked: str
    lines: list[str]


class FullAnswer(Answer):
    """The answer of the command: what others ran, and how it is run, besides."""

    others_ran: OthersRan
    run: list[LinesToRun]


class ListedMethod(TypedDict):
    """A method with its parameters, defaults and variants."""

    name: str
    parameters: dict[str, str | None]
    switches: dict[str, str]
    variants: dict[str, str]
    formula: str
    reference: str


class ListedBackbone(TypedDict):
    """A backbone with its size."""

    name: str
    parameters: int | None


class Listing(TypedDict):
    """What can be priced."""

    methods: dict[str, ListedMethod]
    backbones: dict[str, ListedBackbone]


class FullListing(Listing):
    """What the command lists: the cards and their sizes in GB besides."""

    cards: dict[str, list[int]]
