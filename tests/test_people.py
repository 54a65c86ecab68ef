import pytest

from peft_vlm_survey.export.people import Name, names, pages
from peft_vlm_survey.read.reference import Reference


def reference(**fields):
    return Reference(key="a2020b", type="article", fields=fields, line=1)


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Hart, Mary", Name(family="Hart", given="Mary")),
        ("Hart, Mary Ann", Name(family="Hart", given="Mary Ann")),
        ("van der Berg, Jan", Name(family="Berg", given="Jan", particle="van der")),
        ("King, Jr., Martin Luther", Name(family="King", given="Martin Luther", suffix="Jr.")),
        (r"M{\"u}ller, J{\"o}rg", Name(family="Müller", given="Jörg")),
        ("Karimi Mahabadi, Rabeeh", Name(family="Karimi Mahabadi", given="Rabeeh")),
        ("{The Pictures Team}", Name(family="The Pictures Team")),
    ],
)
def test_a_name_is_taken_apart(author, name):
    assert names(reference(author=author)) == (name,)


def test_names_keep_their_order():
    assert [name.family for name in names(reference(author="Bee, B and Ay, A"))] == ["Bee", "Ay"]


@pytest.mark.parametrize(
    ("printed", "split"),
    [("1--9", ("1", "9")), ("1-9", ("1", "9")), ("1–9", ("1", "9")), ("17", ("17", "")), ("", ("", ""))],
)
def test_pages_are_split(printed, split):
    assert pages(reference(pages=printed)) == split
    assert pages(reference()) == ("", "")
