"""Labelled corpora: files of rows, streamed, each row an article with its labels. Called by training, through the command line.

A broken row is one error that names file and line. What a label means is ``taxonomy``'s business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from newstagger.contracts import CorpusReader, Json, Row
from newstagger.domain import Article, ArticleRef, Facet
from newstagger.errors import CorpusError
from newstagger.labelmap import LabelMap
from newstagger.taxonomy import PREFIXES, prefix_of

SITE = "corpus"
UNLABELLED, EMPTY, NOT_CHOSEN = "rows without labels", "rows without text", "rows not selected"
UNDATED = "rows whose date cannot be read (it is to be like 2025-03-31 or 31.03.2025): learned, but not by their age"
_DATE_FORMS = (
    "%d-%b-%Y %H:%M:%S.%f",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d %B %Y",
)
LONGEST_NAME = 40
"""Longer names of columns are somebody's copy, and no error shows that: the heading row is missing."""
_ISO_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows and which of their fields to read.

    ``labels`` names the field of each facet's labels, or several as ``A+B``; a facet not named there is read from ``labels``.
    ``where`` holds (field, value); value None asks for any true value. ``group`` names the field that ties rows of one story.
    ``mark`` parts several labels in one text.
    """

    facets: tuple[Facet, ...]
    labels: Mapping[Facet, str] = field(default_factory=dict)
    where: tuple[tuple[str, str | None], ...] = ()
    label_map: LabelMap | None = None
    group: str = "group"
    mark: str = "|"


def read_rows(paths: Iterable[Path], chosen: Selection, readers: Sequence[CorpusReader], tally: Counter[str]) -> Iterator[Row]:
    """Yield the labelled rows of the files in order; raise CorpusError naming file and line for a row that is broken.

    ``tally`` counts what was left out: rows without labels, without text, not selected.
    """
    for path in paths:
        reader = reader_for(path, readers)
        told = replace(chosen, mark=_mark(reader.rows(path), chosen))
        yield from labelled_rows(reader.rows(path), path, told, tally)


def _mark(raws: Iterable[tuple[int, Mapping[str, Json]]], chosen: Selection) -> str:
    """Return what parts labels in the cells of a file: ``;`` where no cell has a ``|``. A first row with a list ends the question."""
    names = {name for facet in chosen.facets for name in chosen.labels.get(facet, "labels").split("+")}
    for _, raw in raws:
        cells = [raw[name] for name in names if raw.get(name)]
        if any(not isinstance(cell, str) or "|" in cell for cell in cells):
            return "|"
    return ";"


def labelled_rows(raws: Iterable[tuple[int, Mapping[str, Json]]], path: Path, chosen: Selection, tally: Counter[str]) -> Iterator[Row]:
    """Yield the labelled ones of raw rows, each told with its line; ``path`` is where they stand, for errors."""
    for line, raw in raws:
        row = _row(raw, path, line, chosen, tally)
        if row is not None:
            yield row


def reader_for(path: Path, readers: Sequence[CorpusReader]) -> CorpusReader:
    """Return the first reader that claims the file's suffix, packed or not; raise CorpusError when none does."""
    name = path.name.casefold().removesuffix(".gz")
    for reader in readers:
        if name.endswith(reader.suffixes):
            return reader
    known = ", ".join(sorted({suffix for reader in readers for suffix in reader.suffixes}))
    if not path.exists():
        raise CorpusError("no such file", where=str(path), next_step="check the path")
    raise CorpusError("a corpus of unknown format", where=str(path), next_step=f"known: {known}, each also with .gz")


def _row(raw: Mapping[str, Json], path: Path, line: int, chosen: Selection, tally: Counter[str]) -> Row | None:
    where = f"{path}:{line}"
    if not all(_holds(raw.get(name), value) for name, value in chosen.where):
        tally[NOT_CHOSEN] += 1
        return None
    labels = _labels(raw, chosen, tally, where)
    article = _article(raw, path, line, where)
    if not labels or not (article.headline.strip() or article.body.strip()):
        tally[EMPTY if labels else UNLABELLED] += 1
        return None
    tally[UNDATED] += article.version_created is None and bool(_string(raw, "date", where).strip())
    split, group = (_string(raw, name, where) or None for name in ("split", chosen.group))
    rejected, unknown = (_beside(raw.get(name), name, labels, where) for name in ("rejected", "unknown"))
    return Row(article, labels, str(path), line, article.version_created, split, group, rejected, unknown)


def _beside(value: Json, name: str, labels: Mapping[Facet, tuple[str, ...]], where: str) -> dict[Facet, tuple[str, ...]]:
    """Return what a row says of labels that it does not give, by facet; that is told by facet only."""
    if not isinstance(value, dict):  # other archives have fields of these names too
        return {}
    if unknown := set(value) - set(Facet):
        raise CorpusError(f"{name} of an unknown facet {min(unknown)[:40]!r}", where=where, next_step=f"facets are {', '.join(Facet)}")
    told = {facet: _list(value.get(facet), where) for facet in labels}
    return {facet: listed for facet, listed in told.items() if listed}


def _holds(found: Json, wanted: str | None) -> bool:
    if wanted is None:
        return bool(found)
    values = found if isinstance(found, list) else [found]
    return any((str(v).casefold() if isinstance(v, bool) else str(v)) == wanted for v in values if v is not None)


def _article(raw: Mapping[str, Json], path: Path, line: int, where: str) -> Article:
    if not {"title", "text", "html"} & raw.keys():
        names = f" among the fields {', '.join(map(repr, sorted(raw)))}" if all(len(name) <= LONGEST_NAME for name in raw) else ""
        step = "name them as 'newstagger train --help' says" if names else "a table begins with a row of column names"
        raise CorpusError(f"neither title, text nor html{names[:200]}", where=where, next_step=step)
    text, html = _string(raw, "text", where), _string(raw, "html", where)
    return Article(
        ref=ArticleRef(SITE, _string(raw, "id", where) or f"{path.name}:{line}"),
        headline=_string(raw, "title", where),
        body=text or html,
        media_type="text/html" if html and not text else "text/plain",
        language=_string(raw, "lang", where) or None,
        byline=_string(raw, "byline", where),
        credit=_string(raw, "credit", where),
        source=raw["source"] if isinstance(raw.get("source"), str) else "",
        version_created=iso_date(_string(raw, "date", where)),
    )


def _string(raw: Mapping[str, Json], name: str, where: str) -> str:
    value = raw.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise CorpusError(f"{name} must be a text", where=where, next_step="correct the row")


def _labels(raw: Mapping[str, Json], chosen: Selection, tally: Counter[str], where: str) -> dict[Facet, tuple[str, ...]]:
    given: dict[Facet, tuple[str, ...]] = {}
    for facet in chosen.facets:
        found = _union(_of_facet(raw.get(name), facet, chosen, where) for name in chosen.labels.get(facet, "labels").split("+"))
        if found is not None and chosen.label_map:
            found = chosen.label_map.translate(found, tally)
        if found is not None:
            given[facet] = found
    return given


def _union(found: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """Return the labels of several fields together; None (unlabelled) when none of them is there."""
    there = [labels for labels in found if labels is not None]
    return tuple(dict.fromkeys(label for labels in there for label in labels)) if there else None


def _of_facet(value: Json, facet: Facet, chosen: Selection, where: str) -> tuple[str, ...] | None:
    if isinstance(value, dict):
        if unknown := set(value) - set(Facet):
            step = f"facets are {', '.join(Facet)}"
            raise CorpusError(f"labels of an unknown facet {min(unknown)[:40]!r}", where=where, next_step=step)
        return _list(value.get(facet), where, chosen.mark)
    found = _list(value, where, chosen.mark)
    if found is None or len(chosen.facets) == 1 or facet in chosen.labels:
        return found
    return _by_prefix(found, facet, where)


def _list(value: Any, where: str, mark: str = "|") -> tuple[str, ...] | None:
    if value is None or value == "":
        return None
    found = _parted(value, mark) if isinstance(value, str) else value
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(label, str) and label.strip() for label in found):
        raise CorpusError("labels must be a list of texts", where=where, next_step="write [] for an article without any")
    return tuple(dict.fromkeys(label.strip() for label in found))


def _parted(cell: str, mark: str) -> list[str] | None:
    """Return the labels in one cell of a table; ``[]`` is no label at all, None a blank cell."""
    if cell.strip() == "[]":
        return []
    return [label for label in cell.split(mark) if label.strip()] or None


def _by_prefix(labels: tuple[str, ...], facet: Facet, where: str) -> tuple[str, ...]:
    if bare := [label for label in labels if prefix_of(label) is None]:
        step = 'write {"topic": [...], "region": [...]}, or name a field for each facet: --labels topic=FIELD,region=FIELD'
        raise CorpusError(f"of which facet is the label {bare[0][:60]!r}?", where=where, next_step=step)
    return tuple(label for label in labels if PREFIXES[str(prefix_of(label))] is facet)


def iso_date(text: str) -> str | None:
    """Return a date as ISO 8601; None for what is none. Reads ISO, ``31.12.2024 14:05``, ``1-Jan-96``, ``4/5/2017`` (US)."""
    clean = text.strip()
    if _ISO_DAY.match(clean):
        return clean
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(clean, form).replace(microsecond=0).isoformat()
        except ValueError:
            continue
    return None
