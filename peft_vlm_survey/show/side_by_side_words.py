"""The sentences of a comparison; the script on the page fills the same ones."""

TEMPLATES = {
    "none": "No comparable group holds numbers of two of these methods.",
    "met": "{names} meet in {groups}, with {rows}.",
    "some": "Not all of {names} meet; two or more do in {groups}, with {rows}.",
    "main": "In the group where most of them meet ({group}), {best} scores {value} on {benchmark}, {others}.",
    "here": "On the backbone that is named ({group}), {best} scores {value} on {benchmark}, {others}.",
    "behind": "{behind} ahead of {name}{worth}",
    "even": "as has {name}",
    "more": ", more than re-runs differ",
    "within": ", no more than re-runs differ",
    "unknown": "",
    "ahead": "{name} is first in {ahead}{surely}",
    "surely": " ({surely} by more than re-runs differ)",
    "evens": "and {even} are even",
    "tally": "Over all shared rows, {ahead}.",
    "scatter": "Re-runs of one method in this set-up differ by {apart} in the median{where}.",
    "elsewhere": ", on other benchmarks of the set-up",
    "no-scatter": "No re-runs say how much of a difference here is noise.",
    "disagree": "The tables of these papers disagree on one method in {cases}.",
}
# What a table says of whose run a number is, by its first letter in the data.
CLAIMS = {"o": "own", "r": "re-run", "c": "copied", "n": "–", "": "–"}
