import dataclasses
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.__main__ import main
from survey.data import find_problems, load, the_survey
from survey.problems import SurveyError
from tests.conftest import GOOD
