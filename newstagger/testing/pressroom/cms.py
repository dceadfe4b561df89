"""Pressroom itself, and its edit form."""

from __future__ import annotations

import html
import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from newstagger.testing.pressroom.values import LONGEST_LABEL, Extension, Overtaken, Panel, Post, Saved, Term, Version

DEEPEST = 20
"""Saves that a save may set off before the queue stops delivering."""


@dataclass(slots=True)
class _Story:
    revisions: list[Version]
    live: Version | None = None
    due: Version | None = None
    autosaved: bool = False
    withdrawn: bool = False
    note: str = ""
    events: list[Saved] = field(default_factory=list)


class Pressroom:
    """The CMS; ``extension`` may be set at any time. Safe to use from several threads."""

    def __init__(self, vocabulary: Iterable[Term] = ()) -> None:
        self.extension: Extension | None = None
        self.vocabulary = {term.label: term for term in vocabulary}
        self._stories: dict[str, _Story] = {}
        self._ids, self._stamps, self._lock, self._depth = itertools.count(1), itertools.count(1), threading.RLock(), 0

    # --- for editors

    def new(self, language: str, user: str = "ana") -> EditForm:
        """Return an empty form."""
        return EditForm(self, None, Version("", "", language), user)

    def edit(self, article: str, user: str = "ana") -> EditForm:
        """Open a story's newest version."""
        return EditForm(self, article, self.read(article), user)

    def save(self, article: str | None, version: Version, kind: str, post: Post, *, later: bool = False) -> str:
        """Store what a form sent and run the hook; return the story's id."""
        with self._lock:
            article, stored = self._store(article, version, autosaved=kind == "autosaved")
            story = self._stories[article]
            if kind == "published":
                story.live, story.due = (story.live, stored) if later else (stored, None)
        self._announce(Saved(kind, article, stored, kind == "published" and not later, post))
        return article

    def restore(self, article: str, revision: int) -> None:
        """Make an old revision the newest draft; 1 is the oldest."""
        with self._lock:
            _, stored = self._store(article, self._stories[article].revisions[revision - 1])
        self._announce(Saved("restored", article, stored, live=False))

    def copy(self, article: str) -> str:
        """Make a new draft out of a story's newest version."""
        copied, stored = self._store(None, replace(self.read(article), copied_from=article))
        self._announce(Saved("copied", copied, stored, live=False))
        return copied

    def withdraw(self, article: str) -> None:
        """Take a story away from its readers."""
        with self._lock:
            story = self._stories[article]
            story.live, story.due, story.withdrawn = None, None, True
            story.revisions[-1] = stored = replace(story.revisions[-1], stamp=next(self._stamps))
        self._announce(Saved("withdrawn", article, stored, live=False))

    def page(self, article: str) -> str:
        """Return the HTML of the edit page. What the extension's panel brings is put in as it is."""
        version, panel = self.read(article), self.panel(article)
        escape = html.escape
        terms = "".join(f"<li>{escape(term.label)}</li>" for term in version.terms)
        offers = "".join(f"<li>{escape(term.label)} <button>accept</button> <button>reject</button></li>" for term in panel.offers)
        fields = f'<input name="headline" value="{escape(version.headline)}"><textarea name="body">{escape(version.body)}</textarea>'
        note = f'<p class="note">{escape(self.note(article))}</p>'
        return f"<!doctype html><form>{note}{fields}<ul>{terms}</ul></form><aside><ul>{offers}</ul>{panel.html}</aside>"

    def panel(self, article: str | None) -> Panel:
        """Return what the extension shows beside the newest version."""
        return Panel() if self.extension is None or article is None else self.extension.panel(article, self.read(article))

    # --- for readers, programs and the clock

    def public(self, article: str) -> Version | None:
        """Return what readers get, or None."""
        return self._stories[article].live

    def update(self, article: str, *, body: str | None = None, terms: Sequence[Term] | None = None) -> None:
        """Change a story through the front door: a new revision, live at once if the story is, and the hook runs."""
        with self._lock:
            old, story = self.read(article), self._stories[article]
            new = replace(old, body=old.body if body is None else body, terms=old.terms if terms is None else tuple(terms))
            _, stored = self._store(article, new)
            story.live = stored if story.live else None
        self._announce(Saved("saved", article, stored, story.live is not None))

    def bulk_import(self, versions: Iterable[Version]) -> Sequence[str]:
        """Bring in live stories past the hook."""
        articles = []
        for version in versions:
            article, stored = self._store(None, version)
            self._stories[article].live = stored
            articles.append(article)
        return articles

    def publish_due(self) -> None:
        """Publish everything that is scheduled."""
        for article, story in list(self._stories.items()):
            if story.due is not None:
                story.live, story.due = story.due, None
                self._announce(Saved("published", article, story.live, live=True))

    def redeliver(self, article: str, back: int = 1) -> None:
        """Run the hook again for an earlier event, as queues do; 1 is the last one."""
        self._deliver(self._stories[article].events[-back])

    # --- for extensions

    def articles(self) -> Sequence[str]:
        """Return the ids of all stories."""
        return tuple(self._stories)

    def read(self, article: str) -> Version:
        """Return a story's newest version, published or not."""
        return self._stories[article].revisions[-1]

    def withdrawn(self, article: str) -> bool:
        """Tell whether a story was taken away and not touched since."""
        return self._stories[article].withdrawn

    def set_terms(self, article: str, terms: Iterable[Term], if_stamp: int) -> None:
        """Write the terms of the newest version through the side door: no revision, no hook.

        They are live too if that version is. Raises Overtaken unless its stamp is still ``if_stamp``, ValueError for a label that is
        too long.
        """
        terms = tuple(terms)
        if any(len(term.label) > LONGEST_LABEL for term in terms):
            raise ValueError("a term's label is too long")
        with self._lock:
            story = self._stories[article]
            if story.revisions[-1].stamp != if_stamp:
                raise Overtaken
            self.vocabulary = {term.label: replace(term, creator="") for term in terms} | self.vocabulary
            story.revisions[-1] = tagged = replace(story.revisions[-1], terms=terms)
            story.live = tagged if story.live and story.live.stamp == if_stamp else story.live
            story.due = tagged if story.due and story.due.stamp == if_stamp else story.due

    def note(self, article: str, line: str | None = None) -> str:
        """Return the line that editors see above the form; set it first, if one is given (empty: nothing to tell)."""
        story = self._stories[article]
        story.note = story.note if line is None else line
        return story.note

    def revisions(self, article: str) -> int:
        """Return how many revisions of a story there are."""
        return len(self._stories[article].revisions)

    def _store(self, article: str | None, version: Version, *, autosaved: bool = False) -> tuple[str, Version]:
        """Append a revision; one that was saved by itself is overwritten."""
        with self._lock:
            stored = replace(version, stamp=next(self._stamps))
            article = article or str(next(self._ids))
            story = self._stories.setdefault(article, _Story([]))
            story.revisions[len(story.revisions) - story.autosaved :] = [stored]
            story.autosaved, story.withdrawn = autosaved, False
        return article, stored

    def _announce(self, event: Saved) -> None:
        self._stories[event.article].events.append(event)
        self._deliver(event)

    def _deliver(self, event: Saved) -> None:
        if self.extension is not None and self._depth < DEEPEST:
            self._depth += 1
            try:
                self.extension.saved(event)
            finally:
                self._depth -= 1


class EditForm:
    """An open form: what it holds, and what it held and offered when it was opened or last saved."""

    def __init__(self, cms: Pressroom, article: str | None, version: Version, user: str) -> None:
        self._cms, self._user, self.article, self.version = cms, user, article, version
        self._open()

    def _open(self) -> None:
        self.offers = {term.label: term for term in self._cms.panel(self.article).offers}
        self._held = tuple(term.code for term in self.version.terms)
        self._offered = tuple(term.code for term in self.offers.values())

    def type(self, **fields: str) -> None:
        """Type into headline or body."""
        self.version = replace(self.version, **fields)  # type: ignore[arg-type]

    def add(self, label: str) -> None:
        """Put a term on: the one on offer, the vocabulary's, or a new one."""
        known = self.offers.pop(label, None) or self._cms.vocabulary.get(label) or Term(f"typed:{label}", label)
        self.version = replace(self.version, terms=(*self.version.terms, replace(known, creator="")))

    def remove(self, label: str) -> None:
        """Take a term off."""
        self.version = replace(self.version, terms=tuple(term for term in self.version.terms if term.label != label))

    def reject(self, label: str) -> None:
        """Click reject: the offer goes when the extension says that it is done, else its words are shown."""
        if self._cms.extension is not None and self.article is not None:
            if told := self._cms.extension.rejected(self.article, self.offers[label].code, self._user):
                self._cms.note(self.article, told)
            else:
                del self.offers[label]

    def submit(self, kind: str = "saved", *, later: bool = False) -> str:
        """Send the form; it stays open and shows what the CMS then holds. ``later`` schedules what is published."""
        post = Post(self._user, self._held, self._offered)
        self.article = self._cms.save(self.article, self.version, kind, post, later=later)
        self.version = self._cms.read(self.article)
        self._open()
        return self.article
