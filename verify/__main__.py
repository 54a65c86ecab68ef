"""Build, count, compare, and print a table: `make verify`."""

import os
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # no weights are loaded
warnings.filterwarnings("ignore")


from peft_vlm_survey.costs import cost, shapes_of  # noqa: E402
from peft_vlm_survey.read.registry import TABLES  # noqa: E402
from verify import (  # noqa: E402
    counts,
    decoders,
    encoder_traces,
    frozen_towers,
    libraries,
    models,
    names,
    peak_check,
    snippet,
    traces,
)

ROOT = Path(__file__).resolve().parent.parent


def _counts() -> Iterator[str]:
    """Yield a line a method, and one for each difference."""
    rows, shapes = TABLES["implementations"].read(ROOT)[0], TABLES["configurations"].read(ROOT)[0]
    known = shapes_of(shapes)
    equal: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    apart: list[str] = []
    for row, answer in counts.answers(rows, {shape.id: shape for shape in shapes}):
        total[row.method_id] += 1
        setting = f"{row.method_id} on {row.configuration} {' '.join(row.setting)}".rstrip()
        closed = cost(row.method_id, row.configuration, row.setting, known=known, classes=row.classes or None)
        if isinstance(answer, str):
            apart.append(f"  not built: {setting}: {answer}")
        elif answer == row.number == getattr(closed, row.quantity):
            equal[row.method_id] += 1
        else:
            apart.append(
                f"  DIFFERS: {setting}: built {answer}, frozen {row.value}, by form {getattr(closed, row.quantity)}"
            )
    yield f"{'method':<20}{'rows':>6}{'equal':>7}"
    for method, number in total.items():
        yield f"{method:<20}{number:>6}{equal[method]:>7}"
    yield f"{'all':<20}{sum(total.values()):>6}{sum(equal.values()):>7}"
    yield from apart


def _libraries() -> Iterator[str]:
    rows = TABLES["software"].read(ROOT)[0]
    seen = libraries.look(rows)
    by_package: dict[str, list[libraries.Found]] = defaultdict(list)
    for checked in seen:
        by_package[checked.row.package].append(checked)
    yield f"{'library':<20}{'version':>14}{'rows':>6}{'as told':>9}{'lines run':>11}"
    for package, group in by_package.items():
        ran = sum(bool(checked.trained) for checked in group)
        good = sum(checked.holds for checked in group)
        yield f"{package:<20}{group[0].installed:>14}{len(group):>6}{good:>9}{ran:>11}"
    for checked in seen:
        if not checked.holds:
            missing = ", ".join(checked.missing) or f"installed {checked.installed}, trained {checked.trained}"
            yield f"  DIFFERS: {checked.row.library}: {checked.row.name}: {missing}"
    absent = sorted({row.package for row in rows if row.package} - set(by_package))
    yield f"  not installed here, and so not checked: {', '.join(absent)}"


def _names() -> Iterator[str]:
    rows = TABLES["configurations"].read(ROOT)[0]
    lines = list(names.look(rows, shapes_of(rows)))
    backbones = len({line.backbone for line in lines})
    good = sum(line.holds for line in lines)
    yield f"names of layers on {backbones} backbones: {good} of {len(lines)} lines train what the closed form counts"
    for line in lines:
        if not line.holds:
            yield f"  DIFFERS: {line.backbone} {','.join(line.targets)}: {line.code}: {line.trained}, by form {line.derived}"


def _traces() -> Iterator[str]:
    rows, traced = (TABLES[name].read(ROOT)[0] for name in ("configurations", "memory_traces"))
    known = shapes_of(rows, traced)
    yield f"{'peak of a step, states left out':<106}{'traced':>11}{'priced':>11}{'ratio':>8}"
    for run in peak_check.look({row.id: row for row in rows}, known):
        mark = "" if run.holds else "  DIFFERS"
        yield f"{run.label:<106}{run.traced / 1e9:>8.2f} GB{run.priced / 1e9:>8.2f} GB{run.priced / run.traced:>8.4f}{mark}"
    decoding = [row for row in rows if decoders.can_be_traced(row)]
    built = {(row.id, "language"): traces.parameters(row) for row in decoding}
    built |= {place: number for row in rows for place, number in encoder_traces.parameters(row)}
    forms = {(name, part): known[name].parts[part].params for name, part in built}
    apart = [place for place, number in built.items() if number != forms[place]]
    yield f"parameters of {len(built)} towers that were traced: {len(built) - len(apart)} as the closed form counts them"
    for name, part in apart:
        yield f"  {name}, {part}: built {built[name, part]:,}, by form {forms[name, part]:,}  DIFFERS"


def _models() -> Iterator[str]:
    rows = TABLES["configurations"].read(ROOT)[0]
    counted = list(models.look(rows, shapes_of(rows)))
    whole = [count for count in counted if count.part == "whole"]
    good = sum(count.holds for count in counted)
    yield f"{len(whole)} whole models: {good} of {len(counted)} counts of their parts are those of the closed form"
    for count in counted:
        if not count.holds:
            yield f"  DIFFERS: {count.backbone}, {count.part}: built {count.built:,}, by form {count.derived:,}"


def _towers() -> Iterator[str]:
    rows = TABLES["configurations"].read(ROOT)[0]
    towers = list(frozen_towers.look(rows, shapes_of(rows)))
    good, again = sum(tower.holds for tower in towers), sum(tower.built and tower.again for tower in towers)
    yield f"frozen vision towers with checkpointing: {good} of {len(towers)} as told: a gradient enters {sum(tower.built for tower in towers)}, of which {again} compute their layers again"
    for tower in towers:
        if not tower.holds:
            yield f"  DIFFERS: {tower.backbone}: a gradient enters: {tower.built}, by the calculator {tower.expected}"


def main() -> int:
    """Print the tables and return 1 if anything differs."""
    started = time.monotonic()
    lines: list[str] = []
    for part in (_counts, _models, _traces, _towers, _libraries, _names, snippet.look):
        before = time.monotonic()
        for line in part():
            print(line)
            lines.append(line)
        print(f"  {time.monotonic() - before:.0f} s\n")
    differing = sum("DIFFERS" in line for line in lines)
    print(f"{differing} differences; {time.monotonic() - started:.0f} s in all.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
