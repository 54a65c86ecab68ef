"""Tables of papers: a category compared, one paper's record, the families' trade-offs."""

from peft_vlm_survey.downloads import paper_bib
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, cite, escape, escape_title, link
from peft_vlm_survey.show.table import Table


def compare(category: str, *, survey: Survey) -> Table:
    """Compare the papers of a category, those that train least first, with full fine-tuning as the reference row.

    Raises KeyError for an unknown category.
    """
    if category not in CATEGORIES:
        raise KeyError(f"no category '{category}'")
    papers = sorted(survey.core(category), key=lambda paper: (_least_share(survey, paper), paper.name))
    rows = [
        [
            f"[{escape(paper.name)}](#sec-{paper.key}), {cite(paper.key)}",
            escape(paper.family),
            _list(paper.backbones),
            _list(paper.benchmarks),
            trained_share(survey, paper),
            _fact_of(survey, paper, "mergeable"),
            _fact_of(survey, paper, "gradient"),
        ]
        for paper in papers
    ]
    reference = ["Full fine-tuning (reference)", "all weights", "any", "any", "100 %", "is the backbone", "yes"]
    return Table(
        header=[
            "Method",
            "Family",
            "Backbones",
            "Benchmarks",
            "Trained share",
            "Mergeable",
            "Gradient through backbone",
        ],
        rows=[*rows, reference],
        widths=[20, 12, 18, 18, 14, 10, 10],
        note=(
            "*Trained share*: trained parameters in percent of what the paper counts, over the settings it reports, "
            "or in millions where no percentage is established. "
            "*Gradient through backbone*: whether back-propagation runs through the frozen weights. "
            f"{NOT_ESTABLISHED} means not established."
        ),
        classes=["compare"],
        data=survey.paper_rows(papers),
    )


def _fact_of(survey: Survey, paper: Paper, fact: str) -> str:
    description = survey.description(paper.key)
    return ", ".join(description.fact(fact)) or NOT_ESTABLISHED if description else NOT_ESTABLISHED


def trained_share(survey: Survey, paper: Paper) -> str:
    """Return the range of trained shares that a paper prints for its own method, as MyST."""
    printed = shares(survey, paper)
    if printed:
        return f"{_range(printed)} %"
    millions = [result.trained_millions for result in own_numbers(survey, paper) if result.trained_millions]
    return f"{_range(millions)} M" if millions else NOT_ESTABLISHED


def record(key: str, *, survey: Survey) -> Markup:
    """Return what identifies one paper, the source list's note on it, and its BibTeX."""
    paper, reference = survey.paper(key), survey.references[key]
    title = (
        f"[{escape_title(reference.title)}](<{reference.address}>)"
        if reference.address
        else escape_title(reference.title)
    )
    where = [f"*{escape(reference.venue)}*"] if reference.venue else []
    where.append(str(reference.year))
    if pages := reference.plain("pages"):
        where.append(f"pp. {escape(pages)}")
    ids = []
    if doi := reference.fields.get("doi"):
        ids.append("DOI " + link(doi, f"https://doi.org/{doi}"))
    if eprint := reference.fields.get("eprint"):
        ids.append("arXiv " + link(eprint, f"https://arxiv.org/abs/{eprint}"))
    sentences = [escape(", ".join(reference.authors)), ", ".join(where), *ids]
    licence = escape(paper.code_licence or "licence not established")
    code = (
        f"{link(paper.code.removeprefix('https://'), paper.code)} ({licence})"
        if paper.code
        else "no official code found"
    )
    read = f"{paper.status}, read in {escape(paper.source)}" + (f", on {paper.checked}" if paper.checked else "")
    lines = [
        "::::::{container} record",
        f"**{title}**",
        "",
        f"{'. '.join(sentences)}.",
        "",
        f"Code: {code}. Record: {read}.",
    ]
    if paper.note_zh:
        lines += ["", f"The source list's note: [{escape(paper.note_zh)}]{{.language-zh}}"]
    lines += [
        "",
        ":::::{only} html",
        f"::::{{dropdown}} BibTeX of {escape(paper.name)}",
        ":class-container: bibtex",
        "```bibtex",
        paper_bib(survey, key).rstrip(),
        "```",
        "::::",
        ":::::",
        "::::::",
    ]
    return Markup("\n".join(lines) + "\n")


def tradeoffs(*, survey: Survey) -> Table:
    """Compare the families: what trains, what it costs in training and at inference."""
    rows = []
    for family in survey.families:
        rows.append(
            [
                f"[{escape(family.name)}](#family-{family.family})",
                escape(family.trains),
                family.gradient,
                family.mergeable,
                escape(family.inference),
                escape(family.storage),
            ]
        )
    return Table(
        header=[
            "Family",
            "What trains",
            "Gradient through backbone",
            "Mergeable",
            "Extra work at inference",
            "Stored for each task",
        ],
        rows=rows,
        widths=[17, 23, 12, 12, 20, 20],
        classes=["compare"],
        data=[cells(family) for family in survey.families],
    )


def _list(items: tuple[str, ...]) -> str:
    return escape(", ".join(items)) or NOT_ESTABLISHED


def own_numbers(survey: Survey, paper: Paper) -> list[Result]:
    """Return every number that a paper prints for its own method."""
    numbers = (*survey.results, *survey.measurements)
    return [result for result in numbers if result.method_key == paper.key and result.claim == "own"]


def shares(survey: Survey, paper: Paper) -> list[str]:
    """Return every trained share, in percent, that a paper prints for its own method."""
    # A method added to another one trains what both train, so it says nothing of the method alone.
    results = [result for result in own_numbers(survey, paper) if " + " not in result.method]
    printed = [result.trained_percent for result in results if result.trained_percent]
    return printed + [result.value for result in results if result.benchmark == "trained-share"]


def _least_share(survey: Survey, paper: Paper) -> float:
    return min(map(float, shares(survey, paper)), default=float("inf"))


def _range(values: list[str]) -> str:
    least, most = min(values, key=float), max(values, key=float)
    return least if float(least) == float(most) else f"{least}–{most}"
