"""The outer range: what sets it, that the verdict follows it, and how often the verdicts were right."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey import tables
from peft_vlm_survey.costs import cost, shapes
from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.costs.cards import FITS, MAY, NOT, Cards, fitting, settles
from peft_vlm_survey.costs.command import run
from peft_vlm_survey.costs.fit_tested import SIZES, judged, sentences, took
from peft_vlm_survey.costs.memory import GB, Range
from peft_vlm_survey.costs.need import CONTEXT, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.outer import (
    DECODER,
    FEW,
    FULL,
    KINDS,
    LENGTH,
    LIBRARY,
    OUTER,
    SIXTEEN,
    among,
    groups_of,
    kind_of,
    narrowest,
    outer,
)
from peft_vlm_survey.costs.outer_ends import (
    HELD,
    NEAR,
    RUNS,
    SOURCES,
    _narrowest,
    _Run,
    by_source,
    ends,
    left_out,
    sources,
)
from peft_vlm_survey.costs.priced import as_foretold, foretold, of_family, priced, share, unseen
from peft_vlm_survey.costs.unsaid import DECIDES, WORTH, open_in, unsaid
from peft_vlm_survey.costs.worth import parted, worth
from peft_vlm_survey.data import ROOT, the_survey

SHAPES = shapes(ROOT)
# No test here prices a run that is held back, or tells runs of decoders by those of others.
FOUND = tuple(of_family(priced((case for case in the_survey().memory_cases if not case.held_back), SHAPES), DECODER))


# Of full fine-tuning few sources state a limit of the length alone, and these take more than any other states.
LEAST = {FULL: 0.865, SIXTEEN: HELD - 0.005, FEW: HELD}


def asked(*words):
    code, text = run([*words, "--json"], ROOT)
    assert code == 0, text
    return json.loads(text)


def printed(one, factor):
    """Return a run as if so many times the memory had been reported."""
    return replace(one, case=replace(one.case, value=f"{factor * float(one.case.value):.6f}"))


def test_the_ends_are_what_published_runs_set():
    assert ends(FOUND) == OUTER


OFF = st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.5, 0.8])
RUN = st.builds(
    _Run, below=OFF, above=OFF, weight=st.sampled_from([0.25, 0.5, 1.0]), source=st.just(""), uses=st.just(True)
)


@given(runs=st.lists(RUN, min_size=1, max_size=12), level=st.sampled_from([0.5, 0.9, 1.0]))
def test_no_ends_that_hold_the_share_lie_nearer(runs, level):
    def held(below, above):
        return sum(run.weight for run in runs if run.below <= below and run.above <= above)

    enough = level * held(1.0, 1.0) - NEAR
    pairs = {(one.below, other.above) for one in runs for other in runs}
    below, above = _narrowest(runs, level)
    assert held(below, above) >= enough
    assert below + above < min(sum(pair) for pair in pairs if held(*pair) >= enough) + NEAR


def test_each_kind_has_runs_of_many_sources():
    names = sources(FOUND)
    for kind in KINDS:
        own = [one for one in FOUND if one.kind == kind]
        assert len(own) > 50
        assert len({names[one.case.group] for one in own}) >= 18


def test_nine_in_ten_runs_of_a_source_lie_inside_what_the_others_set():
    inside = left_out(FOUND)
    assert by_source(FOUND, inside) >= HELD
    for group in OUTER:
        own = [(one, held) for one, held in zip(FOUND, inside, strict=True) if narrowest(one.groups) == group]
        if len(set(sources(one for one, _ in own).values())) >= SOURCES:
            assert by_source(*zip(*own, strict=True)) >= HELD, group
    for kind, least in LEAST.items():
        own = [(one, held) for one, held in zip(FOUND, inside, strict=True) if one.kind == kind]
        assert by_source(*zip(*own, strict=True)) >= least, kind


def test_runs_that_state_something_stand_apart_where_they_lie_closer_together_and_have_many_sources():
    for kind in KINDS:
        for stated in (LIBRARY, LENGTH):
            group = among(kind, stated)
            own = [one for one in FOUND if group in one.groups]
            many = len(set(sources(own).values())) >= SOURCES and len(own) > RUNS
            assert group not in OUTER or many, group
            if group in OUTER:
                (below, above), (low, high) = OUTER[group], OUTER[kind]
                assert above / below < high / low
    assert among(SIXTEEN, LIBRARY) in OUTER


def test_what_is_stated_of_a_run_narrows_its_outer_range():
    words = ["length=2048", "batch=1"]
    bare, known = (cost("lora", "llama-3.1-8b", more, known=SHAPES).setting for more in ([], words))
    assert groups_of(bare, Options()) == (SIXTEEN,)
    assert groups_of(known, Options()) == (SIXTEEN, among(SIXTEEN, LENGTH))
    assert groups_of(known, Options(lengths="cap")) == (SIXTEEN,)
    assert among(SIXTEEN, LIBRARY) in groups_of(known, Options(library="trl"))
    wide, narrow = (
        outer(Range(10.0, 15.0, 20.0), groups_of(known, options)) for options in (Options(), Options(library="trl"))
    )
    assert narrow.high / narrow.low < wide.high / wide.low


def test_what_is_not_said_is_told_with_what_saying_it_was_worth():
    assert worth(FOUND) == WORTH
    setting = cost("lora", "llama-3.1-8b", ["batch=1", "checkpointing=yes"], known=SHAPES).setting
    assert open_in(setting, Options()) == ("library", "length")
    told, others = WORTH[SIXTEEN]["library"]
    assert told > others
    said = unsaid(setting, Options())
    assert (
        said
        == f"Not stated: library ({told} % of runs that state it lay in the first range, {others} % of the others), longest example."
    )
    all_said = cost("lora", "llama-3.1-8b", ["batch=1", "length=9", "checkpointing=yes"], known=SHAPES).setting
    assert unsaid(all_said, Options(library="trl")) == ""
    few = cost("qlora", "llama-3.1-8b", ["batch=1", "length=9", "checkpointing=yes"], known=SHAPES).setting
    assert open_in(few, Options(library="transformers")) == ("upcast",)
    assert open_in(few, Options(library="transformers", sharding="zero2")) == ()


def test_runs_that_state_a_thing_and_those_that_do_not_are_all_runs_of_the_kind():
    for kind in KINDS:
        for name in DECIDES:
            stated, others = parted(FOUND, kind, name)
            assert len(stated) + len(others) == sum(one.kind == kind for one in FOUND)


def test_the_chapter_says_what_stating_a_thing_was_worth():
    rows = {(row[0], row[1]): row[2:] for row in tables.memory_stated(caption="Stated.", label="tbl-stated").rows}
    for kind, of_kind in WORTH.items():
        for name, (told, others) in of_kind.items():
            stated, silent = (rows[f"{KINDS[kind]}: {DECIDES[name]}", says] for says in ("yes", "no"))
            assert (stated[2], silent[2]) == (str(told), str(others))
            assert int(stated[0]) + int(silent[0]) == sum(one.kind == kind for one in FOUND)


def test_what_was_foretold_of_a_run_is_kept_and_told_while_no_run_is_held_back():
    cases = the_survey().memory_cases
    kept = [one for one in FOUND if one.case.foretold]
    assert len(kept) > 60
    assert all(foretold(as_foretold(one)) == one.case.foretold for one in kept)
    found = of_family(unseen(cases, SHAPES), DECODER)
    assert all(one.case.held_back or one.case.foretold for one in found)
    again = [replace(case, role="held back") if case.group == "ATorch" else case for case in cases]
    fresh = of_family(unseen(again, SHAPES), DECODER)
    assert {one.case.group for one in fresh} == {"ATorch", *(one.case.group for one in found if one.case.held_back)}
    assert all(foretold(one) != one.case.foretold for one in fresh if one.case.group == "ATorch")


def test_a_source_with_many_runs_weighs_as_much_as_one_with_few():
    once = [one for one in FOUND if one.kind == FULL]
    largest = max((one.case.group for one in once), key=[one.case.group for one in once].count)
    assert ends([*once, *(one for one in once if one.case.group == largest)]) == ends(once)


def test_runs_that_took_more_raise_the_upper_end_and_no_lower_one():
    few = [one for one in FOUND if one.kind == FEW]
    groups = {one.case.group for one in few}
    more = [printed(one, 3) if one.case.group in sorted(groups)[:9] else one for one in few]
    assert ends(more)[FEW][1] > 1.5 * OUTER[FEW][1]


def test_groups_of_one_repository_are_one_source_and_repositories_of_one_group():
    names = sources(FOUND)
    assert names["ms-swift LLM"] == names["ms-swift 2.x scripts"]
    assert names["LitGPT tables"] != names["torchtune"]
    laboratories = {one.case.source for one in FOUND if one.case.group == "Day 21 lab"}
    assert len(laboratories) == 2


def test_the_outer_range_lies_around_the_other():
    for group, (below, above) in OUTER.items():
        assert below <= 1 <= above
        wide = outer(Range(10.0, 15.0, 20.0), [group])
        assert (wide.low, wide.high) == (10 * below, 20 * above)
        assert wide.low < wide.mid < wide.high


def test_nearly_all_runs_that_set_it_lie_in_it():
    assert share(FOUND).outer >= 0.94 * len(FOUND)
    assert share(FOUND).outer_width <= 2.05


@pytest.mark.parametrize(("method", "more", "kind"), [("full", [], FULL), ("lora", [], SIXTEEN), ("qlora", [], FEW)])
def test_a_kind_is_what_is_trained_on_how_many_bits(method, more, kind):
    assert kind_of(cost(method, "llama-3.1-8b", more, known=SHAPES).setting) == kind


def test_the_verdict_follows_the_outer_range():
    found = asked("lora", "--backbone", "llava-1.5-7b", "--gpu", "16GB")["fit"]
    assert found["needed_gb"]["high"] < 16.5 < found["outer_gb"]["high"]
    assert found["verdict"] == MAY
    assert found["kind"] == KINDS[SIXTEEN]
    assert found["outer_gb"]["low"] < found["needed_gb"]["low"]
    assert found["shown_outer_gb"]["high"] > found["shown_gb"]["high"]


def test_what_would_settle_it_is_a_word_that_decides_or_a_step():
    counts = cost("qlora", "llama-3.1-8b", ["targets=all", "length=2048"], known=SHAPES)
    card = Cards(size=12 * GIB)
    assert fitting(counts, Options(upcast="no"), card)[2] == FITS
    assert "upcast=no fits, upcast=yes may fit" in settles(counts, Options(), card)
    sixteen = cost("lora", "llama-3.1-8b", ["targets=all", "length=2048"], known=SHAPES)
    assert "length=" in settles(sixteen, Options(lengths="cap"), Cards(size=24 * GIB))
    limit = (24 * GIB - CONTEXT) / 1.05 / GB
    assert f"below {limit:.1f} GB" in settles(sixteen, Options(), Cards(size=24 * GIB))


def test_the_figure_stands_in_the_line_of_the_verdict():
    code, text = run(["lora", "--backbone", "llava-1.5-7b", "--gpu", "16GB", "--explain"], ROOT)
    assert code == 0
    line = next(line for line in text.splitlines() if line.startswith("on a card of 16 GB"))
    told = asked("lora", "--backbone", "llava-1.5-7b", "--gpu", "16GB")["fit"]
    assert line == f"on a card of 16 GB: MAY FIT. {told['tested']}"
    assert told["tested"].count(".") == 1
    assert f"to settle it, {told['settled_by']}" in text
    assert "nine in ten published runs of its kind" in text


def test_verdicts_are_counted_on_every_size_of_a_card():
    one = next(one for one in FOUND if one.case.allocated)
    gib = one.needs.high / GIB
    found = judged([one])
    assert found.asked == len(SIZES) == 8
    assert found.said[FITS] == sum(size > 1.05 * gib + CONTEXT / GIB for size in SIZES)
    # Had it taken a hundred times as much, no verdict that it fits would have been right, and every other.
    other = judged([printed(one, 100)])
    assert other.said == found.said
    assert (other.right[FITS], other.right[NOT]) == (0, found.said[NOT])


def test_what_is_reported_without_the_context_of_cuda_gets_it():
    bare = next(one for one in FOUND if one.case.allocated)
    reserved = next(one for one in FOUND if "reserved" in one.case.measured_as)
    card = next(one for one in FOUND if not one.case.allocated and "reserved" not in one.case.measured_as)
    assert [took(one) - one.case.gigabytes * GB for one in (bare, reserved, card)] == [CONTEXT, CONTEXT, 0]


def test_nearly_all_verdicts_on_the_runs_that_set_the_range_are_right():
    found = judged(FOUND)
    assert found.share_right(FITS) >= 0.97
    assert found.share_right(NOT) >= 0.995
    assert found.said[MAY] <= 0.18 * found.asked
    assert found.share_right(MAY) is None


def test_each_verdict_has_a_sentence_and_no_runs_have_none():
    told = sentences(judged(FOUND))
    assert set(told) == {FITS, MAY, NOT}
    assert all(f"On {len(FOUND)} published runs of decoders priced" in sentence for sentence in told.values())
    assert told[FITS] != told[NOT]
    assert sentences(judged([])) == {}


def test_the_chapter_counts_the_runs_that_set_the_range_by_kind():
    rows = {row[0]: row for row in tables.memory_kinds(caption="Kinds.", label="tbl-kinds").rows}
    assert rows["all"][1] == str(len(FOUND))
    assert sum(int(rows[name][1]) for name in KINDS.values()) == len(FOUND)
    assert all(int(rows[name][5]) >= round(100 * LEAST[kind]) for kind, name in KINDS.items())
    verdicts = {row[0]: row for row in tables.memory_verdicts(caption="Verdicts.", label="tbl-verdicts").rows}
    assert verdicts["all that set the ranges, of decoders"][1] == str(len(FOUND))


def parts(method, words, options, cards=2):
    return need(cost(method, "llama-7b", words, known=SHAPES), options, cards).peak.parts


def test_deepspeed_casts_modules_to_16_bits_and_splits_what_it_trains():
    words = ["targets=all", "rank=64", "length=512"]
    trained = cost("lora", "llama-7b", words, known=SHAPES).trainable
    plain, first = (parts("lora", words, Options(sharding=name)) for name in ("ddp", "zero1"))
    # Two bytes a weight that computes, and half of those of 32 bits and of their states.
    assert first["trained modules"] == pytest.approx((2 + 4 / 2) * trained)
    assert first["states"] == pytest.approx(8 * trained / 2)
    assert plain["trained modules"] == pytest.approx(4 * trained)
    assert plain["states"] == pytest.approx(8 * trained)


def test_under_deepspeed_nothing_that_few_bits_leave_waits_in_32():
    counts = cost("qlora", "llama-7b", ["targets=all"], known=SHAPES)
    no, yes, either = (need(counts, Options(sharding="zero2", upcast=word), 2) for word in ("no", "yes", "open"))
    assert no == yes == either
    assert need(counts, Options(upcast="yes"), 2).peak.total > need(counts, Options(upcast="no"), 2).peak.total


def test_fsdp_holds_the_gradients_of_a_layer_and_of_the_tables_whole_on_their_way():
    words = ["length=4096", "batch=4", "checkpointing=yes"]
    counts = cost("full", "llama-7b", words, known=SHAPES)
    shape = SHAPES["llama-7b"]
    table = 2 * shape.parts[shape.default].vocabulary * shape.parts[shape.default].embedded_width
    alone = need(counts, Options(sharding="fsdp", logits="fused", optimizer="paged"), 4).peak
    two = need(counts, Options(sharding="zero3", logits="fused", optimizer="paged"), 4).peak
    assert alone.phase.startswith("backward pass")
    assert alone.parts["buckets"] > 2 * table
    assert two.parts["buckets"] != alone.parts["buckets"]
