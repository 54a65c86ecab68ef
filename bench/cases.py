"""Print the answers to the practitioner's cases of cases.csv in one text: `python -m bench.cases > answers.txt`.

With `--blind` the marks of earlier judges are left out.
"""

import argparse
import csv
import shlex
from collections import Counter
from pathlib import Path

from peft_vlm_survey.__main__ import main

HERE = Path(__file__).parent
MARKS = ("good", "acceptable", "poor", "wrong")


def answers(*, blind: bool) -> None:
    """Print each case with its situation, its command, what the command answers, and unless blind the marks given to it."""
    marks = [] if blind else _rows("case_marks.csv")
    for row in _rows("cases.csv"):
        print(f"## {row['case']}. {row['situation']}\n$ peft-vlm-survey {row['command']}", flush=True)
        main(shlex.split(row["command"]))
        for mark in marks:
            if mark["case"] == row["case"]:
                print(f"{mark['mark'].upper()} ({mark['judged']}): {mark['why']}")
        print(flush=True)
    print("\n".join(tally(marks)))


def tally(marks: list[dict[str, str]]) -> list[str]:
    """Return one line for each who judged: how many cases got each mark."""
    judges = dict.fromkeys(mark["judged"] for mark in marks)
    count = Counter((mark["judged"], mark["mark"]) for mark in marks)
    return [f"{judge}: " + ", ".join(f"{count[judge, mark]} {mark}" for mark in MARKS) for judge in judges]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--blind", action="store_true", help="leave out the marks of earlier judges")
    answers(blind=parser.parse_args().blind)
