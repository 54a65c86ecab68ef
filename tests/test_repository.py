"""The repository as a contributor finds it: its data, its settings, its commands."""

import re
import subprocess
import tomllib

import contents
import yaml
from every import each

from peft_vlm_survey.data import ROOT

CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.md"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)))
TARGETS = sorted(set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE)))
# A folder of somebody's machine, at the start of a path.
_FOLDERS = ("home", "root", "work", "tmp", "Users")
MACHINE_PATH = re.compile(rf"(?<![\w.:/)}}*~-])/(?:{'|'.join(_FOLDERS)})/\w|\b[A-Z]:\\\\?Users")
# One of these is in every such path: to look for them first takes a fraction of the time.
IN_EVERY = (*(f"/{name}/".encode() for name in _FOLDERS), b"Users")


def settings(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def requirements() -> list[str]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def files_of_the_repository() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return sorted({name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()})


def test_the_citation_file_has_the_title_and_the_author_of_the_book_and_the_version_of_the_package():
    cited, book = settings("CITATION.cff"), settings("_config.yml")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (cited["title"], [author["name"] for author in cited["authors"]]) == (book["title"], [book["author"]])
    assert cited["version"] == project["version"]


def test_every_requirement_is_pinned_to_one_version_with_a_hash_and_no_address():
    pinned = re.compile(r"[\w.\[\],-]+==[\w.]+(?: |$)")
    assert [one for one in requirements() if not (pinned.match(one) and "--hash=sha256:" in one)] == []
    assert [one for one in requirements() if re.search("://|--index-url|--find-links", one)] == []


def test_what_the_book_asks_for_is_pinned():
    asked = re.findall(r"^([\w.-]+)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = {re.split(r"[\[=]", line)[0] for line in requirements()}
    assert {name.lower() for name in asked} <= pinned


def test_an_extra_of_the_package_that_is_named_somewhere_can_be_installed():
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "peft_vlm_survey").rglob("*.py")]
    named = {extra for text in texts for extra in re.findall(r"\{wheel\}\[(\w+)\]|its extra `(\w+)`", text)}
    assert {one or other for one, other in named} == {"figures"} <= set(offered)


def test_the_debian_packages_stand_once_each_in_alphabetical_order():
    names = (ROOT / "apt.txt").read_text(encoding="utf-8").splitlines()
    assert names == sorted(set(names))


def test_the_contents_list_every_chapter_once_and_no_other():
    assert sorted([contents.START, *contents.CHAPTERS]) == CHAPTERS


def test_no_file_names_a_folder_of_somebodys_machine():
    found = []
    for name in files_of_the_repository():
        raw = (ROOT / name).read_bytes()
        if not any(part in raw for part in IN_EVERY):
            continue
        text = raw.decode("utf-8", errors="replace")
        found += [
            f"{name}:{n}: {line[:120]}" for n, line in enumerate(text.split("\n"), 1) if MACHINE_PATH.search(line)
        ]
    assert found == []


def test_the_readme_says_what_is_in_every_folder():
    folders = {name.partition("/")[0] for name in files_of_the_repository() if "/" in name}
    folders |= {
        "/".join(name.split("/")[:2]) for name in files_of_the_repository() if re.match(r"peft_vlm_survey/\w+/", name)
    }
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {folder: f"`{folder.removeprefix('peft_vlm_survey/')}/`" for folder in folders - {".ci", "_latex"}}
    assert [folder for folder, name in sorted(named.items()) if name not in said] == []


def test_make_help_says_what_every_command_does():
    command = ["make", "--no-print-directory", "help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [one for one in COMMANDS if not re.search(rf"^ *make {one} +\w.{{10,}}$", said, re.MULTILINE)] == []


@each("target", TARGETS)
def test_a_target_has_its_line_of_help_or_is_a_step_of_another(target):
    helped = re.search(rf"^{target}:.*## \w", MAKEFILE, re.MULTILINE)
    step = re.search(
        rf"^[\w$()]+:(?![^#\n]*export)[^#\n]* {target}\b|\$\(MAKE\)[^;\n]* {target}\b", MAKEFILE, re.MULTILINE
    )
    assert helped or step
