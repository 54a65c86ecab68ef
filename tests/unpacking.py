"""What `_static/unpacking.js` does, once more in Python: the tests read the scripts of the catalogue by it."""

import re
import unicodedata


def unpacked_texts(packed):
    """Return texts in which a letter stood for each common word."""
    free = (chr(code) for code in range(0x100, 0x800) if chr(code) not in packed["taken"])
    words = dict(zip(free, packed["words"], strict=False))
    return ["".join(words.get(letter, letter) for letter in text) for text in packed["texts"]]


def unpacked_papers(catalogue, others):
    """Return the rows of the catalogue."""
    said = catalogue["papers"]
    picked = {
        name: [column["values"][place] for place in column["places"]]
        for name, column in said.items()
        if isinstance(column, dict) and "places" in column
    }
    tasks = [task for _, own in catalogue["groups"] for task in own]
    title = unpacked_texts(said["title"])
    rows = []
    for row, key in enumerate(said["key"]):
        paper = {name: column[row] for name, column in picked.items()}
        name = title[row].split(":")[0] if said["name"][row] == 1 else said["name"][row]
        authors = [*_list(said["authors"][row]), *_list(others["authors"][row])]
        words = [name, *title[row].split(" ")]
        made = (
            key
            if isinstance(key, str)
            else f"{_squeezed(authors[0].split(' ')[-1])}{paper['year']}{_squeezed(words[key])}"
        )
        code = said["code"][row]
        rows.append(
            paper
            | {
                "key": made,
                "name": name,
                "aliases": _list(others["aliases"][row]),
                "title": title[row],
                "authors": authors,
                "models": [catalogue["models"][place][0] for place in _places(said["models"])[row]],
                "tasks": [tasks[place] for place in _places(said["tasks"])[row]],
                "code": code if not code or code.startswith("http") else f"https://github.com/{code}",
                "numbers": said["numbers"][row],
                "chapters": said["chapters"][row],
                "facts": {
                    id: [values[place][0] for place in _places(said["facts"][id])[row]]
                    for id, _, values in catalogue["facts"]
                },
            }
        )
    return rows


def _list(text):
    return [part for part in text.split(";") if part]


_known = {}


def _places(column):
    if column not in _known:
        _known[column] = [[ord(letter) - ord("0") for letter in cell] for cell in column.split(" ")]
    return _known[column]


def _squeezed(text):
    return re.sub("[^A-Za-z0-9]", "", unicodedata.normalize("NFKD", text)).lower()
