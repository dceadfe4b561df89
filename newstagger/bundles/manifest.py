"""The manifest of a bundle: canonical JSON that lists every other file with its digest and carries a digest over its own rest.

It names no clock, host or path. Reading one checks its form only; ``files`` checks the folder against it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newstagger.contracts import Json
from newstagger.domain import BundleRef, Facet
from newstagger.errors import BundleDamagedError, BundleIncompatibleError, InputError, NewstaggerError
from newstagger.jsontext import canonical, loads

FORMAT = 1
MANIFEST, TAXONOMY, EVALUATION, CARD = "manifest.json", "taxonomy.json", "evaluation.json", "MODEL_CARD.md"
OUTCOMES = "outcomes.json"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
ARRAY = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a bundle came from, all of it JSON: written into the manifest and told by the model card.

    ``corpora`` hold base names and digests of the files learned from; ``recipe`` the constants, sources and their terms.
    """

    date: str | None = None
    libraries: Mapping[str, str] = field(default_factory=dict)
    corpora: Sequence[Mapping[str, Json]] = ()
    recipe: Mapping[str, Json] = field(default_factory=dict)
    base: str | None = None


@dataclass(frozen=True, slots=True)
class PartEntry:
    """What the manifest says of one facet: how it is read, its settings, and which file holds which array."""

    kind: str
    settings: Mapping[str, Json]
    arrays: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the manifest says of one file: SHA-256 (hex) and size in bytes."""

    sha256: str
    size: int

    @classmethod
    def of(cls, data: bytes) -> FileEntry:
        """Return the entry of a file with this content."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parsed manifest of one version."""

    name: str
    version: str
    facets: Mapping[Facet, PartEntry]
    files: Mapping[str, FileEntry]
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of everything else in the manifest, hence over every file."""
        return hashlib.sha256(canonical(self._rest())).hexdigest()

    @property
    def ref(self) -> BundleRef:
        """Name, version and digest."""
        return BundleRef(self.name, self.version, self.digest)

    def to_bytes(self) -> bytes:
        """Return the only valid content of ``manifest.json``."""
        return canonical(self._rest() | {"digest": self.digest}) + b"\n"

    def _rest(self) -> dict[str, Json]:
        parts = {str(f): {"kind": p.kind, "settings": p.settings, "arrays": dict(p.arrays)} for f, p in self.facets.items()}
        told = self.provenance
        return {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "facets": parts,
            "files": {name: {"sha256": entry.sha256, "bytes": entry.size} for name, entry in self.files.items()},
            "date": told.date,
            "libraries": dict(told.libraries),
            "corpora": [dict(corpus) for corpus in told.corpora],
            "recipe": dict(told.recipe),
            "base": told.base,
        }


def read_manifest(data: bytes, where: str) -> Manifest:
    """Return the manifest in these bytes; raise BundleDamagedError or BundleIncompatibleError naming ``where``."""
    try:
        value = loads(data, where)
        _expect_format(value, where)
        manifest = _parse(value)
        whole = manifest.to_bytes() == data
    except InputError as error:
        raise damaged(error.what, where) from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise damaged("not a manifest", where) from None
    if not whole:
        raise damaged("altered: it does not match its own digest", where)
    return manifest


def damaged(what: str, where: str) -> NewstaggerError:
    """Return the error for a file that is not what it should be."""
    return BundleDamagedError(what, where=where, next_step="restore the bundle, roll back, or train it again")


def _expect_format(value: Json, where: str) -> None:
    number = value["format"]
    if type(number) is not int or number < 1:
        raise ValueError("format")
    if number > FORMAT:
        step = "update newstagger, or use a version trained by this release"
        raise BundleIncompatibleError(f"bundle format {number}; this release reads up to {FORMAT}", where=where, next_step=step)


def _parse(value: Mapping[str, Any]) -> Manifest:
    files = {_matching(FILE, name): _file(entry) for name, entry in value["files"].items()}
    if MANIFEST in files:
        raise ValueError("a manifest that lists itself")
    parts = {Facet(name): _part(entry, files) for name, entry in value["facets"].items()}
    told = Provenance(value["date"], value["libraries"], tuple(value["corpora"]), value["recipe"], value["base"])
    return Manifest(_matching(NAME, value["name"]), _matching(VERSION, value["version"]), parts, files, told)


def _file(entry: Mapping[str, Any]) -> FileEntry:
    if type(entry["bytes"]) is not int or entry["bytes"] < 0:
        raise ValueError("bytes")
    return FileEntry(_matching(_SHA256, entry["sha256"]), entry["bytes"])


def _part(entry: Mapping[str, Any], files: Mapping[str, FileEntry]) -> PartEntry:
    arrays = {_matching(ARRAY, name): str(file) for name, file in entry["arrays"].items()}
    if any(file not in files for file in arrays.values()) or not isinstance(entry["settings"], dict):
        raise ValueError("an array without a file")
    return PartEntry(_matching(ARRAY, entry["kind"]), entry["settings"], arrays)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("a name that is not one")
    return value
