"""Label maps: one label set translated into another, as ``--label-map`` and recipes name them.

A map is a JSON object from a label to a label, a list of labels, or null (drop it). A file may hold several maps under
``maps``; then ``FILE#SET`` or ``FILE#SET/LEVEL`` chooses one, LEVEL being a key of its entries (``l1``, ``medtop``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newstagger.errors import CorpusError, InputError
from newstagger.jsontext import loads
from newstagger.taxonomy import prefix_of

DEFAULT_LEVEL = "medtop"


@dataclass(frozen=True, slots=True)
class LabelMap:
    """Labels by the label that they replace; an empty tuple drops it."""

    table: Mapping[str, tuple[str, ...]]

    def translate(self, labels: Iterable[str], tally: Counter[str]) -> tuple[str, ...] | None:
        """Return the new labels, without repeats; None (unlabelled) when there were labels and none of them has a counterpart.

        Ids with a known prefix that the map does not name stay as they are: rows that have them already need no map.
        """
        given = tuple(labels)
        table = {label: (label,) for label in given if prefix_of(label)} | dict(self.table)
        tally["labels not in the label map"] += sum(label not in table for label in given)
        found = tuple(dict.fromkeys(new for label in given for new in table.get(label, ())))
        return found if found or not given else None


def read_label_map(spec: str, corpus_name: str = "") -> LabelMap:
    """Return the map that ``FILE``, ``FILE#SET`` or ``FILE#SET/LEVEL`` names; raise CorpusError when it cannot be used.

    In a file of several maps without SET, the one named like the corpus file is taken.
    """
    path, _, chosen = spec.partition("#")
    wanted, _, level = chosen.partition("/")
    try:
        value = loads(Path(path).read_bytes(), path)
    except OSError as error:
        raise CorpusError(error.strerror or "cannot be read", where=path, next_step="name another file with --label-map") from None
    except InputError as error:
        raise CorpusError(error.what, where=error.where, next_step=error.next_step) from None
    if not isinstance(value, dict):
        raise CorpusError("a label map must be a JSON object", where=path, next_step="write {label: label, ...}")
    table = _choose(value["maps"], wanted, corpus_name, path) if isinstance(value.get("maps"), dict) else value
    return LabelMap({label: _entry(entry, level or DEFAULT_LEVEL, label, path) for label, entry in table.items()})


def _choose(maps: Mapping[str, Any], wanted: str, corpus_name: str, path: str) -> Mapping[str, Any]:
    stem = corpus_name.replace("-", "_")
    near = wanted or next((name for name in sorted(maps, key=len, reverse=True) if stem.startswith(name)), "")
    if isinstance(maps.get(near), dict):
        table: Mapping[str, Any] = maps[near]
        return table
    what = f"no map {wanted!r}" if wanted else "several maps"
    raise CorpusError(what, where=path, next_step=f"write {Path(path).name}#SET, one of {', '.join(sorted(maps))}")


def _entry(entry: Any, level: str, label: str, path: str) -> tuple[str, ...]:
    found = entry.get(level) if isinstance(entry, dict) else entry
    labels = [] if found is None else [found] if isinstance(found, str) else found
    if not isinstance(labels, list) or not all(isinstance(new, str) and new for new in labels):
        raise CorpusError(f"the entry of {label[:60]!r} is no label", where=path, next_step="write a label, a list of labels or null")
    return tuple(labels)
