"""What others ran: comparable recipes alone, with their range, the nearest and its source."""

import dataclasses
import json
import re
import shlex
from functools import cache

import pytest

from peft_vlm_survey.choose.answer import choose
from peft_vlm_survey.choose.question import read_question
from peft_vlm_survey.costs.recipes import KIND, KINDRED, NONE, OTHER, TASK, UNKNOWN, Wanted, ran
from peft_vlm_survey.costs.software import pattern
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.recipes import of_paper
from peft_vlm_survey.site.recipes_js import recipes_script

LORA = Wanted(method_id="lora", kind="MLLM", task="visual question answering", configuration="llava-1.5-7b")


def recipes():
    return the_survey().recipes


def test_comparable_recipes_are_of_the_method_on_the_task_and_kind():
    found = ran(recipes(), LORA)
    assert found.near == TASK
    assert all((r.method_id, r.backbone_kind, r.task) == ("lora", "MLLM", LORA.task) for r in found.recipes)


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        ({"task": "visual tracking"}, KIND),
        ({"kind": "audio model"}, OTHER),
        ({"method_id": "hyperformer"}, NONE),
        ({"method_id": ""}, NONE),
    ],
)
def test_what_lies_further_off_is_said(changed, near):
    assert ran(recipes(), dataclasses.replace(LORA, **changed)).near == near


@pytest.mark.parametrize(
    ("method", "kind", "shape", "near", "nearest"),
    [
        ("lora", "dual-encoder VLM", "clip-vit-b16", KINDRED, "CLIP-LoRA on CLIP ViT-B/16"),
        ("qlora", "text-to-image diffusion", "flux.1-dev", KINDRED, "LoRA on FLUX.1-dev"),
        ("lora", "text-to-image diffusion", "sdxl", KIND, "LoRA on SDXL"),
        ("lora", "audio model", "", OTHER, ""),
    ],
)
def test_a_recipe_on_another_kind_of_model_is_never_the_nearest(method, kind, shape, near, nearest):
    found = ran(recipes(), Wanted(method_id=method, kind=kind, configuration=shape))
    assert found.near == near
    assert found.nearest.startswith(nearest)
    assert bool(nearest) == bool(found.nearest)
    if near == OTHER:
        assert (found.address, found.script) == ("", ())
        assert found.said.startswith(f"None of it on {kind} backbones; ")
        assert "rank" not in found.said
    else:
        assert all(recipe.backbone_kind == kind for recipe in found.recipes)


@pytest.mark.parametrize("shape", ["flux.1-dev", "sd3.5-large", "sdxl"])
def test_generators_from_text_are_called_so(shape):
    assert the_survey().configurations_by_id[shape].kind_of_model == "text-to-image diffusion"


def test_no_recipe_known_is_said():
    found = ran(recipes(), Wanted(method_id="hyperformer"))
    assert (found.said, found.nearest, found.address) == (UNKNOWN, "", "")


def test_the_nearest_is_on_the_same_shapes_where_there_is_one():
    assert ran(recipes(), LORA).recipes[0].configuration == "llava-1.5-7b"


def test_a_recipe_on_the_very_backbone_is_nearer_than_one_on_the_task():
    wanted = dataclasses.replace(LORA, configuration="qwen2.5-vl-7b")
    found = ran(recipes(), wanted)
    assert not any(r.configuration == "qwen2.5-vl-7b" for r in found.recipes)
    assert "Qwen2.5-VL-7B" in found.nearest
    assert ran(recipes(), dataclasses.replace(wanted, configuration="internvl3-8b")).nearest != found.nearest


def test_a_range_counts_repositories_and_leaves_base_rates_out():
    first = dataclasses.replace(ran(recipes(), LORA).recipes[0], base_rate="")
    one = dataclasses.replace(first, learning_rate="1e-4")
    two = dataclasses.replace(first, learning_rate="0.01", base_rate="yes")
    three = dataclasses.replace(first, learning_rate="3e-4", source="other/one@0000000: train.sh")
    said = ran([one, two, one, three], LORA).said
    assert "4 recipes from 2 repositories" in said
    assert "learning rate 1e-4 to 3e-4;" in said or "learning rate 1e-4 to 3e-4." in said


def test_every_recipe_leads_to_a_file_of_a_commit():
    assert all(r.address.startswith(f"https://github.com/{r.repository}/blob/") for r in recipes())


def test_only_official_code_is_a_papers_own():
    assert all(r.kind == "official code" for r in recipes() if r.paper)


def test_a_paper_shows_its_own_method_first():
    found = of_paper(the_survey(), "sung2022vladapter")
    assert found[0].key == "sung2022vladapter"
    assert len(found) > 1


def test_an_answer_names_a_source_with_every_recipe():
    question = read_question({"task": "multimodal instruction tuning", "backbone": "llava-1.5-7b"}, the_survey())
    methods = choose(question, the_survey()).methods
    assert any(method.recipe for method in methods)
    assert all(bool(method.recipe) == bool(method.recipe_address) for method in methods)
    assert all(
        method.ran == UNKNOWN or method.ran.startswith("None of it on ") for method in methods if not method.recipe
    )


def test_a_pattern_of_a_list_reaches_whole_names():
    assert pattern('["q_proj"]') == r".*\.(q_proj)"


@cache
def on_the_page():
    return json.loads(recipes_script(the_survey()).removeprefix("survey.data.recipes = ").rstrip(";\n"))


def looked_up(places, method, kind, task, shape):
    """Look up as the page does."""
    ways = [(kind, task, shape), (kind, task, ""), (kind, "", shape), (kind, "", "")]
    known = ways[2:] if task and f"{method}|{kind}|{task}|" not in places else ways
    found = next((p for way in known if (p := places.get("|".join((method, *way)))) is not None), None)
    other = places.get(f"{method}|{{kind}}|{task}|", places.get(f"{method}|{{kind}}||")) if kind else None
    return found if found is not None else other


@pytest.mark.parametrize("kind", ["", "MLLM", "LLM", "dual-encoder VLM", "audio model"])
@pytest.mark.parametrize("task", ["visual question answering", "multimodal instruction tuning", "image classification"])
@pytest.mark.parametrize("shape", ["", "llava-1.5-7b", "clip-vit-b16", "qwen2.5-vl-7b"])
def test_the_page_finds_what_python_says(kind, task, shape):
    made = on_the_page()
    if shape and not kind:
        return  # a backbone is of some kind
    for key in ("hu2022lora", "dettmers2023qlora", "zhou2022coop", "jia2022vpt", "zhu2023melo", "khattak2023maple"):
        said = ran(recipes(), Wanted(key=key, kind=kind, task=task, configuration=shape))
        place = looked_up(made["places"], key, kind, task, shape)
        if place is None:
            assert said.near == NONE
        else:
            assert made["said"][place][0].replace("{kind}", kind) == said.said
            assert made["said"][place][1:] == [said.nearest, said.address] + (
                ["\n".join(said.script), said.script_of, said.script_address] if said.script else []
            )


def test_a_script_is_run_at_the_commit_at_which_it_was_read():
    scripted = [recipe for recipe in recipes() if recipe.command]
    assert len(scripted) > 50
    for recipe in scripted:
        clone, folder, checkout, *command = recipe.lines
        assert clone == f"git clone https://github.com/{recipe.repository}"
        assert folder == f"cd {recipe.repository.split('/')[1]}"
        assert checkout == f"git checkout {recipe.commit}"
        assert command == list(recipe.command)


@pytest.mark.parametrize("recipe", [r for r in recipes() if r.command], ids=lambda r: r.source)
def test_lines_of_scripts_are_what_a_shell_reads(recipe):
    for line in recipe.lines:
        words = shlex.split(re.sub(r"<[^>]*>", "filled-in", line))
        assert words, line
        assert not set(line) & set("`$|&"), line


def test_the_script_beside_an_answer_is_of_its_own_recipes():
    found = ran(recipes(), LORA)
    assert found.script
    assert found.script_address in {recipe.address for recipe in found.recipes if recipe.command}


def test_no_script_without_a_command():
    bare = [dataclasses.replace(recipe, command=()) for recipe in recipes()]
    assert ran(bare, LORA).script == ()
    assert ran(bare, LORA).script_address == ""


def test_an_answer_gives_lines_at_the_setting_that_it_prices():
    question = read_question({"task": "visual question answering", "backbone": "llava-1.5-7b"}, the_survey())
    lora = next(method for method in choose(question, the_survey()).methods if method.name == "LoRA")
    rank = dict(pair.split("=") for pair in lora.price.setting.split())["rank"]
    assert {lines["library"].split()[0] for lines in lora.run} == {
        "peft",
        "LLaMA-Factory",
        "ms-swift",
        "TRL",
    }
    for lines in lora.run:
        assert re.search(rf"\b{rank}\b", "\n".join(lines["lines"])), lines
    assert lora.run[0]["checked"] == "run"


def test_an_answer_without_a_backbone_gives_no_lines_but_those_of_scripts():
    methods = choose(read_question({"task": "visual question answering"}, the_survey()), the_survey()).methods
    assert not any(method.run for method in methods)
    assert any(method.script for method in methods)
