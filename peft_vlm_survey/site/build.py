"""Jupyter Book without the two seconds in which Python takes the survey apart at its end: python -m peft_vlm_survey.site.build."""

import os
import sys

from jupyter_book.cli.main import main


def build() -> int:
    """Run the command `jupyter-book` with this process's arguments, and return its status."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except RuntimeError as error:  # so Jupyter Book says that Sphinx stopped, which has said why
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    status = build()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
