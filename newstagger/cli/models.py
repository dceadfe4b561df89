"""``newstagger models``: the versions that are there, and which of them serves."""

from __future__ import annotations

from functools import partial

import click

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.outcomes import Outcomes
from newstagger.bundles.store import Listing, open_store
from newstagger.cli.corpora import CorpusOptions, corpus_options
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import BundleRef
from newstagger.formats.tagging_json import bundle_to_json
from newstagger.taxonomy import stands_for

EXAMPLES = """\b
Examples:
  newstagger models list
  newstagger models show desk@3
  newstagger models verify desk
  newstagger models compare desk@2 desk@3
  newstagger models promote desk@3
  newstagger models rollback desk"""


@click.group("models", epilog=EXAMPLES)
def command() -> None:
    """List, show, verify, compare, promote and roll back model bundles; NAME alone means the current version, else the newest."""


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
    """Check every byte of a version against its manifest, and that its taggers can read it; list labels of an older vocabulary.

    A Media Topic that was retired since goes on being tagged: as its successor where it has one, else under its old id.
    """
    from newstagger.builtin.parts import tagger_for

    store = open_store(settings)
    ref = store.verify(spec)
    bundle = store.load(str(ref))
    for part in bundle.parts.values():
        tagger_for(part, ref)
    outdated = [(concept, stands) for part in bundle.parts.values() for concept in part.concepts if (stands := stands_for(concept.id))]
    if as_json:
        echo_json({**bundle_to_json(ref), "outdated": {concept.id: stands for concept, stands in outdated}})
        return 0
    _say(ref, "is whole", as_json=False)
    for concept, stands in outdated:
        click.echo(f"  ! {plain(concept.id, 60)} ({plain(concept.pref_label, 60)}): {stands}")
    return 0


@command.command(
    "compare",
    epilog="""\b
Rows are those that both bundles' trainings have answers to: held out from one and asked of the other, or held out from both.
With --corpus both are asked about the rows of a file, less those that either learned from. An interval that lies wholly on one
side of 0 (paired bootstrap over the rows) makes a label better or worse.
\b
Examples:
  newstagger models compare desk@2 desk@3
  newstagger models compare desk desk@3 --corpus new.jsonl --labels topics
  newstagger models compare starter desk --corpus new.jsonl --json""",
)
@click.argument("first", metavar="NAME[@VERSION]")
@click.argument("second", metavar="NAME[@VERSION]")
@corpus_options
@common
def compare(*, settings: Settings, as_json: bool, options: CorpusOptions, first: str, second: str, jobs: int) -> int:
    """Compare two versions label by label; what got worse comes first."""
    from newstagger.cli import compare as comparing

    store = open_store(settings)
    return comparing.run(settings, store.load(first), store.load(second), options, jobs=jobs, as_json=as_json)


@command.command(
    "promote",
    epilog="""\b
Where newstagger.toml names important tags ([policy] important = ["medtop:15000000"]), a version in which one of them got worse
beyond noise, or is lost, is refused with exit code 3. It is compared with the current one as 'newstagger models compare' does.
\b
Examples:
  newstagger models promote desk@3
  newstagger models promote desk@3 --corpus new.jsonl
  newstagger models promote desk@3 --anyway""",
)
@click.argument("spec", metavar="NAME[@VERSION]")
@click.option("--anyway", is_flag=True, help="Promote although an important tag got worse, was lost or could not be compared.")
@corpus_options
@common
def promote(*, settings: Settings, as_json: bool, options: CorpusOptions, spec: str, anyway: bool, jobs: int) -> int:
    """Make a version current (NAME alone: the newest); refused when damaged, lacking a facet, or worse at what is important."""
    from newstagger.cli.promotion import compared_for_gate, promote, promotion_to_json, tell

    comparing = partial(compared_for_gate, settings, options=options, jobs=jobs)
    done = promote(open_store(settings), spec, settings.policy.important, anyway=anyway, comparing=comparing)
    if as_json:
        echo_json(promotion_to_json(done))
        return done.code
    tell(done)
    return _say(done.ref, "is current", as_json=False) if done.promoted else done.code


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
        "outcomes": {str(facet): _outcomes_json(found) for facet, found in bundle.outcomes.items()},
    }


def _outcomes_json(found: Outcomes) -> dict[str, Json]:
    rival = None if found.rival is None else found.rival.bundle
    return {"held_out": len(found.texts), "learned": len(found.learned), "asked": int(found.asked.sum()), "rival": rival}
