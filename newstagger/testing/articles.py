"""The sample articles that come with newstagger, ready to be saved.

They are invented, stand in four languages and carry the noise of real newsrooms; ``newstagger/samples/index.json`` says what each shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from newstagger.builtin.formats import register_readers
from newstagger.cli.articles import read_file
from newstagger.domain import Article, ArticleRef, WireItem
from newstagger.errors import InputError

FOLDER = Path(__file__).resolve().parent.parent / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: its file, who would have published it, and what it shows.

    ``kind`` is ``article`` or ``wire``; ``topics`` and ``regions`` are what its author would tag it with first.
    """

    file: str
    site: str
    id: str
    language: str
    kind: str
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    shows: str


def samples() -> tuple[Sample, ...]:
    """Return what is known of every sample, the wire story first."""
    rows = json.loads((FOLDER / "index.json").read_text("utf-8"))["samples"]
    return tuple(Sample(**row | {"topics": tuple(row["topics"]), "regions": tuple(row["regions"])}) for row in rows)


def sample_article(file: str) -> Article:
    """Return the article in a sample file as an adapter would hand it in; raise InputError for a name that is none."""
    sample = _sample(file, "article")
    article = read_file(FOLDER / file, register_readers(), site=sample.site)
    return replace(article, ref=ArticleRef(sample.site, sample.id))


def sample_wire(file: str = "wire-kosti-truce.json") -> WireItem:
    """Return the wire story in a sample file; raise InputError for a name that is none."""
    _sample(file, "wire")
    return WireItem(**json.loads((FOLDER / file).read_text("utf-8")))


def _sample(file: str, kind: str) -> Sample:
    known = {sample.file: sample for sample in samples() if sample.kind == kind}
    if file not in known:
        raise InputError(f"no sample {kind} {file[:80]!r}", next_step=f"known: {', '.join(known)}")
    return known[file]
