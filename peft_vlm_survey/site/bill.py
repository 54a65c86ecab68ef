"""The bill of materials: what a site holds copies of, file by file, for readers and, in CycloneDX, for programs."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peft_vlm_survey.read.edition import Edition
from peft_vlm_survey.site.licensed import SPDX, Part

TEXTS = "licences"  # a folder beside the bill
FOLDERS = ("_static", "_images", "downloads/figures")  # where copies may lie; all other files are ours
_SPACE = uuid.UUID("f2c1e6a4-5f0b-5d0e-9a55-2f6f6f0c7b1d")  # any, and always the same


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """A part, its version, and the files of the site that are or hold copies of it."""

    part: Part
    version: str
    files: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Return its name as a part of an address."""
        return re.sub(r"[^a-z0-9]+", "-", self.part.name.lower()).strip("-")

    @property
    def text(self) -> str:
        """Return the address of its licence beside the bill."""
        return f"{TEXTS}/{self.slug}.txt"

    @property
    def purl(self) -> str:
        """Return its package URL; empty for what is in no index."""
        if self.part.npm:
            return f"pkg:npm/{quote(self.part.npm)}@{self.version}"
        if self.part.source == "debian":
            return f"pkg:deb/debian/{self.part.within}@{quote(self.version)}"
        if self.part.source == "python" and not self.part.font:
            return f"pkg:pypi/{self.part.name.lower().replace('_', '-')}@{self.version}"
        return ""


def copied(site: Path, parts: Iterable[Part], *, pdf: bool) -> tuple[Copied, ...]:
    """Return the parts that a site holds copies of; fonts alone only if it has a PDF."""
    addresses = _addresses(site, *FOLDERS)
    copies = []
    for part in parts:
        files = tuple(address for address in addresses if part.holds(address))
        if files or (part.fonts and pdf):
            copies.append(Copied(part=part, version=part.version(site), files=files))
    return tuple(copies)


def nameless(site: Path, parts: Iterable[Part]) -> list[str]:
    """Return the files below `_static/` that are no part's."""
    known = tuple(parts)
    return [address for address in _addresses(site, "_static") if not any(part.holds(address) for part in known)]


def _addresses(site: Path, *folders: str) -> list[str]:
    below = (path for folder in folders for path in (site / folder).rglob("*"))
    return sorted(path.relative_to(site).as_posix() for path in below if path.is_file())


def bill(site: Path, edition: Edition, copies: Iterable[Copied]) -> str:
    """Return the bill of a site in CycloneDX 1.6: the same site gives the same bytes."""
    components = [_component(site, copy) for copy in copies]
    name = "peft-vlm-survey"
    members = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, json.dumps([edition.version, components]))}",
        "version": 1,
        "metadata": {
            "timestamp": f"{edition.date}T00:00:00Z",
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": name,
                "version": edition.version,
                "description": edition.title,
                "licenses": [{"expression": "MIT AND CC-BY-4.0"}],
            },
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": sorted(component["bom-ref"] for component in components)}],
    }
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def _component(site: Path, copy: Copied) -> dict[str, Any]:
    part = copy.part
    licence = {"id": part.licence} if part.licence in SPDX else {"name": part.licence}
    return {
        "type": "library",
        "bom-ref": copy.slug,
        "name": part.name,
        "version": copy.version,
        **({"description": f"Bundled in {part.within}."} if part.source == "bundled" else {}),
        "licenses": [{"license": licence}],
        "copyright": part.holder,
        **({"purl": copy.purl} if copy.purl else {}),
        "externalReferences": [{"type": "license", "url": copy.text}],
        "components": [
            {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": _digest(site / name)}]}
            for name in copy.files
        ],
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
