"""The ranked lists of the chooser as a script: a page opened from disk may not fetch a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from peft_vlm_survey.choose.answer import names
from peft_vlm_survey.choose.page import page_data
from peft_vlm_survey.model import Survey
from peft_vlm_survey.site.data_script import Anchors, DataScript
from peft_vlm_survey.site.packed import deflated


def choose_script(survey: Survey, anchors: Anchors) -> str:
    """Return the script that sets `survey.data.choose`, packed small: the lists, and where the papers of their methods lead."""
    data = page_data(survey)
    places = dict(anchors)
    keys = sorted(method for method in names(survey) if method in survey.references)
    packed = deflated(
        {
            **data,
            "lists": _lists(data["lists"]),
            "prices": _prices(data["prices"]),
            "cites": {key: _citation(survey, key, places) for key in keys},
        }
    )
    return f'survey.data.choose = "{packed}";\n'


def _lists(lists: Any) -> dict[str, Any]:
    """Return the lists with the like of all entries side by side, which packs to half; what a place leaves open stands once."""
    entries = [entry for _, listed in lists for entry in listed]
    texts = {tuple(entry[-1]): None for entry in entries}
    places = {text: place for place, text in enumerate(texts)}
    return {
        "notes": [notes for notes, _ in lists],
        "sizes": [len(listed) for _, listed in lists],
        "columns": _columns([*entry[:-1], places[tuple(entry[-1])]] for entry in entries),
        "open": [*texts],
    }


def _prices(prices: Any) -> dict[str, Any]:
    """Return the prices likewise: how many a method has on each model, and what they say, side by side."""
    return {
        "sizes": {on: {id: len(rows) for id, rows in methods.items()} for on, methods in prices.items()},
        "columns": _columns(price for methods in prices.values() for rows in methods.values() for price in rows),
    }


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _citation(survey: Survey, key: str, anchors: dict[str, str]) -> dict[str, str]:
    reference = survey.references[key]
    cited = f"references.html#{anchors[key]}" if key in anchors else reference.address  # no chapter need cite it
    place = f"papers/{key}.html" if key in survey.papers_by_key else cited
    return {"text": f"{reference.short_authors} ({reference.year})", "address": place}


SCRIPT = DataScript("choose-lists.js", choose_script)
