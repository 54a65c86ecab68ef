"""The records of papers and data sets as Markdown, for whoever reads text and not objects: the same, in the same order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from peft_vlm_survey.read.vocabulary import FACTS

_NOT_ESTABLISHED = "not established"


def paper_markdown(record: Mapping[str, Any]) -> str:
    """Return the record of a paper as Markdown."""
    return "\n".join(_paper(record)).rstrip("\n") + "\n"


def dataset_markdown(record: Mapping[str, Any]) -> str:
    """Return the record of a data set as Markdown."""
    return "\n".join(_dataset(record)).rstrip("\n") + "\n"


def _paper(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {record['title']}\n"
    yield f"{', '.join(record['authors'])}. {record['venue'] or 'Venue not established'}, {record['year']}.\n"
    yield from _list(
        ("Key", record["key"]),
        ("Identifier", record["identifier"]),
        ("Page", record["page"]),
        ("Name", _joined([record["name"], *record["aliases"]])),
        ("DOI", record["doi"]),
        ("arXiv", record["arxiv"]),
        ("Address", record["url"]),
        ("Code", record["code"]),
        ("Category", record["category"]),
        ("Task", _joined(record["task"])),
        ("Family", _joined([record["family"], *record["further_families"]])),
        ("Backbones", _joined(record["backbones"])),
        ("Benchmarks", _joined(record["benchmarks"])),
        ("Record read in", record["source"]),
        ("Read on", record["checked"]),
        ("Edition", f"{record['version']}, {record['date']}"),
    )
    yield "\n## What it does\n"
    yield f"{record['summary'] or 'Only its title was at hand.'}\n"
    if record["summary_zh"]:
        yield f"{record['summary_zh']}\n"
    facts = [(name, record[name]) for name in FACTS if record[name]]
    if facts:
        yield from _table(
            ("Fact", "Value", "How it is known"),
            [(FACTS[name][0], _joined(values), record["basis"].get(name, "")) for name, values in facts],
        )
    if record["results"] or record["measurements"]:
        yield "\n## Reported numbers\n"
        yield "Numbers may be compared within one protocol and backbone only. A dash means not established.\n"
        yield from _printed(record)
    if record["corrections"]:
        yield "\n## Corrected\n"
        yield from (
            f"- {correction['date']}: {correction['what']}: {correction['before']} → {correction['after']}"
            for correction in record["corrections"]
        )
    yield "\n## Cite\n"
    yield f"```bibtex\n{record['bibtex']}```"


def _printed(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield one table for each printed table, the paper's own first."""
    tables: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for number in (*record["results"], *record["measurements"]):
        tables[number["origin"]].append(number)
    for origin in sorted(tables, key=lambda origin: record["tables"]["origins"][origin]["key"] != record["key"]):
        table = record["tables"]["origins"][origin]
        protocol = record["tables"]["protocols"].get(table["protocol"])
        yield f"### {table['locator']} of {table['key'] or table['source']}\n"
        yield f"Read in: {table['source']} ({table['read_in']}), {table['checked']}. Protocol: {protocol['name'] if protocol else _NOT_ESTABLISHED}.\n"
        yield from _table(
            ("Method", "Backbone", "Measures", "Value", "Trained, %", "Whose run", "Address"),
            [
                (
                    number["method"],
                    number["backbone"],
                    _measures(record, number),
                    _value(record, number),
                    number["trained_percent"],
                    number["claim"],
                    number["address"],
                )
                for number in tables[origin]
            ],
        )
        yield ""


def _dataset(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {record['name']}\n"
    yield from _list(
        ("Id", record["id"]),
        ("Identifier", record["identifier"]),
        ("Page", record["page"]),
        ("Also met as", _joined(record["aliases"])),
        ("Task", record["task"]),
        ("Category", record["category"]),
        ("Size", record["size"] or _NOT_ESTABLISHED),
        ("Licence", record["licence"] or _NOT_ESTABLISHED),
        ("Made by", _joined(record["made_by"])),
        ("Easily misread", record["misread"]),
        ("Edition", f"{record['version']}, {record['date']}"),
    )
    yield "\n## Splits and metrics\n"
    yield from _table(
        ("Id", "Name", "Split", "Metric", "Unit", "Better"),
        [
            (
                name,
                benchmark["name"],
                benchmark["split"],
                benchmark["metric"],
                benchmark["unit"],
                benchmark["direction"],
            )
            for name, benchmark in record["tables"]["benchmarks"].items()
        ],
    )
    yield "\nNothing is ranked across the groups below: each has a protocol and a backbone of its own."
    for group in record["groups"]:
        protocol = record["tables"]["protocols"].get(group["protocol"])
        heading = (
            f"{protocol['name']}, {group['backbone'] or 'backbone not established'}"
            if protocol
            else "Protocol not established"
        )
        yield f"\n## {heading}\n"
        main = record["tables"]["benchmarks"][group["main"]]
        yield f"{'Ranked' if group['ranked'] else 'Not ranked'}; the main score is {main['name']}, {main['metric']}; {main['direction']} is better.\n"
        yield from _table(
            ("Rank", "Method", "Paper", "Backbone", "Measures", "Value", "Trained, %", "Whose run", "Table"),
            [_row(record, line, number) for line in group["lines"] for number in line["results"]],
        )


def _row(record: Mapping[str, Any], line: Mapping[str, Any], number: Mapping[str, Any]) -> tuple[Any, ...]:
    rank = line["rank"]
    place = "" if rank is None else f"{rank['first']}" + (f"–{rank['last']}" if rank["last"] != rank["first"] else "")
    return (
        place,
        line["method"],
        line["method_key"],
        line["backbone"],
        _measures(record, number),
        _value(record, number),
        number["trained_percent"],
        number["claim"],
        number["origin"],
    )


def _measures(record: Mapping[str, Any], number: Mapping[str, Any]) -> str:
    if "quantity" in number:
        return str(number["quantity"])
    benchmark = record["tables"]["benchmarks"][number["benchmark"]]
    return f"{benchmark['name']}, {benchmark['metric']}"


def _value(record: Mapping[str, Any], number: Mapping[str, Any]) -> str:
    unit = number["unit"] if "quantity" in number else record["tables"]["benchmarks"][number["benchmark"]]["unit"]
    spread = "" if number["spread"] is None else f" ± {number['spread']:g}"
    return f"{number['printed']}{spread} {unit or ''}".rstrip()


def _joined(values: Sequence[str | None]) -> str:
    return ", ".join(filter(None, values))


def _list(*pairs: tuple[str, str | None]) -> Iterator[str]:
    yield from (f"- {name}: {value}" for name, value in pairs if value)


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        cells = ("–" if cell in (None, "") else str(cell).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
