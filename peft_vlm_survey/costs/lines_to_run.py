"""The lines to run a setting with, one set a library: what a reader copies once the answer is chosen."""

from collections.abc import Iterable, Iterator, Mapping

from peft_vlm_survey.costs.answer_types import LinesToRun
from peft_vlm_survey.costs.names import warnings
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.software import OPEN, snippets_of
from peft_vlm_survey.read.software import Software

# How far lines are known to be right.
CHECKED: Mapping[str, str] = {
    "run": "run on the installed library",
    "imported": "its options were found in the installed library",
    "read": "read in its sources, not run",
}
PROJECTOR = "# The projector, which is counted too, is not trained by these lines."  # a comment in all three languages


def lines_to_run(software: Iterable[Software], setting: Setting) -> list[LinesToRun]:
    """Return the lines that run a setting, in each library that has them; those that were run come first.

    There are none where the targets do not stand in the model as they are named, since they would train something else.
    """
    if warnings(setting.shape, setting.part, setting.targets):
        return []
    beside = (PROJECTOR,) if setting.switches.get("projector") else ()
    return [
        {
            "title": f"{library} ({row.lines_in}; {CHECKED[row.verified]})",
            "library": library,
            "written_in": row.lines_in,
            "checked": row.verified,
            "lines": [*lines, *beside],
        }
        for row, lines in snippets_of(software, setting.method.id, _values(setting), setting)
        if lines
        for library in [f"{row.library} {row.version}".strip()]
    ]


def as_text(libraries: Iterable[LinesToRun]) -> Iterator[str]:
    """Yield the lines of each library below its title; `libraries` are as the JSON has them."""
    for library in libraries:
        yield f"{library['title']}:"
        yield from (f"    {line}" for line in library["lines"])


def _values(setting: Setting) -> dict[str, object]:
    values: dict[str, object] = {
        name: int(number) for name, number in setting.numbers.items() if name in OPEN and number
    }
    if setting.classes is not None:
        values["classes"] = round(setting.classes)
    if setting.targets:
        values["targets"] = ",".join(setting.targets)
    return values
