"""``newstagger models``: the versions that are there, and which of them serves."""

from __future__ import annotations

import click

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.store import Listing, open_store
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import BundleRef
from newstagger.formats.tagging_json import bundle_to_json

EXAMPLES = """\b
Examples:
  newstagger models list
  newstagger models show desk@3
  newstagger models verify desk
  newstagger models promote desk@3
  newstagger models rollback desk"""


@click.group("models", epilog=EXAMPLES)
def command() -> None:
    """List, show, verify, promote and roll back model bundles; NAME alone means the current version, else the newest."""


@command.command("list", epilog="\b\nExamples:\n  newstagger models list --json")
@common
def list_models(*, settings: Settings, as_json: bool) -> int:
    """List every version in every models folder; exit code 1 when one cannot be read."""
    listings = open_store(settings).listings()
    for listing in listings:
        if as_json:
            echo_json(_listing_json(listing))
        else:
            click.echo(_line(listing))
    return 1 if any(listing.problem for listing in listings) else 0


@command.command("show", epilog="\b\nExamples:\n  newstagger models show desk@3")
@click.argument("spec", metavar="NAME[@VERSION]")
@common
def show(*, settings: Settings, as_json: bool, spec: str) -> int:
    """Print the model card of a version; with --json what its manifest and evaluation hold."""
    store = open_store(settings)
    bundle = store.load(spec)
    if as_json:
        echo_json(_bundle_json(bundle))
    else:
        click.echo((store.find(str(bundle.ref)).folder / "MODEL_CARD.md").read_text("utf-8").rstrip())
    return 0


@command.command("verify", epilog="\b\nExamples:\n  newstagger models verify desk@3")
@click.argument("spec", metavar="NAME[@VERSION]")
@common
def verify(*, settings: Settings, as_json: bool, spec: str) -> int:
    """Check every byte of a version against its manifest, and that its taggers can read it."""
    from newstagger.builtin.parts import tagger_for

    store = open_store(settings)
    ref = store.verify(spec)
    for part in store.load(str(ref)).parts.values():
        tagger_for(part, ref)
    return _say(ref, "is whole", as_json=as_json)


@command.command("promote", epilog="\b\nExamples:\n  newstagger models promote desk@3")
@click.argument("spec", metavar="NAME[@VERSION]")
@common
def promote(*, settings: Settings, as_json: bool, spec: str) -> int:
    """Make a version current (NAME alone: the newest); refused when it is damaged or lacks a facet that current has."""
    return _say(open_store(settings).promote(spec), "is current", as_json=as_json)


@command.command("rollback", epilog="\b\nExamples:\n  newstagger models rollback desk")
@click.argument("name")
@common
def rollback(*, settings: Settings, as_json: bool, name: str) -> int:
    """Make the version that was promoted before current again."""
    return _say(open_store(settings).rollback(name), "is current again", as_json=as_json)


def _say(ref: BundleRef, what: str, *, as_json: bool) -> int:
    if as_json:
        echo_json(bundle_to_json(ref))
    else:
        click.echo(f"{ref} {what} ({ref.digest[:12]})")
    return 0


def _line(listing: Listing) -> str:
    told = listing.manifest
    facets = ", ".join(told.facets) if told else "?"
    date = told.provenance.date if told else None
    mark = "current" if listing.current else "candidate"
    name = f"{listing.name}@{listing.version}"
    line = f"{name:<18} {mark:<10} {date or '-':<12} {facets:<24} {listing.folder}"
    return f"{line}\n  ! {plain(listing.problem)}" if listing.problem else line


def _listing_json(listing: Listing) -> dict[str, Json]:
    told = listing.manifest
    return {
        "name": listing.name,
        "version": listing.version,
        "digest": told.ref.digest if told else None,
        "current": listing.current,
        "date": told.provenance.date if told else None,
        "facets": [str(facet) for facet in told.facets] if told else [],
        "folder": str(listing.folder),
        "problem": listing.problem or None,
    }


def _bundle_json(bundle: Bundle) -> dict[str, Json]:
    told = bundle.manifest.provenance
    kinds = {str(facet): {"kind": part.kind, "concepts": len(part.concepts)} for facet, part in bundle.parts.items()}
    return {
        **bundle_to_json(bundle.ref),
        "date": told.date,
        "base": told.base,
        "facets": kinds,
        "libraries": dict(told.libraries),
        "corpora": [dict(corpus) for corpus in told.corpora],
        "recipe": dict(told.recipe),
        "evaluation": bundle.evaluation,
    }
