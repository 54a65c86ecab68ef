"""The rules of design for chapters, one chapter at a time."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from every import each
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from peft_vlm_survey import figures, tables
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import CATEGORIES

SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "book").glob("*.md"))}


@cache
def the_core():
    return [paper for paper in the_survey().papers if paper.depth == "core"]


NUMBERS = "four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|hundred"
TYPED_COUNT = re.compile(
    rf"\b(?:\d+|{NUMBERS})\s+(?:core\s+|catalogued\s+|reported\s+)?"
    r"(?:papers|references|errata|bibliography entries|reported numbers|printed tables)\b",
    re.IGNORECASE,
)

# A label in the text, of a question, or of a figure; and what a reference asks for, behind its own words or alone.
LABEL = re.compile(r"""^\(([\w-]+)\)=$|\blabel="([\w-]+)"|^[ :]+name: ((?:fig|tbl)-[\w-]+)$""", re.MULTILINE)
REFERENCE = re.compile(r"\{(?:numref|ref)\}`(?:[^`<]*<)?([^`<>]+)>?`")

DRAWING = "figures.drawing"
# What a figure asks that its caption is written for.
ASKED_OF = {
    "fig-vision-storage": 'figures.tradeoff("binaryadapter-readme", y="vtab-1k-mean", x="storage")',
    "fig-costs-memory": 'figures.memory_ratios("vit-b16", "t5-base", "llava-1.5-7b")',
    "fig-language-memory": 'figures.tradeoff("lst-table1", y="glue-average", x="memory")',
    "fig-qa-gains": 'figures.gains("vlpet-table2", method="VL-PET-large", reference="Full fine-tuning", backbone="CLIP-RN101 + BART-base")',
    "fig-front-vl": 'figures.front("vl-multitask-three-seeds", "CLIP-RN101 + BART-base")',
    "fig-sam-versions": "figures.versions('kirillov2023sam', 'ravi2025sam2', 'carion2025sam3')",
    "fig-known-new": 'figures.known_and_new("clip-b2n-quoted", named=["Zero-shot CLIP", "CoOp", "CoCoOp", "ProGrad", "KgCoOp", "MaPLe", "PromptSRC", "CLIP-LoRA", "MMA", "HiCroPL", "ArGue", "Spotlighter", "2SFS"])',
    "fig-all-gains": "figures.all_gains(least=8)",
}
# Tables that no sentence refers to: the heading or the sentence before says what they are; that of corrections has no number on
# paper, where it is another one.
UNREFERRED = {
    *("tbl-beside-low-rank", "tbl-beside-prompts", "tbl-beside-shared", "tbl-bib-files", "tbl-corrections"),
    *("tbl-data-files", "tbl-machine-files"),
    *(f"tbl-datasets-{category}" for category in CATEGORIES),
    "tbl-changes-rankings",
}
each_chapter = each("chapter", SOURCES)


@dataclass(frozen=True)
class Cell:
    """One code cell: its options and its parsed code."""

    options: dict[str, Any]
    code: ast.Module

    @property
    def imports(self) -> bool:
        return all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in self.code.body)


def cells(chapter: str) -> list[Cell]:
    found = []
    for match in re.finditer(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", SOURCES[chapter], re.MULTILINE | re.DOTALL):
        text = match.group(1)
        if text.startswith("---\n"):
            head, _, body = text.removeprefix("---\n").partition("\n---\n")
        else:
            lines = text.splitlines(keepends=True)
            options = [line for line in lines if line.startswith(":")]
            head, body = "".join(line[1:] for line in options), "".join(lines[len(options) :])
        found.append(Cell(options=yaml.safe_load(head) or {}, code=ast.parse(body)))
    return found


def questions(chapter: str) -> list[Cell]:
    return [cell for cell in cells(chapter) if not cell.imports]


def asked(cell: Cell) -> str:
    """Return what a cell asks, such as `tables.record`, or its code if it is no such call."""
    match cell.code.body:
        case [ast.Expr(ast.Call(ast.Attribute(ast.Name(module), question)))] if module in ("tables", "figures"):
            return f"{module}.{question}"
    return ast.unparse(cell.code)


def figure_cells(chapter: str) -> list[Cell]:
    """Return the cells whose settings say caption and name; a drawing is asked for with both."""
    return [cell for cell in cells(chapter) if asked(cell).startswith("figures.") and asked(cell) != DRAWING]


def drawing_labels(chapter: str) -> list[str]:
    return [
        ast.literal_eval(keyword.value)
        for cell in cells(chapter)
        if asked(cell) == DRAWING
        for keyword in ast.walk(cell.code)
        if isinstance(keyword, ast.keyword) and keyword.arg == "label"
    ]


def figure_option(cell: Cell, *names: str) -> str:
    value: Any = cell.options
    for name in ("mystnb", *names):
        value = (value or {}).get(name)
    return value or ""


def arguments(cell: Cell) -> list[ast.expr]:
    return arguments_of(cell.code)


def arguments_of(code: ast.AST) -> list[ast.expr]:
    return [
        value
        for call in ast.walk(code)
        if isinstance(call, ast.Call)
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]
    ]


def captions(chapter: str) -> list[str]:
    in_calls = [
        ast.literal_eval(keyword.value)
        for cell in cells(chapter)
        for keyword in ast.walk(cell.code)
        if isinstance(keyword, ast.keyword) and keyword.arg == "caption"
    ]
    in_figures = [figure_option(cell, "figure", "caption") for cell in figure_cells(chapter)]
    by_hand = re.findall(r"^[:`]{3,}\{(?:table|list-table|figure)\}(.*)$", SOURCES[chapter], re.MULTILINE)
    return [*in_calls, *in_figures, *by_hand]


def without_code(chapter: str) -> str:
    text = re.sub(r"^(`{3,})[^\n]*\n.*?^\1$", "", SOURCES[chapter], flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


@each_chapter
def test_cells_import_only_the_survey(chapter):
    imported = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for cell in cells(chapter)
        for node in ast.walk(cell.code)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert set(imported) <= {"peft_vlm_survey"}


@each_chapter
def test_a_cell_asks_one_question_that_the_package_answers(chapter):
    known = {
        f"{door.__name__.removeprefix('peft_vlm_survey.')}.{name}"
        for door in (tables, figures)
        for name in door.__all__
    }
    assert [asked(cell) for cell in questions(chapter) if asked(cell) not in known] == []


def plain(value):
    return isinstance(value, ast.Constant) or (isinstance(value, ast.List) and all(map(plain, value.elts)))


@each_chapter
def test_the_arguments_of_a_question_are_plain_values_or_lists_of_them(chapter):
    given = [value for cell in questions(chapter) for value in arguments(cell)]
    assert [ast.unparse(value) for value in given if not plain(value)] == []


@each_chapter
def test_the_code_of_a_cell_is_not_printed(chapter):
    hidden = {"remove-input", "remove-cell"}
    assert [asked(cell) for cell in cells(chapter) if hidden.isdisjoint(cell.options.get("tags", []))] == []


@each_chapter
def test_captions_do_not_cite(chapter):
    assert [caption for caption in captions(chapter) if "{cite" in caption] == []


@each_chapter
def test_no_caption_is_empty(chapter):
    assert [caption for caption in captions(chapter) if not caption.strip()] == []


@each_chapter
def test_every_figure_has_a_name_to_refer_to(chapter):
    names = [figure_option(cell, "figure", "name") for cell in figure_cells(chapter)] + drawing_labels(chapter)
    assert [name for name in names if not re.fullmatch(r"fig-[a-z0-9-]+", name)] == []


@each_chapter
def test_every_figure_is_referred_to_in_the_text(chapter):
    names = [figure_option(cell, "figure", "name") for cell in figure_cells(chapter)] + drawing_labels(chapter)
    assert [name for name in names if f"`{name}`" not in SOURCES[chapter]] == []


def test_a_figure_asks_what_its_caption_is_written_for():
    made = {figure_option(cell, "figure", "name"): cell.code for chapter in SOURCES for cell in figure_cells(chapter)}
    asking = {name: ast.unparse(code) for name, code in made.items() if arguments_of(code)}
    assert asking == {name: ast.unparse(ast.parse(code)) for name, code in ASKED_OF.items()}


def test_every_table_is_referred_to_in_the_text():
    text = "\n".join(SOURCES.values())
    wanted = {*REFERENCE.findall(text)}
    tables_there = {name for names in LABEL.findall(text) for name in names if name.startswith("tbl-")}
    assert tables_there - wanted == UNREFERRED


@each_chapter
def test_every_figure_has_an_alt_text_of_a_sentence(chapter):
    texts = [figure_option(cell, "image", "alt") for cell in figure_cells(chapter)]
    assert [text for text in texts if len(text.split()) < 6] == []


@each_chapter
def test_a_chapter_describes_itself_in_50_to_160_characters(chapter):
    front = yaml.safe_load(re.match(r"---\n(.*?)\n---\n", SOURCES[chapter], re.DOTALL).group(1))
    assert 50 <= len(front["myst"]["html_meta"]["description"]) <= 160


@each_chapter
def test_a_chapter_has_one_heading_of_the_first_level(chapter):
    assert len(re.findall(r"^# ", without_code(chapter), re.MULTILINE)) == 1


@each("paper", the_core, ids=lambda paper: paper.key)
def test_every_core_paper_has_one_labelled_passage_and_a_section_among_the_audits(paper):
    passage = re.compile(rf"^\(sec-{paper.key}\)=\n##+ {re.escape(paper.name)}$", re.MULTILINE)
    (chapter,) = [name for name, text in SOURCES.items() if passage.search(text)]
    assert f"<audit-{paper.key}>`" in SOURCES[chapter]
    assert f"\n(audit-{paper.key})=\n## {paper.name}\n" in SOURCES["audits"]
    assert f"<sec-{paper.key}>`" in SOURCES["audits"]


@each_chapter
def test_a_chapter_holds_no_raw_html(chapter):
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(dollarmath_plugin)
    tokens = [token for block in parser.parse(SOURCES[chapter]) for token in [block, *(block.children or [])]]
    raw = [token.content for token in tokens if token.type in ("html_block", "html_inline")]
    assert raw + re.findall(r"\{raw\} *html", SOURCES[chapter]) == []


@each_chapter
def test_counts_of_the_survey_are_computed_and_not_typed(chapter):
    assert TYPED_COUNT.findall(without_code(chapter)) == []


def test_a_label_stands_once_in_the_book_and_every_reference_to_one_finds_it():
    labels = Counter(name for text in SOURCES.values() for names in LABEL.findall(text) for name in names if name)
    assert [label for label, times in labels.items() if times > 1] == []
    wanted = [(chapter, label) for chapter, text in SOURCES.items() for label in REFERENCE.findall(text)]
    assert wanted
    assert [(chapter, label) for chapter, label in wanted if label not in labels] == []
