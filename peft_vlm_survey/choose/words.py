"""The words of an answer. The script on the page fills in the same ones, with numbers written the same way."""

import math
from collections.abc import Mapping

RULE = (
    "What cannot be or breaks a limit is left out; so is what trains nothing but a head, where a model that generates is "
    "to generate the answer. A method has a few stated settings; it goes, with the reasons that "
    "hold at its last and smallest one, if none of them keeps every limit. A cost that is not established keeps no "
    "limit. While several tasks share one backbone nothing can be merged into it, so that unmerged operations count.",
    "Evidence comes from groups of numbers of one protocol on one backbone, and only of the category; where neither "
    "category nor task is named there is none. The nearest group "
    "is the one with the same task, as what ranks it before what it also holds; then with the same backbone, or one of "
    "the same kind; then with as much training data; then with more methods; then read in a better tier.",
    "A number counts if its group is about the task or one of the same group of tasks, if full fine-tuning stands in "
    "the same printed table, if it was read in more than notes, and if what is printed beside it as trained keeps the "
    "limits on what is trained and on what is stored, at the method’s bytes a parameter; where a name names the setting, "
    "this must keep them, and where nothing is printed, the usual setting must. Of several numbers of one method in the nearest group the one of the best tier counts, then the one with "
    "the highest gain.",
    "First come methods at least level with full fine-tuning, then those behind it, then those whose number would count "
    "if full fine-tuning stood in its table. A loss or such a number that is about both another task and another backbone "
    "comes after these, in the same order. Then come methods that have other numbers on the task but none that counts, "
    "then those that have numbers on other tasks alone, then those without any. Within one class the nearer group comes "
    "first, and within one group the higher gain, or the better score where there is none; among methods without a number "
    "that counts, those known from notes are ordered so by these, which is said of each, and the rest follow. Numbers of "
    "two groups are never compared.",
    "What is then equal is ordered by the parameters that one task trains, then by training memory, then by name. "
    "Costs are those of the setting that the number’s name names, or of the one that keeps every limit and trains a share "
    "or number nearest to the one printed beside it, or of the first, usual one if none is printed.",
)

TEMPLATES: Mapping[str, str] = {
    # Why a method is left out.
    "purpose": "It was made for another task ({what}).",
    "head-only": "It trains a classifier on fixed features, and the answer of this task ({task}) is generated.",
    "few-only": "It keeps every training example and is meant for a few of each class.",
    "tower": "It is defined on a {tower} model; here the methods act on the {part} part.",
    "impossible": "It is impossible here: {why}",
    "too-many": "At {setting} it trains {number} parameters a task, more than the limit of {limit}.",
    "too-large-a-share": "At {setting} it trains {percent} % of the backbone a task, more than the limit of {limit} %.",
    "share-open": "The share it trains is not established, since the size of the backbone is not.",
    "too-large": "At {setting} it stores {number} bytes a task, more than the limit of {limit}.",
    "too-much-memory": "At {setting} training takes {ratio} times the memory of full fine-tuning by the model, more than the limit of {limit}.",
    "memory-open": "Its training memory is not established.",
    "slower": "At {setting} inference needs {extra} % more multiply–adds.",
    "slower-shared": "At {setting} inference needs {extra} % more multiply–adds while several tasks share the backbone.",
    "speed-open": "Whether inference needs more is not established.",
    # Why a method stands where it stands.
    "ahead": "{gain} against full fine-tuning of the same table, or else of its group: {benchmark}, {protocol}, {backbone}.",
    "level": "This is full fine-tuning itself, which the gains are measured against: {benchmark}, {protocol}, {backbone}.",
    "scored": "{value} on {benchmark}, {protocol}, {backbone}; no full fine-tuning stands beside it.",
    "noted": "It has numbers, but none that counts; within its class it stands by one known from notes alone: {value} "
    "({metric}) on {benchmark}, {protocol}, {backbone}.",
    "unranked": "It has numbers, but none that counts for the order.",
    "none": "Its place follows from its costs alone.",
    "costs": "At {setting} it trains {number} parameters a task{share}, and stores {bytes} bytes a task.",
    "share": " ({percent} % of the backbone)",
    "merged": "Merged into the backbone it makes inference no slower.",
    "no-more": "Inference needs no further multiply–adds.",
    "more": "Inference needs {extra} % more multiply–adds.",
    "memory": "By the first-order model training takes {ratio} times the memory of full fine-tuning.",
    "no-gradient": "No gradient runs through the backbone.",
    # What is not established.
    "no-row": "Its score in this category: no comparable group of this book has it.",
    "other-task": "Its score on {task}: the number is about {other}.",
    "other-backbone": "Its score on {backbone}: the number is on {other}.",
    "no-reference": "Its gain over full fine-tuning: neither a table with a number of it nor the group of that table has one value for that row.",
    "notes": "Its score: a number of it was read in notes alone, which order methods without a better one among themselves.",
    "elsewhere-only": "Its score on {task}: its numbers are about other tasks of the category.",
    "over-limit": "Its score within your limit: its numbers on this task belong to larger trained shares.",
    "over-limit-open": "Its score within your limit: no number on this task is known to belong to a setting that keeps it.",
    "passed-over": "Its score nearer to your question within your limit: {value} on {benchmark}, {backbone}, was passed "
    "over, since {printed} is printed beside it as trained, which breaks the limit.",
    "passed-over-setting": "Its score nearer to your question within your limit: {value} on {benchmark}, {backbone}, was "
    "passed over, since its setting breaks a limit.",
    "read-in": "The printed value itself: it was {tier}.",
    "share-differs": "Its score at this setting: what is printed as trained beside the number is {printed}, "
    "the setting trains {own}; the two may count different things.",
    "share-unknown": "Its score at this setting: no trained share is printed beside the number that can be compared with it.",
    "several": "How its settings compare: the group has {count} of its numbers, of which the highest gain counts; the lowest is {gain}.",
    "runs": "How far runs scatter: the number of runs behind the score is not stated.",
    "selection": "What a score chosen in another way would be; here it is: {selection}.",
    "selection-open": "How the printed score was chosen.",
    "elsewhere": "That the gain carries over: other groups of the category ({count}) give {low} to {high}.",
    "fewer": "Its score with fewer examples than were used: {training}.",
    "less-data": "Its score with full data: the number comes from few examples, {training}.",
    "more-data": "Its score with few examples: the number comes from a larger training set.",
    "other-category": "That it suits this category: its paper is about {category}.",
    "adapter-place": "Where the adapters of its numbers stand: printed tables call adapters of several places by one name.",
    "passed-over-open": "Its score nearer to your question within your limit: {value} on {benchmark}, {backbone}, was "
    "passed over, since no trained share is printed beside it and the usual setting breaks a limit.",
    # Of the answer as a whole.
    "assumed": "No backbone was named. Costs are stated on {backbone}, which the nearest group has.",
    "assumed-any": "No backbone was named. Costs are stated on {backbone}.",
    "no-evidence": "No comparable group of this book is about this task, so that the order follows from costs alone.",
    "head": "No task head is counted. Memory is that of one task at a time, by the model with its default batch and length.",
    "ask": "Name a category or a task first: without one no score is evidence, and the order follows from costs alone.",
    "nothing": "No method keeps every limit. Relax the one that is named most often below.",
    # Of the lines that run a method.
    "yours": "In the lines, model is your model; names of matrices are those of models whose blocks are Llama’s, and must "
    "be those of yours.",
}


def fixed(number: float, digits: int) -> str:
    """Return a number of at least zero with so many decimals and commas, a half rounded up; the script does the same.

    >>> fixed(1234.5, 0), fixed(0.0625, 3), fixed(3, 2)
    ('1,235', '0.063', '3.00')
    """
    scale = 10**digits
    whole = math.floor(number * scale + 0.5)
    body = f"{whole // scale:,}"
    return f"{body}.{whole % scale:0{digits}d}" if digits else body


def short(number: float, digits: int) -> str:
    """Return the same without zeros at the end of its decimals; what would come out as nothing keeps one digit more.

    >>> short(0.5, 4), short(100, 4), short(0.00001234, 4), short(0, 4)
    ('0.5', '100', '0.00001', '0')
    """
    said = fixed(number, digits).rstrip("0").rstrip(".") if digits else fixed(number, 0)
    return short(number, digits + 1) if said in ("", "0") and number > 0 else said or "0"


def signed(number: float) -> str:
    """Return a gain with its sign and two decimals.

    >>> signed(1.0), signed(-0.7), signed(0)
    ('+1.00', '−0.70', '+0.00')
    """
    return ("−" if number < 0 else "+") + fixed(abs(number), 2)
