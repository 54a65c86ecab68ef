"""Translations: what a catalogue must hold, what is counted as missing or stale, and what becomes of a page."""

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.messages.catalogues import FOLDER, translations
from peft_vlm_survey.messages.chinese import Chinese, filled, placeholders
from peft_vlm_survey.messages.faults import find_problems
from peft_vlm_survey.messages.progress import Progress, progress
from peft_vlm_survey.messages.said import said_in
from peft_vlm_survey.site.translated import page_in_chinese

CHAPTER = """---
file_format: mystnb
myst:
  html_meta:
    description: A page about three things.
---

# Three Things

One sentence with {cite:t}`hu2022lora` and 4.18 %.
Another one, in {numref}`tbl-x`, with [a link](https://example.org) and $r = 8$.

:::{container} tile
Within a box.
:::

| Head | Number |
| :-- | --: |
| Words | 12.5 |

```{code-cell} python
:tags: [remove-input]
tables.at_a_glance()
```
"""
MESSAGE = "One with {cite:t}`hu2022lora`, {ref}`the end <end>` and 4.18 %, **bold**, [a link](https://example.org) and $r = 8$."
KEPT = "有 {cite:t}`hu2022lora`、{ref}`结尾 <end>` 和 4.18 %、 **粗体** 、[链接](https://example.org) 以及 $r = 8$。"


@pytest.fixture
def book(tmp_path):
    """Return a folder with one chapter, and how to give it a catalogue."""
    (tmp_path / "book").mkdir()
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / "book/three.md").write_text(CHAPTER, encoding="utf-8")

    def catalogue(*pairs, name="three", flag=""):
        lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=UTF-8\\n"', ""]
        for original, translation in pairs:
            lines += [*([flag] if flag else []), f'msgid "{original}"', f'msgstr "{translation}"', ""]
        (tmp_path / FOLDER / f"{name}.po").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return catalogue


def found(root):
    return [(problem.path.rpartition("/")[2], problem.line, problem.message) for problem in find_problems(root)]


def test_the_messages_of_a_chapter_are_its_description_headings_paragraphs_and_cells(book):
    root = book()
    assert [(said.text, said.line) for said in said_in(root, "three")] == [
        ("A page about three things.", 5),
        ("Three Things", 8),
        (
            "One sentence with {cite:t}`hu2022lora` and 4.18 %. "
            "Another one, in {numref}`tbl-x`, with [a link](https://example.org) and $r = 8$.",
            10,
        ),
        ("Within a box.", 14),
        ("Head", 17),
        ("Number", 17),
        ("Words", 19),
    ]


def test_a_translation_that_keeps_all_is_fine(book):
    assert found(book((MESSAGE, KEPT))) == []


@pytest.mark.parametrize(
    ("kept", "changed", "lost"),
    [
        ("{cite:t}`hu2022lora`", "{cite:t}`hu2022lorra`", "{cite:t}`hu2022lora`"),
        ("{cite:t}`hu2022lora`", "胡等人", "{cite:t}`hu2022lora`"),
        ("<end>", "<start>", "{ref}`end`"),
        ("4.18", "4.81", "4.18"),
        ("4.18 %", "百分之四", "4.18"),
        ("https://example.org", "https://example.com", "https://example.org"),
        ("$r = 8$", "$r = 4$", "$r = 8$"),
        (" **粗体** ", "粗体", "**bold**"),
    ],
)
def test_a_translation_that_loses_something_is_refused_where_it_stands(book, kept, changed, lost):
    root = book((MESSAGE, KEPT.replace(kept, changed)))
    assert ("three.po", 4, f"the translation lacks {lost}.") in found(root)


def test_a_number_more_is_refused(book):
    assert found(book(("Two words.", "2 个词。"))) == [("three.po", 4, "the translation adds 2.")]


@pytest.mark.parametrize(
    ("translation", "place"),
    [("文字,更多", "字,"), ("文字(更多)", "(更多"), ("用LoRA训练", "用L"), ("训练 LoRA模型", "A模"), ("结束.", "束.")],
)
def test_chinese_is_set_as_chinese_is(book, translation, place):
    assert found(book(("Words.", translation))) == [("three.po", 4, f"'{place}' is not set as Chinese is.")]


def test_placeholders_of_shared_catalogues_are_kept(book):
    root = book(("{1} of {2} papers", "{1} 篇论文"), ("{1} cards", "{1} 张卡"), name="answers")
    assert found(root) == [("answers.po", 4, "the translation lacks 2.")]


def test_a_message_whose_numbers_are_other_placeholders_is_never_asked_for(book):
    root = book(("{1}3B", "{1}3B"), ("8 of {1}", "{1} 中的 8"), ("13B, {1}", "13B，{1}"), name="answers")
    assert [message for _, _, message in found(root)] == [
        "'{1}3B' is never asked for.",
        "'8 of {1}' is never asked for.",
    ]


def test_a_gap_is_kept(book):
    root = book(("{a} and {b}", "{a} 和 {b}"), ("behind {a}", "落后"), name="answers")
    assert found(root) == [("answers.po", 7, "the translation lacks {a}.")]


def test_a_catalogue_without_a_chapter_and_a_file_that_is_none_are_refused(book):
    book(("Words.", "文字。"), name="four")
    root = book()
    (root / FOLDER / "three.po").write_text('msgid "open\n', encoding="utf-8")
    assert [(name, line) for name, line, _ in found(root)] == [("four.po", 1), ("three.po", 1)]


def test_what_is_missing_stale_or_in_doubt_is_counted_and_not_shown(book):
    root = book(("Three Things", "三件事"), ("Gone.", "不在了。"), ("Head", ""))
    assert progress(root) == [Progress("three", 1, 6, 1)]
    root = book(("Within a box.", "在框里。"), flag="#, fuzzy")
    assert progress(root) == [Progress("three", 0, 7, 1)]
    assert translations(root, "three") == {}


def test_answers_are_messages_with_placeholders():
    message, held = placeholders(r"12 of {cite:t}`x`, 4\.18 % on ViT-B/16")
    assert message == "{1} of {2}, {3} % on ViT-B/{4}"
    assert filled("{3} %：{2}，{1}，{4}", held) == "4.18 %：{cite:t}`x`，12，16"


def test_a_number_in_a_name_is_no_placeholder():
    names = "HQSeg-44K with Llama2-13B, Qwen2.5-7B and 15k@3cb2d43"
    assert placeholders(f"{names}, 4,096 of 1.5.") == (f"{names}, {{1}} of {{2}}.", ["4,096", "1.5"])


def test_the_catalogues_of_the_book_hold_what_their_messages_hold():
    assert found(ROOT) == []


def test_a_term_is_called_as_the_glossary_calls_it(book):
    root = book(("Two backbones with low-rank adaptation.", "两个骨干网络，用低秩适应。"))
    assert [problem.message for problem in find_problems(root, the_survey().glossary)] == [
        "'low-rank adaptation' is called otherwise."
    ]


@pytest.mark.parametrize(
    ("answer", "chinese"),
    [
        (
            "1.6 points ahead of full fine-tuning: 59.6 % with VL-PET-large on Average, 1st of 11 (CLIP; VQA set-up).",
            "平均：比全量微调高 1.6 个百分点（59.6 %，以 VL-PET-large 计），在 11 种方法中排第 1（CLIP；VQA set-up）。",
        ),
        (
            "3 of 8 methods compared with it (SSF, VPT among them); level with 1; behind 4 (GPS).",
            "与它比较过的 8 种方法中的 3 种（包括 SSF、VPT）；与 1 种持平；落后于 4 种（GPS）。",
        ),
        (
            "No method is known to keep every limit. The catalogue has 5 papers on object detection.",
            "尚不知道有方法满足全部限制。论文目录中有 5 篇关于目标检测的论文。",
        ),
        ("**The catalogue has 5 papers on object detection.**", "**论文目录中有 5 篇关于目标检测的论文。**"),
        ("No method is known to keep every limit. Some sentence of which nobody knows anything.", ""),
    ],
)
def test_a_computed_sentence_is_found_by_a_message_with_gaps(answer, chinese):
    assert Chinese(ROOT, the_survey()).of(answer) == chinese


@pytest.mark.parametrize("other", ["方法族", "仓库", "批量为一", "低位量化", "位数"])
def test_translations_call_a_thing_by_one_name(other, book):
    ((_, _, message),) = found(book(("Words.", f"文字：{other}。")))
    assert message.endswith("is called otherwise.")


@pytest.mark.parametrize(
    ("answer", "chinese"),
    [
        ("Few-shot", "少样本"),
        ("own weights: both encoders", "模型自身权重：双侧编码器"),
        ("LoRA, few-shot.", "LoRA，少样本。"),
        ("LoRA, VPT", ""),
        ("none", ""),
        ("few-shot, and words that nobody translated", ""),
    ],
)
def test_labels_and_lists_of_labels_come_from_the_data(answer, chinese, tmp_path):
    assert Chinese(tmp_path, the_survey()).of(answer) == chinese


def test_of_a_page_labels_are_translated_and_no_part_of_what_stands_in_english():
    page = '<p class="untranslated" lang="en">A <a>few-shot</a> run</p><a title="few-shot" href="papers/x.html">few-shot</a><code>few-shot</code>'
    assert page_in_chinese(page) == (
        '<p class="untranslated" lang="en">A <a>few-shot</a> run</p>'
        '<a title="少样本" href="../papers/x.html">少样本</a><code>few-shot</code>'
    )
