"""A file imports only from floors below, or from its own folder; imports for typing and inside functions count."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FLOORS = {
    "1": {"domain", "errors"},
    "2a": {
        "contracts", "corpus", "database", "files", "jsontext", "labelmap", "language", "logistic", "matcher", "nameprefix", "progress",
        "policysettings", "recipe", "rowfiles", "servicesettings", "settings",
        "snippets", "state", "strings", "taxonomy", "text", "tokens", "topicnames",
    },
    "2b": {"actors", "formats", "learning", "places", "wire"},
    "3": {"bundles", "newsroom"},
    "4": {"hookspecs", "training"},
    "4b": {"report"},
    "5": {"building", "builtin", "ground", "guard", "house", "livehouse", "pipeline", "plugins", "soundness", "vocabularycheck"},
    "6": {"host"},
    "7": {"__main__", "cli", "demo", "service", "testing"},
}  # fmt: skip
ORDER = list(FLOORS)
FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names}
APART = {"2b"}
"""Floors on which one folder may not import another."""


def imported(module, names):
    """Yield the dotted names of the package's modules that one module imports, wherever in the file that happens."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "newstagger")
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module)
            if base.split(".")[0] == "newstagger":
                yield from (f"{base}.{a.name}" if f"{base}.{a.name}" in names else base for a in node.names)


def absolute(node: ast.ImportFrom, module) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.path.name == "__init__.py" else module.name.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def room(name: str) -> str:
    """Return the file or folder right below the package that a module stands in; '' for the face itself."""
    return [*name.split("."), ""][1]


def test_every_file_has_a_floor(modules):
    rooms = {room(module.name) for module in modules} - {""}
    data = {r for r in rooms if all(m.lines == 0 for m in modules if room(m.name) == r)}
    assert rooms - data <= set(FLOOR_OF), "put the new file or folder on its floor, here and in the design"


def test_imports_point_down(modules):
    assert sorted(set(wrong_imports(modules))) == []


def wrong_imports(modules) -> Iterator[str]:
    names = {module.name for module in modules}
    for module in modules:
        for target in imported(module, names):
            if not allowed(room(module.name), room(target)):
                yield f"{module.name} imports {target}"


def allowed(own: str, other: str) -> bool:
    if not own or own == other:
        return True
    if other not in FLOOR_OF:
        return False  # the face is for those outside
    if own not in FLOOR_OF:
        return True  # the test above tells
    mine, theirs = FLOOR_OF[own], FLOOR_OF[other]
    return ORDER.index(theirs) < ORDER.index(mine) or (mine == theirs and mine not in APART)


def test_no_import_circles(modules):
    names = {module.name for module in modules}
    graph = {module.name: sorted(set(imported(module, names)) & names - {module.name}) for module in modules}
    assert circle_in(graph) == []


def circle_in(graph: dict[str, list[str]]) -> list[str]:
    """Return the modules of one circle, or nothing: what is left after taking away modules that import nobody left."""
    left = dict(graph)
    while free := [name for name, targets in left.items() if not any(target in left for target in targets)]:
        for name in free:
            del left[name]
    return sorted(left)
