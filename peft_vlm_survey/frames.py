"""The survey as pandas data frames, for notebooks."""

import pandas as pd

from peft_vlm_survey.model import Survey


def papers_frame(survey: Survey) -> pd.DataFrame:
    """Return papers and references joined: one row per paper, `year` an integer, every other column text."""
    return pd.DataFrame(survey.paper_rows(survey.papers)).astype({"year": "int64"})


def results_frame(survey: Survey) -> pd.DataFrame:
    """Return scores and measurements: one row per number; `value`, `trained_percent`, `trained_millions` as floats.

    `printed` keeps the value as the source prints it.
    """
    frame = pd.DataFrame(survey.number_rows((*survey.results, *survey.measurements)))
    frame["printed"] = frame["value"]
    numeric = ["value", "spread", "trained_percent", "trained_millions"]
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in numeric})
