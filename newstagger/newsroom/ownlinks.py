"""What is wrong with how a newsroom's own concepts refer to one another: circles, what is replaced and still there, other facets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from newstagger.domain import Facet
from newstagger.newsroom.spelling import is_common
from newstagger.newsroom.vocabulary import Entry, Overlay


def link_problems(entry: Entry, own: Overlay, facet_of: Callable[[str], Facet | None]) -> Iterator[str]:
    """Yield what is wrong with an entry's links; ``facet_of`` tells what the vocabularies below say of an id (None: they know it not)."""
    if (below := facet_of(entry.id)) not in (None, entry.facet):
        yield f"{entry.id} is a {below}, no {entry.facet}"
    if _in_circle(entry.id, {one.id: one.broader for one in own.entries}):
        yield "it is broader than itself"
    if _in_circle(entry.id, {one.id: one.replaces for one in own.entries}):
        yield "it replaces itself"
    for name in filter(is_common, (entry.label, *entry.alt_labels)):
        yield f"the name {name!r} is an everyday word and is found in nearly every text"
    for old in entry.replaces:
        if old in own.by_id and old != entry.id:
            yield f"it replaces {old}, which is in the vocabulary still"
        facet = own.tombs[old].facet if old in own.tombs else facet_of(old)
        if facet not in (None, entry.facet):
            yield f"it replaces {old}, which is a {facet}, no {entry.facet}"


def _in_circle(start: str, links: Mapping[str, Iterable[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(links.get(start, ()))
    while waiting:
        at = waiting.pop()
        if at == start:
            return True
        if at not in seen:
            seen.add(at)
            waiting += links.get(at, ())
    return False
