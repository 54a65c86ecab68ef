"""The rule of order: what is left out, and in which order the rest stands.

1. A method is left out if it was made for another task or trains a head alone where an answer is generated, if it is
   impossible on the backbone, or if each of its settings breaks a limit; an unknown cost keeps none.
2. Groups of the category are ordered by nearness: task, backbone, amount of data, number of methods, tier, name.
3. A number counts if its group is about the task's group of tasks, its table has full fine-tuning too, it was read in
   more than notes, and what is printed beside it, or the setting that its name names, keeps the limits on what is
   trained and stored. A method stands by its number in the nearest group: best tier first, then highest gain.
4. At least level with full fine-tuning; behind it; a number that lacks nothing but full fine-tuning in its table; the
   last two again where the number is about both another task and another backbone; other numbers on the task; numbers
   on other tasks; none. By group, then gain or score; among other numbers on the task those from notes do this.
5. Then trained parameters per task, training memory, identifier; of the setting that the number's name names or that is
   nearest to its printed share among those that keep all limits, or else of the first of these.

`_static/choose.js` does the same with the same facts, and a test compares the two answers whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from peft_vlm_survey.choose.evidence import evidence, judged, nearest_setting
from peft_vlm_survey.choose.question import Question
from peft_vlm_survey.choose.unestablished import not_established
from peft_vlm_survey.choose.words import fixed, short, signed

Facts = Mapping[str, Any]
STANDINGS = (
    *("level or ahead", "behind", "without reference", "behind elsewhere", "without reference elsewhere"),
    *("not ranked", "other tasks only", "no number"),
)


def choose(question: Question, facts: Facts) -> dict[str, Any]:
    """Return the answer: methods in order and methods left out, each with its reasons, as plain values."""
    words = facts["words"]
    backbone, ranked = _backbone_and_groups(question, facts)
    kept: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    for id, method in facts["methods"].items():
        settings, reasons = _settings(question, facts, id, backbone)
        if not settings:
            left_out.append(
                {"method": id, "name": method["name"], "reference": method["reference"], "reasons": reasons}
            )
        else:
            kept.append(_method(question, facts, id, backbone, ranked, settings))
    kept.sort(key=lambda found: found.pop("order"))
    notes = []
    if not question.backbone:
        name = facts["backbones"][backbone]["name"]
        notes.append(words["assumed" if ranked else "assumed-any"].format(backbone=name))
    if not ranked:
        notes.append(words["no-evidence" if question.task or question.category else "ask"])
    notes.append(words["head"])
    if not kept:
        notes.append(words["nothing"])
    return {
        "question": asdict(question),
        "backbone": backbone,
        "nearest": _group(facts, ranked[0]) if ranked else None,
        "methods": kept,
        "left_out": left_out,
        "notes": notes,
        "rule": facts["rule"],
    }


def _backbone_and_groups(question: Question, facts: Facts) -> tuple[str, list[int]]:
    """Return the backbone that costs are stated on, and the groups of the category by nearness."""
    groups = facts["groups"]
    backbones = facts["backbones"]

    def nearness(index: int, backbone: str) -> tuple[Any, ...]:
        one = groups[index]
        task = 0 if question.task in ("", one["task"]) else 1 if question.task in one["tasks"] else 2
        model = 0 if one["configuration"] == backbone else 1 if one["type"] == backbones[backbone]["type"] else 2
        data = 0 if not question.data or (question.data == "few") == one["few"] else 1
        return task, model, data, -one["methods"], one["tier"], one["protocol"], one["backbone"]

    # Without a category there is none: a score on one task says nothing of another.
    ranked = [index for index, one in enumerate(groups) if one["category"] == question.category]
    if question.backbone:
        return question.backbone, sorted(ranked, key=lambda index: nearness(index, question.backbone))
    # Without a backbone: that of the nearest group whose shapes are known, nearness taken without any.
    first = next(iter(backbones))
    known = [index for index in ranked if groups[index]["configuration"] in backbones]
    bare = sorted(known, key=lambda index: (nearness(index, first)[0], *nearness(index, first)[2:]))
    backbone = groups[bare[0]]["configuration"] if bare else first
    return backbone, sorted(ranked, key=lambda index: nearness(index, backbone))


def _settings(question: Question, facts: Facts, id: str, backbone: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the settings that keep every limit, or none and why."""
    words, method = facts["words"], facts["methods"][id]
    if not _fits(question, facts, method):
        what = ", ".join(method["groups"]).lower().replace("clip", "CLIP")
        return [], [words["purpose"].format(what=what)]
    if method["head_only"] and question.task in facts["generation"] and facts["backbones"][backbone]["generates"]:
        return [], [words["head-only"].format(task=question.task)]
    if method["few_only"] and question.data == "full":
        return [], [words["few-only"]]
    ladder = _ladder(question, facts, id, backbone)
    if isinstance(ladder, str):
        return [], [words["impossible"].format(why=ladder)]
    if method["tower"] and method["tower"] != ladder[0][1]:
        return [], [words["tower"].format(tower=method["tower"], part=ladder[0][1])]
    steps = [_costs(question, facts, backbone, method, step) for step in ladder]
    keeping = [found for found in steps if not any(_broken(question, facts, found))]
    return keeping, [] if keeping else list(_broken(question, facts, steps[-1]))


def _ladder(question: Question, facts: Facts, id: str, backbone: str) -> list[list[Any]] | str:
    """Return what a method costs at each setting that is possible, the usual one first, or why it is impossible."""
    tables = facts["costs"]
    table = tables["vision"] if question.category == "vision" and backbone in tables["vision"] else tables[""]
    found: list[list[Any]] | str = table[backbone][id]
    return found


def _fits(question: Question, facts: Facts, method: Mapping[str, Any]) -> bool:
    if not method["groups"]:
        return True
    if question.task:
        return any(question.task in facts["tasks"][name] for name in method["groups"])
    return not question.category or question.category in method["categories"]


def _costs(
    question: Question, facts: Facts, backbone: str, method: Mapping[str, Any], step: list[Any]
) -> dict[str, Any]:
    setting, part, own, shared, stored_own, stored_shared, merged, unmerged, memory, rung = step
    trained = own + shared / question.tasks
    total = facts["backbones"][backbone]["total"]
    return {
        "setting": setting,
        "part": part,
        "trainable_per_task": trained,
        "percent_per_task": 100 * trained / total if total else None,
        "stored_bytes": stored_own + stored_shared / question.tasks,
        "extra_flops_percent": merged if question.tasks == 1 else unmerged,
        "memory_ratio": memory,
        "mergeable": method["mergeable"],
        "backbone_gradient": method["gradient"],
        "rung": rung,
    }


def _broken(question: Question, facts: Facts, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield each limit that a setting breaks."""
    words = facts["words"]
    setting = found["setting"] or "its only setting"
    trained, percent = found["trainable_per_task"], found["percent_per_task"]
    if question.trained_number is not None and trained > question.trained_number:
        yield words["too-many"].format(
            setting=setting, number=fixed(trained, 0), limit=fixed(question.trained_number, 0)
        )
    if question.trained_percent is not None and percent is None:
        yield words["share-open"]
    elif question.trained_percent is not None and percent > question.trained_percent:
        limit = short(question.trained_percent, 4)
        yield words["too-large-a-share"].format(setting=setting, percent=short(percent, 4), limit=limit)
    if question.stored is not None and found["stored_bytes"] > question.stored:
        number, limit = fixed(found["stored_bytes"], 0), fixed(question.stored, 0)
        yield words["too-large"].format(setting=setting, number=number, limit=limit)
    ratio = found["memory_ratio"]
    if question.memory is not None and ratio is None:
        yield words["memory-open"]
    elif question.memory is not None and ratio > question.memory:
        limit = short(question.memory, 4)
        yield words["too-much-memory"].format(setting=setting, ratio=short(ratio, 4), limit=limit)
    extra = found["extra_flops_percent"]
    if question.no_slower and extra is None:
        yield words["speed-open"]
    elif question.no_slower and extra > 0:
        name = "slower" if question.tasks == 1 or found["mergeable"] == "no" else "slower-shared"
        yield words[name].format(setting=setting, extra=short(extra, 4))


def _method(
    question: Question, facts: Facts, id: str, backbone: str, ranked: list[int], settings: list[dict[str, Any]]
) -> dict[str, Any]:
    method = facts["methods"][id]
    place = {index: rank for rank, index in enumerate(ranked)}
    tiers = list(facts["tiers"])

    def order(row: Mapping[str, Any]) -> tuple[Any, ...]:
        gain = 0.0 if row["gain"] is None else row["gain"]
        return (
            place[row["group"]],
            not row["counts"],
            tiers.index(row["tier"]),
            row["gain"] is None,
            -gain,
            -row["score"],
            row["anchor"],
        )

    own = (row for row in facts["rows"] if row["method"] == id and row["group"] in place)
    usual = settings[0]["rung"] == _ladder(question, facts, id, backbone)[0][-1]
    rows = sorted((judged(question, facts, row, backbone, settings, usual) for row in own), key=order)
    # The nearest group decides in which a number counts; numbers of nearer groups that do not count are shown as such.
    first = next((row for row in rows if row["counts"]), None)
    bare = first is None
    if bare:
        first = next((row for row in rows if row["speaks"]), None)
    # Numbers known from notes order what has nothing better, among itself.
    noted = None if first else next((row for row in rows if row["about"] and row["keeps"]), None)
    by = first or noted
    found = nearest_setting(settings, by)
    standing = _standing(question, facts, backbone, rows, first)
    memory = found["memory_ratio"]
    return {
        "order": (
            standing,
            place[by["group"]] if by else len(ranked),
            -by["score" if bare else "gain"] if by else 0,
            found["trainable_per_task"],
            memory is None,
            0 if memory is None else memory,
            id,
        ),
        "method": id,
        "name": method["name"],
        "reference": method["reference"],
        "standing": STANDINGS[standing],
        "gain": first["gain"] if first else None,
        "costs": found,
        "reasons": _reasons(facts, id, found, first, noted, standing),
        "evidence": [{**evidence(facts, row), "decides": row is first, "orders": row is noted} for row in rows],
        "not_established": list(not_established(question, facts, id, backbone, found, rows, first)),
        "software": [{**one, "lines": one["lines"][found["rung"]]} for one in method["software"]],
    }


def _standing(
    question: Question,
    facts: Facts,
    backbone: str,
    rows: list[dict[str, Any]],
    first: Mapping[str, Any] | None,
) -> int:
    """Return the place in STANDINGS of a method that stands by a number, or by none."""
    if not first:
        return 5 if any(row["about"] for row in rows) else 6 if rows else 7
    if first["gain"] is not None and first["gain"] >= 0:
        return 0
    one = facts["groups"][first["group"]]
    elsewhere = question.task and question.task not in one["tasks"] and one["configuration"] != backbone
    return (2 if first["gain"] is None else 1) + (2 if elsewhere else 0)


def _reasons(
    facts: Facts,
    id: str,
    found: Mapping[str, Any],
    first: Mapping[str, Any] | None,
    noted: Mapping[str, Any] | None,
    standing: int,
) -> list[str]:
    words = facts["words"]
    said = []
    if by := first or noted:
        one = facts["groups"][by["group"]]
        name = "noted" if noted else "scored" if by["gain"] is None else "level" if id == "full" else "ahead"
        gain = "" if by["gain"] is None else f"{signed(by['gain'])} {one['gain_unit']}"
        at = {
            "value": f"{by['shown']} {one['unit']}".strip(),
            "metric": one["metric"],
            "benchmark": one["benchmark"],
            "protocol": one["name"],
            "backbone": one["backbone"],
        }
        said.append(words[name].format(gain=gain, **at))
    else:
        said.append(words["none" if standing == 7 else "unranked"])
    percent = found["percent_per_task"]
    share = "" if percent is None else words["share"].format(percent=short(percent, 4))
    number, stored = fixed(found["trainable_per_task"], 0), fixed(found["stored_bytes"], 0)
    setting = found["setting"] or "its only setting"
    said.append(words["costs"].format(setting=setting, number=number, share=share, bytes=stored))
    extra = found["extra_flops_percent"]
    if extra is None:
        said.append(words["speed-open"])
    elif extra > 0:
        said.append(words["more"].format(extra=short(extra, 4)))
    else:
        said.append(words["merged" if found["mergeable"] == "yes" and id != "full" else "no-more"])
    if found["memory_ratio"] is not None:
        said.append(words["memory"].format(ratio=fixed(found["memory_ratio"], 2)))
    if found["backbone_gradient"] == "no":
        said.append(words["no-gradient"])
    return said


def _group(facts: Facts, index: int) -> dict[str, Any]:
    one = facts["groups"][index]
    return {name: one[name] for name in ("protocol", "name", "backbone", "benchmark", "task", "methods", "note")}
