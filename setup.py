"""What the wheel holds besides the package: the sources that it reads, so that an installed package answers too."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SOURCES = ("CITATION.cff", "references.bib", "data/*.csv", "data/editions/*.zip", "data/README.md", "book/*.md")


class WithSources(build_py):
    """Copy the survey's sources into the built package."""

    def run(self) -> None:
        """Build the package as ever; an editable one reads the sources where they stand."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "peft_vlm_survey", "sources")
        for pattern in SOURCES:
            for path in HERE.glob(pattern):
                copy = target / path.relative_to(HERE)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)


setup(cmdclass={"build_py": WithSources})
