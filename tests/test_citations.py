import pytest

from peft_vlm_survey.read.chapters import read_citations


def cited(root, text):
    (root / "book" / "index.md").write_text(text, encoding="utf-8")
    return [(citation.line, citation.key) for citation in read_citations(root)[0]]


BOTH = [(1, "a2020b"), (1, "c2021d")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((f"# T\n\nSee {{{role}}}`a2020b`.\n", [(3, "a2020b")]) for role in ("cite", "cite:t", "cite:p", "cite:ps")),
        *((f"# T\n\nSee {{{role}}}`a2020b`.\n", [(3, "a2020b")]) for role in ("cite:author", "cite:year", "paper")),
        *((f"{{cite:p}}`{keys}`\n", BOTH) for keys in ("a2020b,c2021d", "a2020b, c2021d", " a2020b ,c2021d ")),
        ("{cite:t}`a2020b` and {cite:t}`c2021d`\n", BOTH),
        ("x {cite:p}`a2020b,\nc2021d`\n", BOTH),
        ("See {paper}`its *own* name <a2020b>`.\n", [(1, "a2020b")]),
        ("# A title\n\nA sentence with `code` and {ref}`a`.\n", []),
    ],
)
def test_every_key_of_every_citation_is_read_with_its_line(root, text, found):
    assert cited(root, text) == found


def test_every_chapter_is_read(root):
    (root / "book" / "more.md").write_text("{cite:t}`a2020b`\n", encoding="utf-8")
    assert [citation.path for citation in read_citations(root)[0]] == ["book/index.md", "book/more.md"]
