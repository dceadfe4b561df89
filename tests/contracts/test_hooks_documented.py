"""Every hook stands in plugins/README.md with its exact signature and an explanation, and has a test of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from newstagger import hookspecs

MIN_WORDS = 30


def signatures() -> dict[str, str]:
    """Return each hook's signature as its specification has it."""
    tree = ast.parse(Path(hookspecs.__file__).read_text("utf-8"))
    specs = [
        n for n in tree.body if isinstance(n, ast.FunctionDef) and "hookspec" in {ast.unparse(d).split("(")[0] for d in n.decorator_list}
    ]
    return {n.name: f"{n.name}({ast.unparse(n.args)}) -> {ast.unparse(n.returns)}" for n in specs}


HOOKS = signatures()


@pytest.fixture(scope="module")
def sections(repository):
    """Return the text of plugins/README.md below each heading."""
    parts = re.split(r"^#{2,4} (.+)$", (repository / "plugins/README.md").read_text("utf-8"), flags=re.MULTILINE)
    return {title.strip(): text for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_there_are_hooks():
    assert len(HOOKS) >= 15


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_in_the_readme(hook, sections):
    text = sections.get(f"`{HOOKS[hook]}`")
    assert text is not None, f"plugins/README.md lacks the heading `{HOOKS[hook]}`"
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert len(prose.split()) >= MIN_WORDS


def test_readme_tells_of_no_other_hook(sections):
    told = {title.strip("`") for title in sections if re.fullmatch(r"`\w+\(.*\) -> .*`", title)}
    assert told == set(HOOKS.values())


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_has_a_test(hook, repository):
    wanted = re.compile(rf"^ *def test_hook_{hook}\b", re.MULTILINE)
    assert any(wanted.search(path.read_text("utf-8")) for path in (repository / "tests").rglob("*.py"))
