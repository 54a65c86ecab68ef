"""The one range of memory: its ends are percentiles of what published runs took, by kind of run."""

from dataclasses import replace

import pytest

from peft_vlm_survey.costs import cost, shapes, shapes_of
from peft_vlm_survey.costs.cards import FITS, NOT
from peft_vlm_survey.costs.ends import calibrated, ends_of, left_out
from peft_vlm_survey.costs.fit_tested import certainties, certainty, judged
from peft_vlm_survey.costs.kinds import DECODER, GENERATOR, KINDS, kind_of
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import of_family, priced, share, unseen
from peft_vlm_survey.data import ROOT, the_survey

SURVEY = the_survey()
SHAPES = shapes(ROOT)
TRACED = shapes_of(SURVEY.configurations, SURVEY.memory_traces)
RUNS = priced([case for case in SURVEY.memory_cases if not case.held_back], TRACED)
UNSEEN = unseen(SURVEY.memory_cases, SHAPES)
# What is said of the range: nine in ten. Less may hold of one source left out, and less still of sources that nobody had seen.
HELD = 0.85


def test_each_kind_has_ends_and_every_backbone_has_them():
    found = ends_of(RUNS)
    assert found.keys() == KINDS.keys()
    assert all(ends.low < 1.2 and ends.high > 0.9 and ends.runs >= ends.sources > 0 for ends in found.values())
    assert all(shape.ends == found for shape in SHAPES.values())


@pytest.mark.parametrize(("method", "backbone"), [("full", "llama-7b"), ("qlora", "llava-1.5-7b"), ("lora", "sdxl")])
def test_a_range_is_the_traced_one_times_its_ends(method, backbone):
    traced, found = (need(cost(method, backbone, known=known), Options()) for known in (TRACED, SHAPES))
    ends = SHAPES[backbone].ends[kind_of(cost(method, backbone, known=SHAPES).setting)]
    for name in ("needed", "reserved", "shown"):
        before, after = getattr(traced, name), getattr(found, name)
        assert (after.low, after.high) == pytest.approx((ends.low * before.low, ends.high * before.high))


def test_the_range_holds_runs_of_a_source_that_sets_none_of_it():
    found = left_out(RUNS)
    assert len(found) == len(RUNS)
    inside = [low <= run.reported <= high for run, low, high in found]
    assert sum(inside) >= 0.9 * len(inside)


def test_the_range_holds_runs_that_nobody_had_seen():
    assert share(UNSEEN).inside >= HELD * len(UNSEEN)
    told = judged(UNSEEN)
    for word in (FITS, NOT):
        assert told.share_right(word) >= 0.9


@pytest.mark.parametrize("factor", [0.2, 1, 5])
def test_one_more_run_moves_the_ends_a_little_and_breaks_nothing(factor):
    case = next(case for case in SURVEY.memory_cases if case.command and not case.held_back)
    one = replace(
        case, group="a new group", source="somebody/new@1234567 log", value=f"{case.gigabytes * factor:.2f}", unit="GB"
    )
    moved = calibrated(TRACED, [*SURVEY.memory_cases, one])["llama-7b"].ends
    for kind, ends in SHAPES["llama-7b"].ends.items():
        assert moved[kind][:2] == pytest.approx(ends[:2], rel=0.1)
    assert sum(ends.runs for ends in moved.values()) == len(RUNS) + 1


def test_a_range_without_runs_is_as_traced():
    assert calibrated(TRACED, ())["llama-7b"].ends == {}
    counts = cost("lora", "llama-7b", known=calibrated(TRACED, ()))
    assert need(counts, Options()) == need(cost("lora", "llama-7b", known=TRACED), Options())


def test_verdicts_are_told_by_unseen_runs_of_the_same_family():
    told = certainties(of_family(UNSEEN, DECODER))
    assert f"on {len(of_family(UNSEEN, DECODER))} held-out runs of decoders" in told["full"][FITS]
    assert set(told[GENERATOR].values()) == {certainty(None)}


def test_a_wider_range_is_needed_where_a_limit_of_the_length_alone_is_known():
    ranges = [
        need(cost("lora", "llama-3.1-8b", ["length=4096"], known=SHAPES), Options(lengths=word)).needed
        for word in ("one", "cap")
    ]
    assert ranges[1].low < ranges[0].low < 80 * GB
