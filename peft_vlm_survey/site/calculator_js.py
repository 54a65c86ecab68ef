"""The cost model as a script, for the calculator: formulas as functions, backbones as quantities, what papers printed."""

from collections.abc import Iterator

from peft_vlm_survey.costs import METHODS, browser, card_names, cost, known_shapes
from peft_vlm_survey.costs.fit_tested import certainties
from peft_vlm_survey.costs.names import INNER
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.costs.software import MODULES, OPEN, PLACE, TARGETS, needed_by, snippets_of
from peft_vlm_survey.costs.verdicts import verdicts
from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.printed_costs import in_unit, owner_of, words_of
from peft_vlm_survey.site.data_script import DataScript, compact

VERIFIED_WORDS = {"run": "these lines were run", "imported": "it was imported", "read": "its source was read"}
_VERDICTS = {"agrees": "agrees", "explained": "explained", "open": "open, no reason was found"}


def costs_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.costs`, which `costing.js` computes with."""
    known = known_shapes(survey)
    costs = browser.page_data(known)
    costs["run"] |= {"tested": certainties(unseen(survey.memory_cases, known))}
    costs |= {
        "cards": card_names.page_data(survey.cards),
        "references": {
            method["key"]: survey.name(method["key"]) for method in costs["methods"].values() if method["key"]
        },
        "software": {name: rows for name in METHODS if (rows := list(_software(survey, name)))},
        "open": OPEN,
        "modules": MODULES,
        "inner": INNER,
        "reported": list(_reported(survey, set(costs["backbones"]))),
    }
    members = [f"{compact(name)}:{compact(value)}" for name, value in costs.items()]
    members.append('"formulas":{\n' + ",\n".join(_functions()) + "\n}")
    return "survey.data.costs = {\n" + ",\n".join(members) + "\n};\n"


def _functions() -> Iterator[str]:
    for name, formulas in browser.formulas().items():
        written = [f"{key}:{'null' if text is None else f'(v) => {text}'}" for key, text in formulas.items()]
        yield f"{compact(name)}:{{{','.join(written)}}}"


def _software(survey: Survey, method: str) -> Iterator[dict[str, object]]:
    """Yield who implements a method, those first whose lines were run."""
    for row, _ in snippets_of(survey.software, method):
        yield {
            "variant": row.variant,
            "title": f"{row.library} {row.version}".strip(),
            "named": row.class_or_option,
            "licence": row.licence or "licence not established",
            "maintained": row.maintained,
            "official": row.official == "yes",
            "verified": VERIFIED_WORDS[row.verified],
            "template": row.template,
            "needs": needed_by(row),
            "namesTargets": not row.template or bool(TARGETS & set(PLACE.findall(" ".join(row.template)))),
        }


def _reported(survey: Survey, backbones: set[str]) -> Iterator[dict[str, object]]:
    """Yield the printed costs on the backbones of the menu, with what their settings train."""
    known = known_shapes(survey)
    papers = survey.papers_by_key
    places = {origin.origin: owner_of(origin.source) for origin in survey.origins}
    for v in verdicts(survey):
        if v.backbone in backbones:
            counts = cost(v.method, v.backbone, v.parameters, known=known, classes=v.classes or None)
            yield {
                "method": v.method,
                "backbone": v.backbone,
                "trainable": float(counts.trainable),
                "setting": words_of(v) or "the default setting",
                "printed": in_unit(v.printed, v.unit),
                "verdict": _VERDICTS[v.verdict],
                "reason": v.says,
                "name": survey.name(v.key) if v.key in survey.references else places[v.origin],
                "address": f"papers/{v.key}.html"
                if v.key in papers
                else f"references.html#ref-{v.key}"
                if v.key
                else "",
            }


SCRIPT = DataScript("costs.js", lambda survey, anchors: costs_script(survey))
