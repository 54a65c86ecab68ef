"""The numbers, costs and cards of all methods as scripts for the page that sets them side by side, loaded there alone."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from peft_vlm_survey.compare.choosable import MOST, choosable, chosen, slug
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.side_by_side_data import card_of, index_of
from peft_vlm_survey.site import files
from peft_vlm_survey.site.answers import questions
from peft_vlm_survey.site.data_script import DataScript, compact
from peft_vlm_survey.site.made import made
from peft_vlm_survey.site.packed import deflated

FOLDER = "compare-cards"  # below _static/
CHUNKS = 64  # scripts that the cards are spread over: a page loads those of its methods alone


def index_script(survey: Survey, version: str, examples: Sequence[Sequence[str]]) -> str:
    """Return the script that sets `survey.data.compare`: all that a comparison needs but the cards, and where these are.

    An id that follows from the name is left out, and a key that follows from the id stands as "=": the script knows both.
    `examples` are comparisons that are offered to begin with.
    """
    index = index_of(survey)
    members = {
        **index,
        "methods": [_shortened(*row) for row in index["methods"]],
        "most": MOST,
        "cards": {"folder": FOLDER, "version": version, "chunks": CHUNKS},
        "examples": [[chosen(survey, name).id for name in names] for names in examples],
    }
    lines = (f"{compact(name)}:{compact(value)}" for name, value in members.items())
    return "survey.data.compare = {\n" + ",\n".join(lines) + "\n};\n"


def _shortened(id: str, key: str, name: str, names: Sequence[str], where: str) -> list[Any]:
    """Return a method's row without what follows from the rest: most keys are the first author, the year and the id."""
    usual = where.split(" ")[0].removesuffix(",").lower() + where[-4:] + id.replace("-", "")
    return ["" if id == slug(name) else id, "=" if key and key == usual else key, name, names, where]


def examples() -> tuple[tuple[str, ...], ...]:
    """Return the comparisons that chapters show."""
    return tuple(question.arguments for question in questions() if question.name == "beside")


def card_scripts(survey: Survey) -> Mapping[str, str]:
    """Return the scripts with the cards, by their names: the card of a method stands in that of its place in the index."""
    known = list(choosable(survey).values())
    return {
        f"{chunk}.js": f"(survey.data.compareCards ??= {{}})[{chunk}] = "
        f"{compact(deflated({choice.id: card_of(survey, choice) for choice in known[chunk::CHUNKS]}))};\n"
        for chunk in range(CHUNKS)
    }


def _version() -> str:
    """Return what changes if and only if a card does."""
    return _cards()[0]


def _cards() -> tuple[str, Mapping[str, str]]:
    """Return the scripts with the cards, and before them what changes if and only if one does."""
    cards: tuple[str, Mapping[str, str]] = made("compare cards", _versioned)[0]
    return cards


def _versioned(survey: Survey) -> tuple[str, Mapping[str, str]]:
    scripts = card_scripts(survey)
    return hashlib.sha256(repr(sorted(scripts.items())).encode()).hexdigest()[:8], scripts


def setup(app: Sphinx) -> None:
    """Write the scripts when the site is there."""
    SCRIPT.setup(app)
    app.connect("build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for name, text in _cards()[1].items():
            files.write(Path(app.outdir, "_static", FOLDER, name), text)


SCRIPT = DataScript(
    "compare-index.js",
    lambda survey, anchors: index_script(survey, _version(), examples()),
    also=lambda: (_version(), examples()),
)
