"""Read data/methods.csv: one name for each method, whatever the tables print."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

ROLES = ("untuned", "system")


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One row of methods.csv; `aliases` are printed names that mean exactly this method.

    `method_id` names the method of the cost model that it means; a mixture of two, another variant, and what has no closed
    form mean none. `role` says what is no way to adapt a model of one's own: an `untuned` model, or a `system` trained whole.
    """

    method: str = column(required=True, unique=True)
    key: str = column(leads="references")
    role: str = column(words=ROLES)
    method_id: str
    aliases: tuple[str, ...]
    note: str
    row: Row
