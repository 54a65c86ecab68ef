"""The catalogues written anew from chapters and answers: python -m peft_vlm_survey.messages.renew [CHAPTER …]."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from peft_vlm_survey.data import survey_below
from peft_vlm_survey.messages.catalogues import chapters, write_catalogue
from peft_vlm_survey.messages.chinese import WORD, Chinese, placeholders
from peft_vlm_survey.messages.said import cut, said_in
from peft_vlm_survey.model import Survey
from peft_vlm_survey.questions import answered, read_questions
from peft_vlm_survey.show.table import Table

_NAMES = re.compile(r"\{(?:cite|paper|benchmark|dataset)|\]\(")  # a cell that leads elsewhere is no message of its own


def answers_in(root: Path, survey: Survey) -> list[str]:
    """Return the messages of the answers that translated chapters show: heads, notes, sentences, cells of several words, and advice."""
    wanted = {f"book/{name}.md" for name in chapters(root)}
    said = Chinese(root, survey, ["interface"])
    found = {placeholders(advice.advice)[0]: None for advice in survey.advice}
    said.words.update((message, message) for message in found)
    for question, answer in answered(root, survey):
        if question.path not in wanted:
            continue
        if isinstance(answer, Table):
            texts = [*answer.header, *(words for words, _ in cut(answer.note, 0))]
            texts += [cell for row in answer.rows for cell in row if re.search(WORD, cell) and not _NAMES.search(cell)]
        elif isinstance(answer, str):
            texts = [words for words, _ in cut(answer, 0)]
        else:
            continue
        found |= {placeholders(text)[0]: None for text in texts if not said.of(text)}
    captions = {question.keywords.get("caption") for question in read_questions(root)}  # of their chapters
    return [message for message in found if re.search(WORD, message) and message not in captions]


def renew(root: Path, survey: Survey, started: Sequence[str] = ()) -> None:
    """Write the catalogues anew from the sources, with the translations that they hold; start those of the chapters named.

    A translation whose message has changed a little stays, marked as in doubt (fuzzy); one whose message is gone goes.
    """
    for name in sorted({*chapters(root), *started}):
        write_catalogue(root, name, [said.text for said in said_in(root, name)])
    write_catalogue(root, "answers", answers_in(root, survey))


if __name__ == "__main__":
    renew(Path(), survey_below(Path()), sys.argv[1:])
