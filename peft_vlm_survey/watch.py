"""A draft after every change, shown in the browser: python -m peft_vlm_survey.watch, or make watch."""

import subprocess

from peft_vlm_survey.unchanged import DRAFT, SOURCES


def _draft() -> None:
    subprocess.run(["make", "--no-print-directory", "draft"])  # noqa: S607 (what went wrong, make has said)


def main() -> None:
    """Make a draft, show it, and make another after every change until somebody stops it."""
    from livereload import Server  # who drafts without a browser needs no server

    _draft()
    server = Server()
    for path in SOURCES:
        server.watch(path, _draft)
    server.serve(root=str(DRAFT / "_build" / "html"))


if __name__ == "__main__":
    main()
