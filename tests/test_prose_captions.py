"""What captions and alternative texts say of their figures is held against what the figures draw.

A figure is drawn anew for every edition and its caption is not: every sentence of one is a claim that is tested here, or
in `test_prose_families`, or says only how the figure is to be read.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
import yaml
from test_prose_families import CLAIMS as OF_FAMILIES

from peft_vlm_survey.compare.experiments import experiments, points
from peft_vlm_survey.compare.front import pareto_front
from peft_vlm_survey.compare.groups import group, groups
from peft_vlm_survey.costs import METHODS, CostError, cost, known_shapes, memory_ratio
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.landscape import reported_facts
from peft_vlm_survey.show.lineage import descents
from peft_vlm_survey.show.papers import shares
from peft_vlm_survey.show.printed_costs import all_verdicts

pytestmark = [pytest.mark.xdist_group("answers"), pytest.mark.asks]

FULL = "Full fine-tuning"
BART = "CLIP-RN101 + BART-base"
Told = Mapping[Any, Any]
Holds = Callable[[Told], bool]


def core():
    return [paper for category in CATEGORIES for paper in the_survey().core(category)]


def scores(origin: str, benchmark: str, backbone: str = "") -> Told:
    """Return the value of each method of a table on a benchmark."""
    found = [n for n in the_survey().numbers if n.origin == origin and n.benchmark == benchmark]
    return {n.method: float(n.value) for n in found if backbone in ("", n.backbone)}


def differences(origin: str, method: str, reference: str, backbone: str) -> Told:
    """Return the bars of `figures.gains`."""
    rows = [n for n in the_survey().results if n.origin == origin and n.backbone == backbone]
    mine, other = ({n.benchmark: float(n.value) for n in rows if n.method == name} for name in (method, reference))
    return {name: mine[name] - other[name] for name in mine if name in other}


def pairs(origin: str, y: str, x: str, backbone: str = "") -> Told:
    """Return x and y of each point of `figures.tradeoff`, by method and backbone."""
    rows = [n for n in the_survey().numbers if n.origin == origin and backbone in ("", n.backbone)]
    cost_of = {(n.method, n.backbone, n.trained_percent): float(n.value) for n in rows if n.benchmark == x}
    found = {}
    for n in rows:
        if n.benchmark == y:
            key = n.method, n.backbone, n.trained_percent
            at = cost_of.get(key) if x != "trained_percent" else float(n.trained_percent or "nan")
            if at is not None and not math.isnan(at):
                found[n.method] = (at, float(n.value))
    return found


def on_the_front(protocol: str, backbone: str) -> Told:
    """Return the points of `figures.front`, and which of them are on it."""
    g = group(the_survey(), protocol, backbone)
    found = [(e, n) for e in g.entries if e.trained_percent and (n := e.on(g.main.benchmark)) and e.read_in != "notes"]
    places = [(float(e.trained_percent), float(n.value)) for e, n in found]
    best = {*pareto_front(places, higher=True)}
    return {(e.method, e.trained_percent): (*places[i], i in best) for i, (e, _) in enumerate(found)}


def all_gains(least: int = 6) -> Told:
    found = {}
    for g in groups(the_survey()):
        gains = [(points(g.main) or 1.0) * float(x) for e in g.entries if (x := g.gain(e)) is not None]
        if len(gains) >= least and g.main.direction == "higher":
            found[g.protocol, g.backbone] = gains
    return found


def defaults(backbone: str) -> Iterator[tuple[str, Any]]:
    shape = known_shapes(the_survey())[backbone]
    for method in METHODS.values():
        try:
            if method.id != "linear-probe":
                yield method.id, cost(method.id, backbone, known={backbone: shape})
        except CostError:
            continue


def ratios() -> Told:
    found = {}
    for backbone in ("vit-b16", "t5-base", "llava-1.5-7b"):
        for id, counts in defaults(backbone):
            ratio = memory_ratio(counts)
            if ratio is not None and ratio.traced:
                found[id, backbone] = ratio.share
    return found


def curves() -> Told:
    """Return what each method with a size trains at two sizes, and the others at one, on the backbone of the figure."""
    shape, found = known_shapes(the_survey())["clip-bart"], {}
    for id, counts in defaults("clip-bart"):
        size = next((s for s in ("rank", "bottleneck", "tokens", "reduction") if s in METHODS[id].parameters), None)
        if id in ("spt", "qlora") or id.startswith("compacter"):
            continue
        try:
            ends = [cost(id, "clip-bart", [f"{size}={n}"], known={shape.id: shape}).trainable for n in (16, 32)]
        except CostError:
            ends = [counts.trainable] * 2
        found[id] = tuple(map(float, ends))
    return found


def by_category(what: Callable[[Any], float]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {category: [] for category in CATEGORIES}
    for paper in core():
        found[paper.category].append(what(paper))
    return {category: values for category, values in found.items() if values}


def years() -> Told:
    return by_category(lambda paper: the_survey().references[paper.key].year)


def core_families() -> Told:
    return Counter((paper.category, paper.family) for paper in core())


def used(fact: str) -> Told:
    """Return in which categories the core papers use a backbone or report a benchmark, a paper once."""
    found: dict[str, tuple[str, ...]] = {}
    for paper in core():
        for name in dict.fromkeys(getattr(paper, fact)):
            found[name] = (*found.get(name, ()), paper.category)
    return found


def core_shares() -> Told:
    survey = the_survey()
    return {p.name: (p.category, p.family, [float(x) for x in shares(survey, p)]) for p in core() if shares(survey, p)}


def off_the_diagonal() -> Told:
    found = [v for v in all_verdicts(the_survey()) if v.printed_scalars and v.derived_scalars]
    return {(v.verdict, i): (v.printed_scalars / v.derived_scalars, v.reason or "") for i, v in enumerate(found)}


def stored() -> Told:
    rows = [n for n in the_survey().results if n.origin == "adapterplus-plot" and n.benchmark == "vtab-1k-mean"]
    found = {n.method: (4e6 * float(n.trained_millions), float(n.value)) for n in rows if n.trained_millions}
    found[FULL] = (
        4.0 * next(counts.trainable for id, counts in defaults("vit-b16") if id == "full"),
        next(float(n.value) for n in rows if n.method == FULL),
    )
    return found


def reruns() -> Told:
    return {e.protocols: list(e.ranges) for e in experiments(the_survey()) if len(e.reruns) > 1}


def appeared() -> Told:
    """Return the years of the papers of each family and category."""
    found: dict[tuple[str, str], list[float]] = {}
    for paper in the_survey().papers:
        for family in paper.families:
            found.setdefault((family, paper.category), []).append(the_survey().references[paper.key].year)
    return {key: sorted(values) for key, values in found.items()}


def lines() -> Told:
    found = descents(the_survey())
    shown = {one.paper.key for one in found}
    return Counter(one.parent for one in found if one.parent in shown)


def venues() -> Told:
    return Counter(the_survey().venue(paper.key) or "arXiv" for paper in the_survey().papers)


def code() -> Told:
    """Return the share of papers with code by category and year, in years with ten papers."""
    total, known = Counter(), Counter()
    for paper in the_survey().papers:
        key = paper.category, the_survey().references[paper.key].year
        total[key] += 1
        known[key] += bool(paper.code)
    return {key: known[key] / total[key] for key in total if total[key] >= 10}


def papers_of_years() -> Told:
    return Counter((p.category, the_survey().references[p.key].year) for p in the_survey().papers)


def facts() -> Told:
    return {paper.name: reported_facts(the_survey(), paper) for paper in core()}


def gradients() -> Told:
    return {family.family: family.gradient for family in the_survey().families}


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def most(found: Any) -> bool:
    truths = list(found)
    return sum(truths) > len(truths) / 2


def bars_of_etris(bars: Told) -> bool:
    widest = max(bars, key=lambda name: abs(bars[name]))
    return all(abs(bar) < 1 for bar in bars.values()) and "plus-testb" in widest and bars[widest] < 0


def cheap_binary(told: Told) -> bool:
    names = [name for name in told if name.startswith("Bi-") and "32" in name]
    small = [name for name in told if name.startswith("Bi-") and name.split("_")[1].split()[0] == "1"]
    heads = [name for name in names if "Bi-Head" not in name]
    ordered = [told[name][1] for name in names]
    below = [told[name][1] for name in small]
    return (
        max(ordered) - min(ordered) < 1
        and all(told[name][0] > 1.8 * told[f"{name} (Bi-Head)"][0] for name in heads)
        and max(below) < min(ordered) - 1
        and min(below) > max(told[name][1] for name in told if name.startswith("VPT") or name == FULL)
    )


def binary_upper_left(told: Told) -> bool:
    binary = [value for name, value in told.items() if name.startswith("Bi-")]
    others = [value for name, value in told.items() if not name.startswith("Bi-")]
    linear = [value for name, value in told.items() if "inear" in name]
    return min(y for _, y in binary) > max(y for _, y in others) and min(y for _, y in told.values()) == linear[0][1]


def parallel(told: Told) -> bool:
    """Hold if of the lines that rise most double when their size does, but for what does not depend on it."""
    rising = {id: b / a for id, (a, b) in told.items() if b > a}
    return most(1.5 < ratio <= 2.01 for ratio in rising.values())


def most_on(told: Told, backbone: str, low: float, high: float) -> bool:
    return most(low <= value <= high for (_, model), value in told.items() if model == backbone)


def share_order(told: Told) -> bool:
    left = [x for category, _, values in told.values() if category in ("vision", "language") for x in values]
    right = [x for category, _, values in told.values() if category in ("grounding", "qa") for x in values]
    return median(left) < min(1.0, median(right)) and most(x > median(right) / 4 for x in right)


def share_families(told: Told) -> bool:
    small = [x for _, f, v in told.values() if f in ("prompt", "selective", "hybrid", "hypernetwork") for x in v]
    large = [x for c, _, v in told.values() if c in ("grounding", "qa") for x in v]
    return most(x < 1 for x in small) and most(1 <= x <= 10 for x in large)


def first_language(told: Told, family: str) -> bool:
    """Hold if half of a family's papers on language had appeared before half of those of any other category."""
    middle = {category: median(v) for (f, category), v in told.items() if f == family and len(v) >= 4}
    mean = {c: sum(v) / len(v) for (f, c), v in told.items() if f == family and len(v) >= 4}
    return middle["language"] == min(middle.values()) and mean["language"] == min(mean.values())


def close_together(told: Told, family: str) -> bool:
    middle = [median(v) for (f, _), v in told.items() if f == family and len(v) >= 4]
    return max(middle) - min(middle) <= 1


def front_of_vision(told: Told) -> bool:
    front = sorted((x, name) for (name, _), (x, _, best) in told.items() if best)
    below = [name for (name, _), (*_, best) in told.items() if not best]
    return (
        front[0][1].startswith("LoRA")
        and all("SPT" in name for _, name in front[1:])
        and any("Adapt" in name and "SPT" not in name for name in below)
        and any("VPT" in name for name in below)
    )


def front_of_images_and_text(told: Told) -> bool:
    front = sorted((x, y) for x, y, best in told.values() if best)
    slopes = [(d - b) / (c - a) for (a, b), (c, d) in pairwise(front)]
    full = next(value for (name, _), value in told.items() if name == FULL)
    return slopes[0] > 5 * max(slopes[1:]) and full[0] == max(x for x, *_ in told.values()) and not full[2]


def sides_of_zero(told: Told) -> bool:
    supervised = [x for (p, b), v in told.items() if p.startswith("vtab") and "IN-21k" in b and "ViT" in b for x in v]
    other = [x for (p, b), v in told.items() if p == "vtab-vpt" and "ViT-B/16 (IN-21k)" not in b for x in v]
    texts = [v for (p, _), v in told.items() if p.startswith("vl-multitask")]
    around = all(-2.1 < max(v) < 2.1 and min(v) < 0 for v in texts)
    return most(x > 0 for x in supervised) and most(x < 0 for x in other) and around


def falls(told: Told) -> bool:
    """Hold if the share of each category ends lower than it began, between 1/7 and little over 1/3; recognition began highest."""
    ends = {}
    for (category, year), share in told.items():
        ends.setdefault(category, {})[year] = share
    first = {category: shares[min(shares)] for category, shares in ends.items()}
    last = {category: shares[max(shares)] for category, shares in ends.items()}
    return (
        all(1 / 7 - 0.005 <= last[category] <= 1 / 3 + 0.02 and last[category] < first[category] for category in ends)
        and max(first, key=first.__getitem__) == "recognition"
    )


def grown(told: Told) -> bool:
    last = int(the_survey().edition.date[:4]) - 1
    year = Counter()
    for (_, when), count in told.items():
        year[when] += count
    return year[2019] < 30 < 1000 < year[last] and {
        c for c, _ in Counter({c: sum(n for (x, _), n in told.items() if x == c) for c in CATEGORIES}).most_common(2)
    } == {"vision", "language"}


def flipped(told: Told) -> Told:
    """Give the largest value to what has the smallest, and so on: the same numbers, told of others."""
    keys = sorted(told, key=lambda key: str(told[key]))
    return dict(zip(keys, [told[key] for key in reversed(keys)], strict=True))


def negated(told: Told) -> Told:
    def turn(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(turn(part) for part in value)
        return value if isinstance(value, str | bool) else -value

    return {key: turn(value) for key, value in told.items()}


def set_to(other: Any) -> Callable[[Told], Told]:
    return lambda told: dict.fromkeys(told, other)


VLPET = lambda: differences("vlpet-table2", "VL-PET-large", FULL, BART)  # noqa: E731
MAE = lambda: differences("vpt-table4", "VPT-deep", FULL, "ViT-B/16 (MAE)")  # noqa: E731
LST = lambda: pairs("lst-table1", "glue-average", "memory")  # noqa: E731
SHARE = lambda: pairs("vlpet-table2", "vl-average", "trained_percent", BART)  # noqa: E731
BINARY = lambda: pairs("binaryadapter-readme", "vtab-1k-mean", "storage")  # noqa: E731

# A figure, words of its caption or of its alternative text, what it draws, whether they hold, and how it could be otherwise.
CLAIMS: list[tuple[str, str, Callable[[], Told], Holds, Callable[[Told], Told]]] = [
    ("fig-timeline", "The language-only paper comes first, question answering and images follow, and grounding comes last.", years, lambda t: max(t["language"]) < min(t["qa"] + t["vision"]) and min(t["grounding"]) >= max(t["qa"] + t["vision"]), negated),
    ("fig-timeline", "all papers on grounding are in the last year", years, lambda t: {*t["grounding"]} == {max(y for v in t.values() for y in v)}, negated),
    ("fig-families", "Adapters gather under grounding and question answering, vision-only work spreads over several families", core_families, lambda t: most(c in ("grounding", "qa") for c, f in t.elements() if f == "adapter") and len({f for c, f in t if c == "vision"}) >= 3, lambda t: Counter({("vision", "adapter"): sum(t.values())})),
    ("fig-families", "adapters lie on the left, other families mostly under vision-only", core_families, lambda t: most(c == "vision" for c, f in t.elements() if f != "adapter"), lambda t: Counter({("qa", "prompt"): sum(t.values())})),
    ("fig-backbones", "Only a T5 and a residual-network CLIP are shared between categories; most backbones occur in a single paper.", lambda: used("backbones"), lambda t: {n for n, c in t.items() if len({*c}) > 1} == {"T5-base", "CLIP-RN101"} and most(len(c) == 1 for c in t.values()), set_to(("qa", "vision"))),
    ("fig-backbones", "ViT-B/16 and T5-base are the longest, and a long tail of backbones occurs once", lambda: used("backbones"), lambda t: {n for n, c in t.items() if len(c) == max(map(len, t.values()))} == {"ViT-B/16 (IN-21k)", "T5-base"}, set_to(("qa",))),
    ("fig-benchmarks", "The row of GLUE is the only one that crosses a border between categories.", lambda: used("benchmarks"), lambda t: [n for n, c in t.items() if len({*c}) > 1] == ["GLUE"], set_to(("qa", "vision"))),
    ("fig-benchmarks", "marks form separate blocks for question answering and for image classification, and single columns for grounding", lambda: used("benchmarks"), lambda t: all(len(c) > 1 for n, c in t.items() if n in ("VQAv2", "GQA", "VTAB-1k", "FGVC")) and all(len(c) == 1 for c in t.values() if "grounding" in c), set_to(("grounding", "grounding"))),
    ("fig-shares", "Vision-only and language-only work mostly lies to the left, grounding and question answering to the right", core_shares, share_order, lambda t: {n: ({"qa": "vision", "grounding": "vision"}.get(c, "qa"), f, v) for n, (c, f, v) in t.items()}),
    ("fig-shares", "prompts, selected weights and the hypernetwork lie mostly below one percent, modules for grounding and question answering between one and ten percent", core_shares, share_families, lambda t: {n: (c, f, [100 * x for x in v]) for n, (c, f, v) in t.items()}),
    ("fig-grounding-gains", "Every bar is shorter than one point, and RefCOCO+ testB is the split with the longest one, against ETRIS.", lambda: differences("maskris-quotes", "ETRIS", "CRIS", "CLIP-RN101"), bars_of_etris, negated),
    ("fig-grounding-gains", "all are shorter than one point, and the longest bar to the left of zero belongs to RefCOCO+ testB", lambda: differences("maskris-quotes", "ETRIS", "CRIS", "CLIP-RN101"), bars_of_etris, negated),
    ("fig-vision-pretraining", "All bars point to the left", MAE, lambda t: max(t.values()) < 0, negated),
    ("fig-vision-pretraining", "although the same method gains on Natural and Structured tasks when the backbone was pre-trained with labels", lambda: differences("vpt-table1", "VPT-deep", FULL, "ViT-B/16 (IN-21k)"), lambda t: {b for b in t if b.startswith("vtab-1k-") and t[b] > 0} == {"vtab-1k-natural", "vtab-1k-structured"}, negated),
    ("fig-vision-pretraining", "on the groups of VTAB-1k with an MAE backbone, all far below zero", MAE, lambda t: max(t.values()) < -10, negated),
    ("fig-vision-storage", "Binary modules with many units differ little among themselves although a binary classifier shrinks their files severalfold; accuracy falls visibly only at the smallest files, and even there it stays above VPT and full fine-tuning.", BINARY, cheap_binary, negated),
    ("fig-vision-storage", "binary adapters and binary LoRA at the upper left, VPT and full fine-tuning lower and to the right, and the linear classifier lowest", BINARY, binary_upper_left, negated),
    ("fig-costs-sizes", "LST alone falls", curves, lambda t: [id for id, (a, b) in t.items() if b < a] == ["lst"], lambda t: {id: (b, a) for id, (a, b) in t.items()}),
    ("fig-costs-sizes", "Most lines run parallel, because they are linear in their size", curves, parallel, lambda t: {id: (a, 1.2 * b) for id, (a, b) in t.items()}),
    ("fig-costs-sizes", "HyperFormer lies highest below full fine-tuning, low-rank and adapter methods run in parallel in the middle, prompt tuning lowest", curves, lambda t: max((id for id in t if id != "full"), key=lambda id: t[id]) == "hyperformer" and t["prompt-tuning"] == min(t.values()), negated),
    ("fig-costs-printed", "Most points lie on the diagonal.", off_the_diagonal, lambda t: most(0.9 < ratio < 1.1 for ratio, _ in t.values()), set_to((2.0, ""))),
    ("fig-costs-printed", "Explained ones that lie visibly off it lie above it: mostly a head or another part was counted too, or the number is a mean over sizes that were tuned for each task.", off_the_diagonal, lambda t: all(x > 0.9 for (v, _), (x, _) in t.items() if v == "explained") and most(bool({"head-counted", "tuned-per-task"} & {*why}) for (v, _), (x, why) in t.items() if v == "explained" and x > 1.1), lambda t: {key: (1 / x, why) for key, (x, why) in t.items()}),
    ("fig-costs-printed", "most reported counts lie on the diagonal over five orders of magnitude", lambda: {v.setting: v.derived_scalars for v in all_verdicts(the_survey()) if v.printed_scalars and v.derived_scalars}, lambda t: max(t.values()) / min(t.values()) >= 10**5, set_to(1.0)),
    ("fig-costs-stored", "The cheaper methods are not the worse ones.", stored, lambda t: (half := sorted(v for m, v in t.items() if m != FULL)) and median([y for _, y in half[: len(half) // 2]]) >= median([y for _, y in half[-(len(half) // 2):]]) - 0.5 and max(half, key=lambda v: v[1])[0] < half[-1][0], lambda t: {m: (x, x / 1e5) for m, (x, _) in t.items()}),
    ("fig-costs-stored", "which stores the whole backbone, 343 MB, for every task", stored, lambda t: round(t[FULL][0] / 1e6) == 343, negated),
    ("fig-costs-stored", "tuned adapters reach 76 to 78 from 0.3 MB on, SSF, LoRA and SPT lie lower at about 1 MB, VPT-deep reaches 76 at 2.4 MB, and all lie above full fine-tuning", stored, lambda t: all(76 <= y <= 78 and x >= 0.28e6 for m, (x, y) in t.items() if "Adapter+" in m) and max(y for m, (_, y) in t.items() if m == "SSF" or "LoRA" in m or "SPT" in m) < min(y for m, (_, y) in t.items() if "Adapter+" in m) and t[FULL][1] == min(y for _, y in t.values()), negated),
    ("fig-costs-memory", "On the ViT most methods lie between a half and two thirds, on T5 between seven and nine tenths, however much they train", ratios, lambda t: most_on(t, "vit-b16", 0.5, 0.667) and most_on(t, "t5-base", 0.7, 0.9), set_to(0.95)),
    ("fig-costs-memory", "the side network of LST, into whose backbone no gradient enters, lies far below", ratios, lambda t: all(t["lst", m] < 0.7 * t["lora", m] for m in ("vit-b16", "t5-base")), set_to(0.5)),
    ("fig-costs-memory", "LoHa, LoKr and (IA)³ keep more and lie higher than LoRA, and SSF, which keeps the input of every scale, comes close to full fine-tuning or passes it.", ratios, lambda t: all(min(t[id, m] for id in ("loha", "lokr", "ia3")) > 1.05 * t["lora", m] for m in ("vit-b16", "t5-base")) and t["ssf", "vit-b16"] > 0.8 and t["ssf", "t5-base"] > 1, set_to(0.5)),
    ("fig-costs-memory", "nearly all methods need little more than a quarter, and QLoRA much less", ratios, lambda t: (big := {id: v for (id, m), v in t.items() if m == "llava-1.5-7b" and id != "full"}) and sum(0.25 < v < 0.3 for v in big.values()) > 0.85 * len(big) and big["qlora"] < 0.5 * big["lora"], set_to(0.5)),
    ("fig-rerun-ranges", "Most dots lie below a point, and the tail is long: with base and unseen classes it reaches beyond fourteen.", reruns, lambda t: most(x < 1 for v in t.values() for x in v) and max(x for p, v in t.items() if "clip-b2n-quoted" in p for x in v) > 14, negated),
    ("fig-rerun-ranges", "most dots crowd below one point, medians lie between a tenth and two points but for one row, of methods at test time, at more than six, and single dots reach beyond ten in base-to-novel, few-shot and test-time rows", reruns, lambda t: [p for p, v in t.items() if not 0.05 < median(v) < 2.05] == [p for p, v in t.items() if median(v) > 6 and any("test-time" in name for name in p)] and len([p for p, v in t.items() if median(v) > 6]) == 1 and all(any(word in " ".join(p) for word in ("b2n", "fewshot", "test-time")) for p, v in t.items() if max(v) > 10), negated),
    ("fig-migration", "the dot of language-only papers lies furthest left for adapter, prompt and hybrid", appeared, lambda t: all(first_language(t, family) for family in ("adapter", "prompt", "hybrid")), negated),
    ("fig-migration", "while for reparameterisation the dots lie close together", appeared, lambda t: close_together(t, "reparameterisation"), lambda t: {key: [y + 3 * (key[1] == "qa") for y in v] for key, v in t.items()}),
    ("fig-lineage", "Two names hold most of the lines, CoOp and LoRA.", lines, lambda t: [key for key, _ in t.most_common(2)] == ["hu2022lora", "zhou2022coop"] and 2 * (t["hu2022lora"] + t["zhou2022coop"]) > sum(t.values()), lambda t: Counter(flipped(t))),
    ("fig-lineage", "Lines fan out from CoOp to the later prompts for CLIP, and from LoRA to the later low-rank updates, to BitFit, LST and the hybrids; the first adapter leads to LoRA and to prefixes.", lambda: {one.paper.key: one.parent for one in descents(the_survey())}, lambda t: {t["benzaken2022bitfit"], t["sung2022lst"]} == {"hu2022lora"} and {t["hu2022lora"], t["li2021prefix"]} == {"houlsby2019adapter"} and t["khattak2023maple"] == "zhou2022coop", set_to("")),
    ("fig-venues", "Preprints without a known venue come first, then the large conferences of vision and learning.", venues, lambda t: [name for name, _ in t.most_common(3)] == ["arXiv", "CVPR", "NeurIPS"], lambda t: Counter(flipped(t))),
    ("fig-venues", "with arXiv at the top, then CVPR, NeurIPS and other conferences", venues, lambda t: [name for name, _ in t.most_common(3)] == ["arXiv", "CVPR", "NeurIPS"], lambda t: Counter(flipped(t))),
    ("fig-code", "all end lower than they begin, that of recognition from the highest level, and in the last year they lie between a seventh and little more than a third", code, falls, flipped),
    ("fig-papers-by-year", "Bars that rise from a handful of papers in 2019 to more than a thousand in the last whole year; vision-only and language-only models have the largest parts.", papers_of_years, grown, set_to(1)),
    ("fig-language-memory", "Adapters and LoRA keep the score of full fine-tuning and most of its memory; the side network, with about the same number of trained parameters, is far to the left and slightly lower.", LST, lambda t: all(abs(t[m][1] - t[FULL][1]) < 0.3 and t[m][0] > 0.7 * t[FULL][0] for m in ("Adapter", "LoRA")) and t["LST"][0] < t[FULL][0] / 3 and -2 < t["LST"][1] - t[FULL][1] < -0.5, negated),
    ("fig-language-memory", "with full fine-tuning at the right, adapters and LoRA in the middle at the same height, and LST alone at the left and a little lower", LST, lambda t: sorted(t, key=t.__getitem__)[0] == "LST" and sorted(t, key=t.__getitem__)[-1] == FULL and t["Adapter"][1] == t["LoRA"][1], negated),
    ("fig-qa-share", "Prompt tuning and bias tuning lie far below the rest; among the other methods a larger share does not bring a higher mean.", SHARE, lambda t: (low := ("Prompt tuning", "BitFit")) and max(t[m][1] for m in low) < min(y for m, (_, y) in t.items() if m not in low) - 5 and (rest := sorted(v for m, v in t.items() if m not in (*low, FULL))) and median([y for _, y in rest[: len(rest) // 2]]) > median([y for _, y in rest[-(len(rest) // 2):]]), negated),
    ("fig-qa-share", "That the VL-PET variants lie above full fine-tuning is due to captioning alone.", VLPET, lambda t: t["vl-average"] > 0 and max(t[b] for b in ("vqav2", "gqa", "nlvr2")) < 0 < t["coco-caption"], negated),
    ("fig-qa-share", "prompt tuning and BitFit lie far below, adapter-like methods form a band near full fine-tuning, and the VL-PET variants lie slightly above it", SHARE, lambda t: all(0 < t[m][1] - t[FULL][1] < 2 for m in t if m.startswith("VL-PET")) and all(abs(t[m][1] - t[FULL][1]) < 2 for m in ("LoRA", "Compacter", "HyperFormer", "VL-Adapter")), negated),
    ("fig-qa-gains", "The three accuracies are slightly lower than with full fine-tuning; the whole gain of the mean comes from captioning.", VLPET, lambda t: all(-2 < t[b] < 0 for b in ("vqav2", "gqa", "nlvr2")) and t["coco-caption"] / 4 > t["vl-average"], negated),
    ("fig-qa-gains", "a bar of ten points to the right for COCO captioning, short bars to the left for VQAv2, GQA and NLVR2", VLPET, lambda t: round(t["coco-caption"]) == 10 and all(-2 < t[b] < 0 for b in ("vqav2", "gqa", "nlvr2")), negated),
    ("fig-front-vl", "It climbs steeply from bias tuning to the smallest adapters and then flattens.", lambda: on_the_front("vl-multitask-three-seeds", BART), front_of_images_and_text, set_to((1.0, 1.0, False))),
    ("fig-front-vl", "Full fine-tuning, at the right edge, lies below it.", lambda: on_the_front("vl-multitask-three-seeds", BART), front_of_images_and_text, set_to((1.0, 1.0, False))),
    ("fig-front-vl", "rises from BitFit over a small Compacter variant to two VL-PET variants; prompt tuning lies far below and full fine-tuning far to the right", lambda: on_the_front("vl-multitask-three-seeds", BART), lambda t: [n.split()[0].split("-")[0] for n, _ in sorted((k for k, v in t.items() if v[2]), key=lambda k: t[k])] == ["BitFit", "Compacter", "VL", "VL"], set_to((1.0, 1.0, False))),
    ("fig-front-vision", "LoRA holds the left end of the front, SPT the rest; adapters and prompts lie below.", lambda: on_the_front("vtab-spt", "ViT-B/16 (IN-21k)"), front_of_vision, set_to((1.0, 1.0, True))),
    ("fig-front-vision", "the front starts at LoRA and rises through small SPT settings to SPT-Adapter, with adapters and AdaptFormer a point or two below and VPT-deep lowest at the right", lambda: on_the_front("vtab-spt", "ViT-B/16 (IN-21k)"), lambda t: front_of_vision(t) and min(t, key=lambda k: t[k][1])[0] == max(t, key=lambda k: t[k][0])[0] == "VPT-deep", set_to((1.0, 1.0, True))),
    ("fig-all-gains", "On VTAB-1k with a supervised ViT most methods lie to the right of zero; with image–text tasks the better ones gather around it; in the rows of the set-up of VPT with other backbones most lie to the left.", all_gains, sides_of_zero, negated),
    ("fig-all-gains", "rows for VTAB-1k on a supervised ViT reach eight points to the right, on one of its tasks and on satellite images some forty, and rows of the set-up of VPT with other backbones lie mostly to the left", all_gains, lambda t: sides_of_zero(t) and {p for (p, _), v in t.items() if max(v) > 9} == {"vtab-1k-unifying", "rsseg-earthadapter"}, negated),
    ("fig-reporting", "Most report the trained share; few report training memory, time, storage, several seeds or spread.", facts, lambda t: most("Trained share" in told for told in t.values()) and max(Counter(f for told in t.values() for f in told if f != "Trained share").values()) <= 3, set_to({"Time"})),
    ("fig-reporting", "the column of trained share is well filled, those of memory, time, storage, seeds and spread have only single marks", facts, lambda t: max(Counter(f for told in t.values() for f in told if f != "Trained share").values()) <= 3, set_to({"Time"})),
    ("fig-attachment", "Side-tuning alone needs no gradient through the frozen block", gradients, lambda t: [family for family, told in t.items() if told == "no"] == ["side-tuning"], set_to("yes")),
]  # fmt: skip
# What says only how a figure is to be read, or what it consists of.
READING = {
    "fig-timeline": ("one band per category",),
    "fig-families": ("the number in a disc",),
    "fig-backbones": ("Backbones by the number of papers",),
    "fig-benchmarks": ("Which paper reports on which benchmark", "Marks in one row are a necessary condition"),
    "fig-shares": ("a line spans the settings of one paper", "Papers without an established share are missing"),
    "fig-grounding-gains": ("Difference in mean IoU", "Bars to the right of zero favour ETRIS"),
    "fig-vision-pretraining": ("VPT-deep against full fine-tuning on a ViT-B/16 that was", "Each bar is the difference"),
    "fig-vision-storage": ("Bytes that have to be stored per task", "Better is up and to the left."),
    "fig-costs-sizes": ("against the size that a method leaves open", "Dotted level lines are methods without such a size."),
    "fig-costs-printed": ("shares are turned into counts", "Numbered are those that no reason explains"),
    "fig-costs-stored": ("one protocol, values read off the authors",),
    "fig-costs-memory": ("both traced with AdamW", "Dot plot of memory ratios"),
    "fig-rerun-ranges": ("one row for each experiment that several tables repeat", "Where values are equal"),
    "fig-growth": ("the scales differ from panel to panel", "Eight small bar charts"),
    "fig-families-by-group": ("the shade is the share of the family within the group", "A paper counts once in every group"),
    "fig-migration": ("the dot marks the moment by which half", "Families with fewer than four papers"),
    "fig-lineage": ("Methods that tables of at least three other papers report", "A line leads to one older method"),
    "fig-venues": ("stacked by category; venues with few papers are taken together",),
    "fig-code": ("for years with at least ten papers", "The share falls where records come from proceedings"),
    "fig-papers-by-year": ("Papers of the catalogue by year of publication",),
    "fig-language-memory": ("GLUE average against training memory", "Better is up and to the left."),
    "fig-qa-share": ("all rows of one table", "Further left is cheaper"),
    "fig-qa-gains": ("Difference between VL-PET-large and full fine-tuning", "Points of accuracy for VQAv2"),
    "fig-front-vl": ("the line is the Pareto front",),
    "fig-front-vision": ("the line is the Pareto front", "All points were read off a plot"),
    "fig-all-gains": ("Points by which each method is better",),
    "fig-reporting": ("a dash means that no such number was found",),
    "fig-attachment": ("Diagram of a transformer block",),
    "fig-mechanisms": ("as a share of the described papers of each year", "Line chart with one curve for each"),
}  # fmt: skip
_CELL = re.compile(r"^```\{code-cell\} python\n---\n(.*?)\n---\n", re.MULTILINE | re.DOTALL)


def captions() -> Iterator[tuple[str, str, str]]:
    """Yield chapter, name and each line of the caption of every figure of the chapters, and its alternative text."""
    for path in sorted((ROOT / "book").glob("*.md")):
        for head in _CELL.findall(path.read_text(encoding="utf-8")):
            about = yaml.safe_load(head).get("mystnb", {})
            if "figure" in about:
                name, said = about["figure"]["name"], about["figure"]["caption"].strip().split("\n")
                yield from ((path.stem, name, line) for line in [*said, about["image"]["alt"]])


@pytest.mark.parametrize(
    ("name", "words", "told", "holds", "other"), CLAIMS, ids=[f"{c[0]}-{c[1][:30]}" for c in CLAIMS]
)
def test_what_a_caption_says_of_its_figure_holds(name, words, told, holds, other):
    assert any(words in line for _, figure, line in captions() if figure == name), "It is gone: take it out here."
    assert holds(told()), f"The figure does not show “{words}”."


@pytest.mark.parametrize(
    ("name", "words", "told", "holds", "other"), CLAIMS, ids=[f"{c[0]}-{c[1][:30]}" for c in CLAIMS]
)
def test_a_caption_would_be_wrong_of_another_figure(name, words, told, holds, other):
    try:
        held = holds(other(told()))
    except (IndexError, KeyError, ValueError, StopIteration):
        held = False
    assert not held, "Nothing could refute this caption."


def test_every_sentence_of_a_caption_is_tested_or_says_how_to_read_the_figure():
    known = {name: [*READING.get(name, ())] for _, name, _ in captions()}
    for name, words, *_ in CLAIMS:
        known[name].append(words)
    families = {chapter: [words for where, words, _ in OF_FAMILIES if where == chapter] for chapter, *_ in captions()}
    unheld = [
        f"{name}: {line}"
        for chapter, name, line in captions()
        if not any(words in line for words in [*known[name], *families[chapter]])
    ]
    assert unheld == []
