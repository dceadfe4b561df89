"""An open form of the block editor, told in what it sends to the REST API: changed fields only, and the plugin's own field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rig import ways

from newstagger.domain import Facet
from newstagger.testing.scripted import SCRIPT

if TYPE_CHECKING:
    from driver import RestCms

OURS = "/newstagger/v1"
TAXONOMIES = {facet: f"newstagger_{facet.value}" for facet in Facet}
FACETS = {script.concept.pref_label: script.concept.facet for script in SCRIPT.values()}


class RestForm:
    """An open form of the block editor: the post as it was read, and what was changed since."""

    def __init__(self, cms: RestCms, post: int) -> None:
        self.cms, self.post = cms, post
        self.take(ways.read(cms.ana, post))

    def take(self, read: Mapping[str, Any]) -> None:
        """Stand as the editor does when it has read the post."""
        self.read = read
        self.edits: dict[str, Any] = {}
        self.status = str(read["status"])
        self.held = {name: list(read[name]) for name in TAXONOMIES.values()}
        self.terms = {name: list(ids) for name, ids in self.held.items()}
        self.panel(read["newstagger"])

    def panel(self, told: Mapping[str, Any]) -> None:
        """Show what the panel shows then."""
        self.offers = {str(row["label"]): row for row in told["suggestions"]}
        self.shown = [row["concept"] for row in told["suggestions"]]

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(self.cms.label(name, term) for name, ids in self.terms.items() for term in ids)

    @property
    def suggestions(self) -> frozenset[str]:
        return frozenset(self.offers)

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        told = {"title": headline, "content": None if body is None else ways.blocks(body)}
        self.edits |= {name: value for name, value in told.items() if value is not None}

    def add(self, label: str) -> None:
        taxonomy = TAXONOMIES[FACETS.get(label, Facet.TOPIC)]
        self.terms[taxonomy].append(self.cms.typed(taxonomy, label))

    def remove(self, label: str) -> None:
        for name, ids in self.terms.items():
            self.terms[name] = [term for term in ids if self.cms.label(name, term) != label]

    def accept(self, label: str) -> None:
        concept = self.offers.pop(label)["concept"]
        made = self.cms.ana.call("POST", f"{OURS}/posts/{self.post}/accept", {"concept": concept})
        self.terms[made["taxonomy"]].append(int(made["term"]))

    def reject(self, label: str) -> None:
        told = {"concept": self.offers[label]["concept"], "action": "rejected"}
        answer = self.cms.ana.answer("POST", f"{OURS}/posts/{self.post}/decisions", told)
        if answer.is_success:
            del self.offers[label]
        else:
            self.cms.lost[self.post] = str(answer.json()["message"])

    def changed(self) -> dict[str, Any]:
        """Return what the editor sends: fields that were changed, and what the form held and showed."""
        moved = {name: ids for name, ids in self.terms.items() if set(ids) != set(self.held[name])}
        held = sorted(term for ids in self.held.values() for term in ids)
        return {**self.edits, **moved, "newstagger_form": {"held": held, "shown": self.shown}}

    def autosave(self) -> None:
        read = {name: self.read[name]["raw"] for name in ("title", "content", "excerpt")}
        typed = {name: self.edits.get(name, value) for name, value in read.items()}
        ways.autosave(self.cms.ana, self.post, **typed)
        self.cms.settle()
        self.panel(self.cms.ana.call("GET", f"{OURS}/posts/{self.post}"))

    def save(self, **more: Any) -> None:
        answer = ways.update(self.cms.ana, self.post, **self.changed(), **more)
        self.cms.lost.pop(self.post, None)
        self.take(ways.read(self.cms.ana, self.post) if self.cms.settle() else answer)

    def publish(self) -> None:
        self.save(status="publish")

    def schedule(self) -> None:
        ways.schedule(self.cms.ana, self.post, **self.changed())
        self.cms.settle()
        self.take(ways.read(self.cms.ana, self.post))
