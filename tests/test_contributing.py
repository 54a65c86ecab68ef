"""What a contributor is offered on GitHub and told in CONTRIBUTING.md."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.data import ROOT
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS

GITHUB = ROOT / ".github"
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*-a-*.yml"))
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BOOK, RELEASE = (GITHUB / "workflows" / name for name in ("book.yml", "release.yml"))
JOBS = {
    f"{path.stem}: {name}": job
    for path in WORKFLOWS
    for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items()
}
STEPS = [step for job in JOBS.values() for step in job["steps"]]
FROM_MAIN = "github.event_name == 'push' && github.ref == 'refs/heads/main'"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def jobs(path: Path) -> dict:
    return {name.partition(": ")[2]: job for name, job in JOBS.items() if name.startswith(f"{path.stem}: ")}


def test_no_workflow_knows_a_secret_but_the_job_that_drafts_a_release_has_its_own_token():
    text = {path: path.read_text(encoding="utf-8") for path in WORKFLOWS}
    found = {path: re.findall(r"secrets|GITHUB_TOKEN|github\.token", text[path]) for path in WORKFLOWS}
    assert found == {BOOK: [], RELEASE: ["github.token"]}
    assert [name for name, job in jobs(RELEASE).items() if "github.token" in str(job)] == ["draft"]


@pytest.mark.parametrize("name", jobs(BOOK))
def test_a_job_that_may_write_runs_on_main_alone(name):
    reads_only = jobs(BOOK)[name]["permissions"] == {"contents": "read"}
    assert reads_only or jobs(BOOK)[name]["if"] == FROM_MAIN


def test_a_job_that_may_write_runs_no_code_of_the_repository():
    writes = [step for job in JOBS.values() if "write" in job["permissions"].values() for step in job["steps"]]
    assert [step for step in writes if "checkout" in step.get("uses", "")] == []
    assert [step["run"].split()[:3] for step in writes if "run" in step] == [["gh", "release", "create"]]


def test_the_site_is_handed_over_from_main_alone():
    handed = [step for step in STEPS if "upload-pages-artifact" in step.get("uses", "")]
    assert [step["if"] for step in handed] == [FROM_MAIN]


def test_the_site_is_published_after_every_test_and_a_release_is_drafted_after_every_other_job():
    assert set(jobs(BOOK)["publish"]["needs"]) == set(jobs(BOOK)) - {"publish"}
    assert jobs(RELEASE)["draft"]["needs"] == ["attest"]
    assert {*jobs(RELEASE)["attest"]["needs"], "attest", "draft"} == set(jobs(RELEASE))


def fields(name: str) -> dict[str, dict]:
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))
    return {field["id"]: field for field in form["body"] if "id" in field}


@pytest.mark.parametrize(("field", "words"), [("category", tuple(CATEGORIES)), ("task", TASKS), ("family", FAMILIES)])
def test_a_paper_is_offered_the_words_of_the_vocabulary(field, words):
    assert tuple(fields("add-a-paper.yml")[field]["attributes"]["options"]) == words


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_where_it_can_be_read(form):
    asked = fields(form.name)
    assert any(asked[field]["validations"]["required"] for field in ("source", "evidence") if field in asked)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_the_recipes_name_a_form(form):
    title = yaml.safe_load(form.read_text(encoding="utf-8"))["name"]
    assert f"*{title}*" in CONTRIBUTING


def test_the_command_of_the_recipe_does_what_it_says(root, capsys):
    written = re.search(r"python -m peft_vlm_survey (add paper\.bib --dry-run \\\n(?:.*\\\n)*.*)\n", CONTRIBUTING)
    arguments = shlex.split(written.group(1).replace("\\\n", " "))
    arguments[1] = str(ROOT / "tests" / "add" / "arxiv" / "given.bib")
    assert main([*arguments, "--root", str(root)]) == 0
    assert "+fern2023vladapter,VL-Adapter,,method,,qa,visual question answering,adapter" in capsys.readouterr().out


def test_what_a_dry_run_shows_can_be_applied(root, capsys):
    export = ROOT / "tests" / "add" / "arxiv" / "given.bib"
    arguments = ["add", str(export), "--category", "language", "--added", "2026-03-01", "--root", str(root)]
    main([*arguments, "--dry-run"])
    shown = capsys.readouterr().out
    before = {name: (root / name).read_bytes() for name in ("references.bib", "data/papers.csv")}
    main(arguments)
    added = {name: (root / name).read_bytes() for name in before}
    for name, raw in before.items():
        (root / name).write_bytes(raw)
    subprocess.run(["git", "apply", "-"], cwd=root, input=shown, text=True, check=True)
    assert {name: (root / name).read_bytes() for name in before} == added
