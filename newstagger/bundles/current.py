"""The ``current`` pointer of one bundle name: which version serves, and which ones served before it.

One small canonical JSON file with a digest over itself, so that a flipped byte is refused and never followed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newstagger.bundles.bundle import read_regular
from newstagger.bundles.manifest import VERSION, damaged
from newstagger.contracts import Json
from newstagger.domain import BundleRef
from newstagger.errors import InputError
from newstagger.files import write_whole
from newstagger.jsontext import canonical, loads

CURRENT = "current"
KEPT = 50
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Current:
    """The version that serves and, oldest first, the ones to roll back to."""

    ref: BundleRef
    previous: tuple[BundleRef, ...] = ()

    def promoted(self, ref: BundleRef) -> Current:
        """Return the pointer after promoting another version."""
        return Current(ref, (*self.previous, self.ref)[-KEPT:])

    def to_bytes(self) -> bytes:
        """Return the only valid content of the file."""
        return canonical(self._rest() | {"sha256": hashlib.sha256(canonical(self._rest())).hexdigest()}) + b"\n"

    def write(self, folder: Path) -> None:
        """Move the pointer of a name's folder in one atomic step."""
        write_whole(folder / CURRENT, self.to_bytes())

    def _rest(self) -> dict[str, Json]:
        previous = [{"version": ref.version, "digest": ref.digest} for ref in self.previous]
        return {"name": self.ref.name, "version": self.ref.version, "digest": self.ref.digest, "previous": previous}


def read_current(folder: Path) -> Current | None:
    """Return the pointer in a name's folder, None when nothing was promoted; raise BundleDamagedError naming the file."""
    path = folder / CURRENT
    if not path.exists() and not path.is_symlink():
        return None
    data = read_regular(path, MAX_BYTES)
    try:
        pointer = _parse(loads(data, str(path)))
        whole = pointer.to_bytes() == data and pointer.ref.name == folder.name
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        whole = False
    if not whole:
        raise damaged("altered: it does not match its own digest", str(path))
    return pointer


def _parse(value: Mapping[str, Any]) -> Current:
    name = str(value["name"])
    return Current(_ref(name, value), tuple(_ref(name, entry) for entry in value["previous"]))


def _ref(name: str, entry: Mapping[str, Any]) -> BundleRef:
    if not VERSION.fullmatch(entry["version"]):
        raise ValueError("version")
    return BundleRef(name, entry["version"], str(entry["digest"]))
