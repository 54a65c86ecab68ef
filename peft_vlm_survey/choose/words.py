"""The words of an answer: the rule, sentence by sentence, and the sentences that the page and the command fill in alike."""

from collections.abc import Mapping

from peft_vlm_survey.choose.nearness import KIND, KINDRED, OTHER, SAME

RULE = (
    "Every method with a number on your task is ranked, whatever its age, and so is full fine-tuning; untuned models and "
    "systems trained in full for the task are left out.",
    "Numbers are compared only within a group, that is, under one protocol on one backbone; the average decides if most "
    "methods report it, and otherwise the benchmark that most methods report.",
    "In each group, the best setting of a method counts; numbers from unreviewed notes are ignored.",
    "Two methods are compared in every group that contains both; a difference no larger than the median difference between "
    "re-runs of one method is a draw, and a repeated comparison counts once.",
    "Groups are used in four steps: first your task on your backbone, then your task on a similar backbone, then a related "
    "task on a similar backbone, with the numbers behind our advice, and last your task on any backbone.",
    "For multimodal language models, visual question answering and instruction tuning count as one task, and other tasks "
    "answered in words count as related.",
    "At each step, all comparisons so far give each method a rating, as games do in chess: a win over a strong method counts "
    "more.",
    "Methods named in our advice come first; the others are ordered by step, then by rating, then by the share of parameters "
    "that they train.",
    "A method that was compared with no other comes after the compared methods of the next step.",
    "Methods that break a limit are left out, and those that may break it are listed separately; costs are calculated from a "
    "formula, or taken from a table if there is no formula.",
)

ADVICE = "{advice} ({grade}; {checked})"
ADVICE_ON_NEAR = "Advice on {task}, a related task: {advice}"
ADVICE_ON_OTHERS = "For another kind of model ({kinds}): {advice}"
NO_ADVICE = "No advice: too little on {task} can be compared."
# What is said of the whole answer, by the distance of what stands first.
NEAREST: Mapping[int, str] = {
    SAME: "Comparable numbers on {task} with {backbone}{in_tables} exist for {count}.",
    KIND: "No two methods were compared on {task} with {backbone}; these were measured with {backbones}, of the same kind "
    "({kind}).",
    KINDRED: "No two methods were compared on {task} with {backbone} or another {kind}; these were measured with {backbones} "
    "on a related task ({kindred}).",
    OTHER: "No two methods were compared on {task} with {backbone} or any other {kind}; these were measured with {backbones}, "
    "and the results may not carry over.",
}
NO_BACKBONE = "Comparable numbers on {task}, on any backbone, exist for {count}."
NOTHING = "No two numbers on {task} can be compared."
ALONE = "Nothing can be compared here: no two of the nearest methods share a group, so their order has no meaning."
UNCOMPARED = "Not ranked, because no other method shares their set-ups: {names}."
ADVISED = "advised"  # of a method that the advice names
UNNUMBERED = "Advised without a number that can be compared: {methods}."
CATALOGUE = "The catalogue has {count} papers on {task}."
# Of a name that no task has.
TAKEN = "No task is called '{text}'; this is the answer for {task}, the closest name."
TAKEN_WITHOUT = "No task is called '{text}'; this is the answer for {task}, and says nothing of {left_out}."
ASK_TOO = " Ask for {task} too."
NEAR, NEAR_ONE = "Near are: {tasks}", "Near is: {tasks}"
SEARCH = "; peft-vlm-survey search finds papers by any words."
NONE_NEAR = f"None is near: choose --list names those with numbers{SEARCH}"
SECTION = "This book treats {task} in “{heading}” ({address})."
UNTUNED = "The untuned model scores better than {count} of these."
IN_TABLES = " (in tables {name})"
UNKNOWN_KIND = "model of a kind that is not established"
UNCOMPARED_NAMED = 12
BACKBONES_NAMED = 3  # of those that stand in for the reader's own
NONE_KEEPS = "No method is known to keep every limit."
# Said to who limits memory by a card.
MEMORY_LIMIT = (
    "The limit on memory is a card of {gb} GB. It is kept where the upper end of the range fits, broken where the lower end "
    "does not fit, and else unknown. A step has one example, or sixteen on small models, and the usual software."
)

WHY = "{gain}{value}{variant} on {benchmark}, {place} of {of} ({backbone}; {protocol})."
WHY_ALONE = "{gain}{value}{variant} on {benchmark}, the only method measured ({backbone}; {protocol})."
VARIANT = " with {name}"  # where the number is of a variant or a setting
GAIN = "{gain}{unit} ahead of {reference}: "
BEHIND = "{gain}{unit} behind {reference}: "
POINTS = " points"
BEATS = "{beaten} of {met} methods compared with it{whom}"
AMONG, ALL = " ({whom} among them)", " ({whom})"
LEVEL_WITH = "; level with {level}"
LOST_TO = "; behind {lost}{whom}"
MET_NOBODY = "Nothing; no other method was compared with it."
# Of a method that met one other, what came of it.
MET_ONE: Mapping[str, str] = {
    "beaten": "The one method compared with it{whom}.",
    "level": "Nothing; it is level with the one method compared with it.",
    "lost": "Nothing; it is behind the one method compared with it{whom}.",
}
NAMED_BEATEN, NAMED_LOST = 3, 2  # so many of them are named, the strongest first
# Whose run a number is, and where it was read.
CLAIMS: Mapping[str, str] = {
    "own": "its own authors, in {table}",
    "rerun": "run again by others, in {table}",
    "copied": "copied into {table}",
    "not stated": "{table}, which does not say who ran it",
    "": "{table}, not yet read for who ran it",
}
TRAINED_BESIDE = "; this table gives {printed} as trained"
FURTHER = "; numbers in {count} further tables"
COSTS: Mapping[str, str] = {
    "trained": "trains {number}",
    "share": " ({percent} % of the backbone)",
    "percent": "trains {percent} % by the count of its table",
    "stored": "stores {size} per task",
    "memory": "needs {ratio} times the training memory of full fine-tuning",
    "form": "calculated at {setting}",
    "printed": "as printed",
}
MERGES: Mapping[str, str] = {
    "yes": "merges into the weights",
    "partly": "merges in part",
    "no": "does not merge",
}
GRADIENT: Mapping[str, str] = {
    "no": "no gradient through the backbone",
    "partly": "a gradient through part of the backbone",
    "yes": "gradient through the backbone",
}
CODE = "code: {code} ({licence})"
# What is not known of a method.
OPEN: Mapping[str, str] = {
    "backbone": "its score on {backbone}",
    "task": "its score on {task}",
    "few": "how it compares with the other methods",
    "runs": "how much its runs vary",
    "read": "the printed value itself, which was {tier}",
    "within": "its score within the limit, since it trained more where it reached this one",
    "trained": "what it trains",
    "stored": "what it stores",
    "memory": "its training memory",
    "speed": "whether inference gets slower",
    "merges": "whether it merges",
    "gradient": "whether the gradient passes through the backbone",
    "code": "whether there is code",
    "licence": "the licence of its code",
}
# Limits in the words of a reader, for what is left out or may be.
LIMITS: Mapping[str, str] = {
    "trained": "trains more",
    "stored": "stores more",
    "memory": "needs more memory",
    "speed": "slows inference",
    "gradient": "needs the gradient through the backbone",
    "code": "no code",
    "licence": "no permissive licence",
    "data": "measured with other training data",
}
HEADS: Mapping[str, str] = {
    "why": "Why",
    "beats": "Beats",
    "word": "Source",
    "costs": "Costs",
    "open": "Not known",
}
