"""Print the answers to the practitioner's cases of cases.csv in one text: `python -m bench.cases > answers.txt`."""

import csv
import shlex
from pathlib import Path

from peft_vlm_survey.__main__ import main

CASES = Path(__file__).with_name("cases.csv")


def answers() -> None:
    """Print each case with its situation, its command, and what the command answers."""
    with CASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            print(f"## {row['case']}. {row['situation']}\n$ peft-vlm-survey {row['command']}", flush=True)
            main(shlex.split(row["command"]))
            print(flush=True)


if __name__ == "__main__":
    answers()
