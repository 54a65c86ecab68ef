"""The rooms of the house: each imports only from those before it, so that nothing flows back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import peft_vlm_survey

PACKAGE = Path(peft_vlm_survey.__file__).parent
# From the problems to the rim; what stands in one line does not know each other.
ORDER = (
    ("problems", "unchanged", "place"),
    ("watch", "arguments"),
    ("read", "texlog"),
    ("model",),
    ("cache",),
    ("check",),
    ("costs",),
    ("checked",),
    ("data",),
    ("compare",),
    ("export",),
    ("editions",),
    ("choose", "downloads", "form", "frames", "pricing", "citing", "searching"),
    ("show", "add"),
    ("asking",),
    ("tables", "figures", "values"),
    ("questions",),
    ("messages",),
    ("site", "__main__"),
)
PLACE = {room: place for place, rooms in enumerate(ORDER) for room in rooms}


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield where each import of ours stands, and from which room it leads to which; the readers' door is no room."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name == Path("__init__.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for module in modules(node):
                if module.startswith("peft_vlm_survey."):
                    yield f"{name}:{node.lineno}", name.parts[0].removesuffix(".py"), module.split(".")[1]


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_every_room_has_its_place():
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__"} == set(PLACE)


def test_no_room_imports_from_one_behind_it_or_beside_it():
    assert [
        f"{where}: {room} imports {other}"
        for where, room, other in imports()
        if room != other and not PLACE[other] < PLACE[room]
    ] == []
