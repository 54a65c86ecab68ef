"""The sentences of a comparison; the script on the page fills the same ones."""

TEMPLATES = {
    "none": "No comparable group holds numbers of two of these: nothing that the book has can be set side by side.",
    "met": "{names} have numbers under one protocol and on one backbone in {groups}, with {rows}.",
    "some": "Not all of {names} meet; two or more of them have numbers under one protocol and on one backbone in {groups}, with {rows}.",
    "main": "In the group where most of them meet ({group}), {best} has {value} on {benchmark}, {others}.",
    "here": "On the backbone that is named ({group}), {best} has {value} on {benchmark}, {others}.",
    "behind": "{behind} ahead of {name}{worth}",
    "even": "as has {name}",
    "more": ", which is more than re-runs scatter",
    "within": ", which is no more than re-runs scatter",
    "unknown": "",
    "ahead": "{name} is first in {ahead}{surely}",
    "surely": " ({surely} by more than re-runs scatter)",
    "evens": "and {even} are even",
    "tally": "Over all shared rows, averages and their parts alike, {ahead}.",
    "scatter": "Re-runs of one method in this set-up lie {apart} apart in the median{where}.",
    "elsewhere": ", on other benchmarks of the set-up",
    "no-scatter": "No re-runs say how much of a difference here is noise.",
    "disagree": "The tables of these papers report different values for one and the same method in {cases}.",
}
# What a table says of whose run a number is, by its first letter in the data.
CLAIMS = {"o": "own", "r": "re-run", "c": "copied", "n": "–", "": "–"}
