"""The drawings of what papers train, of every description of the survey, as an XML parser reads them."""

import re
from dataclasses import replace
from functools import cache

import pytest
from every import each
from lxml import etree

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.schematic import schematic, text_alternative

LETTER = 6.6  # the width of a letter of 11.5 pixels, on the safe side


@cache
def the_described():
    return {found.key: found for found in the_survey().descriptions if found.trained}


each_described = each("key", lambda: sorted(the_described()))


def drawn(description):
    return etree.fromstring(schematic(description))


def bounds(element):
    """Return the left, upper, right and lower end of an element; None of what shows nothing itself."""

    def said(*names):
        return [float(element.get(name)) for name in names]

    if element.tag == "rect":
        x, y, width, height = said("x", "y", "width", "height")
        return x, y, x + width, y + height
    if element.tag == "circle":
        x, y, radius = said("cx", "cy", "r")
        return x - radius, y - radius, x + radius, y + radius
    if element.tag == "path":
        places = [float(number) for number in re.findall(r"-?[0-9.]+", element.get("d"))]
        return min(places[::2]), min(places[1::2]), max(places[::2]), max(places[1::2])
    if element.tag == "text":
        (x, y), width = said("x", "y"), len(element.text) * LETTER
        left = x - {"start": 0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        return left, y - 11, left + width, y + 3
    return None


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def boxes(drawing, kind):
    return [bounds(element) for element in drawing.iter("rect") if element.get("class") == f"schematic-{kind}"]


@each_described
def test_every_paper_that_says_what_is_trained_has_a_drawing_that_names_it_in_words(key):
    found = the_described()[key]
    drawing = drawn(found)
    label = drawing.get("aria-label")
    assert (drawing.tag, drawing.get("role"), label) == ("svg", "img", text_alternative(found))
    assert [value for value in (*found.model[:1], *found.trained) if value.lower() not in label.lower()] == []
    if found.trained != ("nothing",):
        assert [value for value in (*found.part, *found.place) if value not in label] == []


@each_described
def test_nothing_of_a_drawing_lies_outside_of_it(key):
    drawing = drawn(the_described()[key])
    left, top, width, height = map(float, drawing.get("viewBox").split())
    assert (left, top, str(int(width)), str(int(height))) == (0, 0, drawing.get("width"), drawing.get("height"))
    places = [(element, place) for element in drawing.iter() if (place := bounds(element))]
    assert len(places) > 5
    outside = [
        etree.tostring(element)
        for element, (x, y, right, bottom) in places
        if x < 0 or y < 0 or right > width or bottom > height
    ]
    assert outside == []


@each_described
def test_no_block_and_no_mark_covers_another(key):
    drawing = drawn(the_described()[key])
    blocks, marks = [*boxes(drawing, "trained"), *boxes(drawing, "frozen")], boxes(drawing, "mark")
    for place, one in enumerate(blocks):
        assert not [other for other in blocks[place + 1 :] if meet(one, other)]
        assert sum(meet(one, mark) for mark in marks) <= 1
    assert not [(one, other) for place, one in enumerate(marks) for other in marks[place + 1 :] if meet(one, other)]


@each_described
def test_the_names_have_room_in_their_blocks(key):
    drawing = drawn(the_described()[key])
    for block, name in zip(
        [e for e in drawing.iter("rect") if e.get("class") != "schematic-mark"],
        [e for e in drawing.iter("text") if e.get("class") == "schematic-name"],
        strict=True,
    ):
        (left, _, right, _), (start, _, end, _) = bounds(block), bounds(name)
        assert left - 4 <= start and end <= right + 4


@each_described
def test_where_a_part_is_known_a_block_is_trained_and_where_nothing_is_trained_none_is_marked(key):
    found = the_described()[key]
    drawing = drawn(found)
    if found.trained == ("nothing",):
        assert boxes(drawing, "mark") == []
    elif found.part:
        assert boxes(drawing, "trained") and len(boxes(drawing, "mark")) <= len(boxes(drawing, "trained"))
    else:
        assert boxes(drawing, "trained") == []


@pytest.mark.parametrize("trained", [(), ("tokens",)])
def test_a_drawing_without_a_kind_of_model_shows_any_model_and_one_of_nothing_is_none(trained, good):
    found = replace(good.descriptions[0], model=(), trained=trained)
    assert bool(schematic(found)) is bool(trained)
    assert not trained or text_alternative(found).startswith("Model. Trained: tokens in")


@each("model", lambda: [term.value for term in the_survey().vocabulary if term.field == "model"])
def test_every_part_of_the_vocabulary_can_be_drawn_in_every_kind_of_model(model, good):
    for part in [term.value for term in the_survey().vocabulary if term.field == "part"]:
        drawing = drawn(replace(good.descriptions[0], model=(model,), part=(part,)))
        assert boxes(drawing, "trained"), part


def test_what_a_drawing_says_is_escaped(good):
    found = replace(good.descriptions[0], trained=('"><script>',))
    assert drawn(found).get("aria-label") == text_alternative(found)
    assert b"<script" not in etree.tostring(drawn(found))


def test_a_drawing_shows_nothing_but_shapes_and_text():
    tags = {element.tag for found in the_described().values() for element in drawn(found).iter()}
    assert tags == {"svg", "rect", "text", "path", "circle"}


def test_another_part_is_another_drawing(good):
    parts = (("image encoder", "text encoder"), ("image encoder",), ("text encoder",), ("output features",))
    assert len({schematic(replace(good.descriptions[0], part=part)) for part in parts}) == len(parts)
