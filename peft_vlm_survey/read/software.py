"""Read data/software.csv: who implements a method today, and the few lines that run it there."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column

# How it was made sure that the library has the class or option, from most to least.
VERIFIED = ("run", "imported", "read")
_ID = "[A-Za-z0-9.+-]+"


@dataclass(frozen=True, kw_only=True, slots=True)
class Software:
    """One row of software.csv; `template` holds the lines of code, with `{rank}` and the like for the reader's values."""

    name: str = column(required=True)
    keys: tuple[str, ...] = column(leads="references")
    method_id: str
    variant: str
    library: str = column(required=True)
    class_or_option: str = column(required=True)
    version: str = column(required=True)
    licence: str = column(pattern=f"{_ID}( (AND|OR|WITH) {_ID})*", form="an SPDX expression")
    released: str
    maintained: str = column(words=("yes", "no", "partly"))
    official: str = column(required=True, words=("yes", "no"))
    package: str
    verified: str = column(required=True, words=VERIFIED)
    source: str = column(required=True)
    merges: str = column(words=("yes", "no"))
    convolutions: str = column(words=("yes", "no"))
    four_bits: str = column(words=("yes", "no"))
    eight_bits: str = column(words=("yes", "no"))
    template: tuple[str, ...]
    lines_in: str = column(words=("Python", "shell", "YAML"))
    note: str
    row: Row
