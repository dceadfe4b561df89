"""The newsroom's own vocabulary on disk: ``vocabulary.json`` in its home, written whole or not at all, checked when read.

A file that cannot be read never stops a save: the last good entries stay, with a problem.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.errors import ConfigError, InputError, NewstaggerError, TaxonomyError
from newstagger.files import write_whole
from newstagger.jsontext import canonical, loads
from newstagger.newsroom.soughttopics import topic_from
from newstagger.newsroom.vocabulary import LISTS, Entry, Overlay, Tombstone
from newstagger.taxonomy import OWN

FILE = "vocabulary.json"
SCHEMA = 1
MAX_BYTES = 8 << 20
MAX_ENTRIES = 5_000
MAX_LABEL, MAX_DEFINITION, MAX_LIST = 200, 4_000, 200
PATIENCE = 2.0
"""Seconds to wait for another process that changes the vocabulary."""
JOINERS = "\u200c\u200d"
"""Marks without width that Persian, Hindi and others need inside words."""
OWN_ID = re.compile(r"own:[^\W_]+(?:[-_.][^\W_]+)*")
STEP = "correct the file, or restore a copy of it"


def mark_of(path: Path) -> tuple[int, ...]:
    """Return figures that change when the file does: one look at its inode, about two microseconds."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError) as error:
        return (-(getattr(error, "errno", None) or errno.EINVAL),)
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def read_overlay(path: Path, last: Overlay | None = None) -> Overlay:
    """Return the vocabulary in a file, an empty one where there is none; what is wrong with it is told, not raised.

    ``last`` is what was read before: it stays where the file cannot be read.
    """
    mark = mark_of(path)
    try:
        return replace(load_overlay(path), mark=mark)
    except NewstaggerError as error:
        stays = Overlay(known=False) if last is None else last
        return replace(stays, problem=str(error), mark=mark)


def load_overlay(path: Path) -> Overlay:
    """Return the vocabulary in a file, an empty one where there is none; raise ConfigError for a file that is none."""
    data = _read(path)
    if data is None:
        return Overlay()
    try:
        return _overlay(loads(data, str(path)), str(path))
    except (InputError, TaxonomyError) as error:
        raise ConfigError(f"not a vocabulary: {error.what}", where=str(path), next_step=STEP) from None


@contextmanager
def changing(path: Path) -> Iterator[Callable[[Overlay], None]]:
    """Hold the vocabulary for this process among all and yield what writes it; raise ConfigError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        _lock(handle, path)
        yield lambda overlay: _write(path, overlay)
    finally:
        os.close(handle)


def _lock(handle: int, path: Path) -> None:
    """Wait a moment for whoever holds the vocabulary; raise ConfigError when they do not let go."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise ConfigError("another process is changing it", where=str(path), next_step="try again when it is done") from None
            time.sleep(0.02)
        except OSError as error:
            raise _unwritable(path, error) from None


def _write(path: Path, overlay: Overlay) -> None:
    if len(overlay.entries) > MAX_ENTRIES:
        raise ConfigError(f"a vocabulary holds at most {MAX_ENTRIES} concepts", where=str(path), next_step="train a bundle instead")
    try:
        write_whole(path, canonical(_to_json(overlay)) + b"\n", mode=0o600)
    except OSError as error:
        raise _unwritable(path, error) from None


def _to_json(overlay: Overlay) -> dict[str, Json]:
    """Return the file's content; of too many removed concepts those that had replaced nothing are forgotten first."""
    kept = sorted(sorted(overlay.removed, key=lambda tomb: not tomb.replaces)[:MAX_ENTRIES], key=lambda tomb: tomb.id)
    told: dict[str, Json] = {"schema": SCHEMA, "concepts": overlay.to_json()}
    lists = {"removed": [tomb.to_json() for tomb in kept], "topics": [one.to_json() for one in overlay.topics]}
    return told | {name: some for name, some in lists.items() if some}


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"cannot be written: {error.strerror or error}", where=str(path), next_step="name another home with --home")


def _read(path: Path) -> bytes | None:
    """Return the bytes of an ordinary file of bearable size, None where there is nothing; links and devices are refused."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "not a path"
        raise ConfigError(f"not an ordinary file that can be read ({what})", where=str(path), next_step=STEP) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            what = f"{status.st_size} bytes, at most {MAX_BYTES} are read" if stat.S_ISREG(status.st_mode) else "not an ordinary file"
            raise ConfigError(what, where=str(path), next_step=STEP)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(MAX_BYTES)
    finally:
        os.close(handle)


def _overlay(value: Json, where: str) -> Overlay:
    schema = value.get("schema") if isinstance(value, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        step = "upgrade newstagger, or restore an older copy of the file"
        raise ConfigError(f"written by a newer release (schema {schema}, this one reads {SCHEMA})", where=where, next_step=step)
    table = _table(value, "the file", {"schema", "concepts", "removed", "topics"})
    rows, graves, topics = table.get("concepts"), table.get("removed", []), table.get("topics", [])
    if schema != SCHEMA or isinstance(schema, bool | float):
        raise InputError("the schema is missing or unknown")
    if not isinstance(rows, list) or len(rows) > MAX_ENTRIES:
        raise InputError(f"'concepts' is not a list of at most {MAX_ENTRIES}")
    if not all(isinstance(some, list) and len(some) <= MAX_ENTRIES for some in (graves, topics)):
        raise InputError(f"'removed' or 'topics' is not a list of at most {MAX_ENTRIES}")
    entries = sorted((_entry(row, number) for number, row in enumerate(rows, 1)), key=lambda entry: entry.id)
    if len({entry.id for entry in entries}) < len(entries):
        raise InputError("an id stands twice")
    tombs = {tomb.id: tomb for tomb in (_tomb(row, number) for number, row in enumerate(graves, 1))}
    there = {entry.id for entry in entries}
    wanted = {one.id: one for one in (topic_from(row, number) for number, row in enumerate(topics, 1))}
    removed = tuple(tombs[told] for told in sorted(tombs) if told not in there)
    return Overlay(tuple(entries), removed, topics=tuple(wanted[told] for told in sorted(wanted)))


def _table(value: Json, what: str, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{what} is not an object")
    if unknown := sorted(set(value) - keys):
        raise InputError(f"{what} has an unknown key {unknown[0][:40]!r}")
    return value


def _entry(value: Json, number: int) -> Entry:
    where = f"concept {number}"
    row = _table(value, where, {"id", "facet", "pref_label", "definition", *LISTS})
    if row.get("facet") not in list(Facet):
        raise InputError(f"{where} has no known facet")
    lists = {name: _texts(row.get(name, []), f"{name} of {where}") for name in LISTS}
    return checked(Entry(_text(row.get("id"), where), _text(row.get("pref_label"), where), Facet(row["facet"]),
                         definition=_text(row.get("definition", ""), where), **lists))  # fmt: skip


def _tomb(value: Json, number: int) -> Tombstone:
    where = f"removed concept {number}"
    row = _table(value, where, {"id", "facet", "replaces"})
    if row.get("facet") not in list(Facet):
        raise InputError(f"{where} has no known facet")
    tomb = Tombstone(_text(row.get("id"), where), Facet(row["facet"]), _texts(row.get("replaces", []), f"replaces of {where}"))
    for told in (tomb.id, *tomb.replaces):
        _expect_id(told, "id")
    return tomb


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where} has a field that is missing or no text")
    return value


def _texts(value: Json, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InputError(f"{where} is not a list")
    return tuple(_text(item, where) for item in value)


def checked(entry: Entry) -> Entry:
    """Return the entry with its labels in normal form; raise TaxonomyError for one that is empty, endless or cannot be printed."""
    _expect_id(entry.id, "id")
    if entry.id.startswith(OWN) and not OWN_ID.fullmatch(entry.id):
        raise TaxonomyError(f"{entry.id!r} is not an id", next_step="write own:NAME with letters, digits and - inside")
    for name in ("broader", "exact_match", "replaces"):
        for one in _bounded(getattr(entry, name), name):
            _expect_id(one, f"{name} id")
    label = _label(entry.label)
    names = tuple(dict.fromkeys(_label(name) for name in _bounded(entry.alt_labels, "alternative names")))
    definition = _line(entry.definition, "definition", MAX_DEFINITION)
    return replace(entry, label=label, alt_labels=tuple(name for name in names if name != label), definition=definition)


def _bounded(values: tuple[str, ...], what: str) -> tuple[str, ...]:
    if len(values) > MAX_LIST:
        raise TaxonomyError(f"more than {MAX_LIST} {what}", next_step="leave some out")
    return values


def _expect_id(told: str, what: str) -> None:
    if not told or told != told.strip() or len(told) > MAX_LABEL or not told.isprintable():
        raise TaxonomyError(f"the {what} {told[:40]!r} is empty, too long or cannot be printed", next_step="correct the id")


def _label(told: str) -> str:
    label = _line(told, "label", MAX_LABEL)
    if not label:
        raise TaxonomyError("a label is empty", next_step="give the concept a name")
    return label


def _line(told: str, what: str, most: int) -> str:
    line = " ".join(unicodedata.normalize("NFC", told[: 4 * most + 1]).split())
    if len(line) > most or len(told) > 4 * most:
        raise TaxonomyError(f"the {what} {line[:40]!r}… is longer than {most} characters", next_step=f"shorten the {what}")
    if not all(c.isprintable() or c in JOINERS for c in line):
        raise TaxonomyError(f"the {what} {line[:40]!r} holds characters that cannot be printed", next_step=f"correct the {what}")
    return line
