"""What happens when a story is saved, what stands beside its form, what a click does. Nothing is kept here: the host remembers.

saved    the CMS's hook -> Article -> host.article_saved -> tags written through the side door, one line for the editor
panel    host.explain -> what is on offer, with the reasons
rejected a click -> host.editor_decided -> done, or "not saved"
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from newstagger import Article, ArticleRef, Decision, EditorDecision, Event, Tag, Tagging
from newstagger.domain import Action, ExistingTag, FormState, Origin
from newstagger.errors import StateError
from newstagger.host import Host
from newstagger.testing.pressroom import LONGEST_LABEL, Overtaken, Panel, Pressroom, Saved, Term, Version

EVENTS = {
    "saved": Event.DRAFT, "autosaved": Event.AUTOSAVE, "published": Event.PUBLISH, "withdrawn": Event.KILL, "restored": Event.RESTORE,
    "copied": Event.DRAFT,
}  # fmt: skip
NOT_SAVED = "Not saved: the decision could not be stored, please try again."
TRIES = 3


class Adapter:
    """The extension that Pressroom calls; ``creator`` marks the terms that the machine put on."""

    def __init__(self, cms: Pressroom, host: Host, *, site: str, creator: str = "newstagger") -> None:
        self._cms, self._host, self._site, self._creator = cms, host, site, creator

    def saved(self, event: Saved) -> None:
        """Answer a save. The save itself is over: nothing here can fail it, and nothing here starts another one."""
        article = self._article(event)
        for _ in range(TRIES):
            tagging = self._host.article_saved(article)
            self._cms.note(event.article, _trouble(tagging))
            try:
                if article.event is not Event.KILL:
                    self._write_back(event.article, article.revision or 0, tagging)
                return
            except Overtaken:  # the text is another by now, and its own event may be answered already: look once more
                article = self._article(self._now(event.article))

    def backfill(self) -> None:
        """Tag every story that has no answer yet, or one of an older model; reads no decisions, touches no withdrawn story."""
        for story in self._cms.articles():
            if not self._cms.withdrawn(story):
                self.saved(self._now(story))

    def panel(self, article: str, version: Version) -> Panel:
        """Return what the last answer suggests, less what the story has already; what editors rejected since, the host leaves out."""
        try:
            tagging = self._host.explain(self._ref(article))
        except StateError:
            return Panel()
        held = {term.code for term in version.terms}
        offers = [t for t in (tagging.tags if tagging else ()) if t.decision is Decision.SUGGEST and t.concept.id not in held]
        return Panel(tuple(Term(t.concept.id, t.concept.pref_label) for t in offers), "".join(_reason(tag) for tag in offers))

    def rejected(self, article: str, code: str, user: str) -> str:
        """Store what an editor clicked; say so when it was not stored."""
        try:
            self._host.editor_decided(EditorDecision(self._ref(article), code, Action.REJECTED, by=user))
        except StateError:
            return NOT_SAVED
        return ""

    def _ref(self, article: str) -> ArticleRef:
        return ArticleRef(self._site, article)

    def _now(self, article: str) -> Saved:
        kind = "withdrawn" if self._cms.withdrawn(article) else "backfill"
        return Saved(kind, article, self._cms.read(article), live=False)

    def _article(self, event: Saved) -> Article:
        """Say in newstagger's words what was saved: the text, all tags with who put them on, and what the form had shown."""
        version, post = event.version, event.post
        published = event.kind == "published" and event.live
        told = Event.SCHEDULE if event.kind == "published" and not published else EVENTS.get(event.kind, Event.BACKFILL)
        return Article(
            self._ref(event.article), version.headline, version.body, "text/html", version.language,
            revision=version.stamp, event=told, copied_from=self._ref(version.copied_from) if version.copied_from else None,
            existing_tags=tuple(ExistingTag(t.code, Origin.MACHINE if t.creator == self._creator else Origin.HUMAN) for t in version.terms),
            form=FormState(post.held, post.offered) if post else None, saved_by=post.user if post else "",
        )  # fmt: skip

    def _write_back(self, article: str, stamp: int, tagging: Tagging) -> None:
        """Bring the terms in line with the answer through the side door; raise Overtaken when the text is not the one that was tagged."""
        version = self._cms.read(article)
        if version.stamp != stamp:
            raise Overtaken
        terms = self._terms(version.terms, tagging)
        if set(terms) != set(version.terms):
            self._cms.set_terms(article, terms, if_stamp=stamp)

    def _terms(self, held: Iterable[Term], tagging: Tagging) -> tuple[Term, ...]:
        """Keep what people put on, except what they rejected; of ours, keep what still holds. A failed answer takes nothing away."""
        auto = [t for t in tagging.tags if t.decision is Decision.AUTO and len(t.concept.pref_label) <= LONGEST_LABEL]
        ours = {t.concept.id: Term(t.concept.id, t.concept.pref_label.removeprefix("typed:"), self._creator) for t in auto}
        kept = {
            term.code: term
            for term in held
            if term.code not in tagging.rejected and (term.creator != self._creator or tagging.problems or term.code in ours)
        }
        return tuple((ours | kept).values())


def _trouble(tagging: Tagging) -> str:
    """Return the one line that the editor is told, empty when all went well."""
    reasons = "; ".join(dict.fromkeys(f"{problem.plugin}: {problem.message}" for problem in tagging.problems))
    return " ".join(f"Tags may be missing ({reasons[:200]})".split()) if reasons else ""


def _reason(tag: Tag) -> str:
    """Return why a tag is offered, as HTML: labels and quotes are strangers' words, so they are escaped."""
    words = ", ".join(quote.quote for evidence in tag.evidence for quote in evidence.quotes)
    return f"<p>{html.escape(tag.concept.pref_label)}: {html.escape(words)}</p>"
