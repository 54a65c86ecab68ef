import pytest
from docutils.utils import new_document

from peft_vlm_survey.site.pages import page_link
from peft_vlm_survey.site.papers import PaperRole
from peft_vlm_survey.site.result_pages import BENCHMARK, DATASET, ResultRole

KEY = "jia2022vpt"


class Inliner:
    """What a role asks of the text it stands in."""

    def __init__(self):
        self.document = new_document("book/x.md")
        self.document.settings.report_level = 5
        self.reporter = self.document.reporter


def asked(text, role=None):
    role = role or PaperRole()
    return role(role.kind, f"{{{role.kind}}}`{text}`", text, 7, Inliner())


@pytest.mark.parametrize(("text", "shown"), [(KEY, "VPT"), (f"deep prompts <{KEY}>", "deep prompts")])
def test_a_paper_is_named_by_its_short_name_or_as_the_text_wants(text, shown):
    (link,), messages = asked(text)
    assert (type(link), link.astext(), link["page"], link["kind"]) == (page_link, shown, f"papers/{KEY}", "paper")
    assert messages == []


@pytest.mark.parametrize(("text", "shown"), [("vqav2", "VQAv2"), ("the Karpathy split <vqav2>", "the Karpathy split")])
def test_a_benchmark_is_named_by_its_name_or_as_the_text_wants(text, shown):
    (link,), messages = asked(text, ResultRole(BENCHMARK))
    assert (link.astext(), link["page"], link["kind"], messages) == (shown, "benchmarks/vqav2", "benchmark", [])


def test_a_data_set_is_named_by_its_name_and_an_unknown_one_is_an_error():
    (link,), _ = asked("refcocog", ResultRole(DATASET))
    assert (link.astext(), link["page"], link["kind"]) == ("RefCOCOg", "datasets/refcocog", "dataset")
    made, (message,) = asked("refcocogg", ResultRole(DATASET))
    assert made == [] and "no dataset 'refcocogg'. Did you mean 'refcocog'?" in message.astext()


def test_a_benchmark_without_a_page_is_an_error_where_it_stands():
    made, (message,) = asked("vqa2", ResultRole(BENCHMARK))
    assert made == [] and "no benchmark 'vqa2'. Did you mean 'vqav2'?" in message.astext() and message["line"] == 7


@pytest.mark.parametrize("key", ["jia2022vtp", "vaswani2017attention"])
def test_a_key_without_a_page_is_an_error_where_it_stands(key):
    made, (message,) = asked(key)
    assert made == [] and f"no paper '{key}'." in message.astext() and message["line"] == 7


def test_the_error_names_the_key_that_was_meant():
    _, (message,) = asked("jia2022vtp")
    assert f"Did you mean '{KEY}'?" in message.astext()
