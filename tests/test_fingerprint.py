"""When a draft reads a chapter again: also when what it only names by a role is called otherwise."""

from dataclasses import replace

import pytest

from peft_vlm_survey.cache import names_in
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site import changes

TEXTS = {
    "paper": "A paper, {paper}`jia2022vpt`, and it again under another name, {paper}`that one <jia2022vpt>`.",
    "benchmark": "On {benchmark}`vqav2` it is better.",
    "dataset": "On {dataset}`refcoco-family` it is better.",
}
TABLES = {"paper": ("papers", "key"), "benchmark": ("benchmarks", "benchmark"), "dataset": ("datasets", "id")}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_chapter_is_another_where_what_it_names_in_its_text_is_called_otherwise(kind, tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "chapter.md").write_text(TEXTS[kind], encoding="utf-8")
    monkeypatch.setattr(changes, "ROOT", tmp_path)
    survey = the_survey()
    before = changes._fingerprint("chapter")
    ((_, key),) = names_in(TEXTS[kind])
    table, column = TABLES[kind]
    rows = [replace(row, name="Otherwise") if getattr(row, column) == key else row for row in getattr(survey, table)]
    monkeypatch.setattr(changes, "the_survey", lambda: replace(survey, **{table: tuple(rows)}))
    assert changes._fingerprint("chapter") != before
