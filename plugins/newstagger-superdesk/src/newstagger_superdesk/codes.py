"""An item's entries ({name, qcode, scheme, source, ...}) and the concepts that they mean; nothing here needs Superdesk.

Only entries whose code is one of ours are told and touched: those of ``NEWSTAGGER_SCHEMES``, Media Topics wherever they stand, and
what has a prefix of ours. Every other entry (a desk's own categories) is left alone. ``source`` says who put an entry on:
"newstagger" the machine by itself, anything else a person; what the widget offers bears a third word until it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from newstagger import Concept, Facet

Entry = Mapping[str, Any]
MACHINE, PERSON, OFFERED = "newstagger", "editor", "newstagger-suggestion"
"""The source of an entry that the machine wrote by itself, of one that a person took from its suggestions, and of a suggestion."""
LONGEST_NAME = 8_000
"""Characters that surely fit into a keyword of Elasticsearch (32,766 bytes)."""
_PREFIXES = ("medtop:", "iso:", "geonames:", "m49:", "actor:", "own:", "typed:")


@dataclass(frozen=True, slots=True)
class Codes:
    """How concepts are written in this newsroom: the field and the scheme of each facet, and the newsroom's own entry for a code.

    ``known`` returns the vocabulary's own entry for (scheme, codes that it may stand under), or None.
    """

    fields: Mapping[Facet, str]
    schemes: Mapping[Facet, str]
    known: Callable[[str, tuple[str, ...]], Entry | None]

    def concept(self, entry: object) -> str | None:
        """Return the id of the concept that an entry means, or None for one that is none of ours."""
        if not isinstance(entry, Mapping):
            return None
        code, altids = _text(entry, "qcode"), entry.get("altids")
        if isinstance(altids, Mapping) and (ours := _text(altids, MACHINE)):
            return ours
        if code.startswith(_PREFIXES):
            return code
        topic = _text(altids, "medtop").removeprefix("medtop:") if isinstance(altids, Mapping) else ""
        if entry.get("scheme") == self.schemes[Facet.TOPIC] and code.isdigit():
            topic = code
        if topic.isdigit():
            return f"medtop:{topic}"
        return code if code and entry.get("scheme") in self.schemes.values() else None

    def entry(self, concept: Concept, source: str) -> dict[str, Any]:
        """Return the entry that stands for a concept; the newsroom's vocabulary has the say on its code and name."""
        topic = concept.id.removeprefix("medtop:") if concept.id.startswith("medtop:") else ""
        wikidata = next((m.removeprefix("wikidata:") for m in concept.exact_match if m.startswith("wikidata:")), "")
        scheme = self.schemes[concept.facet]
        altids = {MACHINE: concept.id, "medtop": topic, "wikidata": wikidata}
        made = {
            "name": concept.pref_label, "qcode": concept.id, "parent": next(iter(concept.broader), None),
            "aliases": list(concept.alt_labels),
        }  # fmt: skip
        own = self.known(scheme, tuple(filter(None, (concept.id, topic)))) or {}
        fixed = {"scheme": scheme, "source": source, "altids": {key: value for key, value in altids.items() if value}}
        return {**made, **{key: own[key] for key in ("name", "qcode", "parent", "translations") if own.get(key)}, **fixed}


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""
