"""A draft after every change, shown in the browser: python -m peft_vlm_survey.watch, or make watch."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, cast

from peft_vlm_survey.unchanged import SOURCES, STAMP

MADE = "Draft"  # how the last line about a draft begins


class Drafter:
    """A process that stays and makes drafts of the tree below a folder; it ends with its standard input."""

    def __init__(self, tree: Path = Path(), env: Mapping[str, str] | None = None) -> None:
        self._tree = tree
        self._env = env
        self._process: subprocess.Popen[str] | None = None

    def draft(self) -> Iterator[str]:
        """Make a draft, and yield what is said about it, line by line; the last begins with `MADE` unless the process ended."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "peft_vlm_survey.site.drafts", "--stay"],
                cwd=self._tree,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        wishes, lines = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        wishes.write("\n")
        wishes.flush()
        for line in lines:
            yield line
            if line.startswith(MADE):
                return

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def main() -> None:
    """Make a draft, show it, and make another after every change until somebody stops it."""
    from livereload import Server  # who drafts without a browser needs no server

    drafter = Drafter()

    def draft() -> None:
        print(*drafter.draft(), sep="", end="", flush=True)

    draft()
    server = Server()
    for path in SOURCES:
        server.watch(path, draft)
    server.serve(root=str(STAMP.parent / "_build" / "html"))


if __name__ == "__main__":
    main()
