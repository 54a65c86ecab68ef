"""The file llms.txt: what stands under which heading, without a site around it."""

from peft_vlm_survey.export.llms import Chapter, llms_txt

CHAPTERS = (
    Chapter(name="small", title="Small Things", description="What is small.", notebook=True),
    Chapter(name="words", title="Words", description="What is said.", notebook=False),
)


def parts(text):
    """Return the lines below each heading."""
    _, *found = text.split("\n## ")
    return {part.partition("\n")[0]: part.strip().splitlines()[2:] for part in found}


def test_every_chapter_is_named_with_what_it_is_about_and_a_notebook_where_there_is_one(good):
    found = parts(llms_txt(good, CHAPTERS))
    assert list(found) == ["Data", "Chapters", "Optional"]
    assert found["Chapters"] == [
        "- [Small Things](https://tiny.example/book/small.html): What is small.",
        "- [Words](https://tiny.example/book/words.html): What is said.",
    ]
    assert found["Optional"] == [
        "- [Small Things, as a notebook](https://tiny.example/book/notebooks/small.ipynb)",
    ]


def test_it_says_what_it_is_of_which_edition_and_how_its_numbers_are_to_be_read(good):
    head = llms_txt(good, CHAPTERS).partition("\n## ")[0]
    assert head.startswith(f"# {good.edition.title}\n\n> {good.edition.abstract}\n\nVersion 0.1.0, 2026-01-02. ")
    assert "Text and data: CC BY 4.0; code: MIT." in head
    assert "only under the same protocol and backbone" in head and "not established; it does not mean no" in head
