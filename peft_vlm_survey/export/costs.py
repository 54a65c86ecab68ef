"""What every method of the cost model costs by default, as a table: each on every backbone that it can be put on."""

from collections.abc import Iterator, Mapping

from peft_vlm_survey.costs import METHODS, CostError, cost
from peft_vlm_survey.costs.ends import made_of_shapes
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.sheets import Column

COSTS = (
    Column(name="method_id", required=True),
    Column(name="configuration", required=True, leads="configurations"),
    *(
        Column(name=name, required=True, pattern="[0-9]+", form="a whole number")
        for name in ("trained_parameters", "stored_bytes")
    ),
    *(Column(name=name, pattern=r"[0-9]+(\.[0-9]+)?", form="a number") for name in ("memory_low_gb", "memory_high_gb")),
)


def cost_rows(survey: Survey) -> tuple[Mapping[str, str], ...]:
    """Return one row for each method on each backbone, in the order of the cost model and of the configurations."""
    return survey.derived(_rows)


def _rows(survey: Survey) -> tuple[Mapping[str, str], ...]:
    return made_of_shapes(survey, "cost_rows", _priced)


def _priced(known: Mapping[str, Shape]) -> tuple[Mapping[str, str], ...]:
    return tuple(_each(known))


def _each(known: Mapping[str, Shape]) -> Iterator[Mapping[str, str]]:
    for method in METHODS:
        for backbone in known:
            try:
                counts = cost(method, backbone, known=known)
            except CostError:  # the backbone has nothing that the method could train, or is not known well enough
                continue
            needed = need(counts, Options())
            memory = None if needed is None else needed.needed
            yield {
                "method_id": method,
                "configuration": backbone,
                "trained_parameters": str(int(counts.trainable)),
                "stored_bytes": str(int(counts.stored_bytes)),
                "memory_low_gb": "" if memory is None else str(round(memory.low / GB, 1)),
                "memory_high_gb": "" if memory is None else str(round(memory.high / GB, 1)),
            }
