"""Read data/glossary.csv: the terms of the field, each with its sense and its usual Chinese term."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.sheets import Row, column

_MOST_WORDS = 45  # of a definition: it is read beside a sentence, not in place of a section


@dataclass(frozen=True, kw_only=True, slots=True)
class GlossaryTerm:
    """One row of glossary.csv; `aliases` mean the same, `see` are other terms."""

    term: str = column(
        required=True,
        unique=True,
        pattern="[A-Za-z][A-Za-z0-9 –-]*",
        form="letters, digits, spaces and hyphens",
    )
    zh: str = column(required=True)
    definition: str = column(required=True)
    aliases: tuple[str, ...]
    see: tuple[str, ...]
    row: Row

    @property
    def names(self) -> tuple[str, ...]:
        """The term, and what else it is called."""
        return (self.term, *self.aliases)


def names_of(term: str, glossary: Mapping[str, GlossaryTerm]) -> tuple[str, ...]:
    """Return a term with what else it is called, as in visual question answering, VQA; alone if the glossary has it not."""
    return glossary[term].names if term in glossary else (term,)


def _long_definition(terms: tuple[GlossaryTerm, ...]) -> Iterator[Problem]:
    for term in terms:
        words = len(term.definition.split())
        if words > _MOST_WORDS:
            yield term.row.problem(
                f"the definition of '{term.term}' has {words} words.", f"Say it in at most {_MOST_WORDS}."
            )


def _two_senses(terms: tuple[GlossaryTerm, ...]) -> Iterator[Problem]:
    first = {term.term.casefold(): term for term in reversed(terms)}
    for term in terms:
        for alias in term.aliases if term.row.sound("aliases") else ():
            known = first.setdefault(alias.casefold(), term)
            if known is not term or alias.casefold() == term.term.casefold():
                yield term.row.problem(
                    f"alias '{alias}' means '{known.term}' already.", "A name means one thing; keep it once."
                )


def _unknown_term(terms: tuple[GlossaryTerm, ...]) -> Iterator[Problem]:
    known = {term.term for term in terms}
    meant = {alias: term.term for term in terms for alias in term.aliases}
    for term in terms:
        for other in term.see if term.row.sound("see") else ():
            if other == term.term:
                yield term.row.problem(f"see names '{other}', which is the term itself.", "Name only others there.")
            elif other not in known:
                remedy = suggest(other, known, "Add its row, or take it out.", called=meant)
                yield term.row.problem(f"see names '{other}', which is no term.", remedy)


RULES = (_long_definition, _two_senses, _unknown_term)
