"""The command `edition VERSION`, behind `make edition`: whether an edition can be made, and its files in one folder."""

import re
from datetime import UTC, datetime
from pathlib import Path

from peft_vlm_survey.arguments import FOLDER_HELP, Parser, survey_folder
from peft_vlm_survey.editions.changes import FOLDER, VERSION
from peft_vlm_survey.editions.laid_out import kept_as, lay_out, missing
from peft_vlm_survey.editions.ready import find_problems
from peft_vlm_survey.problems import report
from peft_vlm_survey.read.edition import read_edition


def run(arguments: list[str], root: Path) -> tuple[int, str]:
    """Return the exit code and the text of one call: 0, 1 if something stands against the edition, 2 if none is named."""
    parser = Parser(
        prog="peft-vlm-survey edition",
        description="Say whether an edition can be made, and lay out its files from the built site.",
    )
    parser.add_argument("version", nargs="?", default="", help="the version of the edition, such as 1.5.0")
    parser.add_argument("--check", action="store_true", help="only say whether it can be made")
    parser.add_argument("--root", type=survey_folder, default=root, help=FOLDER_HELP)
    parser.add_argument("--site", type=Path, help="the built site (default: _build/html below that folder)")
    parser.add_argument("--to", type=Path, help="where to lay out the files (default: _build/edition/VERSION there)")
    options = parser.parse_args(arguments)
    version, root = options.version, options.root
    if not re.fullmatch(VERSION, version):
        wrong = f"no edition '{version}'." if version else "no edition is named."
        return 2, f"{wrong}\n    Name its version, three numbers: make edition VERSION=1.5.0."
    site = options.site or root / "_build" / "html"
    against = list(find_problems(root, version, datetime.now(UTC).date().isoformat()))
    if not options.check:
        against += missing(root, site)
    if against:
        return 1, report(against, "No edition was made.")
    if options.check:
        return 0, f"Edition {version} can be made."
    folder = options.to or root / "_build" / "edition" / version
    names = lay_out(root, site, folder)
    kept = f"{FOLDER.as_posix()}/{version}.zip"
    return 0, "\n".join(
        [
            *(f"{(folder / name).stat().st_size:>12,}  {name}" for name in names),
            f"{len(names)} files are in {folder}.",
            f"Keep {kept_as(read_edition(root)[0])} as {kept}: the next edition is compared with it.",
        ]
    )
