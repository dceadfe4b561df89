"""What the contract tests look at: every module of the package and of the plugins, parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

import newstagger

PACKAGE = Path(newstagger.__file__).resolve().parent


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, its path, its lines and its syntax tree."""

    name: str
    path: Path
    lines: int
    tree: ast.Module


def parse(path: Path, root: Path) -> Module:
    """Return one file as a Module named relative to ``root``."""
    parts = path.relative_to(root).with_suffix("").parts
    source = path.read_text("utf-8")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, len(source.splitlines()), ast.parse(source, str(path)))


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Return every module of the package, in order of name."""
    return sorted((parse(path, PACKAGE.parent) for path in PACKAGE.rglob("*.py")), key=lambda m: m.name)


@pytest.fixture(scope="session")
def plugin_modules(repository: Path) -> list[Module]:
    """Return every module of the plugins in this repository."""
    return [parse(path, source) for source in sorted(repository.glob("plugins/*/src")) for path in sorted(source.rglob("*.py"))]
