import pytest

from peft_vlm_survey.read.chapters import read_citations


def cited(root, text):
    (root / "book" / "index.md").write_text(text, encoding="utf-8")
    return [(citation.line, citation.key) for citation in read_citations(root)[0]]


@pytest.mark.parametrize("role", ["cite", "cite:t", "cite:p", "cite:ps", "cite:author", "cite:year"])
def test_every_role_of_a_citation_is_read(root, role):
    assert cited(root, f"# T\n\nSee {{{role}}}`able2020adapter`.\n") == [(3, "able2020adapter")]


@pytest.mark.parametrize("keys", ["a2020b,c2021d", "a2020b, c2021d", " a2020b ,c2021d "])
def test_every_key_of_a_citation_is_read(root, keys):
    assert cited(root, f"{{cite:p}}`{keys}`\n") == [(1, "a2020b"), (1, "c2021d")]


def test_several_citations_of_a_line_are_read(root):
    assert cited(root, "{cite:t}`a2020b` and {cite:t}`c2021d`\n") == [(1, "a2020b"), (1, "c2021d")]


def test_a_citation_over_two_lines_is_read(root):
    assert cited(root, "x {cite:p}`a2020b,\nc2021d`\n") == [(1, "a2020b"), (1, "c2021d")]


def test_a_chapter_without_a_citation_has_none(root):
    assert cited(root, "# A title\n\nA sentence with `code` and {ref}`a`.\n") == []


def test_every_chapter_is_read(root):
    (root / "book" / "more.md").write_text("{cite:t}`a2020b`\n", encoding="utf-8")
    assert [citation.path for citation in read_citations(root)[0]] == ["book/index.md", "book/more.md"]


@pytest.mark.parametrize("text", ["a2020b", "its *own* name <a2020b>"])
def test_a_paper_that_is_named_is_read(root, text):
    assert cited(root, f"# T\n\nSee {{paper}}`{text}`.\n") == [(3, "a2020b")]
