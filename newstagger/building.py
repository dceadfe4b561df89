"""Builds what saves share: the ground that one bundle lays, and the house on it under the newsroom's own vocabulary.

``Host`` and ``livehouse`` call it; nothing here is called at every save.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.store import Store
from newstagger.contracts import ReuseDetector, State, Tagger
from newstagger.domain import Concept, Problem
from newstagger.errors import BundleError, ConfigError, NewstaggerError
from newstagger.ground import Ground
from newstagger.guard import Guard
from newstagger.house import Brought, House
from newstagger.jsontext import canonical
from newstagger.newsroom.vocabulary import Overlay
from newstagger.plugins import BUILTIN, Plugins
from newstagger.settings import Settings
from newstagger.taxonomy import OWN, media_topics
from newstagger.topicnames import topic_names
from newstagger.vocabularycheck import policy_problems


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
        known = _in_language(ground.concept, self.settings.vocabulary.language)
        find = partial(own.concept, known=known)
        if own.problem and self.settings.strict:
            raise ConfigError(own.problem)
        told = (Problem("vocabulary", "newstagger", own.problem),) if own.problem else ()
        policy = tuple(policy_problems(self.settings, ground, own, find))
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
            renamed=_renamed(own, ground, self.settings.vocabulary.language),
            problems=(*self._problems, *ground.problems, *told, *policy, *wrong),
        )

    def _collect(self, hook: str, kind: type, **arguments: Any) -> tuple[tuple[Brought, ...], tuple[Problem, ...]]:
        found, problems = self._plugins.collect(hook, kind, **arguments)
        return tuple(Brought(*item) for item in found), problems


def _in_language(known: Callable[[str], Concept | None], language: str) -> Callable[[str], Concept | None]:
    """Return the look-up that gives Media Topics under their names in a language, where one is set."""
    return known if not language else lambda told: None if (found := known(told)) is None else _translated(found, language)


def _translated(concept: Concept, language: str) -> Concept:
    name = topic_names().name(concept.id, language) if language else None
    if name is None or name == concept.pref_label:
        return concept
    return replace(concept, pref_label=name, alt_labels=tuple(dict.fromkeys((concept.pref_label, *concept.alt_labels))))


def _renamed(own: Overlay, ground: Ground, language: str) -> Callable[[Concept], Concept] | None:
    """Return what a tagger's concept is called today: by a retired topic's successor, in the site's language, the newsroom's way."""
    if not (own.entries or ground.outdated or language):
        return None
    return lambda concept: own.named(_translated(ground.outdated.get(concept.id, concept), language))


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


def _rules_digest(settings: Settings, plugins: Plugins, own: Overlay) -> str:
    """Return the digest of everything but article and bundle that shapes an answer: policy, own concepts, plugins and their settings."""
    policy = settings.policy
    loaded = sorted((info.name, info.version, list(info.hooks)) for info in plugins.infos)
    tables = {name: repr(sorted(table.items())) for name, table in settings.plugins.items()}
    modes = [policy.mode, sorted(policy.facets.items()), sorted(policy.tags.items()), sorted(policy.deny), sorted(policy.only)]
    parts = [policy.max_tags, modes, loaded, tables, own.digest, *filter(None, [settings.vocabulary.language])]
    return hashlib.sha256(canonical(parts)).hexdigest()
