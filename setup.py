"""What the wheel holds besides the package: the sources that it reads, so that an installed package answers too."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SOURCES = ("CITATION.cff", "references.bib", "data/*.csv", "data/README.md", "book/*.md")


def last_edition(version: str) -> list[Path]:
    """Return the data of the newest edition that is not newer than a version, which is all that the package compares with."""
    in_order = {tuple(map(int, path.stem.split("."))): path for path in HERE.glob("data/editions/*.zip")}
    published = [numbers for numbers in in_order if numbers <= tuple(map(int, version.split(".")))]
    return [in_order[max(published)]] if published else []


class WithSources(build_py):
    """Copy the survey's sources into the built package."""

    def run(self) -> None:
        """Build the package as ever; an editable one reads the sources where they stand."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "peft_vlm_survey", "sources")
        found = [path for pattern in SOURCES for path in HERE.glob(pattern)]
        for path in (*found, *last_edition(self.distribution.get_version())):
            copy = target / path.relative_to(HERE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


setup(cmdclass={"build_py": WithSources})
