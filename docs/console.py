"""Keeps the documents true: runs the commands that they show, and puts in what was printed and measured.

    python docs/console.py            run every command of the documents below; name those that fail
    python docs/console.py --write    also replace the output below each command, and the figures

A block marked ``console`` holds lines that start with ``$ ``, each followed by what it prints; without any output there, none is
put in, and output whose last line is ``…`` is cut there. The commands of a document run in a folder of their own that looks like the
checkout: the sample articles, ``docs/archive.py``, ``story.html``, and ``archive.jsonl``, a small labelled archive. A figure stands
between ``<!-- figure NAME -->`` and ``<!-- end -->``; NAME is a path into docs/figures.json such as ``cold.ratio``.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "plugins/README.md", "docs/retraining.md", "docs/formats.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"(<!-- figure ([\w.]+) -->).*?(<!-- end -->)", flags=re.DOTALL)
BEATS = {"harbour": "ferry quay pilot tide crane", "council": "vote mayor budget motion ward", "pitch": "goal coach striker cup derby"}
SECONDS = 180


def commands(document: str) -> list[str]:
    """Return the commands that a document shows, in order."""
    return [command for block in BLOCK.findall((REPOSITORY / document).read_text("utf-8")) for command, _ in shown(block)]


def shown(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with the output below it; a backslash at the end goes on in the next line."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.replace("\\\n", "\0").partition("\n")
        yield command.replace("\0", "\\\n"), output.replace("\0", "\\\n")


def told(output: str, folder: Path) -> str:
    """Return what a command printed, without the names of this machine's folders."""
    return output.rstrip().replace(str(folder), ".").replace(f"{REPOSITORY}/", "")


def furnish(folder: Path) -> None:
    """Make a folder look like the checkout to the commands."""
    samples = REPOSITORY / "newstagger" / "samples"
    shutil.copytree(samples, folder / "newstagger" / "samples")
    (folder / "docs").mkdir()
    for name in ("archive.py", "archive_sentences.toml"):
        shutil.copy(REPOSITORY / "docs" / name, folder / "docs" / name)
    shutil.copy(samples / "estuaire-rougeole.html", folder / "story.html")
    (folder / "archive.jsonl").write_text("".join(json.dumps(row) + "\n" for row in archive()), "utf-8")


def archive() -> Iterator[dict[str, object]]:
    """Yield a newsroom's small labelled archive: three beats that share some of their words, some rows of two beats."""
    chance = random.Random(7)  # noqa: S311 (a toy archive, the same one every time)
    common = ["monday", "people", "town", "plan", "new", "report", "late", "say", "more", "year"]
    for number in range(240):
        beats = [beat for beat in BEATS if chance.random() < 0.4]
        own = [word for beat in beats for word in BEATS[beat].split()]
        words = [chance.choice(own if own and chance.random() < 0.3 else common) for _ in range(16)]
        date = f"2025-{1 + number // 28:02}-{1 + number % 28:02}"
        yield {"id": str(number), "title": f"{words[0]} {words[1]}", "text": " ".join(words), "labels": beats, "lang": "en", "date": date}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command line in a furnished folder, with a newsroom of its own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = {**os.environ, "PATH": path, "NEWSTAGGER_HOME": str(folder / "newsroom"), "COLUMNS": "120"}
    return subprocess.run(  # noqa: S602 (the commands are our own documents')
        command, shell=True, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=SECONDS,
    )  # fmt: skip


def refresh(text: str, folder: Path, wrong: list[str]) -> str:
    """Return a document with new output below its commands; what fails is added to ``wrong``."""

    def again(block: re.Match[str]) -> str:
        parts = []
        for command, old in shown(block[1]):
            done = run(command, folder)
            if done.returncode:
                wrong.append(f"{command}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
            parts.append(f"$ {command}\n{cut(told(done.stdout, folder), old)}\n" if old.strip() else f"$ {command}\n{old}")
        return f"```console\n{''.join(parts)}```"

    return FIGURE.sub(lambda found: f"{found[1]}{figure(found[2])}{found[3]}", BLOCK.sub(again, text))


def cut(output: str, old: str) -> str:
    """Return output as it is, or, where the old one was cut by a last line ``…``, cut after as many lines."""
    lines, limit = output.splitlines(), len(old.rstrip().splitlines())
    return "\n".join([*lines[: limit - 1], "…"]) if old.rstrip().endswith("\n…") and len(lines) >= limit else output


def figure(name: str) -> str:
    """Return one measured figure as text, or ``not measured``."""
    path = REPOSITORY / "docs" / "figures.json"
    value = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return "not measured" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def main(arguments: list[str]) -> int:
    """Run the commands of every document; return 1 when one fails."""
    wrong: list[str] = []
    for document in DOCUMENTS:
        with tempfile.TemporaryDirectory() as name:
            furnish(Path(name))
            path = REPOSITORY / document
            text = refresh(path.read_text("utf-8"), Path(name), wrong)
        if "--write" in arguments and not wrong:
            path.write_text(text, "utf-8")
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
