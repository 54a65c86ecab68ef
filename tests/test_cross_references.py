"""Cross-references on paper."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx.addnodes import number_reference, start_of_file

from peft_vlm_survey.site.cross_references import ELSEWHERE, CrossReferences

ENV = SimpleNamespace(
    config=SimpleNamespace(root_doc="index"),
    toctree_includes={"index": ["choose", "models", "why", "supplement"], "supplement": ["method"]},
)


def printed(reference: nodes.Element, before: str = "See ", holder: type[nodes.Element] = nodes.paragraph) -> str:
    """Return what is printed of a sentence with this reference, which is in the second section of the chapter `why`."""
    document = new_document("", get_default_settings())
    document.settings.env = ENV
    models = nodes.section("", nodes.title("", "Models"), nodes.section("", ids=["clip"]))
    first, second = nodes.section("", ids=["first"]), nodes.section("", nodes.figure(ids=["fig-near"]), ids=["second"])
    sentence = holder()
    sentence += [nodes.Text(before), reference]
    second += sentence if holder is nodes.paragraph else nodes.table("", sentence)
    document += start_of_file("", models, docname="models")
    document += start_of_file("", nodes.section("", nodes.title("", "Why"), first, second), docname="why")
    CrossReferences(document).run()
    return sentence.astext()


def leads(address: str, text: str = "CLIP") -> nodes.reference:
    return nodes.reference("", text, refuri=address, internal=True)


PAGE = r"p.~\pageref{\detokenize{models:clip}}"


@pytest.mark.parametrize(
    ("reference", "before", "said"),
    [
        (leads("%models#clip"), "See ", f"See CLIP ({PAGE})"),
        (leads("%models#clip"), "It is known (as ", f"It is known (as CLIP, {PAGE}"),
        (leads("%models"), "See ", r"See CLIP (p.~\pageref{\detokenize{models::doc}})"),
        (leads("%why#first"), "See ", r"See CLIP (p.~\pageref{\detokenize{why:first}})"),
        (number_reference("", "Fig. 2.1", refid="fig-near"), "See ", "See Fig. 2.1"),
        (leads("%references#ref-a2020b"), "See ", "See CLIP"),
        (leads(f"{ELSEWHERE}method#m"), "See ", "See CLIP (supplement)"),
        (leads(f"{ELSEWHERE}choose"), "See (", "See (CLIP, site"),
        (leads("https://one.example"), "See ", "See CLIP"),
    ],
)
def test_a_reference_says_where_to_look(reference, before, said):
    assert printed(reference, before) == said


def test_in_a_table_a_reference_has_no_page():
    assert "pageref" not in printed(leads("%models#clip"), holder=nodes.entry)
