"""A bundle between disk and memory: the bytes of its files from its parts, and its parts from a verified folder.

Nothing is executed, unpickled, mapped or followed. The store decides which folder; taggers check what the arrays mean.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newstagger.bundles.arrays import array_bytes, read_array
from newstagger.bundles.manifest import (
    ARRAY,
    CARD,
    EVALUATION,
    MANIFEST,
    TAXONOMY,
    FileEntry,
    Manifest,
    PartEntry,
    Provenance,
    damaged,
    read_manifest,
)
from newstagger.bundles.outcomes import Outcomes, outcome_files, read_outcomes
from newstagger.contracts import FacetPart, Json
from newstagger.domain import BundleRef, Concept, Evaluation, Facet
from newstagger.errors import BundleError, InputError
from newstagger.formats.tagging_json import evaluation_to_json
from newstagger.jsontext import canonical, loads

MAX_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A verified bundle in memory; satisfies ``contracts.LoadedBundle`` and, for linear parts, ``contracts.Vocabulary``."""

    manifest: Manifest
    parts: Mapping[Facet, FacetPart]
    evaluation: Json = None
    outcomes: Mapping[Facet, Outcomes] = field(default_factory=dict)
    ref: BundleRef = field(init=False)
    """Name, version and digest: every save asks, so they are told once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ref", self.manifest.ref)

    def concept(self, concept_id: str) -> Concept | None:
        """Return the concept of that id from the linear parts, or None; gazetteers are asked through their taggers."""
        return next((c for part in self.parts.values() for c in part.concepts if c.id == concept_id), None)

    def part_digest(self, facet: Facet) -> str:
        """Return the SHA-256 (hex) of a facet's part alone: the same wherever it was copied to, whatever stands beside it."""
        entry, files = self.manifest.facets[facet], self.manifest.files
        arrays = {name: files[file].sha256 for name, file in entry.arrays.items()}
        told = [entry.kind, entry.settings, arrays, [_concept_json(concept) for concept in self.parts[facet].concepts]]
        return hashlib.sha256(canonical(told)).hexdigest()


def bundle_files(
    name: str, version: str, parts: Mapping[Facet, FacetPart], told: Provenance, evaluation: Evaluation,
    outcomes: Mapping[Facet, Outcomes],
) -> dict[str, bytes]:  # fmt: skip
    """Return the content of every file of one version by file name; the same input gives the same bytes."""
    from newstagger.bundles.card import model_card  # only training writes cards

    files, entries = _part_files(parts)
    files |= outcome_files(outcomes)
    files[TAXONOMY] = canonical({str(f): [_concept_json(c) for c in p.concepts] for f, p in parts.items() if p.concepts}) + b"\n"
    files[EVALUATION] = canonical(evaluation_to_json(evaluation)) + b"\n"
    files[CARD] = model_card(name, version, parts, told, evaluation, outcomes).encode("utf-8")
    listed = {file: FileEntry.of(data) for file, data in files.items()}
    return files | {MANIFEST: Manifest(name, version, entries, listed, told).to_bytes()}


def _part_files(parts: Mapping[Facet, FacetPart]) -> tuple[dict[str, bytes], dict[Facet, PartEntry]]:
    files: dict[str, bytes] = {}
    entries: dict[Facet, PartEntry] = {}
    for facet, part in sorted(parts.items()):
        arrays = {array: f"{facet}.{array}.npy" for array in sorted(part.arrays)}
        if bad := [array for array in arrays if not ARRAY.fullmatch(array)]:
            raise BundleError(f"an array named {bad[0]!r}", where=str(facet), next_step="use lower-case words with underscores")
        files |= {file: array_bytes(part.arrays[array], file) for array, file in arrays.items()}
        entries[facet] = PartEntry(part.kind, part.settings, arrays)
    return files, entries


def _concept_json(concept: Concept) -> dict[str, Json]:
    lists = {name: list(getattr(concept, name)) for name in ("alt_labels", "broader", "exact_match")}
    return {"id": concept.id, "pref_label": concept.pref_label} | {name: items for name, items in lists.items() if items}


def read_bundle(folder: Path) -> Bundle:
    """Return the bundle in a version's folder, every byte of it checked; raise BundleDamagedError naming the first bad file."""
    manifest = manifest_of(folder)
    _expect_listed(folder, manifest)
    data = {name: _checked(folder / name, entry) for name, entry in sorted(manifest.files.items())}
    concepts = _concepts(data[TAXONOMY], folder / TAXONOMY) if TAXONOMY in data else {}
    parts = {facet: _part(facet, entry, data, folder, concepts.get(facet, ())) for facet, entry in manifest.facets.items()}
    return Bundle(manifest, parts, _evaluation(data.get(EVALUATION), folder / EVALUATION), read_outcomes(data, folder))


def manifest_of(folder: Path) -> Manifest:
    """Return the manifest in a version's folder, which must bear the names that the manifest says."""
    where = folder / MANIFEST
    manifest = read_manifest(read_regular(where, MAX_MANIFEST), str(where))
    if (manifest.name, manifest.version) != (folder.parent.name, folder.name):
        raise damaged(f"the manifest is that of {manifest.name}@{manifest.version}", str(where))
    return manifest


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of an ordinary file of at most ``limit`` bytes; links, devices and folders are damage."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise damaged("missing", str(path)) from None
    except OSError as error:
        raise damaged(f"not an ordinary file that can be read ({error.strerror})", str(path)) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise damaged("not an ordinary file", str(path))
        if status.st_size > limit:
            raise damaged(f"{status.st_size} bytes, expected at most {limit}", str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(handle)


def _expect_listed(folder: Path, manifest: Manifest) -> None:
    for found in sorted(entry.name for entry in os.scandir(folder)):
        if found not in manifest.files and found != MANIFEST:
            raise damaged("not listed in the manifest", str(folder / found))


def _checked(path: Path, entry: FileEntry) -> bytes:
    data = read_regular(path, entry.size)
    if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise damaged("altered: it does not match the manifest", str(path))
    return data


def _part(facet: Facet, entry: PartEntry, data: Mapping[str, bytes], folder: Path, concepts: tuple[Concept, ...]) -> FacetPart:
    arrays = {name: read_array(data[file], str(folder / file)) for name, file in sorted(entry.arrays.items())}
    return FacetPart(facet, entry.kind, entry.settings, arrays, concepts)


def _concepts(data: bytes, path: Path) -> dict[Facet, tuple[Concept, ...]]:
    try:
        table = loads(data, str(path))
        return {Facet(name): tuple(_concept(item, Facet(name)) for item in items) for name, items in table.items()}
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        raise damaged("not a taxonomy", str(path)) from None


def _concept(item: Mapping[str, Any], facet: Facet) -> Concept:
    lists = {name: tuple(str(v) for v in item.get(name, ())) for name in ("alt_labels", "broader", "exact_match")}
    return Concept(str(item["id"]), str(item["pref_label"]), facet, **lists)


def _evaluation(data: bytes | None, path: Path) -> Json:
    try:
        return None if data is None else loads(data, str(path))
    except InputError as error:
        raise damaged(error.what, str(path)) from None
