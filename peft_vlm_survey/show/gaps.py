"""What the survey does not hold and the literature perhaps does not either: families untried, costs unreported, code unknown."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from peft_vlm_survey.compare.gain import REFERENCE
from peft_vlm_survey.compare.groups import Entry, groups, method_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES, Paper
from peft_vlm_survey.read.results import QUANTITIES
from peft_vlm_survey.read.tasks import GROUP_OF, GROUPS, TASKS
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, Table, escape
from peft_vlm_survey.show.open_problems import share
from peft_vlm_survey.show.sentences import counted as quantity

# What a table says of a method's cost, by the quantities of measurements that count for it.
_COSTS = {
    "Memory": ("memory", "memory-reserved", "memory-saved"),
    "Training time": ("training-time",),
    "Inference": ("latency", "throughput", "flops", "inference-memory"),
    "Storage": ("storage",),
}
# An aim of the vocabulary, and what would have to be measured to see it reached.
_AIMS = (
    ("less memory", "a training memory", _COSTS["Memory"]),
    ("faster training", "a training time", _COSTS["Training time"]),
    ("faster inference", "a cost at inference", _COSTS["Inference"]),
)


def families_untried(*, caption: str, label: str, survey: Survey) -> Table:
    """List for each group of tasks the families without a paper in the catalogue, and those with papers but no number."""
    families = {paper.key: paper.families for paper in survey.papers}
    counted: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        group = GROUP_OF.get(survey.benchmark(number.benchmark).task, "")
        counted[group].update(families.get(number.method_key, ()))
    rows, data = [], []
    for group in GROUPS:
        papers = [paper for paper in survey.papers if group in paper.groups]
        tried = {family for paper in papers for family in paper.families}
        never = [family for family in FAMILIES if family not in tried]
        unnumbered = [family for family in FAMILIES if family in tried - counted[group]]
        if papers:
            texts = (group, f"{len(papers):,}", ", ".join(never), ", ".join(unnumbered))
            rows.append([escape(group), *(cell or NOT_ESTABLISHED for cell in texts[1:])])
            data.append(dict(zip(("group", "papers", "without_paper", "without_number"), texts, strict=True)))
    return Table(
        header=["Group of tasks", "Papers", "Families without a paper", "Families with papers, without a number"],
        rows=rows,
        widths=[27, 9, 28, 36],
        caption=caption,
        label=label,
        numeric=frozenset([1]),
        note=f"{NOT_ESTABLISHED}: none.",
        data=data,
    )


def costs_reported(*, caption: str, label: str, survey: Survey) -> Table:
    """Count by category the methods of the catalogue with a score here, and those of them with each kind of cost."""
    scored = {number.method_key for number in survey.results}
    with_cost: dict[str, set[str]] = defaultdict(set)
    for number in (*survey.results, *survey.measurements):
        if number.trained_percent or number.trained_millions:
            with_cost["Trained"].add(number.method_key)
    for name, quantities in _COSTS.items():
        with_cost[name] = {number.method_key for number in survey.measurements if number.benchmark in quantities}
    rows, data = [], []
    for category, name in CATEGORIES.items():
        methods = {paper.key for paper in survey.papers if paper.category == category and paper.kind == "method"}
        with_score = methods & scored
        costs = {cost: str(len(with_score & with_cost[cost])) for cost in ("Trained", *_COSTS)}
        rows.append([escape(name), f"{len(methods):,}", f"{len(with_score):,}", *costs.values()])
        data.append({"category": category, "methods": str(len(methods)), "with_score": str(len(with_score)), **costs})
    return Table(
        header=["Category", "Methods", "With a score", "Trained", *_COSTS],
        rows=rows,
        widths=[26, 11, 11, 11, 11, 10, 10, 10],
        caption=caption,
        label=label,
        numeric=frozenset(range(1, 8)),
        note=(
            "*Trained*: the share or number of trained parameters stands beside a score. *Inference*: time, throughput, "
            "operations or memory at inference. A cost that a paper reports and that was not read is not counted."
        ),
        data=data,
    )


def costs_measured(*, survey: Survey) -> Markup:
    """Return in words how many measurements of each quantity there are, from how many papers, and on which backbone most of memory stands."""
    count = Counter(number.benchmark for number in survey.measurements)
    papers = {survey.origin(number.origin).key for number in survey.measurements} - {""}
    memory = Counter(n.backbone for n in survey.measurements if n.benchmark in _COSTS["Memory"] and n.backbone)
    (backbone, most), *_ = [*memory.most_common(1), ("", 0)]
    listed = ", ".join(f"{QUANTITIES[name].lower()} {number:,}" for name, number in count.most_common())
    where = (
        f" Of those of training memory {share(most, memory.total())} stand on {escape(backbone)}." if backbone else ""
    )
    return Markup(
        f"The data hold {sum(count.values()):,} measurements of cost from tables of {len(papers):,} papers: {listed}.{where}\n"
    )


def aims_measured(*, survey: Survey) -> Markup:
    """Return in words how many methods aim at less memory or at speed by what was read of them, and how many of these were measured so."""
    methods = {paper.key for paper in survey.papers if paper.kind == "method"}
    clauses = []
    for aim, cost, quantities in _AIMS:
        aiming = {d.key for d in survey.descriptions if aim in d.aims} & methods
        measured = {number.method_key for number in survey.measurements if number.benchmark in quantities}
        clauses.append(f"{aim} for {len(aiming):,}, of which {len(aiming & measured):,} have {cost} here")
    return Markup(f"The texts that were read name an aim: {'; '.join(clauses)}.\n")


def fact_stated(fact: str, *, survey: Survey) -> Markup:
    """Return in words for how many methods the text that was read states a typed fact. Raises KeyError for a word that is no fact."""
    if fact not in FACTS:
        raise KeyError(f"no fact '{fact}'")
    methods = {paper.key for paper in survey.papers if paper.kind == "method"}
    read = [description for description in survey.descriptions if description.key in methods]
    known = sum(bool(description.fact(fact)) for description in read)
    name = FACTS[fact][0].lower()
    return Markup(
        f"Of {len(read):,} methods of which abstract, README or text was read for it, the {name} is known for {known:,} "
        f"({share(known, len(read))}).\n"
    )


def standing(*tasks: str, survey: Survey) -> Markup:
    """Return in words, of the papers of some tasks, how many there are, with code, with a number, and with a table of their own that was read.

    Raises KeyError for a word that is no task.
    """
    if unknown := [task for task in tasks if task not in TASKS]:
        raise KeyError(f"no task '{unknown[0]}'")
    papers = [paper for paper in survey.papers if set(paper.task) & set(tasks)]
    methods = [paper for paper in papers if paper.kind == "method"]
    numbered = {number.method_key for number in survey.results}
    read = {origin.key for origin in survey.origins}
    coded = _having(papers, {paper.key for paper in papers if paper.code})
    scored = _having(methods, numbered)
    return Markup(
        f"The catalogue holds {quantity(len(papers), 'paper')} on {_listed(tasks)}; an address of code is known for {_some(coded)}. "
        f"Of the {len(methods):,} that propose a method, {_some(scored)} {'has' if scored == 1 else 'have'} a score here; a table "
        f"of the paper itself was read for {_some(_having(papers, read))} of the {len(papers):,}.\n"
    )


def _some(count: int) -> str:
    return f"{count:,}" if count else "none"


def _having(papers: Iterable[Paper], keys: set[str]) -> int:
    return sum(paper.key in keys for paper in papers)


def _listed(words: tuple[str, ...]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def carried_over(*, survey: Survey) -> Markup:
    """Return in words how many methods with a number on a language benchmark have one on a vision or vision–language benchmark too."""
    methods: dict[str, set[str]] = defaultdict(set)
    for number in survey.results:
        if number.method != REFERENCE:
            methods[survey.benchmark(number.benchmark).category].add(method_of(number))
    language = methods["language"]
    both = language & (methods["grounding"] | methods["qa"] | methods["recognition"])
    studies = sum(paper.kind == "study" for paper in survey.papers)
    return Markup(
        f"Of {len(language):,} methods with a number on a language benchmark, {len(both):,} have one on a benchmark of a "
        f"vision–language model as well, and {len(language & methods['vision']):,} on one of vision alone. "
        f"Of {len(survey.papers):,} papers of the catalogue, {studies:,} are studies that propose no method.\n"
    )


def most_trained_first(*, least: int = 3, survey: Survey) -> Markup:
    """Return in words in how many comparable groups the method that trains most is the best, full fine-tuning apart.

    Only groups count in which at least `least` methods have both a score and a trained share or number.
    """
    counted, first = 0, 0
    for g in groups(survey):
        entries = [e for e in g.entries if _trained(e) and e.method != REFERENCE and e.read_in != "notes"]
        scored = [(e, g.worth(number)) for e in entries if (number := e.on(g.main.benchmark))]
        if len({method_of(entry) for entry, _ in scored}) < least:
            continue
        best = max(scored, key=lambda pair: pair[1])[0]
        counted += 1
        first += _trained(best) == max(_trained(entry) for entry, _ in scored)
    return Markup(
        f"In {first:,} of the {counted:,} comparable groups in which at least {least} methods state what they train, "
        "the one that trains most is the best of them.\n"
    )


def _trained(entry: Entry) -> float:
    return float(entry.trained_percent or entry.trained_millions or 0)


def slips(*, survey: Survey) -> Markup:
    """Return in words how many errors in tables and lists the data record, and how many of the book's own."""
    kinds = Counter(contradiction.kind for contradiction in survey.contradictions)
    tables = {mismatch.origin for mismatch in survey.mismatches}
    return Markup(
        f"The data record {len(survey.mismatches):,} averages in {len(tables):,} tables that do not follow from their parts, "
        f"{kinds['typing error']:,} typing errors that another table betrays, {len(survey.errata):,} errors of the one list from "
        f"which this book began, and {len(survey.corrections):,} corrections of the book itself.\n"
    )
