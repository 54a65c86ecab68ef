"""What the pages of benchmarks and of data sets share: both show reported numbers, with figures."""

from collections.abc import Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.benchmark_facts import titles
from peft_vlm_survey.show.scatter import Scatter

FIGURES = "downloads/figures"  # where the site has them


class ResultPages:
    """What such pages show of a survey; `figures` are those drawn so far, by the address of their files."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.figures: dict[str, Scatter] = {}

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of every benchmark."""
        return self.survey.derived(titles)


def files_of(folder: str, page: str, group: str) -> str:
    """Return the address of the files of a page's figure of one group, without extension."""
    return f"{FIGURES}/{folder}/{page}-{group}"
