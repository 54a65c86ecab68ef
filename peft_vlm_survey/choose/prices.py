"""What a method costs on a backbone: by closed form at its usual settings, or else what is printed beside its number."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.compare.groups import Entry, method_of
from peft_vlm_survey.costs import METHODS, CostError, Shape, cost, known_shapes, memory_ratio
from peft_vlm_survey.costs.against_full import Known
from peft_vlm_survey.costs.cards import usual_card
from peft_vlm_survey.costs.ends import made_of_shapes
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result

ONLY = "its only setting"  # what a setting is called that names nothing
BYTES = 4  # of a stored parameter, where only their number is printed


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What a method costs one task at one setting; None is not known. `setting` is empty if all is as printed.

    `percent` is of the backbone, `stored` in bytes, `slower` in percent of the operations of inference, `memory` in
    shares of what full fine-tuning takes in training, and `memory_rests_on` says on what that rests. A card must have
    `least` bytes for a step of one example, or of sixteen on small models, and with `enough` it is large enough.
    """

    setting: str
    trained: float | None = None
    percent: float | None = None
    stored: float | None = None
    slower: float | None = None
    memory: float | None = None
    least: float | None = None
    enough: float | None = None


def priced_as(survey: Survey, number: Result) -> str:
    """Return the method of the cost model that a number is about; empty if none is."""
    named = survey.methods_by_id.get(number.method)
    if named and named.method_id:
        return named.method_id
    alike = [id for id, method in METHODS.items() if method.key and method.key == number.method_key]
    return alike[0] if len(alike) == 1 else ""  # two methods of one paper are told apart by name alone


def part_on(survey: Survey, configuration: str, part: str) -> str:
    """Return the part that is to be named on a backbone; empty where methods act on it anyway, or there is none."""
    shape = known_shapes(survey).get(configuration)
    return part if shape and part in shape.parts and shape.default != part else ""


def by_form(survey: Survey, id: str, configuration: str, part: str) -> tuple[Price, ...]:
    """Return what a method of the cost model costs at each setting that is possible, the usual one first."""
    return prices_on(survey, configuration, part).get(id, ())


def prices_on(survey: Survey, configuration: str, part: str) -> Mapping[str, tuple[Price, ...]]:
    """Return the same of every method; nothing where the shapes of the backbone are not known."""
    return survey.derived(_everywhere).get((configuration, part_on(survey, configuration, part)), {})


def _everywhere(survey: Survey) -> Mapping[tuple[str, str], Mapping[str, tuple[Price, ...]]]:
    return made_of_shapes(survey, "prices", _priced)


def _priced(shapes: Mapping[str, Shape]) -> Mapping[tuple[str, str], Mapping[str, tuple[Price, ...]]]:
    """Return what every method costs on each backbone as it is, and on each part of it that is to be named."""
    prices = {}
    for configuration, shape in shapes.items():
        for part in ("", *sorted(set(shape.parts) - {shape.default})):
            full: Known = {}
            prices[configuration, part] = {id: _prices(shapes, id, configuration, part, full) for id in METHODS}
    return prices


def _prices(shapes: Mapping[str, Shape], id: str, configuration: str, part: str, full: Known) -> tuple[Price, ...]:
    method = METHODS[id]
    pairs = [f"part={part}"] if part and not method.whole and method.needs not in ("clip", "detector") else []
    prices = []
    # A language model is tuned in all its linear layers where a setting names them, as the advice says.
    first = "targets=all" if shapes[configuration].decoder_only else ""
    for setting in sorted(method.settings_tried, key=lambda setting: first not in setting):
        try:
            prices.append(_at(shapes, id, configuration, [*setting.split(), *pairs], full))
        except CostError:
            continue
    return tuple(prices)


def _at(shapes: Mapping[str, Shape], id: str, configuration: str, pairs: list[str], full: Known) -> Price:
    counts = cost(id, configuration, pairs, known=shapes, classes=METHODS[id].assumed_classes)
    total = shapes[configuration].total
    extra = counts.extra_percent
    needed = need(counts, Options())
    ratio, card = memory_ratio(counts, None, needed, full), usual_card(needed)
    return Price(
        setting=" ".join(pairs) or ONLY,
        trained=float(counts.per_task),
        percent=100 * float(counts.per_task) / total if total else None,
        stored=float(counts.stored_bytes),
        slower=0.0 if METHODS[id].mergeable == "yes" else extra,
        memory=ratio,
        least=None if card is None else card[0],
        enough=None if card is None else card[1],
    )


def as_printed(number: Result, entries: tuple[Entry, ...]) -> Price:
    """Return what is printed as trained beside a number, or beside another of the method's in the group."""
    beside = next(
        (entry for entry in entries if method_of(entry) == method_of(number) and _says(entry)),
        None,
    )
    source = number if _says(number) else beside
    if source is None:
        return Price(setting="")
    millions = float(source.trained_millions) if source.trained_millions else None
    return Price(
        setting="",
        trained=None if millions is None else millions * 1e6,
        percent=float(source.trained_percent) if source.trained_percent else None,
        stored=None if millions is None else millions * 1e6 * BYTES,
    )


def _says(source: Result | Entry) -> bool:
    return bool(source.trained_millions or source.trained_percent)
