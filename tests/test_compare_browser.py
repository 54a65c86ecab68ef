"""Side by side in headless Chromium: its answers against those of Python, typing a name, its links, its readability."""

import json
import random
import re
from functools import cache

import pytest
from as_json import answer_of
from playwright.sync_api import expect

from peft_vlm_survey.compare.choosable import MOST, choosable, choosable_by_method
from peft_vlm_survey.compare.group_comparisons import group_comparisons
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.side_by_side import answer
from peft_vlm_survey.show.side_by_side_data import index_of

pytestmark = pytest.mark.built
# What the script answers, without the page around it.
ASK = "questions => questions.map(([ids, backbone]) => survey.sideBySide(survey.data.compare, ids, backbone))"


@cache
def meeting():
    """Return the ids of methods that meet in a comparable group, for each group."""
    known = choosable_by_method(the_survey())
    found = [[known[m].id for m in comparison.rows if m in known] for comparison in group_comparisons(the_survey())]
    return [ids for ids in found if len(ids) > 1]


def visit(page, site, state=""):
    page.goto("about:blank")
    page.goto((site / "compare.html").as_uri() + (f"#{state}" if state else ""))
    expect(page.locator(".compare")).to_be_visible()


def names(page):
    return page.locator(".compare-chips li span")


def test_the_script_answers_as_python_does(page, site):
    chance = random.Random(13)  # noqa: S311 - the same questions every time
    index = index_of(the_survey())
    everything = list(choosable(the_survey()))
    asked = [(chance.sample(ids, min(len(ids), chance.randint(2, MOST))), "") for ids in meeting()]
    asked += [
        (chance.sample(everything, chance.randint(2, MOST)), chance.choice(list(index["backbones"]))) for _ in range(60)
    ]
    visit(page, site)
    for start in range(0, len(asked), 20):
        said = answer_of(page, ASK, asked[start : start + 20])
        for (ids, backbone), theirs in zip(asked[start:], said, strict=False):
            mine = json.loads(json.dumps(answer(index, ids, backbone)))
            assert theirs == mine, (ids, backbone)


OPEN_ROWS = 12  # rows of a group that are seen at once, as compare.js has it


def two_that_meet(wanted):
    """Return the first two methods, and the answer, of which a group has such a row, or so many rows."""
    index = index_of(the_survey())
    found = ((ids[:2], answer(index, ids[:2], "")) for ids in meeting())
    return next((ids, said) for ids, said in found if any(map(wanted, said["groups"])))


def cell_as_read(row, cell):
    """Return what the page says of a number: how far it is behind, in brackets where re-runs lie as far apart."""
    sign = "−" if row["higher"] else "+"
    behind = {"even": "", "within": f" ({sign}{cell['behind']})"}.get(cell["verdict"], f" {sign}{cell['behind']}")
    return cell["value"] + (f" ± {cell['spread']}" if cell["spread"] else "") + behind


@pytest.mark.parametrize(
    "wanted",
    [
        lambda group: any(
            not row["higher"] and any(c and c["verdict"] != "even" for c in row["cells"]) for row in group["rows"]
        ),
        lambda group: len(group["rows"]) > OPEN_ROWS,
    ],
    ids=["lower is better", "many rows"],
)
def test_the_reader_sees_every_number_of_the_answer_and_the_best_in_bold(wanted, page, site):
    ids, said = two_that_meet(wanted)
    visit(page, site, f"m={','.join(ids)}")
    expect(page.locator(".compare-said")).to_be_visible()
    folds = page.locator("details.compare-group")
    expect(folds).to_have_count(len(said["groups"]))
    for at, group in enumerate(said["groups"]):
        fold, rows = folds.nth(at), folds.nth(at).locator("tbody tr")
        if not fold.evaluate("fold => fold.open"):
            fold.locator("summary").first.click()
        expect(rows.filter(visible=True)).to_have_count(min(OPEN_ROWS, len(group["rows"])))
        if len(group["rows"]) > OPEN_ROWS:
            fold.get_by_role("button", name=f"All {len(group['rows'])} rows").click()
        expect(rows.filter(visible=True)).to_have_count(len(group["rows"]))
        read = """rows => rows.map(row => [...row.querySelectorAll("td")].slice(0, -1).map(cell =>
            [cell.textContent, Number(getComputedStyle(cell.querySelector("a")).fontWeight) > 500]))"""
        told = [[[cell_as_read(row, c), c["verdict"] == "even"] for c in row["cells"] if c] for row in group["rows"]]
        assert rows.evaluate_all(read) == told


def test_facts_in_which_all_agree_are_set_back_and_no_others(page, site):
    ids, _ = two_that_meet(lambda group: True)
    visit(page, site, f"m={','.join(ids)}")
    rows = page.locator("#compare-facts tbody tr")
    expect(rows.first).to_be_visible()
    read = "rows => rows.map(row => [row.cells[1].textContent === row.cells[2].textContent, row.matches('.same')])"
    agree = rows.evaluate_all(read)
    assert {same for same, _ in agree} == {True, False} and all(same == back for same, back in agree)


def test_ids_that_the_index_leaves_out_are_those_of_python(page, site):
    visit(page, site)
    known = page.evaluate("survey.data.compare.methods.map((row) => [row[0], row[1]])")
    assert known == [[id, one.key] for id, one in choosable(the_survey()).items()]


def test_a_name_is_typed_and_chosen_and_the_address_keeps_it(page, site):
    one, two = meeting()[0][:2]
    known = choosable(the_survey())
    visit(page, site)
    field = page.locator("#compare-field")
    for id in (one, two):
        field.fill(known[id].name)
        page.locator(f"[role=option][data-id='{id}']").click()
    expect(page.locator(".compare-said p").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"#m={one},{two}$"))
    expect(names(page)).to_have_text([known[one].name, known[two].name])


def test_the_keyboard_chooses_and_removes(page, site):
    one = meeting()[0][0]
    visit(page, site)
    field = page.locator("#compare-field")
    field.fill(choosable(the_survey())[one].name)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    expect(names(page)).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("Backspace")
    expect(names(page)).to_have_count(0)


def test_a_link_with_keys_becomes_one_with_short_names(page, site):
    known = choosable(the_survey())
    ids = next(ids[:2] for ids in meeting() if all(known[id].key and known[id].key != id for id in ids[:2]))
    visit(page, site, "m=" + ",".join(known[id].key for id in ids))
    expect(page.locator(".compare-said")).to_be_visible()
    expect(page).to_have_url(re.compile(f"#m={','.join(ids)}$"))


def test_a_name_that_nobody_has_is_said_while_it_is_typed(page, site):
    visit(page, site)
    page.locator("#compare-field").fill("zzzzqqq")
    expect(page.locator(".compare-status")).to_contain_text("No method is called")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("m={0},{1},no-such-method", "no method 'no-such-method'. Type a name and choose it from the list."),
        ("m={0},{1}&backbone=foo", "backbone 'foo' is not known. Choose one from the list below the costs."),
        ("m={0},{1}&foo=1", "word 'foo' is not known. Leave it out: an address can say m and backbone."),
        ("m={0},{1}&m={2}", "m stands twice. Keep one of them."),
        ("m={0},{1},{2},{3},{4}", "5 methods are named. Keep two to 4 of them."),
    ],
)
def test_nothing_is_answered_in_the_place_of_what_an_address_names_and_nobody_knows(page, site, state, told):
    ids = next(ids for ids in meeting() if len(ids) > MOST)
    address = (site / "compare.html").as_uri() + ("?" if "foo=1" in state else "#") + state.format(*ids)
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".compare-status")).to_have_text(told)
    expect(page.locator(".compare-said")).to_have_count(0)
    assert page.url == address  # the link stays what it was, so that it can be mended
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".compare-status")).to_have_text("")
    for id in ids[:2]:
        page.locator("#compare-field").fill(choosable(the_survey())[id].name)
        page.locator(f"#compare-list li[data-id='{id}']").click()
    expect(page.locator(".compare-said")).to_be_visible()
    expect(page).to_have_url(re.compile(r"compare\.html#m=[^&,]+,[^&,]+$"))


def test_what_stands_behind_a_question_mark_is_asked_too(page, site):
    ids = next(ids for ids in meeting() if len(ids) > 1)[:2]
    page.goto("about:blank")
    page.goto((site / "compare.html").as_uri() + f"?m={','.join(ids)}&utm_source=mail")
    expect(page.locator(".compare-said")).to_be_visible()
    expect(page).to_have_url(re.compile(f"compare\\.html#m={','.join(ids)}$"))


def test_every_link_of_an_answer_leads_somewhere(page, site):
    visit(page, site, f"m={','.join(meeting()[0][:MOST])}")
    expect(page.locator(".compare-said")).to_be_visible()
    links = page.eval_on_selector_all(".compare a[href]", "links => links.map(link => link.getAttribute('href'))")
    inner = {link for link in links if not link.startswith("http")}
    assert len(inner) > MOST
    texts = {}
    for link in inner:
        file, _, anchor = link.partition("#")
        assert (site / file).is_file(), link
        if anchor and "=" not in anchor:
            text = texts.setdefault(file, (site / file).read_text(encoding="utf-8"))
            assert f'id="{anchor}"' in text, link


def test_the_bibtex_of_all_is_copied(page, site):
    known = choosable(the_survey())
    ids = next(ids[:2] for ids in meeting() if all(known[id].key for id in ids[:2]))
    visit(page, site, f"m={','.join(ids)}")
    page.get_by_role("button", name="Copy BibTeX of all").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert list(re.findall(r"^@\w+\{(\S+),", copied, re.MULTILINE)) == [known[id].key for id in ids]


def test_another_backbone_is_priced(page, site):
    index = index_of(the_survey())
    priced = next(index["methods"][place][0] for place, ids in index["priced"].items() if ids)
    other = next(id for ids in meeting() for id in ids if id != priced)
    visit(page, site, f"m={priced},{other}")
    backbone = list(index["backbones"])[-1]
    page.locator("#compare-backbone").select_option(backbone)
    expect(page.locator("#compare-backbone")).to_have_value(backbone)
    expect(page).to_have_url(re.compile(f"&backbone={backbone}$"))


def test_its_data_are_loaded_here_alone(site):
    users = [path.name for path in site.glob("*.html") if "compare-index.js" in path.read_text(encoding="utf-8")]
    assert users == ["compare.html"]


def test_without_scripts_the_page_says_what_it_would_do(page_without_scripts, site):
    page_without_scripts.goto((site / "compare.html").as_uri())
    expect(page_without_scripts.locator(".compare-place")).to_contain_text("peft-vlm-survey compare")
    assert page_without_scripts.locator("table.survey").count() > 1


def test_rows_and_papers_lead_to_it(site):
    for folder, pattern in (
        ("datasets", r"#m=[a-z0-9-]+,[a-z0-9-]+"),
        ("benchmarks", r"#m=[a-z0-9-]+,[a-z0-9-]+"),
        ("papers", r"#m=[a-z0-9-]+"),
    ):
        found = [
            path
            for path in (site / folder).glob("*.html")
            if re.search(rf"compare\.html{pattern}", path.read_text(encoding="utf-8"))
        ]
        assert len(found) > 50 or (folder == "datasets" and len(found) > 20), folder


@pytest.mark.parametrize("state", ["", "few", "many"])
def test_it_can_be_read_by_day_and_night_and_on_a_phone(state, inspect, site):
    ids = {"": [], "few": meeting()[-1][:2], "many": meeting()[0][:MOST]}[state]

    def show(page):
        visit(page, site, f"m={','.join(ids)}" if ids else "")
        if ids:
            expect(page.locator(".compare-said")).to_be_visible()

    assert inspect(show, thoroughly=True) == {}
