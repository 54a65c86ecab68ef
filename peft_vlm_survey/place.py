"""Where the sources of the survey are: of all that asks for it, most loads nothing else."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# The repository, or in an installed package the copy of its sources that the wheel brings.
ROOT = _PACKAGE / "sources" if (_PACKAGE / "sources").is_dir() else _PACKAGE.parent
