"""The methods that others report, and what each is described by or compared with."""

import dataclasses
import re

import pytest

from peft_vlm_survey import figures, tables
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.show.lineage import descents, first_seen
from peft_vlm_survey.site.named_figures import linked


def seen(**fields):
    return first_seen(Reference(key="k", type="misc", fields=fields, line=1))


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({"year": "2022", "eprint": "2106.09685"}, (2021, 6)),
        ({"year": "2022"}, (2022, 13)),
        ({"year": "2021", "eprint": "2206.00001"}, (2021, 13)),
        ({"year": "2008", "eprint": "cs/0701001"}, (2008, 13)),
    ],
)
def test_a_work_is_as_old_as_its_preprint(fields, when):
    assert seen(**fields) == when


@pytest.fixture
def related(good):
    """Return the tiny survey with a table by Grounder that reports Asker and Seer, and a row named after both."""
    row = next(number for number in good.results if number.origin == "grounder-table3")
    more = [
        dataclasses.replace(row, method="Asker", method_key="hart2022asker", claim="rerun"),
        dataclasses.replace(row, method="Asker + Seer", method_key="ivey2022seer", claim="rerun"),
    ]
    return dataclasses.replace(good, results=(*good.results, *more))


def test_what_no_other_paper_reports_does_not_count(good, related):
    assert [one.paper.key for one in descents(good, least=1)] == ["ivey2022seer"]
    assert [(one.paper.key, one.reported) for one in descents(related, least=1)] == [
        ("hart2022asker", 1),
        ("ivey2022seer", 2),
    ]


def test_a_row_named_after_two_methods_states_a_descent(related):
    asker, seer = descents(related, least=1)
    assert (asker.parent, asker.stated, asker.compared) == ("", (), ())
    assert (seer.parent, seer.stated, seer.compared) == ("hart2022asker", ("hart2022asker",), ("hart2022asker",))


def test_a_description_that_names_a_method_states_a_descent_and_one_with_a_longer_name_does_not(related):
    def described(summary):
        told = dataclasses.replace(related.descriptions[0], key="ivey2022seer", summary=summary)
        plain = [dataclasses.replace(one, method="Seer") if "+" in one.method else one for one in related.results]
        changed = dataclasses.replace(related, descriptions=(*related.descriptions, told), results=tuple(plain))
        return descents(changed, least=1)[-1].stated

    assert described("Runs Asker beside the backbone.") == ("hart2022asker",)
    assert described("Runs AskerTwo and Re-Asker beside the backbone.") == ()


def test_the_figure_marks_each_name_and_the_table_lists_each(related):
    svg = figures.lineage(least=1, survey=related).svg
    table = tables.lineage_listed(least=1, caption="c", label="l", survey=related)
    assert [row["key"] for row in table.data] == ["ivey2022seer", "hart2022asker"]
    assert all(f'id="paper-{row["key"]}"' in svg for row in table.data)


def test_on_the_site_each_name_of_the_figure_is_a_link(related):
    svg = linked(figures.lineage(least=1, survey=related).svg, {"hart2022asker": "Asker"}, alt="Two methods.")
    assert svg.count("<a ") == 1
    assert '<a href="papers/hart2022asker.html" aria-label="Asker"><g id="paper-hart2022asker">' in svg
    assert 'aria-label="Two methods."' in svg
    assert "xlink:href=" in svg  # what it draws more than once is found under this name alone
    assert not re.search(r"\bns\d+:", svg)


@pytest.mark.built
def test_the_names_in_the_timeline_lead_to_pages_that_exist(read_page, site):
    links = read_page("field").select("figure#fig-lineage svg a")
    assert len(links) > 20
    assert [link["href"] for link in links if not (site / link["href"]).is_file()] == []
