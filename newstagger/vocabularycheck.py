"""What is wrong with the ids that a newsroom's policy and vocabulary name, on the bundle of now; nothing here changes anything."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from newstagger.contracts import Vocabulary
from newstagger.domain import Concept, Facet, Problem
from newstagger.ground import Ground, named
from newstagger.matcher import MAX_WORDS
from newstagger.newsroom.ownlinks import link_problems
from newstagger.newsroom.vocabulary import Entry, Overlay
from newstagger.settings import Settings
from newstagger.taxonomy import OWN, PREFIXES, media_topics, prefix_of
from newstagger.tokens import split_words

MOST_TOLD = 5
"""So many unknown ids of the policy are told one by one."""


def policy_problems(settings: Settings, ground: Ground, own: Overlay, find: Callable[[str], Concept | None]) -> Iterator[Problem]:
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
