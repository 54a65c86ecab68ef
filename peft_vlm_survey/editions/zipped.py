"""Zip files whose bytes depend on what they hold and on nothing else."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO


def zipped(files: Mapping[str, bytes | Path], out: BinaryIO, *, date: str) -> None:
    """Write files, given as bytes or by their place on the disk, into a zip file, sorted by name and all of one date."""
    moment = (int(date[:4]), int(date[5:7]), int(date[8:10]), 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in sorted(files):
            held = files[name]
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            file.writestr(entry, held if isinstance(held, bytes) else held.read_bytes())


def below(folder: Path, inside: str) -> dict[str, Path]:
    """Return every file below a folder by its name in a zip file, where all of them lie in the folder `inside`."""
    return {f"{inside}/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}
