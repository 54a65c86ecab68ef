"""The terms of the field, as a glossary that roles, the search and the index know."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.glossary import GlossaryTerm
from peft_vlm_survey.show.markup import Markup, escape


def glossary(*, survey: Survey) -> Markup:
    """List every term with what else it is called, what it means, its Chinese term, and which terms to see."""
    terms = sorted(survey.glossary, key=lambda term: (term.term.casefold(), term.term))
    return Markup("\n".join(["::::{glossary}", *map(_entry, terms), "::::", ""]))


def _entry(term: GlossaryTerm) -> str:
    see = f" See also {', '.join(f'{{term}}`{other}`' for other in term.see)}." if term.see else ""
    text = f"{escape(term.definition)} In Chinese: {escape(term.zh)}.{see}"
    return "\n".join([*map(escape, term.names), f"  {text}", ""])
