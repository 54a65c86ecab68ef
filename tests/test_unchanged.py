"""Whether a draft is needed: every file of the repository is looked at from which the site is made."""

import re
import subprocess

from peft_vlm_survey.data import ROOT
from peft_vlm_survey.unchanged import state

# From these no page of a draft and no download is made; whoever adds another kind of file says here that it is none either.
NO_SOURCES = re.compile(
    r"(tests|bench|verify|types|locale|\.github|\.ci)/|(\.git\w+|\.pre-commit-config\.yaml|Makefile|apt\.txt|jsconfig\.json)$"
    r"|(CHANGELOG|CONTRIBUTING|README|SECURITY)\.md$|requirements(-\w+)?\.in$|requirements-\w+\.txt$"
    r"|(pyproject\.toml|setup\.py|peft_vlm_survey/py\.typed)$"
)


def test_a_change_of_any_file_that_the_site_is_made_from_asks_for_a_draft():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    sources = {name for name in listed.split("\0") if name and not NO_SOURCES.match(name) and (ROOT / name).is_file()}
    looked_at = {line.rsplit(" ", 2)[0].removeprefix(f"{ROOT}/") for line in state(ROOT).splitlines()}
    assert sorted(sources - looked_at) == []
