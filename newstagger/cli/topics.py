"""``newstagger vocabulary add-topic``: Media Topics that no model was trained on, looked for by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json, OwnConcept
from newstagger.domain import Facet
from newstagger.errors import ConfigError, TaxonomyError
from newstagger.host import Host
from newstagger.newsroom.soughttopics import SoughtTopic, expect_topic, own_concepts, with_topic
from newstagger.newsroom.vocabulary import Overlay
from newstagger.newsroom.vocabularyfile import FILE, changing, load_overlay
from newstagger.taxonomy import media_topics, prefix_of
from newstagger.topicnames import codes_of, known_codes, topic_names, topics_named


@click.command(
    "add-topic",
    epilog="""\b
A topic is told by its id or by its name in any language. A text is searched for the names of its own language only. What a bundle
was trained on is the model's business and is not looked for. Names with a qualifier, such as "trial (court)", are not looked for
either, since the word alone means other things too: give such a topic names of your own with 'vocabulary add --id'.
\b
A name is no proof: a topic is suggested, never written, and ranks after the model's own. Once in passing is seldom enough; in the
headline, several times, by a name of several words, or with the model sure of a broader topic it is. Broader topics are not derived.
\b
Examples:
  newstagger vocabulary add-topic medtop:20000888
  newstagger vocabulary add-topic sport --below --lang de --lang en
  newstagger vocabulary remove medtop:20000888""",
)
@click.argument("topic", metavar="ID|NAME")
@click.option("--below", is_flag=True, help="All of its narrower topics too.")
@click.option("--lang", "languages", multiple=True, help="Only in texts of this language; may be given many times.")
@common
def add_topic(*, settings: Settings, as_json: bool, topic: str, below: bool, languages: tuple[str, ...]) -> int:
    """Have an IPTC Media Topic suggested where its names stand, without training."""
    one = SoughtTopic(_told(topic), below, tuple(sorted({code for told in languages for code in _codes(told)})))
    path, host = settings.home / FILE, Host(settings, stateless=True)
    with changing(path) as write:
        overlay = load_overlay(path)
        write(replace(overlay, topics=with_topic(overlay.topics, one)))
    print_topic(one, as_json=as_json, found=tuple(own_concepts([one], _trained(host))))
    return 0


def _told(topic: str) -> str:
    """Return the id that is meant; raise TaxonomyError for a name that no Media Topic bears, or several."""
    if prefix_of(topic):
        return expect_topic(topic).id
    found = topics_named(topic)
    if len(found) == 1:
        return found[0]
    concepts = media_topics().concepts
    step = f"tell one of {', '.join(f'{told} ({concepts[told].pref_label})' for told in found[:5])}" if found else "tell its id"
    raise TaxonomyError(f"{'several Media Topics are' if found else 'no Media Topic is'} called {topic[:60]!r}", next_step=step)


def _codes(told: str) -> tuple[str, ...]:
    codes = tuple(code for code in codes_of(told) if code in known_codes())
    if not codes:
        raise ConfigError(f"no Media Topic has a name in {told[:40]!r}", next_step=f"languages are {', '.join(topic_names().languages)}")
    return codes


def _trained(host: Host) -> frozenset[str]:
    part = None if host.bundle is None else host.bundle.parts.get(Facet.TOPIC)
    return frozenset(concept.id for concept in part.concepts) if part else frozenset()


def expect_listed(overlay: Overlay, concept_id: str) -> tuple[SoughtTopic, ...]:
    """Return the topics that are looked for without one; raise TaxonomyError for one that is only because of a broader one."""
    kept = tuple(topic for topic in overlay.topics if topic.id != concept_id)
    if len(kept) < len(overlay.topics) or concept_id in overlay.by_id:
        return kept if len(kept) < len(overlay.topics) else overlay.topics
    above = next((topic for topic in kept if any(one.id == concept_id for one in topic.concepts())), None)
    if above is not None:
        step = f'write deny = ["{concept_id}"] under [policy] in newstagger.toml, or remove {above.id}'
        raise TaxonomyError(f"{concept_id!r} is looked for because it is below {above.id}", next_step=step)
    return overlay.topics


def print_topic(topic: SoughtTopic, *, as_json: bool, what: str = "", found: Sequence[OwnConcept] | None = None) -> None:
    """Print a topic that is looked for, what is wrong with it and, where told, what is ``found`` of it beside the bundle."""
    if as_json:
        return echo_json({**_topic_json(topic), **({} if found is None else {"looked_for": len(found)})})
    name = next((concept.pref_label for concept in topic.concepts()), "?")
    below = f" and {len(topic.concepts()) - 1} below it" if topic.below else ""
    languages = ", ".join(topic.languages) or "all languages"
    click.echo(f"{what}{plain(topic.id, 60):<28} by name  {plain(name, 60)}{below}  ({plain(languages, 80)})")
    for problem in topic.problems():
        click.echo(f"  ! {plain(problem)}")
    if found is not None and len(found) < len(topic.concepts()):
        trained = "the bundle is trained on them, or they have no name that can be looked for"
        click.echo(f"  {len(topic.concepts()) - len(found)} of {len(topic.concepts())} are not looked for: {trained}")
    return None


def _topic_json(topic: SoughtTopic) -> dict[str, Json]:
    ids = [concept.id for concept in topic.concepts()]
    return {**topic.to_json(), "concepts": ids, "problems": list(topic.problems())}
