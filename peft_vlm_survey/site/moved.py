"""Anchors that have moved: an old address still leads to what it named.

The anchor stays at the end of its old page as a line with a link, which nobody sees but who comes by the old address;
where scripts run, survey.js goes on to the new place at once.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.excluded import REASONS
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.site.papers import page_of

# By page: the anchor as it was published, and the chapter and the anchor that it leads to.
MOVED: Mapping[str, Mapping[str, str]] = {
    "index": {"what-is-new": "new#new", "fig-papers-by-year": "field#fig-papers-by-year"},
    "new": {"tbl-entered": "new#newest-papers"},
    "audits": {
        "the-core-papers-audited": "audits#audits",
        **dict.fromkeys(
            ("across-protocols", "where-a-shared-name-covers-different-protocols"),
            "method#names-with-more-than-one-meaning",
        ),
        **dict.fromkeys(("trained-share", "fig-shares"), "costs#costs-counted"),
        "training-memory": "costs#costs-memory",
        **dict.fromkeys(("fig-grounding-gains", "tbl-etris-quotes"), "audits#audit-cris"),
        **dict.fromkeys(("tbl-mqdet-baselines", "where-the-detection-scores-come-from"), "audits#tbl-mqdet"),
        **dict.fromkeys(("quoted-side-by-side-and-video", "tbl-lead-vl-dora"), "audits#bart-base-one-run"),
        "tbl-lead-video": "qa#results-qa",
        "fig-vision-pretraining": "audits#tbl-lead-vtab-mae",
        **dict.fromkeys(("image-generation", "tbl-lead-fid"), "audits#tbl-difffit-fid"),
    },
    "across": {
        **dict.fromkeys(
            ("across", "across-the-categories", "what-to-take-away", "python3"), "open_problems#open-problems"
        ),
        **dict.fromkeys(
            ("fig-timeline", "when-and-in-which-order-the-ideas-came", "which-family-where", "fig-families"),
            "field#field",
        ),
        **dict.fromkeys(("which-backbones", "fig-backbones", "which-benchmarks", "fig-benchmarks"), "results#results"),
        "across-protocols": "method#names-with-more-than-one-meaning",
        "where-a-shared-name-covers-different-protocols": "method#names-with-more-than-one-meaning",
        "trained-share": "costs#costs-counted",
        "fig-shares": "costs#costs-counted",
        "medical": "segmentation#medical",
        "medical-images": "segmentation#medical-images",
        "tbl-medical-models": "segmentation#medical",
        "tbl-sota-medical": "segmentation#tbl-sota-medical",
        "cost-beyond-parameters": "budget#budget",
        "memory": "costs#costs-memory",
        "tbl-vpt-costs": "audits#tbl-vpt-costs",
        "inference": "budget#budget-time",
        "storage": "budget#budget-storage",
    },
    "data_access": {
        "a-paper-or-a-data-set-as-json-and-markdown": "data_access#data-records",
        "a-paper-or-a-data-set-as-json": "data_access#data-records",
    },
    "choose": dict.fromkeys(("tbl-rule-failed", "tbl-rule-tested"), "choose#choose-tested"),
    "costs": {
        **dict.fromkeys(("tbl-costs-stated", "tbl-costs-statements", "tbl-costs-kinds"), "method#tbl-costs-kinds"),
        **dict.fromkeys(
            (
                "costs-generators",
                "image-generators",
                "costs-encoders",
                "encoders-and-towers-of-clip",
                "costs-held",
                "how-often-the-ranges-held",
                "tbl-costs-memory",
                "tbl-costs-misses",
            ),
            "method#method-memory",
        ),
        **dict.fromkeys(("calculator", "the-calculator", "costs-calculator"), "fit#fit"),
        **dict.fromkeys(("costs-stored", "what-is-stored"), "budget#budget-storage"),
        "fig-costs-sizes": "costs#costs-formulas",
        "fig-costs-stored": "audits#fig-vision-storage",
        "what-a-trained-parameter-is-and-what-it-is-not": "costs#costs-counted",
        "reported-numbers-derived-again": "costs#costs-printed",
        **{f"tbl-typical-{name}": f"fit#tbl-typical-{name}" for name in ("vit", "bart", "llava", "clip")},
    },
    "changes": {
        **dict.fromkeys(("costs", "numbers", "papers"), "changes#changes"),
        **{
            f"tbl-changes-{name}": "changes#changes"
            for name in ("completed", "corrected", "costs", "numbers", "papers", "values")
        },
    },
    "field": {
        **dict.fromkeys(("from-category-to-category", "fig-migration"), "field#fig-growth"),
        **dict.fromkeys(("where-does-it-appear", "fig-venues"), "field#tbl-venues-searched"),
        **dict.fromkeys(("is-there-code", "fig-code"), "field#tbl-holdings"),
        **{f"tbl-{name}": "field#coverage" for name in ("flow", "recall-editions", "recall-lists", "searched")},
    },
    "open_problems": {
        **dict.fromkeys(
            (
                "families-that-were-never-tried",
                "open-untried",
                "tbl-families-untried",
                "open-closed",
                "closed-models-privacy-and-ownership",
                "what-to-take-away",
                "tbl-open-standing",
            ),
            "open_problems#open-problems",
        ),
        **dict.fromkeys(("open-upkeep", "code-that-runs-and-lists-that-can-be-trusted"), "disagreements#disagreements"),
        "understanding-and-upkeep": "open_problems#open-why",
        "tbl-second-backbones": "open_problems#open-backbones",
        "tbl-spread-reported": "open_problems#open-spread",
        "no-common-ground": "open_problems#open-one-benchmark",
        "hidden-tuning": "open_problems#open-tuning",
        "one-backbone": "open_problems#open-backbones",
        "specialising-without-losing-the-general-model": "open_problems#open-forgetting",
    },
    "grounding": {
        "tbl-use-grounding": "grounding#what-to-use",
        "segment-anything-where-to-adapt-and-who-gives-the-prompt": "segmentation#segmentation",
        "against-cris": "audits#audit-cris",
        "fig-grounding-gains": "audits#audit-cris",
        "tbl-etris-main": "audits#tbl-etris-main",
        "tbl-etris-reproduction": "audits#tbl-etris-reproduction",
        "tbl-etris-quotes": "audits#audit-cris",
        "tbl-mqdet-baselines": "audits#tbl-mqdet",
        "reports-of-users": "audits#reports-of-users",
        "comparable-results": "grounding#results-grounding",
        "expressions-which-encoders-which-exchange": "grounding#grounding-expressions",
        "fig-drawing-detris": "grounding#what-followed",
        "further-groups": "grounding#results-grounding",
        "how-the-methods-differ": "grounding#grounding",
        "language-models-and-video": "grounding#grounding-mllm",
        "open-vocabulary-detection-the-region-that-clip-never-saw": "grounding#grounding-detection",
        "tbl-grounding": "grounding#results-grounding",
        "tbl-lead-ris-rn50": "grounding#tbl-lead-ris-rn101",
        "tbl-leads-grounding": "grounding#results-grounding",
        "tbl-mqdet": "audits#tbl-mqdet",
        "tbl-sota-boxes": "grounding#tbl-sorec",
        "tbl-subareas-grounding": "grounding#grounding",
        "the-wider-field": "grounding#sec-field-grounding",
        "three-papers-of-the-wider-field-to-read-first": "grounding#what-to-read-first",
        "what-fine-tuning-free-means": "grounding#sec-grounding-finetuning-free",
        "what-has-to-be-supplied": "grounding#grounding",
        "what-is-not-known": "grounding#grounding-open",
        "what-to-take-away": "grounding#results-grounding",
    },
    "qa": {
        "tbl-use-qa": "qa#what-to-use",
        **dict.fromkeys(
            (
                "retrieval-questions-on-science-and-visual-instructions",
                "retrieval-and-questions-on-science",
                "comparable-results",
                "bart-base-three-runs",
                "tbl-leads-qa",
                "what-to-take-away",
            ),
            "qa#results-qa",
        ),
        **dict.fromkeys(("tbl-qa", "how-the-methods-differ"), "qa#one-language-model-several-tasks"),
        **dict.fromkeys(("fig-qa-share", "tbl-sota-qa"), "qa#tbl-lead-vl-bart"),
        "one-task-after-another": "qa#questions-about-images",
        "share-and-memory-are-different-currencies": "qa#sec-qa-currencies",
        "tbl-subareas-qa": "field#coverage",
        "three-papers-of-the-wider-field-to-read-first": "qa#what-to-read-first",
        "what-is-peculiar-to-the-setting": "qa#the-task-and-the-models",
        "from-tasks-to-instructions": "multimodal#multimodal",
        "where-data-or-models-cannot-be-shared": "recognition#where-data-or-models-cannot-be-shared",
        "sec-field-clip": "recognition#sec-field-clip",
        "clip-recognition-and-prompt-learning": "recognition#recognition",
        "tbl-subareas-clip": "field#coverage",
        "learned-words-or-cached-features": "recognition#learned-words-or-cached-features",
        "the-trade-between-known-and-new-classes": "recognition#the-trade-between-known-and-new-classes",
        "help-from-words-and-from-larger-models": "recognition#help-from-words-and-from-larger-models",
        "without-labels": "recognition#without-labels",
        "at-test-time": "recognition#at-test-time",
        "reliability-beyond-accuracy": "recognition#reliability-beyond-accuracy",
        "results-clip": "recognition#results-clip",
        "what-may-be-compared": "recognition#results-clip",
        "tbl-leads-clip": "recognition#results-clip",
        "three-papers-on-clip-recognition-to-read-first": "recognition#three-papers-on-clip-recognition-to-read-first",
        "t5-base-three-runs": "audits#t5-base-three-runs",
        "tbl-lead-vl-t5": "audits#tbl-lead-vl-t5",
        "bart-base-one-run": "audits#bart-base-one-run",
        "tbl-lead-vl-one-seed": "audits#tbl-lead-vl-one-seed",
        "quoted-side-by-side-and-video": "audits#bart-base-one-run",
        "tbl-lead-vl-dora": "audits#bart-base-one-run",
        "tbl-lead-video": "qa#results-qa",
    },
    "multimodal": {
        "tbl-use-multimodal": "multimodal#what-to-use",
        "multimodal-large-language-models": "multimodal#multimodal",
        "how-little-suffices": "multimodal#multimodal-stages",
        "how-tasks-conflict": "instruction#instruction-conflict",
        "tbl-leads-multimodal": "multimodal#results-multimodal",
        "tbl-subareas-multimodal": "multimodal#multimodal",
        "the-tasks": "multimodal#multimodal",
        "what-an-image-costs": "multimodal#multimodal-tokens",
        "what-is-forgotten": "instruction#instruction-forgetting",
        "what-is-trained": "multimodal#multimodal-scripts",
        "what-may-be-compared": "multimodal#results-multimodal",
        "what-to-read-first": "instruction#what-to-read-first",
    },
    "language": {
        "tbl-use-language": "language#what-to-use",
        "prompts-cheap-unstable-limited": "why#why-prompts",
        "low-rank-updates-and-the-distance-to-full-fine-tuning": "why#why-diagnoses",
        **dict.fromkeys(
            ("comparable-results", "large-language-models", "what-to-take-away"), "language#results-language"
        ),
        **dict.fromkeys(
            (
                "adapters-from-placing-by-hand-to-generating",
                "hyperformer-among-visionlanguage-methods",
                "tbl-language",
            ),
            "language#sec-karimimahabadi2021hyperformer",
        ),
        "tbl-subareas-language": "field#coverage",
        "the-wider-field": "language#sec-field-language",
        "three-papers-of-the-wider-field-to-read-first": "language#what-to-read-first",
        **dict.fromkeys(("what-the-language-line-contributed", "why-it-stands-in-this-book"), "language#language"),
    },
    "method": {
        "what-verified-and-partial-mean": "method#what-an-empty-cell-means",
        "one-fact-one-place": "method#method",
        "what-may-be-compared": "method#names-with-more-than-one-meaning",
        "tbl-second-readings-mended": "method#tbl-second-readings",
        **{f"tbl-benchmarks{name}": "method#method-benchmarks" for name in ("", *(f"-{c}" for c in CATEGORIES))},
    },
    "recognition": {
        "tbl-use-recognition": "recognition#what-to-use",
        "one-task-after-another": "recognition#clip-apart",
        "tbl-leads-clip": "recognition#results-clip",
        "tbl-subareas-clip": "field#coverage",
        "the-sub-areas": "field#coverage",
        "what-is-not-known": "recognition#clip-open",
        "what-may-be-compared": "recognition#results-clip",
    },
    "results": {
        "the-groups": "results#tbl-groups",
        "fig-front-vision": "results#fig-front-vl",
        **dict.fromkeys(("who-is-ahead-of-whom", "tbl-wins"), "results#why-quoted-baselines-matter"),
        "how-far-re-reported-numbers-lie-apart": "disagreements#the-same-baseline-run-again",
        **dict.fromkeys(("what-the-field-does-not-report", "fig-reporting"), "open_problems#open-memory"),
        **dict.fromkeys(("what-was-left-out", "tbl-left-out"), "method#tbl-left-out"),
        "what-to-take-away": "results#results",
        "quoted-values-that-differ": "disagreements#quoted-values-that-differ",
        "tbl-copies": "disagreements#tbl-copies",
        "averages-that-do-not-follow-from-their-parts": "disagreements#averages-that-do-not-follow-from-their-parts",
        "tbl-mismatches": "disagreements#tbl-mismatches",
    },
    "disagreements": {
        "how-large-must-a-difference-be": "results#results-difference",
        "tbl-spread-errors": "disagreements#tbl-mismatches",
        **dict.fromkeys(
            ("transfer-from-imagenet", "base-and-unseen-classes", "vtab-1k", "ade20k", "tbl-turned-transfer"),
            "disagreements#tbl-turned",
        ),
        **dict.fromkeys(("tbl-gains-dept", "tbl-gains-dpc", "tbl-turned-vtab"), "disagreements#tbl-turned"),
        "tbl-two-averages": "vision#vision-vtab",
        "what-to-take-away": "disagreements#disagreements",
    },
    "segmentation": {
        "tbl-use-segmentation": "segmentation#what-to-use",
        "where-and-what-to-train": "segmentation#what-is-tuned-and-why",
        "adapters-and-low-rank-factors-in-the-encoder": "segmentation#the-image-encoder",
        "fig-drawing-sam-adapter": "segmentation#the-image-encoder",
        "its-own-weights-or-the-decoder-alone": "segmentation#the-decoder-or-the-model-s-own-weights",
        "newer-backbones": "segmentation#segmentation-versions",
        "tbl-hqseg": "segmentation#what-keeps-the-model-general",
        "tbl-sota-segmentation": "segmentation#what-works",
        "tbl-subareas-segmentation": "segmentation#fig-sam-versions",
        "three-lines-of-work": "segmentation#what-is-tuned-and-why",
        "volumes": "segmentation#the-image-encoder",
        "what-a-plain-transformer-lacks": "segmentation#the-image-encoder",
        "what-is-not-known": "segmentation#segmentation-open",
        "who-gives-the-prompt": "segmentation#the-prompt",
    },
    "taxonomy": {
        "taxonomy": "modules#taxonomy",
        "families-of-parameter-efficient-fine-tuning": "modules#taxonomy",
        "the-families-at-a-glance": "modules#family-choice",
        "fig-attachment": "modules#fig-modules",
        "tbl-tradeoffs": "modules#tbl-tradeoffs",
        "what-is-trained-and-where": "method#method-families",
        "the-tree": "method#method-families",
        "tbl-mechanisms": "method#tbl-mechanisms",
        "fig-mechanisms": "method#method-families",
        **{
            name: f"modules#family-{name.removeprefix('family-')}"
            for family in FAMILIES
            for name in (family, f"family-{family}")
        },
        "family-choice": "modules#family-choice",
        "choosing-among-families": "modules#family-choice",
        "what-the-taxonomy-does-not-settle": "modules#family-choice",
        **{
            f"fig-drawing-{name}": f"modules#fig-drawing-{name}"
            for name in ("adapter", "adaptformer", "bitfit", "dora", "ia3", "lora", "prefix", "qlora", "ssf")
        },
        "python3": "modules#taxonomy",
    },
    "vision": {
        "tbl-use-vision": "vision#what-to-use",
        "sec-xie2023difffit": "generation#sec-xie2023difffit",
        "difffit": "generation#difffit",
        "fig-drawing-difffit": "generation#fig-drawing-difffit",
        "fig-drawing-controlnet": "generation#fig-drawing-controlnet",
        **dict.fromkeys(("generators", "vision-generators"), "generation#generation"),
        "comparable-results": "vision#results-vision",
        "sec-field-vision": "vision#vision",
        "the-wider-field": "vision#vision",
        "the-papers-discussed-in-detail": "vision#vision-recognition",
        "what-separates-the-methods": "vision#vision-recognition",
        "tbl-vision": "vision#vision-recognition",
        "tbl-subareas-vision": "field#coverage",
        "what-to-read-first": "vision#results-vision",
        "three-papers-of-the-wider-field-to-read-first": "vision#results-vision",
        "what-to-take-away": "vision#results-vision",
        "one-table-many-methods": "audits#one-table-many-methods",
        "tbl-leads-vision": "audits#tbl-leads-vision",
        "fig-vision-storage": "audits#fig-vision-storage",
        "fig-vision-pretraining": "audits#tbl-lead-vtab-mae",
        "tbl-lae-splits": "audits#tbl-lae-splits",
        "tbl-difffit-fid": "audits#tbl-difffit-fid",
        "the-set-up-of-vpt": "audits#the-set-up-of-vpt",
        "the-set-up-of-spt": "audits#the-set-up-of-spt",
        "run-again-without-selection-on-the-test-set": "audits#run-again-without-selection-on-the-test-set",
        "image-generation": "audits#audit-xie2023difffit",
        "tbl-lead-vtab-vpt": "audits#tbl-lead-vtab-vpt",
        "tbl-lead-vtab-spt": "audits#tbl-lead-vtab-spt",
        "tbl-lead-vtab-mae": "audits#tbl-lead-vtab-mae",
        "tbl-lead-vtab-adapterplus": "audits#tbl-lead-vtab-adapterplus",
        "tbl-lead-fid": "audits#tbl-difffit-fid",
    },
}


def setup(app: Sphinx) -> None:
    """Take part in the making of pages."""
    app.connect("html-page-context", _add)
    app.connect("html-collect-pages", _gone)
    app.connect("html-collect-pages", _left)


def lines(moved: Mapping[str, str], titles: Mapping[str, str], address: Mapping[str, str]) -> str:
    """Return one line of HTML for each anchor that has moved, with a link to its new place.

    >>> print(lines({"old": "chapter#new"}, {"chapter": "A Chapter"}, {"chapter": "chapter.html"}))
    <p class="moved" id="old">This part of the book is now in <a href="chapter.html#new">A Chapter</a>.</p>
    """
    paragraphs = []
    for anchor, place in moved.items():
        chapter, _, target = place.partition("#")
        link = f'<a href="{escape(address[chapter])}#{escape(target)}">{escape(titles[chapter])}</a>'
        paragraphs.append(f'<p class="moved" id="{escape(anchor)}">This part of the book is now in {link}.</p>')
    return "\n".join(paragraphs)


def _add(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the lines below the text of a chapter."""
    if doctree is None or pagename not in MOVED:
        return
    known = {name: title.astext() for name, title in app.env.titles.items()}
    moved = {anchor: place for anchor, place in MOVED[pagename].items() if place.partition("#")[0] in known}
    address = {name: "" if name == pagename else context["pathto"](name) for name in known}
    context["body"] += lines(moved, known, address)


def _gone(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page at the address of each chapter that is no more, with the places that its anchors lead to."""
    known = {name: title.astext() for name, title in app.env.titles.items()}
    for page, places in MOVED.items():
        first = next(iter(places.values())).partition("#")[0]
        if page in known or first not in known:
            continue
        moved = {anchor: place for anchor, place in places.items() if place.partition("#")[0] in known}
        title, address = escape(known[first]), {name: f"{name}.html" for name in known}
        body = (
            f"<h1>{title}</h1>"
            f'<p>This chapter is now <a href="{address[first]}">{title}</a>.</p>'
            f"{lines(moved, known, address)}"
        )
        yield page, {"title": known[first], "body": body}, "page.html"


def _left(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page at the address of each paper that left the catalogue, which says why."""
    for paper in the_survey().excluded:
        if paper.former_key:
            body = (
                f"<h1>{escape(paper.title)}</h1>"
                f"<p>This paper was judged again on {paper.checked} and is no longer in the catalogue: "
                f"{escape(REASONS[paper.reason])}. "
                'What else was left out: <a href="../field.html#tbl-left-out-candidates">The field</a>.</p>'
            )
            yield page_of(paper.former_key), {"title": paper.title, "body": body}, "page.html"
