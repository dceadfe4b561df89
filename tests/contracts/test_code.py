"""Sizes, docstrings, broad handlers and the tree of errors: what can be read off the source."""

from __future__ import annotations

import ast
import re
import statistics

import pytest

from newstagger import errors

FILE_LINES, MEDIAN_FILE_LINES, FUNCTION_LINES, MEDIAN_LINES, P90_LINES = 250, 120, 50, 8, 25
LONGER_FILES = {"newstagger.domain": "the frozen types of the whole domain stand in one file, with nothing to follow"}
GUARDS = {
    "newstagger.guard", "newstagger.host", "newstagger.pipeline", "newstagger.plugins", "newstagger.soundness", "newstagger_django.edge",
    "newstagger_superdesk.edge",
}  # fmt: skip
CLEANERS = {"newstagger.bundles.writing", "newstagger.database", "newstagger.files"}
"""May catch everything to tidy up, if they raise it again."""


@pytest.fixture(scope="session")
def sources(modules, plugin_modules):
    return [*modules, *plugin_modules]


def functions(module):
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node) -> int:
    return node.end_lineno - node.lineno + 1


def test_files_are_short(sources):
    assert [f"{m.name}: {m.lines} lines" for m in sources if m.lines > FILE_LINES and m.name not in LONGER_FILES] == []


def test_most_files_fit_on_a_few_screens(sources):
    assert statistics.median(m.lines for m in sources if m.lines > 1) <= MEDIAN_FILE_LINES


def test_functions_are_short(sources):
    long = [f"{m.name}.{node.name}: {length(node)} lines" for m in sources for node in functions(m) if length(node) > FUNCTION_LINES]
    lengths = sorted(length(node) for m in sources for node in functions(m))
    assert long == []
    assert statistics.median(lengths) <= MEDIAN_LINES
    assert lengths[int(len(lengths) * 0.9)] <= P90_LINES


def test_public_names_have_docstrings(sources):
    assert [f"{m.name}{name}" for m in sources for name in undocumented(m.tree, "")] == []


def undocumented(node, name):
    """Yield the public modules, classes, functions and methods below a node that have no docstring."""
    if not ast.get_docstring(node) and (node.body or not isinstance(node, ast.Module)):
        yield name
    for child in node.body if isinstance(node, ast.Module | ast.ClassDef) else ():
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield from undocumented(child, f"{name}.{child.name}")


def test_only_the_guards_catch_everything(sources):
    assert [f"{m.name}:{handler.lineno}" for m in sources if m.name not in GUARDS for handler in broad(m)] == []


def broad(module):
    """Yield the handlers that catch everything; clean-up that raises again is let pass where it belongs."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and catches_everything(node):
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if not (raises_again and module.name in CLEANERS):
                yield node


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or ast.unparse(kind) in ("Exception", "BaseException") for kind in kinds)


def test_error_tree_is_the_one_in_the_docstring():
    drawn, above = {}, []
    for line in errors.__doc__.splitlines():
        if match := re.match(r" {4}([│├└─ ]*)(\w+Error)\b", line):
            depth = len(match[1]) // 4
            above[depth:] = [match[2]]
            drawn[match[2]] = above[depth - 1] if depth else "Exception"
    real = {name: value.__base__.__name__ for name, value in vars(errors).items() if isinstance(value, type)}
    assert drawn == real
