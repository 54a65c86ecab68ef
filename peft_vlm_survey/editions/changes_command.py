"""The command `peft-vlm-survey changes OLD NEW`: what changed from one data package to another."""

import json
from pathlib import Path

from peft_vlm_survey.arguments import Parser, above_zero
from peft_vlm_survey.editions.changes import changes
from peft_vlm_survey.editions.changes_output import as_json, as_lines
from peft_vlm_survey.editions.package import NoPackageError, read_package

_MOST = 10


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0 and what changed, or 2 and what is wrong."""
    parser = Parser(
        prog="peft-vlm-survey changes",
        description="Say what changed from one edition to another: papers, numbers, rankings, costs.",
    )
    parser.add_argument(
        "old", metavar="OLD", type=Path, help="the earlier data package: a folder, as `export` writes it, or a zip file"
    )
    parser.add_argument("new", metavar="NEW", type=Path, help="the later one")
    parser.add_argument("--json", action="store_true", help="all of it, for programs")
    parser.add_argument(
        "--most", type=above_zero, default=_MOST, help="rows of each kind in the text (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        compared = changes(read_package(options.old), read_package(options.new))
    except NoPackageError as error:
        return 2, str(error)
    if options.json:
        return 0, json.dumps(as_json(compared), ensure_ascii=False, indent=1)
    return 0, "\n".join(as_lines(compared, options.most))
