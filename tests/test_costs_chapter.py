"""What the chapter on costs asks: tables and figures of the cost model, on the repository's own data."""

import re
from functools import cache
from itertools import combinations

import pytest
from every import each
from matplotlib.text import Text

from peft_vlm_survey import figures, tables
from peft_vlm_survey.costs import METHODS, CostError, answer, cost, shapes
from peft_vlm_survey.costs.cards import FITS, NOT
from peft_vlm_survey.costs.fit_tested import judged, just_fits
from peft_vlm_survey.costs.kinds import FAMILIES
from peft_vlm_survey.costs.priced import of_family, unseen
from peft_vlm_survey.costs.verdicts import verdicts
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.costs import ROOMS
from peft_vlm_survey.show.printed_costs import WORDS, in_unit

SHAPES = shapes(ROOT)


@cache
def the_core():
    return [paper.key for paper in the_survey().papers if paper.depth == "core"]


ABOUT = {"caption": "A caption.", "label": "tbl-a"}
each_core_paper = each("key", the_core)


def test_every_method_has_its_formula_in_one_table_or_shares_that_of_another():
    named = [name for room in ROOMS.values() for name in room]
    assert len(named) == len(set(named))
    assert set(METHODS) - set(named) == {"linear-probe", "qlora", "bi-lora", "clip-lora"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_formula_in_a_cell_holds_no_bar_that_would_end_the_cell(room):
    table = tables.formulas(room, **ABOUT)
    assert [cell for row in table.rows for cell in row if re.search(r"(?<!\\)\|", cell)] == []


@pytest.mark.parametrize(
    ("room", "method", "formula"),
    [
        ("in place", "BitFit", r"$L \left(7 d + f\right)$ $+\,2 d$"),
        ("in place", "LoRA", "$4 L d r$"),
        ("modules", r"Adapter \(Pfeiffer\)", r"$L \left(2 d m + d + m\right)$"),
        ("prompts", "VPT\\-deep", "$L d p$"),
    ],
)
def test_a_formula_on_a_vit_is_the_known_one(room, method, formula):
    (row,) = [row for row in tables.formulas(room, **ABOUT).rows if row[0].split(" {cite")[0] == method]
    assert row[2] == formula


def test_methods_without_a_counted_module_are_told_as_a_sentence():
    assert "No module of SPT was counted." in tables.checked_forms()


@pytest.mark.parametrize("backbone", ["vit-b16", "clip-bart", "llava-1.5-7b"])
def test_typical_costs_are_those_of_every_method_that_the_backbone_admits(backbone):
    admitted = []
    for method in METHODS:
        try:
            counts = cost(method, backbone, known=SHAPES)
        except CostError:
            continue
        if method != "linear-probe":
            admitted.append(counts)
    rows = tables.typical_costs(backbone, **ABOUT).rows
    assert len(rows) == len(admitted)
    for row, counts in zip(rows, admitted, strict=True):
        assert float(row[1]) == pytest.approx(
            float(counts.trainable) / 1e6, abs=0.5 if float(row[1]) >= 1000 else 5.1e-4
        )
        assert row[2] == f"{answer(counts)['memory_ratio']:.2f}"


def test_typical_costs_give_memory_as_a_range_and_never_as_one_number():
    for row in tables.typical_costs("llava-1.5-7b", batch=1, **ABOUT).rows:
        low, high = re.fullmatch(r"([\d.]+) to ([\d.]+)", row[3]).groups()
        assert float(low) < float(high)


def test_how_far_to_trust_an_answer_is_recomputed_from_the_data():
    survey = the_survey()
    for family, row in zip(FAMILIES, tables.memory_trust(**ABOUT).rows, strict=True):
        found = of_family(unseen(survey.memory_cases, shapes(ROOT)), family)
        parts = (
            sum(one.inside for one in found) / len(found),
            judged(found).share_right(FITS),
            judged(found).share_right(NOT),
            sum(map(just_fits, found)) / len(found),
        )
        assert row[:2] == [family.capitalize(), str(len(found))]
        assert [row[3], *row[5:]] == [f"{100 * part:.0f}" for part in parts]


def test_where_no_run_was_priced_unseen_nothing_is_promised_of_a_verdict(good):
    assert tables.memory_trust(**ABOUT, survey=good).rows == []


def test_every_printed_cost_stands_in_one_of_the_three_tables():
    found = verdicts(the_survey())
    rows = [row for word in WORDS for row in tables.printed_costs(word, **ABOUT).rows]
    assert len(rows) == len(found)
    assert sorted(row[1] for row in rows) == sorted(in_unit(v.printed, v.unit) for v in found)


def test_the_counts_of_the_verdicts_add_up():
    total, *parts = map(int, re.findall(r"\d+", str(tables.verdict_counts()).split("\n", 1)[0]))
    assert total == len(verdicts(the_survey())) == sum(parts)


def test_a_number_that_several_tables_print_is_told_once_too():
    total, *parts = map(int, re.findall(r"\d+", str(tables.verdict_counts()).split("\n")[1]))
    alike = [(v.backbone, v.setting, v.printed, v.unit) for v in verdicts(the_survey())]
    assert total == sum(parts) == len(set(alike)) < len(alike)


def test_a_printed_cost_bears_the_name_that_its_table_gives_the_method():
    (row,) = [row for row in tables.printed_costs("open", **ABOUT).rows if row[1] == "1.14 %"]
    assert row[0] == "Visual projection only"


def test_whoever_prints_a_cost_is_a_paper_a_repository_or_told_to_be_unknown():
    made = [tables.printed_costs(word, **ABOUT) for word in WORDS]
    owners = {row[one.header.index("Reported by")].replace("\\", "") for one in made for row in one.rows}
    assert [owner for owner in owners if not re.match(r"\{cite:t\}`|[\w.-]+/[\w.-]+$|a ", owner)] == []


def test_the_figure_of_printed_costs_draws_every_count_once():
    (axes,) = figures.printed_against_derived().canvas.axes
    drawn = sum(len(line.get_xdata()) for line in axes.lines if line.get_marker() == "o")
    assert drawn == sum(bool(v.printed_scalars and v.derived_scalars) for v in verdicts(the_survey()))


def test_the_figure_of_printed_costs_names_every_open_one():
    (axes,) = figures.printed_against_derived().canvas.axes
    texts = {text.get_text() for text in axes.texts}
    for v in verdicts(the_survey()):
        if v.verdict == "open" and v.printed_scalars:
            assert any(v.backbone_name.split(" (")[0] in t and in_unit(v.printed, v.unit) in t for t in texts), v


def test_the_numbers_of_open_costs_cover_no_point_and_no_other_number():
    figure = figures.printed_against_derived().canvas
    figure.draw_without_rendering()
    (axes,) = figure.axes
    numbers = [text for text in axes.texts if text.get_text().isdigit()]
    boxes = [Text.get_window_extent(text) for text in numbers]
    points = [axes.transData.transform(p) for line in axes.lines if line.get_marker() == "o" for p in line.get_xydata()]
    assert len(numbers) == len([text for text in axes.texts if not text.get_text().isdigit()]) > 0
    assert [box for box in boxes if any(box.contains(*point) for point in points)] == []
    assert [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)] == []


def test_the_figure_of_memory_puts_full_fine_tuning_at_one_and_lst_lowest():
    (axes,) = figures.memory_ratios("t5-base").canvas.axes
    names = [text.get_text() for text in axes.get_yticklabels()]
    ratios = dict(zip(axes.lines[0].get_ydata(), axes.lines[0].get_xdata(), strict=True))
    assert ratios[names.index("Full fine-tuning")] == pytest.approx(1)
    assert min(ratios.values()) == ratios[names.index("LST")]


@pytest.mark.parametrize(
    "draw",
    [
        figures.printed_against_derived,
        lambda: figures.memory_ratios("vit-b16"),
    ],
)
def test_a_figure_drawn_twice_is_the_same(draw):
    assert draw().svg == draw().svg
