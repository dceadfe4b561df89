"""Builds what saves share: the ground that one bundle lays, and the house on it under the newsroom's own vocabulary.

``Host`` and ``livehouse`` call it; nothing here is called at every save.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.store import Store
from newstagger.contracts import NameIndex, ReuseDetector, State, Tagger, Vocabulary
from newstagger.domain import Concept, Facet, Problem
from newstagger.errors import BundleError, ConfigError, NewstaggerError
from newstagger.guard import Guard
from newstagger.house import Brought, House
from newstagger.jsontext import canonical
from newstagger.matcher import MAX_WORDS
from newstagger.newsroom.ledger import is_text
from newstagger.newsroom.ownlinks import link_problems
from newstagger.newsroom.vocabulary import Entry, Overlay, index_names, key_of
from newstagger.plugins import BUILTIN, Plugins
from newstagger.settings import Settings
from newstagger.taxonomy import OWN, PREFIXES, media_topics, prefix_of
from newstagger.tokens import split_words

MOST_TOLD = 5
"""So many unknown ids of the policy are told one by one."""


@dataclass(frozen=True)
class Ground:
    """What stands on one bundle: its taggers and the detectors. ``problems`` go into every answer."""

    bundle: Bundle | None
    taggers: tuple[Brought, ...]
    detectors: tuple[Brought, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def concepts(self) -> Iterator[Concept]:
        """The bundle's own concepts; those of its gazetteers are left out."""
        parts = () if self.bundle is None else self.bundle.parts.values()
        return (concept for part in parts for concept in part.concepts)

    @cached_property
    def by_id(self) -> Mapping[str, Concept]:
        """The bundle's own concepts by id."""
        return {concept.id: concept for concept in self.concepts}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Concept, ...]]:
        """The bundle's own concepts by every name that they bear."""
        return index_names(self.concepts)

    def concept(self, concept_id: str) -> Concept | None:
        """Look a concept up in the bundle, then in the gazetteers of its taggers, then in the whole of Media Topics."""
        if (own := self.by_id.get(concept_id)) is not None or not is_text(concept_id):
            return own
        if prefix_of(concept_id) == "medtop":
            return media_topics().concept(concept_id)
        answers = (brought.item.concept(concept_id) for brought in self.taggers if isinstance(brought.item, Vocabulary))
        return next((concept for concept in answers if concept is not None), None)

    def named(self, label: str) -> Iterator[Concept]:
        """Yield the concepts that bear a name: the bundle's own, Media Topics, then those of dictionaries."""
        yield from self.by_name.get(key_of(label), ())
        yield from media_topic_names().get(key_of(label), ())
        for brought in self.taggers:
            if isinstance(brought.item, NameIndex):
                yield from brought.item.named(label)


class Builder:
    """Lays grounds and builds houses of one host; ``problems`` are those of its plugins."""

    def __init__(
        self, settings: Settings, plugins: Plugins, guard: Guard, store: Store, state: State | None, problems: Sequence[Problem]
    ) -> None:  # fmt: skip
        self.settings, self.store = settings, store
        self._plugins, self._guard, self._state, self._problems = plugins, guard, state, tuple(problems)
        self._detectors, problems = self._collect("register_reuse_detectors", ReuseDetector, settings=settings)
        self._problems += problems

    def ground(self, *, required: bool) -> Ground:
        """Load the bundle of the settings and ask the plugins for its taggers.

        Without it the ground is bare and says why; ``required`` raises BundleError instead.
        """
        try:
            bundle: Bundle | None = self.store.load(self.settings.bundle)
            problems: tuple[Problem, ...] = ()
        except NewstaggerError as error:
            if required:
                raise
            bundle, problems = None, (Problem("bundle", "newstagger", str(error)),)
        taggers, wrong = self._collect("register_taggers", Tagger, not_taking="own", bundle=bundle)
        return Ground(bundle, taggers, self._detectors, (*problems, *wrong))

    def next_ground(self) -> Ground:
        """Return the ground of the bundle that is current now; raise BundleError unless it is whole and all of its parts can be read."""
        ground = self.ground(required=True)
        for problem in ground.problems:
            if problem.plugin in BUILTIN:
                raise BundleError(problem.message, where=str(self.settings.bundle), next_step="roll back, or upgrade newstagger")
        return ground

    def house(self, ground: Ground, own: Overlay) -> House:
        """Return the house on a ground: its taggers and those of the newsroom's own concepts, every look-up under its names."""
        sought = tuple(own.sought(ground.concept, ground.by_id))
        taggers, wrong = self._collect("register_taggers", Tagger, taking="own", bundle=ground.bundle, own=sought)
        find = partial(own.concept, known=ground.concept)
        if own.problem and self.settings.strict:
            raise ConfigError(own.problem)
        told = (Problem("vocabulary", "newstagger", own.problem),) if own.problem else ()
        policy = tuple(_policy_problems(self.settings, ground, own, find))
        return House(
            settings=self.settings,
            plugins=self._plugins,
            guard=self._guard,
            bundle=ground.bundle,
            taggers=(*ground.taggers, *taggers),
            detectors=ground.detectors,
            find=find,
            state=self._state,
            rules_digest=_rules_digest(self.settings, self._plugins, own),
            successor=partial(_successor, own),
            heirs=partial(_heirs, own),
            gone=partial(_gone, own, find),
            renamed=own.named if own.entries else None,
            problems=(*self._problems, *ground.problems, *told, *policy, *wrong),
        )

    def _collect(self, hook: str, kind: type, **arguments: Any) -> tuple[tuple[Brought, ...], tuple[Problem, ...]]:
        found, problems = self._plugins.collect(hook, kind, **arguments)
        return tuple(Brought(*item) for item in found), problems


def named(label: str, facet: Facet | None, ground: Ground, own: Overlay) -> tuple[Concept, ...]:
    """Return the concepts that bear a name, the newsroom's own first; case and blanks do not matter."""
    told = (*own.by_name.get(key_of(label), ()), *ground.named(label))
    ids = dict.fromkeys(concept.id for concept in told)
    found = dict.fromkeys(concept for told in ids if (concept := own.concept(told, ground.concept)) is not None)
    return tuple(concept for concept in found if facet is None or concept.facet is facet)


@cache
def media_topic_names() -> Mapping[str, tuple[Concept, ...]]:
    """Return the live Media Topics by name, in the one language that the package carries."""
    return index_names(iter(media_topics().concepts.values()))


def _successor(own: Overlay, concept_id: str) -> str | None:
    heirs = _heirs(own, concept_id)
    return heirs[0] if len(heirs) == 1 else None


def _heirs(own: Overlay, concept_id: str) -> tuple[str, ...]:
    """Return the ids that stand for an id now; a removed concept that had replaced several leaves as many."""
    topic = media_topics().successors.get(concept_id) if concept_id.startswith("medtop:") else None
    return own.heirs(topic or concept_id) or ((topic,) if topic else ())


def _gone(own: Overlay, find: Callable[[str], Concept | None], concept_id: str) -> bool:
    """Tell whether a concept was deleted from the newsroom's own vocabulary; never while that cannot be read."""
    if not concept_id.startswith(OWN) or not own.known or concept_id in own.by_id:
        return False
    return find(concept_id) is None


def _policy_problems(settings: Settings, ground: Ground, own: Overlay, find: Callable[[str], Concept | None]) -> Iterator[Problem]:
    """Yield what is wrong with the ids that the policy names: those that no vocabulary knows, each with the nearest known one."""
    policy = settings.policy
    lists = (("important", policy.important), ("tags", policy.tags), ("only", policy.only), ("deny", policy.deny))
    places = {told: place for place, ids in lists for told in ids}
    unknown = [told for told in sorted(places) if _checkable(told, ground, own) and find(told) is None]
    for told in unknown[:MOST_TOLD]:
        what = f"policy.{places[told]} names {told[:80]!r}, which no vocabulary knows ({_nearest(told, ground, own)})"
        yield Problem("policy", "newstagger", what)
    if len(unknown) > MOST_TOLD:
        yield Problem("policy", "newstagger", f"no vocabulary knows {len(unknown) - MOST_TOLD} more ids that the policy names")


def _checkable(concept_id: str, ground: Ground, own: Overlay) -> bool:
    """Tell whether some vocabulary at hand would have to know an id: a plugin's tagger may bring concepts that it lists nowhere."""
    prefix = prefix_of(concept_id)
    if prefix == "medtop":
        return True
    if concept_id.startswith(OWN):
        return own.known
    if ground.bundle is None:
        return False
    mute = any(not brought.trusted and not isinstance(brought.item, Vocabulary) for brought in ground.taggers)
    return not mute and (prefix is None or PREFIXES[prefix] in ground.bundle.parts)


def _nearest(told: str, ground: Ground, own: Overlay) -> str:
    """Return what was probably meant: the concept of that name, else the nearest id of those that can be listed."""
    if (meant := named(told, None, ground, own)) and meant[0].id != told:
        return f"did you mean {meant[0].id}?"
    if prefix_of(told) == "medtop":
        return media_topics().hint(told)
    ids = {*own.by_id, *(concept.id for concept in ground.concepts)} - {told}
    near = difflib.get_close_matches(told, sorted(ids), 1, 0.6)
    return f"did you mean {near[0]}?" if near else "correct the id, or take it out"


def vocabulary_problems(ground: Ground, own: Overlay) -> Mapping[str, tuple[str, ...]]:
    """Return what is wrong with the newsroom's own concepts, by id; none where all is well."""
    told = {entry.id: tuple(_entry_problems(entry, ground, own)) for entry in own.entries}
    return {concept_id: problems for concept_id, problems in told.items() if problems}


def _entry_problems(entry: Entry, ground: Ground, own: Overlay) -> Iterator[str]:
    def lost(concept_id: str) -> bool:
        return _checkable(concept_id, ground, own) and own.concept(concept_id, ground.concept) is None

    if not entry.id.startswith(OWN) and _checkable(entry.id, ground, own) and ground.concept(entry.id) is None:
        yield f"{entry.id} is no longer known but for this entry ({_nearest(entry.id, ground, own)})"
    yield from link_problems(entry, own, partial(_facet_below, ground))
    for broader in filter(lost, entry.broader):
        yield f"its broader concept {broader} is no longer known ({_nearest(broader, ground, own)})"
    for old in entry.replaces:
        if not old.startswith(OWN) and old not in media_topics().retired and _checkable(old, ground, own) and ground.concept(old) is None:
            yield f"it replaces {old}, which no vocabulary knows or knew"
    for name in (entry.label, *entry.alt_labels):
        if not 0 < len(split_words(name)) <= MAX_WORDS:
            yield f"the name {name!r} is not looked for in texts: it has no word, or more than {MAX_WORDS}"


def _facet_below(ground: Ground, concept_id: str) -> Facet | None:
    if concept_id.startswith(OWN):
        return None
    known = ground.concept(concept_id) or media_topics().retired.get(concept_id)
    return None if known is None else known.facet


def _rules_digest(settings: Settings, plugins: Plugins, own: Overlay) -> str:
    """Return the digest of everything but article and bundle that shapes an answer: policy, own concepts, plugins and their settings."""
    policy = settings.policy
    loaded = sorted((info.name, info.version, list(info.hooks)) for info in plugins.infos)
    tables = {name: repr(sorted(table.items())) for name, table in settings.plugins.items()}
    modes = [policy.mode, sorted(policy.facets.items()), sorted(policy.tags.items()), sorted(policy.deny), sorted(policy.only)]
    parts = [policy.max_tags, modes, loaded, tables, own.digest]
    return hashlib.sha256(canonical(parts)).hexdigest()
