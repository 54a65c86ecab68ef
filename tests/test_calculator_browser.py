"""The calculator of the chapter on costs in headless Chromium, from disk and without a network."""

import random
import re
from functools import cache

import pytest
from conftest import DESKTOP, PHONE
from playwright.sync_api import expect
from test_costing import CHOICES, MENU, SHAPES, in_python

from peft_vlm_survey.costs import METHODS, answer, cost
from peft_vlm_survey.costs.browser import RUN_WORDS
from peft_vlm_survey.costs.card_names import written
from peft_vlm_survey.costs.setting import BITS
from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built


@cache
def some_choices():
    return random.Random("calculator").sample([c for c in CHOICES if not isinstance(in_python(c), str)], 30)  # noqa: S311


def address(site, state=""):
    return (site / "fit.html").as_uri() + (f"#{state}" if state else "")


def calculate(page, site, state=""):
    """Open the page anew, in a state."""
    page.goto("about:blank")
    page.goto(address(site, state))
    expect(headline(page)).to_be_visible()
    page.locator("details.calculator-more, details.calculator-explain").evaluate_all(
        "folds => folds.forEach(fold => { fold.open = true; })"
    )


# Another state of the page as it stands; the page has heard of it before this ends.
_GO_ON = """state => new Promise((done) => {
    const before = location.href;
    addEventListener("hashchange", () => setTimeout(done), { once: true });
    location.hash = state;
    if (location.href === before) {
        done();
    }
})"""


def headline(page):
    return page.locator(".calculator-headline")


def state_of(choice):
    """Return a choice as the address holds it."""
    pairs = {"method": choice["method"], "backbone": choice["backbone"], **choice["numbers"]}
    pairs |= {name: choice[name] for name in ("part", "variant", "classes", "bits", "precision") if name in choice}
    pairs |= {name: "yes" if on else "no" for name, on in choice["switches"].items()}
    if "targets" in choice:
        pairs["targets"] = ",".join(choice["targets"])
    if "checkpointing" in choice:
        pairs["checkpointing"] = "yes" if choice["checkpointing"] else "no"
    return "&".join(f"{name}={value}" for name, value in pairs.items())


def said(page, term):
    """Return what stands beside a term of the answer."""
    return page.locator(
        ".calculator-answers dl > div", has=page.locator("dt", has_text=re.compile(f"^{term}$"))
    ).locator("dd")


def grouped(number):
    text = f"{float(number):,.1f}"
    return text.removesuffix(".0")


def test_it_names_every_method_and_every_backbone_of_the_menu(page, site):
    calculate(page, site)
    for name, known in (("Method", list(METHODS)), ("Backbone", MENU)):
        control = page.get_by_label(name, exact=True)
        shown = control.locator("option").evaluate_all("options => options.map(option => option.value)")
        assert sorted(shown) == sorted(known)


def test_it_begins_with_an_answer(page, site):
    calculate(page, site)
    counts = cost("lora", "llava-1.5-7b", known=SHAPES)
    expect(headline(page)).to_have_text(
        f"LoRA on LLaVA-1.5-7B, language model: {grouped(counts.trainable)} trainable parameters, 4.528 %"
    )
    expect(page.locator(".fit-verdict")).to_contain_text("May fit on one card of 24 GB")


def test_what_the_reader_sees_is_what_python_says(page, site):
    calculate(page, site)
    for choice in some_choices():
        page.evaluate(_GO_ON, state_of(choice))
        found = answer(in_python(choice))
        expect(headline(page)).to_contain_text(f": {grouped(found['trainable'])} trainable parameters")
        expect(page.get_by_label("Method", exact=True)).to_have_value(choice["method"])
        expect(said(page, "Stored per task")).to_contain_text(f"{grouped(found['stored_bytes'])} bytes")
        expect(said(page, "Can be merged")).to_have_text(found["mergeable"])
        expect(said(page, "Gradient through the backbone")).to_have_text(found["backbone_gradient"])
        if found["memory_shown_gb"]:
            low, high = re.match(r"Needs ([\d.]+) to ([\d.]+) GB", page.locator(".fit-range").inner_text()).groups()
            assert float(low) == pytest.approx(found["memory_gb"]["low"], abs=0.11), choice
            assert float(high) == pytest.approx(found["memory_gb"]["high"], abs=0.11), choice
        else:
            expect(page.locator(".fit-range")).to_have_count(0)


def test_a_choice_changes_answer_and_address(page, site):
    calculate(page, site)
    page.get_by_label("Backbone", exact=True).select_option("clip-bart")
    page.get_by_label("Method", exact=True).select_option("vl-adapter")
    page.get_by_label("Reduction factor").fill("4")
    found = answer(cost("vl-adapter", "clip-bart", ["reduction=4"], known=SHAPES))
    expect(headline(page)).to_contain_text(grouped(found["trainable"]))
    page.wait_for_url(re.compile("#method=vl-adapter&backbone=clip-bart&gpu=24GB&reduction=4$"))


def test_the_address_alone_brings_the_choice_back(page, site):
    calculate(page, site, "method=lora&backbone=llava-1.5-7b&rank=16&targets=q,v,down&part=language&classes=10")
    expect(page.get_by_label("Rank")).to_have_value("16")
    expect(page.get_by_label("down", exact=True)).to_be_checked()
    expect(page.get_by_label("k", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Classes of a head")).to_have_value("10")


def test_a_card_is_known_by_its_name(page, site):
    calculate(page, site)
    card = page.get_by_label("Card memory")
    verdict = page.locator(".fit-verdict")
    card.fill("RTX 3090")
    expect(verdict).to_contain_text("one card of 24 GB")
    expect(page.locator(".calculator-command")).to_contain_text('--gpu "RTX 3090"')
    card.fill("A100")
    expect(headline(page)).to_have_text("Gpu 'A100' comes in several sizes. Write A100 40GB or A100 80GB.")
    expect(verdict).to_have_count(0)
    card.fill("A100 40GB")
    expect(verdict).to_contain_text("one card of 40 GB")
    card.fill("MI250")
    expect(page.locator(".fit-answer")).to_contain_text("two devices")
    page.wait_for_url(re.compile("gpu=MI250"))
    suggested = page.locator("#calculator-cards option").evaluate_all("all => all.map(({ value }) => value)")
    assert suggested == [name for one in the_survey().cards for name in written(one)]


UNKNOWN = [
    (
        "method=full&backbone=smolvlm-2.2b&gpu=24GB&precision=32",
        "Backbone 'smolvlm-2.2b' is not in this list.",
        {"Method": "full", "Backbone": ""},
        ("Backbone", "vit-l16"),
        "Full fine-tuning on ViT-L/16",
    ),
    (
        "method=nothing&backbone=vit-b16&gpu=24GB&rank=7",
        "Method 'nothing' is not known.",
        {"Method": "", "Backbone": "vit-b16"},
        ("Method", "lora"),
        "LoRA on ViT-B/16",
    ),
    (
        "method=nothing&backbone=vit-b16&gpu=24GB",
        "Method 'nothing' is not known.",
        {"Method": "", "Backbone": "vit-b16"},
        ("Backbone", "vit-l16"),
        "LoRA on ViT-L/16",
    ),
]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
@pytest.mark.parametrize(("state", "told", "shown", "chosen", "answered"), UNKNOWN)
def test_what_the_page_has_not_is_not_answered_by_something_else(
    page, site, viewport, state, told, shown, chosen, answered
):
    page.set_viewport_size(viewport)
    calculate(page, site, state)
    expect(headline(page)).to_contain_text(told)
    expect(page.locator(".fit-verdict")).to_have_count(0)
    for name, value in shown.items():
        expect(page.get_by_label(name, exact=True)).to_have_value(value)
        expect(page.get_by_label(name, exact=True)).to_have_attribute("aria-invalid", "false" if value else "true")
    expect(page.get_by_label("Rank")).to_have_count(0 if "full" in state else 1)
    for hidden in (page.get_by_label("Rank"), page.locator(".calculator-more")):  # of what stands in
        assert not hidden.is_visible()
    page.get_by_label("Card memory").fill("40GB")
    expect(headline(page)).to_contain_text(told)
    name, value = chosen
    page.get_by_label(name, exact=True).select_option(value)
    expect(headline(page)).to_contain_text(answered)
    expect(page.locator(".fit-verdict")).to_contain_text("40 GB")
    assert "" not in [page.get_by_label(name, exact=True).input_value() for name in shown]
    page.wait_for_url(
        re.compile(f"#method={'full' if 'full' in state else 'lora'}&backbone=vit-[bl]16&(precision=32&)?gpu=40GB")
    )
    assert "rank=7" not in page.url


LORA = "method=lora&backbone=llava-1.5-7b&gpu=40GB"
OPTIMIZERS = f"Use one of: {', '.join(RUN_WORDS['optimizer'])}."
LEAVE_OUT = "Leave it out, or ask the command line, which knows more: peft-vlm-survey cost --list names all."


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (f"#{LORA}&optimizer=xyz", f"Optimizer 'xyz' is not known. {OPTIMIZERS}"),
        ("?optimizer=xyz", f"Optimizer 'xyz' is not known. {OPTIMIZERS}"),
        (f"?{LORA}&foo=1", f"Parameter 'foo' is not known. {LEAVE_OUT}"),
        (f"?foo=1#{LORA}", f"Parameter 'foo' is not known. {LEAVE_OUT}"),
        (f"#{LORA}&bottleneck=8", f"Parameter 'bottleneck' is not known for lora. {LEAVE_OUT}"),
        (f"#{LORA}&batch=-3", "Batch '-3' is impossible. Give a whole number above zero."),
        ("#rank=abc", "Rank 'abc' is impossible. Give a whole number above zero."),
        (f"#{LORA}&rank=4&rank=8", "Rank stands twice. Keep one of them."),
        (f"#{LORA}&variant=abc", f"Variant 'abc' is not known. Use one of: {', '.join(METHODS['lora'].variants)}."),
        (f"#{LORA}&bits=abc", f"Bits 'abc' is impossible. Use one of: {', '.join(map(str, BITS))}."),
        (f"#{LORA}&checkpointing=maybe", "Checkpointing 'maybe' is neither yes nor no. Write yes or no."),
    ],
)
def test_a_word_of_the_address_that_is_not_understood_is_not_passed_over(page, site, state, told):
    page.goto("about:blank")
    page.goto(address(site) + state)
    expect(headline(page)).to_have_text(told)
    expect(page.locator(".fit-verdict")).to_have_count(0)
    expect(page.locator(".calculator-answers")).to_be_empty()
    assert page.url.endswith(state)  # and the reader can mend it
    for name, value in {"Rank": "2", "Batch": "1", "Bits of a stored weight": "16"}.items():
        control = page.get_by_label(name, exact=True)
        page.locator(".calculator-more").evaluate("more => { more.open = true; }")
        control.select_option(value) if "Bits" in name else control.fill(value)
    expect(headline(page)).to_contain_text("LoRA on LLaVA-1.5-7B, language model: 4,997,120 trainable parameters")
    page.wait_for_url(re.compile(r"fit\.html#method=lora&backbone=llava-1\.5-7b"))
    assert "?" not in page.url


def test_what_others_append_to_an_address_is_no_word_of_it(page, site):
    page.goto("about:blank")
    page.goto(address(site) + f"?utm_source=mail&fbclid=1#{LORA}")
    expect(page.locator(".fit-verdict")).to_contain_text("Fits on one card of 40 GB")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_number_of_classes_is_asked_above_the_answer_where_it_decides(page, site, viewport):
    page.set_viewport_size(viewport)
    calculate(page, site, "method=coop&backbone=clip-vit-b16&gpu=8GB")
    classes = page.get_by_label("Classes", exact=True)
    expect(classes).to_have_attribute("placeholder", "100 if not said")
    box = classes.bounding_box()
    assert box["y"] + box["height"] < headline(page).bounding_box()["y"] < viewport["height"]
    expect(page.locator(".fit-verdict")).to_have_attribute("data-verdict", "fits")
    classes.fill("1000")
    expect(page.locator(".fit-verdict")).to_have_attribute("data-verdict", "does not fit")
    page.get_by_label("Method", exact=True).select_option("lora")
    expect(page.get_by_label("Classes", exact=True)).to_have_count(0)
    expect(page.get_by_label("Classes of a head")).to_have_value("1000")


def test_what_is_impossible_is_said_with_a_way_out(page, site):
    calculate(page, site, "method=lora&backbone=vit-b16")
    page.get_by_label("Rank").fill("0")
    expect(headline(page)).to_have_text("Rank '0' is impossible. Give a whole number above zero.")
    page.get_by_label("Method", exact=True).select_option("vl-pet")
    expect(headline(page)).to_contain_text("needs an encoder and a decoder")
    page.get_by_label("Method", exact=True).select_option("ssf")
    expect(headline(page)).to_contain_text("trainable parameters")


def test_a_setting_of_a_paper_shows_what_the_paper_printed(page, site):
    calculate(page, site, "method=lst&backbone=t5-base&side_layers=9")
    printed = page.locator(".calculator section", has_text="What papers reported")
    expect(printed).to_contain_text("1.74 % in LST: agrees")


def test_it_ends_with_the_lines_that_run_the_method(page, site):
    calculate(page, site, "method=lora&backbone=llama-7b&rank=32&targets=q,k,v")
    software = page.locator(".calculator section", has_text="In software")
    expect(software).to_contain_text('LoraConfig(r=32, target_modules=["q_proj", "k_proj", "v_proj"])')


def test_it_works_by_keyboard(page, site):
    calculate(page, site)
    page.get_by_label("Method", exact=True).focus()
    page.keyboard.type("BitFit")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "calculator-backbone"
    expect(headline(page)).to_contain_text("BitFit")


def test_a_change_is_told_to_a_screen_reader_and_keeps_the_focus(page, site):
    calculate(page, site)
    page.get_by_label("Backbone", exact=True).focus()
    page.get_by_label("Backbone", exact=True).select_option("swin-b")
    assert page.evaluate("document.activeElement.id") == "calculator-backbone"
    expect(page.get_by_role("status").filter(has_text="LoRA on Swin-B")).to_be_visible()


def test_a_link_to_a_section_of_the_chapter_chooses_nothing(page, site):
    calculate(page, site, "fit-memory")
    expect(headline(page)).to_contain_text("LoRA on LLaVA-1.5-7B")
    assert page.url.endswith("#fit-memory")


def test_cards_and_the_run_are_in_the_address_and_on_the_command_line(page, site):
    calculate(page, site, "method=full&backbone=llava-hf/llava-1.5-7b-hf&gpu=24GB&gpus=4&sharding=zero3&offload=yes")
    verdict = page.locator(".fit-verdict")
    expect(verdict).to_contain_text("Fits on 4 cards of 24 GB")
    page.get_by_label("Card memory").fill("3 GB")
    expect(verdict).to_contain_text("Does not fit on 4 cards of 3 GB")
    expect(page.locator(".calculator-command")).to_contain_text("sharding=zero3 offload=yes --gpu 3GB --gpus 4")
    page.wait_for_url(re.compile("gpu=3"))
    page.get_by_label("Cards", exact=True).fill("two")
    expect(headline(page)).to_have_text("Gpus 'two' is impossible. Give a whole number of cards, such as 2.")


def test_the_backbone_is_told_in_bytes_once_where_it_is_known(page, site):
    calculate(page, site, "method=qlora&backbone=llava-1.5-7b")
    found = answer(cost("qlora", "llava-1.5-7b", [], known=SHAPES))
    expect(said(page, "Backbone, stored once")).to_contain_text(f"({found['backbone_bytes']:,} bytes)")


def test_a_library_is_called_maintained_if_it_is_known_to_be(page, site):
    maintained = {
        "yes": "maintained",
        "no": "not maintained",
        "partly": "partly maintained",
        "": "whether it is maintained is not established",
    }
    told = set()
    for method in ("lora", "vpt", "adapter-houlsby"):
        calculate(page, site, f"method={method}&backbone=vit-b16")
        software = page.locator(".calculator-answers section", has_text="In software").last
        for line in software.locator("p", has=page.locator("strong")).all_text_contents():
            title, rest = line.split(": ", 1)
            rows = [
                row
                for row in the_survey().software
                if row.method_id == method and rest.startswith(f"{row.class_or_option.partition(';')[0]}")
            ]
            told |= {(title, row.maintained) for row in rows}
            assert not rows or any(f"; {maintained[row.maintained]}; " in rest for row in rows), line
    assert {word for _, word in told} >= {"yes", "no"}


def test_a_backbone_whose_steps_were_not_traced_gets_its_costs_and_no_verdict(page, site):
    calculate(page, site, "method=lora&backbone=dit-xl2&gpu=24GB")
    expect(page.locator(".fit-answer")).to_contain_text("Whether it fits cannot be told")
    expect(headline(page)).to_contain_text("LoRA on DiT-XL/2")


@pytest.mark.parametrize("state", ["method=lora&backbone=vit-b16&rank=4", "calculator", "tbl-typical-vit"])
def test_old_addresses_lead_to_the_new_page(page, site, state):
    page.goto((site / "costs.html").as_uri() + f"#{state}")
    page.wait_for_url(re.compile("fit.html"))
    expect(headline(page)).to_be_visible()
    if "=" in state:
        expect(page.get_by_label("Rank")).to_have_value("4")


def test_sections_of_the_chapter_on_costs_stay(page, site):
    page.goto((site / "costs.html").as_uri() + "#costs-counted")
    expect(page.get_by_role("heading", name="What is counted")).to_be_visible()
    assert "costs.html" in page.url


def test_the_link_can_be_copied(page, site):
    calculate(page, site, "method=ssf&backbone=vit-b16")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address(site, "method=ssf&backbone=vit-b16")


def test_axe_finds_no_fault_and_the_page_no_error(inspect, site):
    state = "method=vl-adapter&backbone=clip-bart&norms=yes&tasks=4"
    assert inspect(lambda page: calculate(page, site, state), thoroughly=True) == {}


def test_without_scripts_the_tables_of_typical_settings_stand_there(page_without_scripts, site):
    page_without_scripts.goto(address(site))
    expect(page_without_scripts.locator(".cost-calculator").get_by_text("on the command line")).to_be_visible()
    for name in ("vit", "bart", "llava", "clip"):
        expect(page_without_scripts.locator(f"#tbl-typical-{name}").first).to_be_visible()
    assert page_without_scripts.locator(".calculator").count() == 0


def test_separate_targets_of_a_fused_matrix_are_warned_of_and_get_no_lines(page, site):
    calculate(page, site, "method=lora&backbone=sam-vit-h&targets=q,v")
    expect(page.locator(".calculator-warning")).to_contain_text("holds queries, keys and values in one matrix, qkv")
    expect(page.locator(".calculator-answers")).to_contain_text("No lines are given")
    calculate(page, site, "method=lora&backbone=sam-vit-h&targets=qkv")
    expect(page.locator(".calculator-warning")).to_have_count(0)
    expect(page.locator(".calculator-answers")).to_contain_text("LoraConfig(")


def test_the_official_script_stands_with_what_others_ran(page, site):
    calculate(page, site, "method=lora&backbone=llava-1.5-7b")
    script = page.locator(".others-script")
    expect(script).to_have_count(1)
    lines = script.locator("pre").text_content().splitlines()
    assert lines[0].startswith("git clone https://github.com/")
    assert lines[2].startswith("git checkout ")


def test_one_box_answers_and_all_else_is_folded(page, site):
    page.goto("about:blank")
    page.goto(address(site))
    expect(page.locator(".fit-verdict")).to_be_visible()
    expect(page.locator(".fit-decides")).to_contain_text("Weights")
    assert page.locator(".calculator details[open]").count() == 0
    setting = page.locator(".calculator-more > summary")
    expect(setting).to_have_text(
        "Setting: rank 128 · all linear layers · batch 1, 1,088 tokens · 16 bits · checkpointing"
    )


def test_a_button_changes_what_is_changed_most_often(page, site):
    page.goto("about:blank")
    page.goto(address(site))
    verdict, quick = page.locator(".fit-verdict"), page.get_by_role("group", name="Change at once")
    quick.get_by_role("button", name="4 bits").click()
    expect(verdict).to_contain_text("Fits")
    expect(quick.get_by_role("button", name="4 bits")).to_have_attribute("aria-pressed", "true")
    expect(quick.get_by_role("button", name="4 bits")).to_be_focused()
    quick.get_by_role("button", name="Start again").click()
    expect(verdict).to_contain_text("May fit")
    quick.get_by_role("button", name="Shorter").click()
    page.wait_for_url(re.compile("length=544"))
    quick.get_by_role("button", name="As the official script").click()
    expect(quick.get_by_role("button", name="As the official script")).to_have_attribute("aria-pressed", "true")
    expect(verdict).to_contain_text("8 cards")
    expect(page.locator(".calculator-more > summary")).to_contain_text("batch 16, 2,048 tokens")


def test_what_would_make_it_fit_is_a_button_that_does_so(page, site):
    page.goto("about:blank")
    page.goto(address(site))
    first = page.locator(".fit-changes li").first
    expect(first).to_contain_text("fits")
    first.get_by_role("button").click()
    expect(page.locator(".fit-verdict")).to_contain_text("Fits on one card of 24 GB")
