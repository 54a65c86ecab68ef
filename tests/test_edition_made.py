"""An edition: what stands against it, what it is only reminded of, and the files that it consists of."""

import hashlib
import subprocess
import zipfile

import pytest

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.data import load
from peft_vlm_survey.downloads import downloads
from peft_vlm_survey.editions import edition_command
from peft_vlm_survey.editions.laid_out import PDFS
from peft_vlm_survey.editions.package import read_package
from peft_vlm_survey.editions.reduced import reduced
from peft_vlm_survey.export.csv_json import COLUMNS
from peft_vlm_survey.export.notebooks import wheel_of

VERSION, DATE = "0.1.0", "2026-01-02"  # those of the tiny survey
CHANGES = f"# Changes\n\n## {VERSION} ({DATE})\n\nFour papers.\n"
READY = f"Edition {VERSION} can be made."


def git(root, *words):
    person = ["-c", "user.name=Ada", "-c", "user.email=ada@tiny.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *person, *words], cwd=root, check=True, capture_output=True)


def commit(root):
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "As it is")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    write(path, text.replace(old, new))


@pytest.fixture
def repository(root):
    """Return the tiny survey as a repository from which an edition can be made."""
    write(root / ".gitignore", "_build/\n")
    write(root / "pyproject.toml", f'[project]\nname = "tiny"\nversion = "{VERSION}"\n')
    write(root / "CHANGELOG.md", CHANGES)
    write(root / "LICENSE-CONTENT", "CC BY 4.0\n")
    write(root / "data" / "README.md", "What the columns mean.\n")
    git(root, "init", "--quiet")
    commit(root)
    return root


@pytest.fixture
def built(repository):
    """Return the same with a site that holds what an edition takes from it."""
    survey, site = load(repository), repository / "_build" / "html"
    for name, text in downloads(survey).items():
        write(site / "downloads" / name, text)
    for name in (
        "index.html",
        "papers/one.html",
        *PDFS,
        wheel_of(survey.edition),
    ):
        write(site / name, f"{name}\n")
    return repository


def asked(root, *words, version=VERSION):
    return edition_command.run([version, *words], root)


def against(root, *words, version=VERSION):
    """Return the places and messages of what stands against an edition."""
    code, said = asked(root, *words, version=version)
    assert code == 1
    *found, count = (line for line in said.splitlines() if not line.startswith("    "))
    assert count.endswith("No edition was made.")
    return found


def test_an_edition_that_is_committed_dated_and_described_can_be_made(repository):
    assert asked(repository, "--check") == (0, READY)


@pytest.mark.parametrize("version", ["", "1", "1.0", "v0.1.0", "0.1.0-rc1", "0.1.0; true"])
def test_an_edition_is_named_by_three_numbers(repository, version):
    assert asked(repository, "--check", version=version)[0] == 2


def test_a_changed_a_staged_a_new_and_a_deleted_file_stand_against_it(repository):
    change(repository / "pyproject.toml", "tiny", "small")
    git(repository, "add", "--all")
    change(repository / "CHANGELOG.md", "Four papers.", "Four papers more.")
    write(repository / "book" / "née.txt", "")
    (repository / "LICENSE-CONTENT").unlink()
    names = ("CHANGELOG.md", "LICENSE-CONTENT", "book/née.txt", "pyproject.toml")
    assert against(repository, "--check") == [f"{name}:1: not as the last commit has it." for name in names]


@pytest.mark.parametrize("elsewhere", ["elsewhere", ".git"], ids=["in none", "in that of something else"])
def test_sources_in_no_repository_of_their_own_stand_against_it(root, repository, elsewhere):
    (repository / ".git").rename(root.parent / elsewhere)
    assert [one.partition(": ")[0] for one in against(repository, "--check")] == ["CITATION.cff:1"]


def test_every_file_that_names_another_version_stands_against_it(repository):
    assert against(repository, "--check", version="0.2.0") == [
        "CHANGELOG.md:3: the first section is not that of 0.2.0.",
        "CITATION.cff:10: the version is '0.1.0', and the edition to make is 0.2.0.",
        "pyproject.toml:3: the version is '0.1.0', and the edition to make is 0.2.0.",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "pyproject.toml",
            VERSION,
            "0.1.1",
            "pyproject.toml:3: the version is '0.1.1', and the edition to make is 0.1.0.",
        ),
        ("CHANGELOG.md", f" ({DATE})", "", "CHANGELOG.md:3: the section of 0.1.0 is dated '', or says nothing."),
        (
            "CHANGELOG.md",
            DATE,
            "2026-01-03",
            "CHANGELOG.md:3: the section of 0.1.0 is dated '2026-01-03', or says nothing.",
        ),
        (
            "CHANGELOG.md",
            "Four papers.\n",
            "### Corrections of data\n",
            f"CHANGELOG.md:3: the section of 0.1.0 is dated '{DATE}', or says nothing.",
        ),
        ("CHANGELOG.md", f"## {VERSION}", "## 0.0.8", "CHANGELOG.md:3: the first section is not that of 0.1.0."),
        ("CITATION.cff", f"version: {VERSION}\n", "", "CITATION.cff:1: version is missing."),
        ("CITATION.cff", f"date-released: {DATE}\n", "", "CITATION.cff:1: date-released is missing."),
        ("CITATION.cff", DATE, "3.1.2026", "CITATION.cff:11: date-released '3.1.2026' is not a date like 2026-11-25."),
    ],
)
def test_what_is_not_dated_described_or_of_one_version_stands_against_it(repository, file, old, new, said):
    change(repository / file, old, new)
    commit(repository)
    assert against(repository, "--check") == [said]


def test_an_older_edition_is_not_made_again(repository):
    write(repository / "CHANGELOG.md", CHANGES.replace("## 0.1.0", "## 0.2.0 (2026-01-03)\n\nMore.\n\n## 0.1.0"))
    commit(repository)
    assert against(repository, "--check") == ["CHANGELOG.md:3: the first section is not that of 0.1.0."]


def test_a_date_to_come_stands_against_it(repository):
    for file in ("CITATION.cff", "CHANGELOG.md"):
        change(repository / file, DATE, "2999-01-01")
    commit(repository)
    assert against(repository, "--check") == ["CITATION.cff:11: date-released 2999-01-01 has not come yet."]


def test_a_tag_may_name_this_commit_and_no_other(repository):
    git(repository, "tag", f"v{VERSION}")
    assert asked(repository, "--check")[0] == 0
    commit(repository)
    assert [one[:36] for one in against(repository, "--check")] == [
        "CITATION.cff:10: the tag v0.1.0 names another"[:36]
    ]


def test_problems_of_the_data_stand_in_the_same_report(repository):
    write(repository / "CHANGELOG.md", "# Changes\n")
    change(repository / "data" / "papers.csv", ",Asker,", ",Asker ,")
    found = against(repository, "--check")
    assert [one.partition(": ")[0] for one in found] == [
        "CHANGELOG.md:1",
        "CHANGELOG.md:1",
        "data/papers.csv:1",
        "data/papers.csv:3",
    ]


def test_an_edition_before_that_is_missing_stands_against_it(repository):
    write(repository / "CHANGELOG.md", f"{CHANGES}\n## 0.0.9 (2026-01-01)\n\nNone.\n")
    commit(repository)
    assert [one.partition(": ")[0] for one in against(repository, "--check")] == ["data/editions/0.0.9.zip:1"]


def test_without_a_site_no_edition_is_made(repository):
    assert len(against(repository)) == len(["the page", *PDFS, "the wheel", "the data package"])
    assert not (repository / "_build" / "edition").exists()


def test_a_site_of_another_edition_is_refused(built):
    change(
        built / "_build" / "html" / "downloads" / "datapackage.json", f'"version": "{VERSION}"', '"version": "0.0.9"'
    )
    wrong = "_build/html/downloads/datapackage.json:1: the site is of edition 0.0.9, 2026-01-02."
    assert against(built) == [wrong]


@pytest.fixture
def made(built):
    """Return the folder of the edition."""
    code, said = asked(built)
    assert code == 0, said
    return built / "_build" / "edition" / VERSION


def test_an_edition_consists_of_these_files(made):
    assert sorted(path.name for path in made.iterdir()) == [
        "CHANGES.md",
        "CITATION.cff",
        "SHA256SUMS",
        "peft-vlm-survey-0.1.0-catalogue.pdf",
        "peft-vlm-survey-0.1.0-compared.zip",
        "peft-vlm-survey-0.1.0-data.zip",
        "peft-vlm-survey-0.1.0-site.zip",
        "peft-vlm-survey-0.1.0-supplement.pdf",
        "peft-vlm-survey-0.1.0.pdf",
        "peft_vlm_survey-0.1.0-py3-none-any.whl",
    ]


def test_the_sums_are_those_of_every_file_that_readers_get_and_others_can_check_them(made):
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=made, check=True)
    sums = dict(reversed(line.split("  ")) for line in (made / "SHA256SUMS").read_text().splitlines())
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made.iterdir() if path.name != "SHA256SUMS"
    }


def test_the_same_site_gives_the_same_bytes_and_what_lay_there_is_gone(built, made):
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    write(made / "left.txt", "")
    for path in (built / "_build" / "html").rglob("*"):
        path.touch()
    assert asked(built)[0] == 0
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_the_site_is_one_folder_in_its_zip_file(built, made):
    with zipfile.ZipFile(made / "peft-vlm-survey-0.1.0-site.zip") as file:
        assert file.testzip() is None
        assert file.namelist() == sorted(file.namelist())
        assert {entry.date_time for entry in file.infolist()} == {(2026, 1, 2, 0, 0, 0)}
        held = {name.removeprefix("peft-vlm-survey-0.1.0/"): file.read(name) for name in file.namelist()}
    site = built / "_build" / "html"
    assert held == {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_the_data_can_be_read_and_compared_and_the_reduced_data_say_the_same(built, made):
    whole = read_package(made / "peft-vlm-survey-0.1.0-data.zip")
    assert whole == read_package(built / "_build" / "html" / "downloads")
    assert reduced(read_package(made / "peft-vlm-survey-0.1.0-compared.zip")) == reduced(whole)
    with zipfile.ZipFile(made / "peft-vlm-survey-0.1.0-data.zip") as file:
        beside = {"results.json", "papers.json", "references.bib"}
        described = {"datapackage.json", "README.md", "LICENSE", "CITATION.cff"}
        assert described | beside <= set(file.namelist())
        assert {f"{name}.csv" for name in COLUMNS} <= set(file.namelist())


def test_the_notes_of_the_edition_are_its_section_of_the_changelog(made):
    assert (made / "CHANGES.md").read_text(encoding="utf-8") == "Four papers.\n"


def test_the_command_says_where_the_reduced_data_belong(built, capsys):
    assert main(["edition", VERSION, "--root", str(built)]) == 0
    assert f"as data/editions/{VERSION}.zip" in capsys.readouterr().out
