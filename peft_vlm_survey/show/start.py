"""How much the book holds, as the first page counts it."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.markup import Markup


def at_a_glance(*, survey: Survey) -> Markup:
    """Count what the book holds, each count with a link to where it stands."""
    links = [f"{{ref}}`{words} <{place}>`{rest}" for words, place, rest in counts(survey=survey)]
    return Markup(f":::{{container}} at-a-glance\n{' · '.join(links)}\n:::\n")


def counts(*, survey: Survey) -> list[tuple[str, str, str]]:
    """Return how much the book holds: what is counted, the label of the place where it stands, and what is to be added."""
    methods = {number.method_key for number in (*survey.results, *survey.measurements)}
    with_numbers = [paper for paper in survey.papers if paper.key in methods]
    return [
        (f"{len(survey.papers):,} papers", "catalogue", ""),
        (f"{len(survey.numbers):,} reported numbers", "results", f" for {len(with_numbers):,} of them"),
        (f"{len(survey.datasets)} data sets", "benchmarks", ""),
        (f"{len(survey.reported_costs)} reported costs", "costs", " recalculated"),
    ]
