from pathlib import Path

import pytest

from peft_vlm_survey.texlog import find_problems

TEX = "\\chapter{Grounding}\nSome text.\n\\chapter{Vision}\n视 and more.\n"


def told(folder: Path, log: str, tex: str = TEX) -> list[tuple[int, str]]:
    (folder / "book.log").write_text(log, encoding="utf-8")
    (folder / "book.tex").write_text(tex, encoding="utf-8")
    (folder / "book.pdf").write_bytes(b"%PDF-1.5")
    return [(problem.line, problem.message) for problem in find_problems(folder)]


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("This is XeTeX\n(./book.tex\nOutput written on book.pdf (3 pages).\n", []),
        (
            "x\n! Undefined control sequence.\nl.4 \\nothing\n",
            [(2, "TeX error in 'Vision': Undefined control sequence.")],
        ),
        (
            "! Undefined control sequence.\nl.2 \\nothing\n\n! Missing $ inserted.\nl.4 _\n",
            [
                (1, "TeX error in 'Grounding': Undefined control sequence."),
                (4, "TeX error in 'Vision': Missing $ inserted."),
            ],
        ),
        ("! Emergency stop.\n<*> book.tex\n", [(1, "TeX stopped: Emergency stop.")]),
        (
            "Missing character: There is no 视 (U+89C6) in font [lmroman10-regular]!\n",
            [(1, "no glyph for '视' (U+89C6) in 'Vision'.")],
        ),
        (
            "Overfull \\hbox (12.3pt too wide) in paragraph at lines 2--4\n",
            [(1, "a line stands out by 12.3 pt in 'Grounding'.")],
        ),
        ("Overfull \\hbox (4.9pt too wide) in paragraph at lines 2--4\n", []),  # nobody sees it
    ],
)
def test_what_went_wrong_is_told_with_its_chapter(tmp_path, log, said):
    assert told(tmp_path, log) == said


def test_a_folder_without_a_log_or_without_a_pdf_is_a_problem(tmp_path):
    assert [problem.message for problem in find_problems(tmp_path)] == ["no LaTeX log."]
    (tmp_path / "book.log").write_text("This is XeTeX\n", encoding="utf-8")
    assert [problem.message for problem in find_problems(tmp_path)] == ["LaTeX made no PDF."]


@pytest.mark.parametrize(
    ("warning", "chapter"),
    [
        ("LaTeX Warning: Reference `a' on page 1 undefined on input line 2.", "'Grounding'"),
        ("LaTeX Warning: Citation `a' on page 1 undefined on input line 4.", "'Vision'"),
        ("LaTeX Warning: Label `a' multiply defined.", "'Grounding'"),
        ("LaTeX Warning: There were undefined references.", "'Grounding'"),
    ],
)
def test_a_broken_reference_is_told_with_its_chapter(tmp_path, warning, chapter):
    assert [message.endswith(f"in {chapter}.") for _, message in told(tmp_path, warning + "\n")] == [True]


def test_a_warning_that_latex_broke_after_79_bytes_is_told(tmp_path):
    warning = f"LaTeX Warning: Reference `{'a' * 60}' on page 1 undefined on input line 4."
    assert len(told(tmp_path, f"{warning[:79]}\n{warning[79:]}\n")) == 1
