"""How much a paper weighs for a reader, counted from the book's own data: what lists and searches put first."""

from collections import defaultdict
from collections.abc import Mapping

from peft_vlm_survey.model import Survey

_LIBRARY = 5  # what it counts that a library implements a method, beside papers and chapters, which count one each


def weights(survey: Survey) -> Mapping[str, int]:
    """Return the weight of every paper, by its key.

    It is the number of other papers whose tables report its method, and of chapters that cite it, and five more if a
    library that is not the authors' own implements the method.
    """
    makers = {origin.origin: origin.key for origin in survey.origins}
    in_library = {key for software in survey.software if software.official != "yes" for key in software.keys}
    reports: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        reports[number.method_key].add(makers.get(number.origin) or number.origin)
    chapters: dict[str, set[str]] = defaultdict(set)
    for citation in survey.citations:
        chapters[citation.key].add(citation.path)
    return {
        paper.key: len(reports[paper.key] - {paper.key})
        + len(chapters[paper.key])
        + _LIBRARY * (paper.key in in_library)
        for paper in survey.papers
    }
