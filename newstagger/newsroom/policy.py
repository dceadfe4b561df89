"""From proposals to an answer: the newsroom's policy first, then the editor's word, which is law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from newstagger.domain import BundleRef, Concept, Decision, Facet, Role, Tag, Tagging, in_order
from newstagger.settings import Mode, PolicySettings
from newstagger.taxonomy import media_topics

RELUCTANCE = (Decision.AUTO, Decision.SUGGEST, Decision.SILENT)
ROLE_OF_ADDED = {Facet.TOPIC: Role.MAIN, Facet.REGION: Role.FOCUS, Facet.ACTOR: Role.ACTOR}
FACET_OF_PREFIX = {"iso": Facet.REGION, "geonames": Facet.REGION, "m49": Facet.REGION, "actor": Facet.ACTOR}


def apply_policy(tags: Iterable[Tag], policy: PolicySettings) -> tuple[Tag, ...]:
    """Return the tags that the policy lets pass, none with more than its mode allows, at most ``max_tags`` of a facet and role shown.

    Roles are counted apart: agencies and monitors that a war report leans on do not push those who act out of sight.
    """
    shown: Counter[tuple[Facet, Role]] = Counter()
    kept: list[Tag] = []
    for tag in in_order(tags):
        mode = policy.mode_of(tag.concept.id, tag.concept.facet)
        if mode is Mode.NEVER:
            continue
        decision = max(tag.decision, Decision(mode), key=RELUCTANCE.index)
        if decision is not Decision.SILENT:
            place = (tag.concept.facet, tag.role)
            shown[place] += 1
            decision = decision if shown[place] <= policy.max_tags else Decision.SILENT
        kept.append(replace(tag, decision=decision))
    return tuple(kept)


def boldness(tag: Tag) -> tuple[int, float]:
    """Sort key of two tags of one concept: the bolder decision first, then the higher score."""
    return (-RELUCTANCE.index(tag.decision), tag.score)


def obey(
    tags: Iterable[Tag],
    wanted: Mapping[str, bool],
    find: Callable[[str], Concept | None],
    bundle: BundleRef | None = None,
    gone: Callable[[str], bool] = lambda _: False,
) -> tuple[Tag, ...]:
    """Return the tags as the editors want them: what they removed is gone, what they added or accepted is there for certain.

    A concept that is ``gone`` from the newsroom's own vocabulary is not given, until it is there again.
    """
    kept = {tag.concept.id: tag for tag in tags if wanted.get(tag.concept.id, True)}
    for told in sorted(concept_id for concept_id, keep in wanted.items() if keep):
        if told not in kept and gone(told):
            continue
        concept = kept[told].concept if told in kept else find(told) or unknown_concept(told)
        if not wanted.get(concept.id, True):  # the successor of a retired concept was removed since
            continue
        tag = kept.get(concept.id)
        kept[concept.id] = _added(concept, bundle) if tag is None else replace(tag, decision=Decision.AUTO)
    return _grounded(in_order(kept.values()), wanted)


def _grounded(tags: tuple[Tag, ...], wanted: Mapping[str, bool]) -> tuple[Tag, ...]:
    """Return the tags without those derived from concepts that are there no more, unless an editor wants them."""
    if not any(tag.role is Role.DERIVED for tag in tags):
        return tags
    narrow = [tag.concept for tag in tags if tag.role is not Role.DERIVED and tag.decision is not Decision.SILENT]
    broader = {up for concept in narrow for first in concept.broader for up in (first, *media_topics().lineage(first))}
    return tuple(tag for tag in tags if tag.role is not Role.DERIVED or tag.concept.id in broader or wanted.get(tag.concept.id, False))


def standing(tagging: Tagging, wanted: Mapping[str, bool], gone: Callable[[str], bool] = lambda _: False) -> Tagging:
    """Return a stored answer without the tags that editors have taken off since, or whose concept is ``gone``; nothing is added to it."""
    tags = tuple(tag for tag in tagging.tags if wanted.get(tag.concept.id, True) and not gone(tag.concept.id))
    tags = _grounded(tags, wanted)
    return replace(tagging, tags=tags, rejected=tuple(sorted(concept for concept, keep in wanted.items() if not keep)))


def _added(concept: Concept, bundle: BundleRef | None) -> Tag:
    return Tag(concept, 1.0, Decision.AUTO, ROLE_OF_ADDED[concept.facet], tagger="editor", bundle=bundle)


def unknown_concept(concept_id: str) -> Concept:
    """Return a stand-in for a concept that the bundle does not know; an editor's tag is kept whatever we know of it."""
    return Concept(concept_id, concept_id, FACET_OF_PREFIX.get(concept_id.partition(":")[0], Facet.TOPIC))
