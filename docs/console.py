"""Keeps the documents true: runs the commands that they show, and puts in what was printed and measured.

    python docs/console.py [PAGE...]            run every command of the documents below; name those that fail
    python docs/console.py --write [PAGE...]    also replace the output below each command, and the figures

A block marked ``console`` holds lines that start with ``$ ``, each followed by what it prints; without any output there, none is
put in, and output whose last line is ``…`` is cut there. A block whose first line names a file behind its language, as in
``python news/models.py``, is that file, and ``python >> courier/settings.py`` is put at the end of one. Blocks count in the order in
which they stand. What a page does happens in one shell (shell.py), in a folder of its own that looks like the checkout: the sample
articles, ``docs/archive.py``, ``story.html``, and ``archive.jsonl``, a small labelled archive. A figure stands between
``<!-- figure NAME -->`` and ``<!-- end -->``; NAME is a path into docs/figures.json such as ``cold.ratio``.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shell import Shell

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md", "plugins/README.md", "docs/retraining.md", "docs/formats.md", "docs/service.md",
    "docs/superdesk.md", "docs/ghost.md", "docs/annif.md", "docs/django.md", "docs/wagtail.md",
)  # fmt: skip
"""Pages whose commands need nothing beside Python, curl, openssl and PHP; docs/wordpress.md needs a WordPress, and is named to be run."""
CONSOLE = re.compile(r"^```console\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)(?: (>> )?(\S+))?\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"(<!-- figure ([\w.]+) -->).*?(<!-- end -->)", flags=re.DOTALL)
BEATS = {"harbour": "ferry quay pilot tide crane", "council": "vote mayor budget motion ward", "pitch": "goal coach striker cup derby"}


def commands(document: str) -> list[str]:
    """Return the commands that a document shows, in order."""
    return [command for block in CONSOLE.findall((REPOSITORY / document).read_text("utf-8")) for command, _ in shown(block)]


def shown(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with the output below it; a backslash at the end goes on in the next line."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.replace("\\\n", "\0").partition("\n")
        yield command.replace("\0", "\\\n"), output.replace("\0", "\\\n")


def furnish(folder: Path) -> None:
    """Make a folder look like the checkout to the commands."""
    samples = REPOSITORY / "newstagger" / "samples"
    shutil.copytree(samples, folder / "newstagger" / "samples")
    (folder / "docs").mkdir()
    (folder / "plugins").symlink_to(REPOSITORY / "plugins", target_is_directory=True)
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


def refresh(text: str, folder: Path, wrong: list[str]) -> str:
    """Return a document with new output below its commands, done in a folder; what fails is added to ``wrong``."""
    furnish(folder)
    with Shell(folder) as shell:
        done = BLOCK.sub(lambda block: _again(block, shell, wrong), text)
    return FIGURE.sub(lambda found: f"{found[1]}{figure(found[2])}{found[3]}", done)


def _again(block: re.Match[str], shell: Shell, wrong: list[str]) -> str:
    """Do what a block says: write its file, or run its commands. Return the block as it should stand."""
    language, more, name, content = block.groups()
    if name:
        shell.write(name, content, append=bool(more))
    return block[0] if language != "console" else f"```console\n{''.join(_rerun(content, shell, wrong))}```"


def _rerun(content: str, shell: Shell, wrong: list[str]) -> Iterator[str]:
    for command, old in shown(content):
        code, output, complaint = shell.run(command)
        if code:
            wrong.append(f"{command}: exit code {code}: {output.strip()[-300:]} {complaint.strip()[-300:]}")
        told = output.rstrip().replace(f"{REPOSITORY}/", "")
        yield f"$ {command}\n{cut(told, old)}\n" if old.strip() else f"$ {command}\n{old}"


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
    """Run the commands of every document, or of those named; return 1 when one fails."""
    wrong: list[str] = []
    for document in [told for told in arguments if not told.startswith("-")] or DOCUMENTS:
        path = REPOSITORY / document
        failed: list[str] = []
        with tempfile.TemporaryDirectory() as name:
            text = refresh(path.read_text("utf-8"), Path(name), failed)
        if "--write" in arguments and not failed:
            path.write_text(text, "utf-8")
        wrong += [f"{document}: {line}" for line in failed]
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
