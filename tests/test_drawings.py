"""The drawings of methods: each as it is described, as it is laid out, and as it is drawn."""

import re
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from every import each
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from peft_vlm_survey import figures
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.drawings import STATES
from peft_vlm_survey.show.drawing import draw
from peft_vlm_survey.show.drawing_graph import arrows, crossed, text_alternative
from peft_vlm_survey.show.drawing_layout import lay_out
from peft_vlm_survey.show.style import FROZEN, TRAINED
from peft_vlm_survey.site import drawings

FOOTNOTE = 8  # points, beside a text of 10
PHONE = 360 * 0.75  # points that a small phone shows, a little of them as margins
# What an official repository, its commit and at least one file look like.
CHECKED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{7}: [\w./+-]+(, [\w./+-]+)*( \| |$)")


@cache
def the_drawings():
    return {drawing.key: drawing for drawing in the_survey().drawings}


each_drawing = each("key", lambda: sorted(the_drawings()))


@cache
def parts_of(key):
    return the_survey().drawn_parts(key)


@cache
def drawn(key):
    return draw(parts_of(key))


def words_of(key):
    return text_alternative(the_survey().name(key), the_drawings()[key], parts_of(key))


@cache
def texts(key):
    """Return every text of a drawing with its place, in points."""
    figure = drawn(key)
    assert figure.svg  # settles the layout
    renderer = figure.canvas._get_renderer()
    scale = 72 / figure.canvas.dpi
    found = [text for text in figure.canvas.findobj(Text) if text.get_text()]
    return [(text, [end * scale for end in text.get_window_extent(renderer).extents]) for text in found]


def test_the_core_papers_and_at_least_25_methods_are_drawn():
    core = {paper.key for paper in the_survey().papers if paper.depth == "core"}
    assert core - set(the_drawings()) == set() and len(the_drawings()) >= 25


@each_drawing
def test_a_drawing_is_of_a_work_that_the_book_knows(key):
    assert key in the_survey().papers_by_key or key in {work.key for work in the_survey().background}


@each_drawing
def test_a_drawing_checked_against_code_names_files_and_their_commit(key):
    drawing = the_drawings()[key]
    if drawing.basis != "paper":
        assert "".join(found.group() for found in CHECKED.finditer(drawing.source)) == drawing.source


@each_drawing
def test_official_code_is_the_code_that_the_catalogue_names(key):
    drawing, paper = the_drawings()[key], the_survey().papers_by_key.get(key)
    if drawing.basis == "official code" and paper and paper.code.startswith("https://github.com/"):
        repository = drawing.source.partition("@")[0]
        assert paper.code.removeprefix("https://github.com/").lower().startswith(repository.lower())


@each_drawing
def test_the_words_name_every_part_that_is_trained_and_every_state(key):
    said = words_of(key)
    assert [part.name for part in parts_of(key) if part.state and part.name and part.name not in said] == []
    present = {part.state for part in parts_of(key)} - {""}
    assert [state for state in present if f"{STATES[state].capitalize()}: " not in said] == []


@each_drawing
def test_the_gradient_runs_as_the_typed_facts_say_or_the_difference_is_explained(key):
    description = the_survey().description(key)
    if description is None or not description.gradient or the_drawings()[key].differs:
        return
    through, beside = crossed(parts_of(key))
    (said,) = description.gradient
    assert {"yes": bool(through), "partly": bool(through and beside), "no": not through}[said]


@each_drawing
def test_something_is_trained_and_a_gradient_reaches_it(key):
    trained = {part.part for part in parts_of(key) if part.is_trained}
    reached = {arrow.start.part for arrow in arrows(parts_of(key)) if arrow.gradient}
    assert trained and trained - reached == set()


@each_drawing
def test_every_part_is_joined_to_another(key):
    known = arrows(parts_of(key))
    joined = {part for arrow in known for part in (arrow.start.part, arrow.end.part)}
    assert [part.part for part in parts_of(key) if part.kind != "frame" and part.part not in joined] == []


@each_drawing
def test_no_label_covers_another_or_leaves_the_drawing(key):
    places = texts(key)
    width, height = (72 * inches for inches in drawn(key).canvas.get_size_inches())
    outside = [t.get_text() for t, (x, y, to_x, to_y) in places if x < 0 or y < 0 or to_x > width or to_y > height]
    assert outside == []
    covering = [(one.get_text(), other.get_text()) for (one, a), (other, b) in combinations(places, 2) if meet(a, b)]
    assert covering == []


def meet(one, other, by=0.0):
    return one[0] + by < other[2] and other[0] + by < one[2] and one[1] + by < other[3] and other[1] + by < one[3]


@each_drawing
def test_a_label_has_room_in_its_part(key):
    layout = lay_out(parts_of(key))
    below = 72 * drawn(key).canvas.get_size_inches()[1] - layout.height
    labels = {}
    for text, place in texts(key):
        labels.setdefault(text.get_text().replace("\n", "|"), []).append(place)
    for part, box in layout.boxes:
        if part.kind in ("block", "operation") and part.label:
            here = (box.left, box.low + below, box.right, box.high + below)
            assert any(
                here[0] <= x and here[1] - 2 <= y and to_x <= here[2] and to_y <= here[3] + 2
                for x, y, to_x, to_y in labels[part.label]
            ), part.label


@each_drawing
def test_parts_do_not_cover_each_other(key):
    boxes = [(part.part, corners(box)) for part, box in lay_out(parts_of(key)).boxes if part.kind != "frame"]
    assert [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if meet(a, b)] == []


def corners(box):
    return box.left, box.low, box.right, box.high


@each_drawing
def test_an_arrow_runs_through_no_part_but_its_ends(key):
    layout = lay_out(parts_of(key))
    wrong = []
    for way in layout.ways:
        for line in (way.corners, way.back):
            for (x, y), (to_x, to_y) in pairwise(line):
                run = min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)
                wrong += [
                    (way.arrow.start.part, way.arrow.end.part, part.part)
                    for part, box in layout.boxes
                    if part.kind != "frame" and part not in (way.arrow.start, way.arrow.end) and meet(run, corners(box))
                ]
    assert wrong == []


@each_drawing
def test_no_arrow_runs_through_the_label_of_a_frame(key):
    layout = lay_out(parts_of(key))
    below = 72 * drawn(key).canvas.get_size_inches()[1] - layout.height
    heads = {part.label for part, _ in layout.heads}
    places = [place for text, place in texts(key) if text.get_text() in heads and text.get_fontsize() == FOOTNOTE]
    runs = [
        (min(x, to_x), min(y, to_y) + below, max(x, to_x), max(y, to_y) + below)
        for way in layout.ways
        for line in (way.corners, way.back)
        for (x, y), (to_x, to_y) in pairwise(line)
    ]
    assert [place for place in places if any(meet(run, place) for run in runs)] == []


@each_drawing
def test_letters_are_no_smaller_than_those_of_a_footnote_and_the_drawing_no_wider_than_a_phone(key):
    assert min(text.get_fontsize() for text, _ in texts(key)) >= FOOTNOTE
    assert 72 * drawn(key).canvas.get_size_inches()[0] <= PHONE * 1.05


@each_drawing
def test_a_drawing_is_vector_and_the_same_each_time(key):
    figure, again = drawn(key), draw(parts_of(key))
    assert ElementTree.fromstring(figure.svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert "<image" not in figure.svg and figure.svg == again.svg


def of_every_kind():
    """Return a few drawings that have between them every kind of part in every state and shape that any has."""
    wanted = {key: {(part.kind, part.state, bool(part.trained)) for part in parts_of(key)} for key in the_drawings()}
    left, chosen = set().union(*wanted.values()), []
    while left:
        chosen.append(max(sorted(wanted), key=lambda key: len(wanted[key] & left)))
        left -= wanted[chosen[-1]]
    return chosen


@each("key", of_every_kind)
def test_a_drawing_is_the_same_in_print_each_time(key):
    assert drawn(key).pdf == draw(parts_of(key)).pdf


@each_drawing
def test_the_key_names_what_stands_in_the_drawing_and_nothing_else(key):
    said = {text.get_text() for text, _ in texts(key)}
    present = {part.state for part in parts_of(key)}
    assert {state for state, words in STATES.items() if words in said} == present - {""}
    assert ("gradient" in said) == any(arrow.gradient for arrow in arrows(parts_of(key)))


def test_frozen_and_added_parts_differ_in_grey():
    frozen, added = (
        sum(weight * part for weight, part in zip(LUMA, to_rgb(fill), strict=True)) for fill in (FROZEN, TRAINED)
    )
    assert abs(frozen - added) > 0.02


LUMA = (0.2126, 0.7152, 0.0722)


def test_a_chapter_is_given_a_figure_with_its_caption_and_label(good):
    answer = str(figures.drawing("garcia2021grounder", caption="Grounder.", label="fig-grounder", survey=good))
    assert answer.startswith(":::{drawing} garcia2021grounder\n:name: fig-grounder\n:made: ")
    assert answer.endswith("\n\nGrounder.\n:::\n")


def test_a_figure_is_made_again_if_and_only_if_its_parts_change(good):
    def made(survey):
        return str(figures.drawing("garcia2021grounder", caption="x", label="fig-x", survey=survey))

    moved = tuple(
        replace(part, row=replace(part.row, cells={**part.row.cells, "left": "1"})) if part.part == "adapter" else part
        for part in good.drawing_parts
    )
    assert made(good) == made(replace(good)) != made(replace(good, drawing_parts=moved))


def test_a_method_without_a_drawing_is_refused(good):
    with pytest.raises(KeyError, match="no drawing 'nobody2020nothing'"):
        figures.drawing("nobody2020nothing", caption="x", label="fig-x", survey=good)


def test_a_copy_and_a_stop_carry_no_gradient_and_the_rest_does_as_in_differentiation(good):
    found = {(arrow.start.part, arrow.end.part): arrow.gradient for arrow in arrows(good.drawn_parts("hart2022asker"))}
    assert found == {
        ("prompts", "layer"): True,
        ("question", "layer"): False,
        ("layer", "bank"): False,
        ("layer", "head"): True,
        ("bank", "head"): False,
        ("head", "answer"): True,
    }


def test_trained_parts_below_let_the_gradient_through_a_layer(good):
    parts = good.drawn_parts("garcia2021grounder")
    through, beside = crossed(parts)
    assert ([part.part for part in through], beside) == (["attention"], ())
    alone = [replace(part, trained_below="") for part in parts]
    through, beside = crossed(alone)
    assert (through, [part.part for part in beside]) == ((), ["attention"])


def test_the_words_say_where_a_part_sits_and_where_no_gradient_runs(good):
    said = text_alternative("Asker", good.drawing("hart2022asker"), good.drawn_parts("hart2022asker"))
    assert said == (
        "Asker: one layer of the language model. Frozen: layer. Trained in place: head. Added and trained: prompts. "
        "Added, not trained: stored answers. Where these sit: prompts (to layer); stored answers (from layer, to head); "
        "head (from layer, from stored answers, to answer). The gradient runs back through: layer."
    )
    untrained = [
        replace(part, state="given", trained="", of="") if part.is_trained else part
        for part in good.drawn_parts("hart2022asker")
    ]
    assert text_alternative("Asker", good.drawing("hart2022asker"), untrained).endswith("No gradient is computed.")


@pytest.mark.parametrize(("settings", "forms"), [({}, ["svg"]), ({"SURVEY_PDF": "1"}, ["svg", "pdf"])])
def test_a_drawing_is_drawn_in_the_forms_that_somebody_sees(settings, forms, monkeypatch):
    """No page gives the drawing of a method away as a file, so that a whole site needs no bitmap of it either."""
    monkeypatch.delenv("SURVEY_PDF", raising=False)
    for name, value in {"SURVEY_WHOLE": "1", **settings}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(drawings, "made", lambda name, work: (work(the_survey()), ""))
    drawn = drawings._drawn("hu2022lora")
    assert list(drawn) == forms
    assert drawn["svg"] == draw(the_survey().drawn_parts("hu2022lora")).svg.encode()
