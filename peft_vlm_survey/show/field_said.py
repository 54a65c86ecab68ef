"""What the figures of the field show, in sentences: a name of a family, a year or a venue in them is counted, not typed."""

from collections import Counter
from collections.abc import Mapping

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS
from peft_vlm_survey.show.field import _when, _years
from peft_vlm_survey.show.markup import Markup
from peft_vlm_survey.show.open_problems import share
from peft_vlm_survey.show.sentences import counted, listed

_LARGE = 3  # families that are told of by name
_VENUES = 6
_CLOSE = 0.1  # of the first: as near as this the second family of a group is named beside it
_PREPRINT = "arXiv"
_TOLD = 10  # papers of a year without which no share of it is told


def families_grown(*, survey: Survey) -> Markup:
    """Return in words which families hold most papers, how each grew into the last whole year, and how few the others have."""
    count = Counter(paper.family for paper in survey.papers if paper.family)
    large = [family for family, _ in count.most_common(_LARGE)]
    last = _last_whole_year(survey)
    by_year = Counter((paper.family, survey.references[paper.key].year) for paper in survey.papers)
    of_large = sum(count[family] for family in large)
    grown = [f"*{family}* from {by_year[family, last - 1]:,} to {by_year[family, last]:,} papers" for family in large]
    most = max((by_year[family, year] for family, year in by_year if family and family not in large), default=0)
    return Markup(
        f"Of the {count.total():,} papers of a known main family, {share(of_large, count.total())} belong to "
        f"{listed([f'*{family}* ({count[family]:,})' for family in large])}. "
        f"From {last - 1} to {last}, the last whole year, they went: {listed(grown)}. "
        f"No other family has more than {counted(most, 'paper')} in any year.\n"
    )


def families_led(*, survey: Survey) -> Markup:
    """Return in words, for each family, in which groups of tasks it is the commonest, and where a second one is nearly as common."""
    led: dict[str, list[str]] = {}
    for group, count in families_by_group(survey).items():
        (first, most), *others = count.most_common(2)
        near = [family for family, number in others if number >= (1 - _CLOSE) * most]
        led.setdefault(first, []).append(f"{group} (closely followed by {near[0]})" if near else group)
    lines = [f"- *{family.capitalize()}*: {'; '.join(led[family])}" for family in FAMILIES if family in led]
    return Markup("The commonest family of each group of tasks:\n\n" + "\n".join(lines) + "\n")


def families_by_group(survey: Survey) -> Mapping[str, Counter[str]]:
    """Return how many papers of each group of tasks have each family; a paper counts once in every group and family."""
    count: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    for paper in survey.papers:
        for group in paper.groups:
            count[group].update(paper.families)
    return {group: families for group, families in count.items() if families}


def families_dated(*families: str, survey: Survey) -> Markup:
    """Return in words by how much later, of some families, half of the papers of the other categories had appeared than of language.

    Raises KeyError for a word that is no family, and ValueError for a family without papers on language and elsewhere.
    """
    delays = []
    for family in families:
        if family not in FAMILIES:
            raise KeyError(f"no family '{family}'")
        middles = {category: _middle(survey, family, category) for category in CATEGORIES}
        known = {category: middle for category, middle in middles.items() if middle is not None}
        if "language" not in known or len(known) == 1:
            raise ValueError(f"too few papers of the family '{family}'")
        start = known.pop("language")
        low, high = min(known.values()) - start, max(known.values()) - start
        delays.append(f"*{family}* {low:.1f} to {high:.1f}")
    return Markup(
        "Half of the papers of each other category had appeared this many years after half of those on language alone: "
        f"{'; '.join(delays)}.\n"
    )


def venues_led(*, survey: Survey) -> Markup:
    """Return in words how many papers have no venue but a preprint, and how many the venues with most papers hold together."""
    count = Counter(survey.venue(paper.key) for paper in survey.papers)
    preprints = count.pop(_PREPRINT, 0)
    first = count.most_common(_VENUES)
    held = sum(number for _, number in first)
    whole = len(survey.papers)
    return Markup(
        f"{preprints:,} of {whole:,} papers ({share(preprints, whole)}) are listed as preprints; "
        f"{listed([name for name, _ in first])} hold {held:,} ({share(held, whole)}).\n"
    )


def code_known(*, survey: Survey) -> Markup:
    """Return in words, for each category, what share of the papers has a known address of code, in the first and the last whole year.

    Years with few papers of a category are left out.
    """
    last = _last_whole_year(survey)
    spans = []
    for category, name in CATEGORIES.items():
        papers = [paper for paper in survey.papers if paper.category == category]
        count = Counter(survey.references[paper.key].year for paper in papers)
        coded = Counter(survey.references[paper.key].year for paper in papers if paper.code)
        years = sorted(year for year, number in count.items() if number >= _TOLD and year <= last)
        if len(years) > 1:
            ends = [f"{100 * coded[year] / count[year]:.0f} % in {year}" for year in (years[0], years[-1])]
            spans.append(f"{name.lower().replace('clip', 'CLIP')} from {' to '.join(ends)}")
    return Markup(f"The share went, for {'; for '.join(spans)}.\n" if spans else "Too few papers to tell.\n")


def _last_whole_year(survey: Survey) -> int:
    return int(survey.edition.date[:4]) - 1


def _middle(survey: Survey, family: str, category: str) -> float | None:
    years = sorted(
        survey.references[paper.key].year
        for paper in survey.papers
        if family in paper.families and paper.category == category
    )
    return _when(years, 0.5, _years(survey, survey.papers)) if years else None
