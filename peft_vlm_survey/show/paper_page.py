"""What the page of a paper shows, as plain values for its template."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from statistics import median
from typing import Any

from markupsafe import Markup

from peft_vlm_survey.compare.choosable import choosable_by_method
from peft_vlm_survey.compare.claims import whose
from peft_vlm_survey.compare.dataset_tables import dataset_tables_of, ranked_methods
from peft_vlm_survey.compare.related import Related, related_by_paper
from peft_vlm_survey.compare.reprinted import Spread, spreads_by_paper
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.costs.recipes import length
from peft_vlm_survey.downloads import paper_bib, paper_ris
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.descriptions import TEXTS, Description
from peft_vlm_survey.read.folding import beginning
from peft_vlm_survey.read.origins import TIERS, linked
from peft_vlm_survey.read.papers import CODE_EXTENTS, CODE_FOUND, Paper
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.benchmark_facts import address_of
from peft_vlm_survey.show.drawing_graph import BASES
from peft_vlm_survey.show.drawing_graph import text_alternative as drawing_in_words
from peft_vlm_survey.show.facts import STATUSES, Part, chapters_by_paper, facts
from peft_vlm_survey.show.group_names import board_id
from peft_vlm_survey.show.leaderboard import MARKS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED
from peft_vlm_survey.show.recipes import of_paper, rate, size
from peft_vlm_survey.show.reported import CLAIMS, Pivot, PrintedTable, by_protocol, tables_of
from peft_vlm_survey.show.schematic import schematic, text_alternative
from peft_vlm_survey.show.sentences import capitalised, counted

DRAWINGS = "_images/drawings"  # where the site has them
MOST_SPREADS = 10
_KEY_NUMBERS = 3


class PaperPages:
    """What the pages of a survey's papers show; what is joined for all of them is joined once, when it is first asked for."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """Under what each method can be chosen for comparison, by the key of its paper."""
        return {key: choice.id for key, choice in choosable_by_method(self.survey).items()}

    @cached_property
    def key_numbers(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The places of the method of each paper in the largest groups."""
        return key_numbers(self.survey)

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[Result]]:
        """The numbers of the page of each paper: those of its tables, and those of its method in others'."""
        shown: dict[str, list[Result]] = defaultdict(list)
        for number in (*self.survey.results, *self.survey.measurements):
            for key in dict.fromkeys((self.survey.origins_by_id[number.origin].key, number.method_key)):
                shown[key].append(number)
        return shown

    @cached_property
    def spreads(self) -> Mapping[str, tuple[Spread, ...]]:
        """How far tables lie apart on the method of a paper."""
        return spreads_by_paper(self.survey)

    @cached_property
    def related(self) -> Mapping[str, tuple[Related, ...]]:
        """The papers that are related to each."""
        return self.survey.derived(related_by_paper)

    @cached_property
    def chapters(self) -> Mapping[str, tuple[str, ...]]:
        """The chapters that cite each."""
        return chapters_by_paper(self.survey)

    def tables(self, key: str) -> Sequence[PrintedTable]:
        """Return the printed tables that the page of a paper shows: its own first, then those of others."""
        return tables_of(self.survey, key, self.numbers.get(key, ()))

    def content(self, key: str) -> dict[str, Any]:
        """Return everything that the page of a paper shows and that does not depend on the site around it."""
        survey = self.survey
        paper, reference = survey.paper(key), survey.references[key]
        known = facts(survey, paper)
        tables = self.tables(key)
        own = [table for table in tables if table.origin.key == key]
        others = [table for table in tables if table.origin.key != key]
        return {
            "key": key,
            "compare": self.choices.get(key, ""),
            "heading": reference.title_without_formulas,
            "name": paper.name,
            "authors": reference.authors,
            "venue": reference.venue,
            "details": _details(survey, key),
            "links": _links(survey, key),
            "code": _code(paper),
            **_described(survey.description(key)),
            "figure": _drawing(survey, key),
            "section": f"{paper.category}.html#sec-{key}" if paper.depth == "core" else "",
            "recipes": [_recipe(recipe) for recipe in of_paper(survey, key)],
            "facts": known.known,
            "not_established": known.not_established,
            "bibtex": paper_bib(survey, key),
            "ris": paper_ris(survey, key),
            "key_numbers": self.key_numbers.get(key, ()),
            "own": self._numbers(own, joined=True),
            "others": self._numbers(others),
            "spread": spread_out(self.spreads.get(key, ())),
            "spreads": [self._spread(spread) for spread in self.spreads.get(key, ())[:MOST_SPREADS]],
            "chapters": self.chapters.get(key, ()),
            "related": [
                {
                    "key": other.key,
                    "id": self.choices.get(other.key, ""),
                    "short": survey.paper(other.key).name or survey.references[other.key].short_authors,
                    "heading": _named(survey, other.key),
                    "where": _short(survey, other.key),
                    "reason": other.reason,
                }
                for other in self.related[key]
            ],
            "source": [Part(*piece) for piece in linked(paper.source)],
            "checked": paper.checked,
            "added": paper.added,
            "status": STATUSES[paper.status],
        }

    def _numbers(self, tables: Sequence[PrintedTable], *, joined: bool = False) -> dict[str, Any]:
        found = by_protocol(tables, joined=joined)
        return {"tables": [self._pivot(one) for one in found], "rows": sum(len(one.settings) for one in found)}

    def _pivot(self, found: Pivot) -> dict[str, Any]:
        tables = {table.origin.origin: self._table(table) for table in found.tables}
        return {
            "id": found.tables[0].origin.origin,
            "remark": found.remark,
            "protocol": found.protocol,
            "tables": list(tables.values()),
            "columns": found.columns,
            "rows": [{"setting": setting, "table": tables[setting.table.origin.origin]} for setting in found.settings],
            "claims": any(setting.claim != NOT_ESTABLISHED for setting in found.settings),
            "trained": any(setting.trained != NOT_ESTABLISHED for setting in found.settings),
        }

    def _table(self, table: PrintedTable) -> dict[str, Any]:
        origin = table.origin
        repository, address = ("", "") if origin.key else origin.repository
        return {
            "origin": origin,
            "name": self.survey.name(origin.key) if origin.key else repository,
            "address": address,
            "source": [Part(*piece) for piece in linked(origin.source)],
            "locator": origin.locator if repository else capitalised(origin.locator),
            "protocol": table.protocol,
            "mark": MARKS[origin.read_in],
            "read": TIERS[origin.read_in],
        }

    def _spread(self, spread: Spread) -> dict[str, Any]:
        benchmark = spread.benchmark
        return {
            "method": spread.said.method,
            "backbone": spread.said.backbone or NOT_ESTABLISHED,
            "benchmark": benchmark.name,
            "address": f"{address_of(benchmark.benchmark)}#contradictions",
            "ends": [self._end(spread, value) for value in (spread.lowest, spread.highest)],
            "points": NOT_ESTABLISHED if spread.points is None else f"{spread.points:.2f}",
        }

    def _end(self, spread: Spread, value: str) -> dict[str, Any]:
        """Return one end of a spread: the value, the first table that prints it, and how many others do."""
        first, *others = spread.said.tables[value]
        table = self._table(PrintedTable(origin=self.survey.origin(first), protocol="", numbers=()))
        return {
            "value": short(value),
            "full": value if value != short(value) else "",
            "table": table,
            "more": len(others),
        }


def key_numbers(survey: Survey) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return by paper what its method scores where most methods are ranked: on each benchmark in its largest group, three in all."""
    found: dict[str, dict[str, tuple[int, Mapping[str, str]]]] = {}
    for dataset in survey.datasets:
        for group in dataset_tables_of(survey, dataset.id):
            ranked = ranked_methods(group) if group.ranked else 0
            for line in group.lines if ranked else ():
                known = found.setdefault(line.method_key, {})
                if not line.rank or not line.method_key or known.get(group.main.benchmark, (0,))[0] >= ranked:
                    continue  # the best line of a method stands first
                number = line.cells[group.main.benchmark][0]
                claim = CLAIMS[whose(survey, number)]
                known[group.main.benchmark] = (
                    ranked,
                    {
                        "value": f"{short(number.value)}\u00a0{group.main.unit}".rstrip(),
                        "on": group.main.name
                        if dataset.name in group.main.name
                        else f"{dataset.name}, {group.main.name}",
                        "address": f"datasets/{dataset.id}.html#{board_id(group)}",
                        "place": f"rank {line.rank} of {ranked}" + ("" if claim == CLAIMS["own"] else f", {claim}"),
                        "backbone": group.backbone,
                    },
                )
    return {
        key: [one for _, one in sorted(held.values(), key=lambda pair: -pair[0])[:_KEY_NUMBERS]]
        for key, held in found.items()
    }


def spread_out(spreads: Sequence[Spread]) -> str:
    """Say how often tables disagree on a paper's method, and how far; nothing if they do nowhere."""
    if not spreads:
        return ""
    apart = [float(spread.points) for spread in spreads if spread.points is not None]
    said = f"Tables report different values for this paper’s method on one backbone and benchmark in {counted(len(spreads), 'case')}."
    if apart:
        said += f" The values differ by {median(apart):.2f} points in the median, and {max(apart):.2f} at most."
    if len(spreads) > MOST_SPREADS:
        said += f" These are the {MOST_SPREADS} widest; the pages of the benchmarks have the others."
    return said


def _details(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    first, last = reference.first_and_last_page
    said = [
        f"volume {reference.plain('volume')}" if reference.plain("volume") else "",
        f"number {reference.plain('number')}" if reference.plain("number") else "",
        f"pages {first}–{last}" if last else f"page {first}" if first else "",
        str(reference.year),
    ]
    return ", ".join(filter(None, said))


def _links(survey: Survey, key: str) -> list[Part]:
    reference = survey.references[key]
    url, doi, eprint = (reference.plain(field) for field in ("url", "doi", "eprint"))
    links = [Part("Publisher’s page", reference.fields["url"])] if url else []
    links += [Part(f"DOI {doi}", f"https://doi.org/{doi}")] if doi else []
    return links + ([Part(f"arXiv {eprint}", f"https://arxiv.org/abs/{eprint}")] if eprint else [])


def _described(description: Description | None) -> dict[str, Any]:
    """Return what a page says first: what the paper does, in two languages, and the drawing."""
    return {
        "summary": description.summary if description else "",
        "summary_zh": description.summary_zh if description else "",
        "schematic": Markup(schematic(description)) if description else "",  # noqa: S704 (our own drawing, escaped)
        "drawn": text_alternative(description) if description else "",
        "text_read": TEXTS[description.text] if description else "",
        "text_source": description.source if description else "",
    }


def _code(paper: Paper) -> dict[str, str]:
    """Return where the code is and what is known of it, or in words why no address stands there."""
    said = [CODE_FOUND[paper.code_found]] if paper.code_found in ("abstract", "name") else []
    said += [CODE_EXTENTS[paper.code_extent]] if paper.code_extent else []
    said.append(_licence(paper.code_licence))
    missing = "Code: looked for, none found" if paper.code_found == "none" else "Code: not looked for"
    return {
        "address": paper.code,
        "text": paper.code.partition("://")[2],
        "remark": "; ".join(said),
        "missing": missing,
    }


def _licence(licence: str) -> str:
    return {"": "licence not established", "none stated": "no licence stated"}.get(licence, licence)


def _named(survey: Survey, key: str) -> str:
    """Return a paper's name and title; a title that begins with the name stands alone."""
    name, title = survey.paper(key).name, survey.references[key].title_without_formulas
    return f"{name}: {title}" if name and not beginning(title, name) else title


def _short(survey: Survey, key: str) -> str:
    reference = survey.references[key]
    return ", ".join(filter(None, [reference.short_authors, f"{survey.venue(key)} {reference.year}".strip()]))


def _recipe(recipe: Recipe) -> dict[str, Any]:
    """Return what a recipe says, by the name of each thing, and which it leaves open."""
    schedule = ", ".join(filter(None, (recipe.schedule, f"warm-up {recipe.warmup}" if recipe.warmup else "")))
    told = (
        ("Targets", recipe.targets),
        ("Size", size(recipe)),
        ("Learning rate", rate(recipe)),
        ("Schedule", schedule),
        ("Batch", recipe.batch or recipe.batch_note),
        ("Length", length(recipe)),
        ("GPUs", recipe.gpus),
    )
    return {
        "method": recipe.method,
        "on": f"{recipe.backbone}, {recipe.printed_task}",
        "said": [pair for pair in told if pair[1]],
        "unsaid": ", ".join(name if name == "GPUs" else name.lower() for name, text in told if not text),
        "lines": "\n".join(recipe.lines),
        "path": recipe.path,
        "address": recipe.address,
    }


def _drawing(survey: Survey, key: str) -> dict[str, Any] | None:
    """Return what the page of a paper shows of its drawing; nothing if there is none."""
    drawing = survey.drawings_by_key.get(key)
    if drawing is None:
        return None
    return {
        "file": f"../{DRAWINGS}/{key}.svg",
        "alt": drawing_in_words(survey.name(key), drawing, survey.drawn_parts(key)),
        "shows": f"{capitalised(drawing.shows)}.",
        "basis": BASES[drawing.basis],
        "source": [Part(*piece) for piece in linked(drawing.source)],
        "checked": drawing.checked,
        "differs": drawing.differs,
    }
