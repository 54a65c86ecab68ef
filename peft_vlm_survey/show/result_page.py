"""What the pages of benchmarks and of data sets share: both show reported numbers."""

from collections.abc import Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.benchmark_facts import titles


class ResultPages:
    """What such pages show of a survey."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of every benchmark."""
        return self.survey.derived(titles)
