"""What Annif and newstagger learn from and are asked about: the same rows for both, and the two models made of them.

``bench/service.py`` calls it. Texts stay in the folder that the caller names: they are for measuring only.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reuters import CATEGORIES
from reuters import RECIPE as REUTERS

PROJECT = "desk"
NAME = "reuters"
URI = "http://example.org/"
EACH = 5
"""Every fifth row is held out."""
WORDS = 200
"""What is asked about has at least so many words."""
ASKED = ("topics/reuters21578-train", "topics/reuters21578-unused", "topics/muc34-wires", "topics/masakhanews-train-dev")
CONFIGURATION = """\
[{project}]
name=Desk
language=en
backend=omikuji
analyzer={analyzer}
vocab=desk
limit=10
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; ``labels`` are names of Reuters' categories."""

    headline: str
    body: str
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text as it is sent: the headline is its first line."""
        return f"{self.headline}\n{self.body}"


@dataclass(frozen=True, slots=True)
class Material:
    """Rows to learn, rows held out of them, and texts of news length that neither side has learned, no two of them alike."""

    learned: Sequence[Row]
    held_out: Sequence[Row]
    texts: Sequence[str]


def read_material(data: Path) -> Material:
    """Return Reuters' ModApte-90 rows, parted, and the long texts of the sets that are at hand in English."""
    rows = [_row(told) for told in _told(data, ASKED[0]) if told["modapte90"]]
    held_out = rows[::EACH]
    learned = [row for number, row in enumerate(rows) if number % EACH]
    known = {row.text for row in learned}
    texts = (_row(told).text for name in ASKED for told in _told(data, name) if told.get("lang", "en") == "en")
    return Material(learned, held_out, [text for text in dict.fromkeys(texts) if len(text.split()) >= WORDS and text not in known])


def _told(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _row(told: dict[str, Any]) -> Row:
    topics = told.get("topics") or ()
    return Row(told.get("title") or "", told.get("text") or "", tuple(label for label in topics if label in CATEGORIES))


def train_annif(rows: Sequence[Row], environment: Path, folder: Path, analyzer: str) -> None:
    """Train an omikuji project with its default parameters; what Annif needs to serve it lands in ``folder``."""
    folder.mkdir(parents=True)
    (folder / "projects.cfg").write_text(CONFIGURATION.format(project=PROJECT, analyzer=analyzer), "utf-8")
    _lines(folder / "desk.tsv", (f"<{URI}{name}>\t{name}" for name in CATEGORIES))
    _lines(folder / "rows.tsv", (f"{' '.join(row.text.split())}\t{' '.join(f'<{URI}{name}>' for name in row.labels)}" for row in rows))
    annif = str(environment / "bin" / "annif")
    for command in ([annif, "load-vocab", "-L", "en", "desk", "desk.tsv"], [annif, "train", PROJECT, "rows.tsv"]):
        subprocess.run(command, cwd=folder, env=annif_variables(folder), check=True, capture_output=True)


def annif_variables(folder: Path) -> dict[str, str]:
    """Return the environment in which Annif finds its project."""
    return {**os.environ, "ANNIF_PROJECTS": str(folder / "projects.cfg"), "ANNIF_DATADIR": str(folder / "data")}


def train_newstagger(rows: Sequence[Row], folder: Path) -> None:
    """Train a bundle of topics with the recipe for Reuters, from these rows; it lands in ``folder/models`` and is current there."""
    source = folder / "rows" / f"{ASKED[0]}.jsonl.gz"
    source.parent.mkdir(parents=True)
    with gzip.open(source, "wt", encoding="utf-8") as lines:
        for number, row in enumerate(rows):
            told = {"id": f"row-{number}", "title": row.headline, "text": row.body, "topics": row.labels, "lang": "en", "modapte90": True}
            print(json.dumps(told), file=lines)
    verb = [str(Path(sys.executable).with_name("newstagger")), "train", "--recipe", str(REUTERS), "--data", str(folder / "rows")]
    homes = ["--models", str(folder / "models"), "--home", str(folder / "home")]
    subprocess.run([*verb, "--name", NAME, "--promote", *homes], check=True, capture_output=True)


def _lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", "utf-8")
