"""``newstagger vocabulary``: the newsroom's own concepts, known from the next save on, gone from everywhere when removed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.cli.topics import add_topic, expect_listed, print_topic
from newstagger.contracts import Json
from newstagger.domain import Concept, Facet
from newstagger.errors import TaxonomyError
from newstagger.host import Host
from newstagger.newsroom.soughttopics import SoughtTopic
from newstagger.newsroom.spelling import is_common
from newstagger.newsroom.vocabulary import Entry, Overlay, slug_id
from newstagger.newsroom.vocabularyfile import FILE, changing, checked, load_overlay
from newstagger.taxonomy import OWN, media_topics, prefix_of

EXAMPLES = """\b
Examples:
  newstagger vocabulary add "drone warfare" --alt "drone strikes" --alt Drohnenkrieg
  newstagger vocabulary add "harbour police" --facet actor --id own:harbour-police
  newstagger vocabulary add war --id medtop:16000000 --alt "armed conflict"
  newstagger vocabulary add-topic medtop:20000822 --below
  newstagger vocabulary list
  newstagger vocabulary remove own:drone-warfare"""


@click.group("vocabulary", epilog=EXAMPLES)
def command() -> None:
    """Add, remove and list concepts that are suggested where their names stand, without training: own ones and Media Topics.

    A running host knows them from the next save on. What is removed is no longer given on any article; what editors decided
    about it is kept, and holds again when it is added again; what it had replaced stands for itself again.

    Plural and possessive endings of a name are found; tell other grammatical forms and other languages' names with --alt. The name of
    a region or an actor that is a single word with a capital ("March") counts only with one, one all in capitals ("IT") only so.
    """


@command.command("add", epilog=EXAMPLES)
@click.argument("label")
@click.option("--id", "told_id", help="Its id: own:NAME (default: made from the label), or that of a known concept, to name it anew.")
@click.option("--facet", type=click.Choice([str(facet) for facet in Facet]), help="What it is (default: topic, or as the known concept).")
@click.option("--alt", "names", multiple=True, help="Another name or grammatical form, in any language; may be given many times.")
@click.option("--broader", multiple=True, help="The id of a broader concept.")
@click.option("--definition", default="", help="What is meant by it.")
@click.option("--replaces", multiple=True, help="The id of a retired concept: what editors decided about it holds for this one.")
@common
def add(
    *,
    settings: Settings,
    as_json: bool,
    label: str,
    told_id: str | None,
    facet: str | None,
    names: tuple[str, ...],
    broader: tuple[str, ...],
    definition: str,
    replaces: tuple[str, ...],
) -> int:
    """Add a concept of the newsroom's own, or give a known one a label and further names."""
    lists = {"alt_labels": names, "broader": broader, "replaces": replaces}
    entry = checked(Entry(told_id or slug_id(label), label, Facet(facet or Facet.TOPIC), definition=definition, **lists))
    return run_add(Host(settings, stateless=True), settings, entry, facet_told=facet is not None, as_json=as_json)


def run_add(host: Host, settings: Settings, entry: Entry, *, facet_told: bool, as_json: bool) -> int:
    """Store the entry after checking it against the vocabularies at hand, and print it; raise TaxonomyError or ConfigError."""
    added, also = add_entry(host, settings, entry, facet_told=facet_told)
    _print(added, (), as_json=as_json)
    if also and not as_json:
        click.echo(f"  also called so: {', '.join(plain(concept.id, 60) for concept in also[:3])}")
    return 0


def add_entry(host: Host, settings: Settings, entry: Entry, *, facet_told: bool) -> tuple[Entry, Sequence[Concept]]:
    """Store the entry after checking it against the vocabularies at hand; return it as it stands, and what else is called so.

    Raises TaxonomyError for one that does not fit, ConfigError when the file cannot be written.
    """
    path = settings.home / FILE
    with changing(path) as write:
        overlay = load_overlay(path)
        entry = _fitting(host, overlay, _expect_names(entry), facet_told=facet_told)
        for broader in entry.broader:
            _expect_broader(host, entry, broader)
        after = overlay.adding(entry)
        for old in entry.replaces:
            _expect_replaceable(host, overlay, entry, old)
        also = [concept for concept in host.named(entry.label) if concept.id != entry.id]
        write(after)
    return after.by_id[entry.id], also


def _expect_names(entry: Entry) -> Entry:
    for name in filter(is_common, (entry.label, *entry.alt_labels)):
        what = f"the name {name!r} is an everyday word and would be found in nearly every text"
        raise TaxonomyError(what, next_step="give a name that says more")
    return entry


def _fitting(host: Host, overlay: Overlay, entry: Entry, *, facet_told: bool) -> Entry:
    """Return the entry with the facet of the concept that it names anew; raise TaxonomyError for a foreign id that nobody knows."""
    if entry.id.startswith(OWN) or entry.id in overlay.by_id:
        return entry
    known = _known(host, entry.id)
    if known is None or known.id != entry.id:
        raise TaxonomyError(f"no vocabulary knows {entry.id!r}", next_step=_meant(entry.id, known))
    if facet_told and known.facet is not entry.facet:
        raise TaxonomyError(f"{entry.id!r} is a {known.facet}, no {entry.facet}", next_step="leave --facet out")
    return replace(entry, facet=known.facet)


def _meant(told: str, known: Concept | None) -> str:
    if known is not None:
        return f"it is now {known.id}"
    if prefix_of(told) == "medtop":
        return media_topics().hint(told)
    return "new concepts have ids like own:NAME; leave --id out to get one"


def _expect_broader(host: Host, entry: Entry, broader: str) -> None:
    known = _known(host, broader)
    if broader == entry.id:
        raise TaxonomyError(f"{entry.id!r} cannot be broader than itself", next_step="name another concept with --broader")
    if known is None:
        raise TaxonomyError(f"no vocabulary knows the broader concept {broader!r}", next_step="correct the id, or add it first")
    if known.facet is not entry.facet:
        what = f"the broader concept {broader!r} is a {known.facet}, no {entry.facet}"
        raise TaxonomyError(what, next_step="tell the facet with --facet")


def _expect_replaceable(host: Host, overlay: Overlay, entry: Entry, old: str) -> None:
    """Refuse what no vocabulary knows or knew, and what is of another facet; ids of plugins' taggers are taken as they are told."""
    known = overlay.tombs.get(old) or _known(host, old) or media_topics().retired.get(old)
    if known is not None:
        if known.facet is not entry.facet:
            what = f"{old!r} is a {known.facet}, and {entry.id!r} a {entry.facet}"
            raise TaxonomyError(what, next_step="tell the facet with --facet, or leave --replaces out")
    elif old.startswith(OWN) or (prefix := prefix_of(old)) == "medtop" or (prefix is not None and host.bundle is not None):
        near = difflib.get_close_matches(old, [*overlay.tombs, *overlay.by_id], 1, 0.6)
        step = media_topics().hint(old) if prefix_of(old) == "medtop" else f"did you mean {near[0]}?" if near else "correct the id"
        raise TaxonomyError(f"no vocabulary knows or knew {old!r}", next_step=step)


def _known(host: Host, concept_id: str) -> Concept | None:
    try:
        return host.concept(concept_id)
    except TaxonomyError:
        return None


command.add_command(add_topic)


@command.command("remove", epilog="\b\nExamples:\n  newstagger vocabulary remove own:drone-warfare")
@click.argument("concept_id", metavar="ID")
@common
def remove(*, settings: Settings, as_json: bool, concept_id: str) -> int:
    """Remove a concept of the newsroom's own, its names for a known one, or a topic looked for; articles lose it at their next save."""
    overlay, topics = remove_entry(settings, concept_id)
    if concept_id in overlay.by_id:
        _print(overlay.by_id[concept_id], (), as_json=as_json, what="removed ")
    for topic in overlay.topics:
        if topic not in topics:
            print_topic(topic, as_json=as_json, what="removed ")
    return 0


def remove_entry(settings: Settings, concept_id: str) -> tuple[Overlay, Sequence[SoughtTopic]]:
    """Remove a concept, its names, or a topic looked for; return the vocabulary before, and the topics that are left.

    Raises TaxonomyError when there is none of that id, ConfigError when the file cannot be written.
    """
    path = settings.home / FILE
    with changing(path) as write:
        overlay = load_overlay(path)
        topics = expect_listed(overlay, concept_id)
        after = overlay.removing(concept_id) if concept_id in overlay.by_id or topics is overlay.topics else overlay
        write(replace(after, topics=topics))
    return overlay, topics


@command.command("list", epilog="\b\nExamples:\n  newstagger vocabulary list --json")
@common
def show(*, settings: Settings, as_json: bool) -> int:
    """List the newsroom's own concepts and the topics looked for by name, and what is wrong with them; exit code 1 when anything is."""
    overlay = load_overlay(settings.home / FILE)
    bad = [topic for topic in overlay.topics if any(topic.problems())]
    wrong = Host(settings, stateless=True).vocabulary_problems() if overlay.entries else {}
    for entry in overlay.entries:
        _print(entry, wrong.get(entry.id, ()), as_json=as_json)
    for topic in overlay.topics:
        print_topic(topic, as_json=as_json)
    return 1 if wrong or bad else 0


def _print(entry: Entry, wrong: Sequence[str], *, as_json: bool, what: str = "") -> None:
    if as_json:
        echo_json(_entry_json(entry, wrong))
        return
    names = f"  ({', '.join(plain(name, 40) for name in entry.alt_labels)})" if entry.alt_labels else ""
    click.echo(f"{what}{plain(entry.id, 60):<28} {entry.facet!s:<8}{plain(entry.label, 60)}{names}")
    for problem in wrong:
        click.echo(f"  ! {plain(problem)}")


def _entry_json(entry: Entry, wrong: Sequence[str]) -> dict[str, Json]:
    empty = {"definition": "", "alt_labels": [], "broader": [], "exact_match": [], "replaces": []}
    return {**empty, **entry.to_json(), "problems": list(wrong)}
