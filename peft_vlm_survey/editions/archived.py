"""What an archive of research data reads of an edition: `.zenodo.json`, made from CITATION.cff."""

import json
from html import escape
from pathlib import Path
from typing import Any

import yaml

from peft_vlm_survey.read.edition import PATH as CITATION
from peft_vlm_survey.read.edition import read_edition


def zenodo(root: Path) -> str:
    """Return the description of the edition below a root as Zenodo reads it."""
    edition, _ = read_edition(root)
    cited: dict[str, Any] = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    # The archive wants the family name first; an organisation has one name.
    names = [
        author.get("name") or ", ".join(filter(None, (author.get("family-names"), author.get("given-names"))))
        for author in cited["authors"]
    ]
    metadata = {
        "title": edition.title,
        "upload_type": cited.get("type", "dataset"),
        "description": f"<p>{escape(edition.abstract, quote=False)}</p>",  # the archive shows it as HTML
        "creators": [{"name": name} for name in names],
        "version": edition.version,
        "publication_date": edition.date,
        "access_right": "open",
        "license": str(cited.get("license", "")).lower(),
        "language": "eng",
        **({"keywords": cited["keywords"]} if cited.get("keywords") else {}),
        **({"doi": edition.doi} if edition.doi else {}),
    }
    related = [
        {"identifier": address, "relation": relation}
        for address, relation in ((edition.url, "isIdenticalTo"), (edition.repository, "isSupplementedBy"))
        if address
    ]
    return (
        json.dumps(metadata | ({"related_identifiers": related} if related else {}), ensure_ascii=False, indent=2)
        + "\n"
    )
