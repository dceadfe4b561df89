"""The public face: a short sorted ``__all__`` of documented names, cheap to import."""

from __future__ import annotations

import inspect
import subprocess
import sys

import newstagger

HEAVY = ("sklearn", "scipy", "joblib")


def test_face_is_short_and_sorted():
    assert list(newstagger.__all__) == sorted(newstagger.__all__)
    assert len(newstagger.__all__) <= 20


def test_face_is_all_there_is():
    promised = {n for n in newstagger.__all__ if not inspect.ismodule(getattr(newstagger, n))}
    assert {n for n in dir(newstagger) if not n.startswith("_") and not inspect.ismodule(getattr(newstagger, n))} == promised


def test_face_is_documented():
    assert inspect.getdoc(newstagger)
    for name in newstagger.__all__:
        value = getattr(newstagger, name)
        assert inspect.getdoc(value), f"newstagger.{name} has no docstring"


def loaded_after(code: str, *arguments: str) -> list[str]:
    """Return which heavy packages a fresh interpreter has loaded after running some code."""
    report = f"import sys; print(sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{report}", *arguments], capture_output=True, text=True, check=True)
    return [name for name in HEAVY if name in run.stderr.splitlines()[-1]]


def test_importing_loads_no_heavy_package():
    code = "import newstagger, newstagger.host, newstagger.cli\nfor name in newstagger.__all__: getattr(newstagger, name)"
    assert loaded_after(code) == []


def test_tagging_loads_no_heavy_package(samples, tmp_path):
    code = "import sys\nfrom newstagger.cli import run\nassert run(sys.argv[1:]) == 0"
    article = samples / "meridian-telescope.html"
    assert loaded_after(code, "tag", str(article), "--json", "--home", str(tmp_path)) == []
