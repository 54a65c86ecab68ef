"""How every command reads its words: what is wrong is said in one line, and the way out in the next, as elsewhere."""

import argparse
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

from peft_vlm_survey.problems import nearest

FOLDER_HELP = "the survey's folder (default: this repository)"


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake without its whole usage; `pairs` are names that stand as name=value, without dashes."""

    def __init__(self, *words: Any, pairs: Collection[str] = (), **named: Any) -> None:
        super().__init__(*words, **named)
        self.pairs = pairs

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and the way out, and exit with 2."""
        fault, remedy = self._fault_and_remedy(message)
        self.exit(2, f"{fault}\n    {remedy}\n")

    def _fault_and_remedy(self, message: str) -> tuple[str, str]:
        help_says = f"{self.prog} --help says what can be given."
        if found := re.fullmatch(r"unrecognized arguments: (\S+)(.*)", message):
            return self._unknown(found[1], found[2].split(), help_says)
        if found := re.fullmatch(r"argument (\S+): invalid choice: '(.*)' \(choose from (.+)\)", message):
            known = re.findall(r"[^\s,']+", found[3])
            near = nearest(found[2], known)
            return (
                f"{found[1]} '{found[2]}' is not known.",
                f"Did you mean '{near}'?" if near else f"Use one of: {', '.join(known)}.",
            )
        if found := re.fullmatch(r"argument (-\S+): expected (?:one|at least one) argument", message):
            return f"{found[1]} has no value.", help_says
        if found := re.fullmatch(r"the following arguments are required: (.+)", message):
            return f"{found[1]} {'are' if ',' in found[1] else 'is'} missing.", help_says
        if found := re.fullmatch(r"argument ([^:]+): (.+)", message):
            name = f"{found[1]} " if found[1].startswith("-") else ""  # a word that stands alone needs no name
            return f"{name}{found[2].rstrip('.')}.", help_says
        return f"{message.rstrip('.')}.", help_says

    def _unknown(self, word: str, others: list[str], help_says: str) -> tuple[str, str]:
        """Return what was perhaps meant by a word that no option takes."""
        name, _, value = word.lstrip("-").partition("=")
        options = [option for option in self._option_string_actions if option.startswith("--")]
        if word.startswith("-") and name.replace("-", "_") in self.pairs:
            return (
                f"'{word}' is no option.",
                f"Write {name.replace('-', '_')}={value or next(iter(others), 'VALUE')}, without dashes.",
            )
        near = nearest(word.partition("=")[0], options) if word.startswith("--") else ""
        return f"'{word}' is not understood.", f"Did you mean '{near}'?" if near else help_says


def above_zero(text: str) -> int:
    """Return a whole number above zero. Raises ArgumentTypeError."""
    if not re.fullmatch(r"0*[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number above zero")
    return int(text)


def survey_folder(text: str) -> Path:
    """Return the folder of a survey. Raises ArgumentTypeError if there is no such folder, or nothing of a survey in it."""
    folder = Path(text)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"'{text}' is no folder")
    if not (folder / "data").exists() and not (folder / "references.bib").exists():
        raise argparse.ArgumentTypeError(f"'{text}' holds no survey, which has a file references.bib and a folder data")
    return folder


def empty(given: dict[str, object], *options: str) -> str:
    """Return what is said of the first of some options that is given empty; nothing if none is."""
    name = next((option for option in options if given[option.replace("-", "_")] == ""), None)
    return f"--{name} is empty.\n    Give a value, or leave the option out." if name else ""
