"""Where bundles live: ``NAME/current`` and ``NAME/VERSION/`` in several models folders, looked up in order.

A version is written whole to a temporary neighbour, fsynced and renamed, and never edited. Only the first folder is written to.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newstagger.bundles.bundle import Bundle, bundle_files, manifest_of, read_bundle
from newstagger.bundles.current import Current, read_current
from newstagger.bundles.manifest import MANIFEST, NAME, VERSION, Manifest, Provenance, damaged
from newstagger.bundles.outcomes import Outcomes
from newstagger.bundles.writing import expect_writable, locked, unwritable, write_version
from newstagger.contracts import FacetPart
from newstagger.domain import BundleRef, Evaluation, Facet
from newstagger.errors import BundleError, BundleNotFoundError, ConfigError
from newstagger.settings import Settings


def package_models() -> Path:
    """Return the read-only models folder that came with the package: in the wheel, or the checkout's own."""
    inside = Path(__file__).resolve().parent.parent
    packed = inside / "starter_models"
    return packed if packed.is_dir() else inside.parent / "models"


def open_store(settings: Settings) -> Store:
    """Return the store of a newsroom: ``--models``, then its home, then the package's models; the first one is written to."""
    told = [] if settings.models is None else [settings.models]
    folders: dict[Path, Path] = {}
    for folder in (*told, settings.home / "models", package_models()):
        folders.setdefault(folder.resolve(), folder)
    return Store(tuple(folders.values()))


def parse_spec(spec: str) -> tuple[str, str | None]:
    """Return name and version (None: not told) of ``NAME`` or ``NAME@VERSION``; raise ConfigError for anything else."""
    name, at, version = spec.partition("@")
    if NAME.fullmatch(name) and (not at or VERSION.fullmatch(version)):
        return name, version if at else None
    step = "write NAME or NAME@VERSION: lower-case letters, digits, - and _, at most 64; versions are whole numbers"
    raise ConfigError(f"{spec[:80]!r} is not the name of a bundle", next_step=step)


@dataclass(frozen=True, slots=True)
class Found:
    """A version that was looked up: its folder and what its manifest says."""

    folder: Path
    ref: BundleRef


@dataclass(frozen=True, slots=True)
class Listing:
    """One version in ``models list``; ``problem`` says why its manifest or pointer cannot be read."""

    name: str
    version: str
    folder: Path
    current: bool
    manifest: Manifest | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """Bundles in several folders, the first of them written to."""

    folders: Sequence[Path]

    def find(self, spec: str) -> Found:
        """Return the version that ``NAME`` (current, else newest candidate) or ``NAME@VERSION`` means; its files are not read."""
        name, version = parse_spec(spec)
        pointer = self.current(name) if version is None else None
        if pointer:
            return Found(self._promoted_folder(pointer.ref), pointer.ref)
        folders = self._version_folders(name, version or self._newest(name))
        if not folders:
            raise self._unknown(spec)
        return Found(folders[0], manifest_of(folders[0]).ref)

    def load(self, spec: str) -> Bundle:
        """Return the bundle, every file checked; raise BundleNotFoundError, BundleDamagedError or BundleIncompatibleError."""
        found = self.find(spec)
        bundle = read_bundle(found.folder)
        if bundle.ref != found.ref:
            raise damaged("replaced while it was read", str(found.folder))
        return bundle

    def verify(self, spec: str) -> BundleRef:
        """Check every byte of a version, and of its name's ``current``; raise naming the first bad file."""
        self.current(parse_spec(spec)[0])
        return self.load(spec).ref

    def current(self, name: str) -> Current | None:
        """Return what was promoted under a name in the first folder that knows, or None."""
        pointers = (read_current(folder / name) for folder in self.folders)
        return next((pointer for pointer in pointers if pointer), None)

    def listings(self) -> tuple[Listing, ...]:
        """Return every version in every folder, by name, then version, then lookup order; damage is told, not raised."""
        names = sorted({entry for folder in self.folders for entry in _names(folder)})
        return tuple(listing for name in names for listing in self._named(name))

    def expect_writable(self, name: str) -> None:
        """Raise ConfigError unless a version of this name could be written: asked before long work, leaves nothing behind."""
        parse_spec(name)
        folder = self.folders[0] / name
        if folder.is_symlink():
            raise unwritable(folder)
        expect_writable(next(path for path in (folder, *folder.parents) if path.exists() or path.is_symlink()))

    def write_candidate(
        self, name: str, parts: Mapping[Facet, FacetPart], told: Provenance, evaluation: Evaluation,
        outcomes: Mapping[Facet, Outcomes] | None = None,
    ) -> BundleRef:  # fmt: skip
        """Store a new version of a name, numbered after the newest; nothing that stands is touched."""
        self.expect_writable(name)
        with locked(self.folders[0] / name) as folder:
            version = str(1 + max((int(v) for f in self.folders for v in _versions(f / name)), default=0))
            write_version(folder, version, bundle_files(name, version, parts, told, evaluation, outcomes or {}))
            return manifest_of(folder / version).ref

    def candidate(self, spec: str) -> BundleRef:
        """Return the version that ``promote`` would make current: the one that is named, else the newest of the name."""
        name, version = parse_spec(spec)
        newest = version or self._newest(name)
        return self.find(f"{name}@{newest}" if newest else name).ref

    def promote(self, spec: str, *, over: BundleRef | None = None) -> BundleRef:
        """Make a version current after checking it; refuse one that is damaged or lacks a facet that current has.

        With ``over`` refuse, too, when something else is current by now than what the version was judged against.
        """
        chosen = self.candidate(spec)
        name = chosen.name
        self.expect_writable(name)
        with locked(self.folders[0] / name) as folder:
            bundle, pointer = self.load(str(chosen)), self.current(name)
            if pointer and pointer.ref == bundle.ref:
                return bundle.ref
            if over and (pointer is None or pointer.ref != over):
                raise BundleError(f"{name}: something else than {over} is current by now", next_step="try again")
            if pointer:
                self._expect_facets(bundle, pointer)
            (pointer.promoted(bundle.ref) if pointer else Current(bundle.ref)).write(folder)
        return bundle.ref

    def rollback(self, name: str) -> BundleRef:
        """Make the version promoted before current again, after checking it; raise BundleNotFoundError if there is none."""
        name = parse_spec(name)[0]
        self._rolled_back(name)
        self.expect_writable(name)
        with locked(self.folders[0] / name) as folder:
            pointer = self._rolled_back(name)
            if read_bundle(self._promoted_folder(pointer.ref)).ref != pointer.ref:
                raise damaged("not the bundle that was promoted", str(pointer.ref))
            pointer.write(folder)
        return pointer.ref

    def _rolled_back(self, name: str) -> Current:
        pointer = self.current(name)
        if pointer is None or not pointer.previous:
            raise BundleNotFoundError(f"{name} has no version promoted before this one", next_step="see 'newstagger models list'")
        return Current(pointer.previous[-1], pointer.previous[:-1])

    def _expect_facets(self, bundle: Bundle, pointer: Current) -> None:
        held = manifest_of(self._promoted_folder(pointer.ref)).facets
        if lost := [str(facet) for facet in held if facet not in bundle.parts]:
            step = f"train it with --base {pointer.ref}"
            raise BundleError(f"{bundle.ref} lacks {', '.join(lost)}, which {pointer.ref} has", next_step=step)

    def _named(self, name: str) -> Iterator[Listing]:
        try:
            pointer, problem = self.current(name), ""
        except BundleError as error:
            pointer, problem = None, str(error)
        places = [(int(version), folder / name / version) for folder in self.folders for version in _versions(folder / name)]
        for number, folder in sorted(places, key=lambda place: place[0]):
            yield _listing(name, folder, serves=pointer is not None and pointer.ref.version == str(number), problem=problem)

    def _promoted_folder(self, ref: BundleRef) -> Path:
        """Return the folder of exactly this bundle: an update of the package may bring another one of the same number."""
        folders = self._version_folders(ref.name, ref.version)
        if not folders:
            raise BundleNotFoundError(f"{ref} was promoted but is gone from {self._looked()}", next_step="roll back or restore it")
        for folder in folders[:-1]:
            with contextlib.suppress(BundleError):
                if manifest_of(folder).ref == ref:
                    return folder
        if manifest_of(folders[-1]).ref != ref:
            raise damaged("not the bundle that was promoted", str(folders[-1] / MANIFEST))
        return folders[-1]

    def _version_folders(self, name: str, version: str | None) -> list[Path]:
        folders = [folder / name / version for folder in self.folders] if version else []
        return [folder for folder in folders if folder.is_dir() and not folder.is_symlink()]

    def _newest(self, name: str) -> str | None:
        numbers = [int(version) for folder in self.folders for version in _versions(folder / name)]
        return str(max(numbers)) if numbers else None

    def _unknown(self, spec: str) -> BundleError:
        known = sorted({listing.name for listing in self.listings()})
        step = f"known: {', '.join(known[:10])}" if known else "train one with 'newstagger train'"
        return BundleNotFoundError(f"no bundle {spec} in {self._looked()}", next_step=step)

    def _looked(self) -> str:
        return ", ".join(str(folder) for folder in self.folders)


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [entry.name for entry in os.scandir(folder) if NAME.fullmatch(entry.name) and entry.is_dir()]


def _versions(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [entry.name for entry in os.scandir(folder) if VERSION.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)]


def _listing(name: str, folder: Path, *, serves: bool, problem: str) -> Listing:
    listing = Listing(name, folder.name, folder, serves, None, problem)
    try:
        return replace(listing, manifest=manifest_of(folder))
    except BundleError as error:
        return replace(listing, problem=problem or str(error))
