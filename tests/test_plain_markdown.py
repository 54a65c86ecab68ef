import pytest

from peft_vlm_survey.export.plain_markdown import plain


@pytest.mark.parametrize(
    ("myst", "said"),
    [
        ("(sec-a)=\n## A\n", "## A\n"),
        ("[here](#sec-a) and [there](https://x.example/)", "here and [there](https://x.example/)"),
        ("{term}`prompt` and {term}`prompts <prompt>`", "prompt and prompts"),
        ("{filtered}`12 <trained=tokens>` papers", "12 papers"),
        ("{site}`downloads/papers.csv`", "`downloads/papers.csv`"),
        ("{dataset}`tinyref`", "TinyRef"),
        ("All of them. {beside}`a,b`", "All of them. "),
        ("$x_{i}$ stays", "$x_{i}$ stays"),
        (":::{rubric} Ways in\n:::\n\nText", "**Ways in**\n\nText"),
        ("::::{only} html\n:::{container} box\nText\n:::\n::::\n", "Text\n"),
        ("::::{only} latex\nText\n::::\n", ""),
        ("```{raw} latex\n\\x\n```\n", ""),
        ("```python\ncode\n```\n", "```python\ncode\n```\n"),
        ("::::{table} What it is.\n:name: tbl-a\n\n| A |\n| -- |\n::::\n", "**What it is.**\n\n| A |\n| -- |\n"),
    ],
)
def test_what_the_books_builder_reads_becomes_what_every_reader_shows(myst, said, good):
    assert plain(myst, good).strip("\n") == said.strip("\n")


def test_a_table_has_the_number_that_it_has_in_the_book(good):
    text = "::::{table} What it is.\n:name: tbl-a\n\n| A |\n::::\n"
    assert plain(text, good, {"tbl-a": "Table 1.2"}).startswith("**Table 1.2. What it is.**")


def test_citations_name_authors_and_year_and_lead_to_the_work(good):
    reference = good.references["hart2022asker"]
    name = reference.short_authors
    assert plain("{cite:t}`hart2022asker`", good) == f"[{name} ({reference.year})]({reference.address})"
    assert plain("{cite:p}`hart2022asker`", good) == f"([{name}, {reference.year}]({reference.address}))"
