"""What the conformance kit needs of a CMS: one Protocol for the CMS with its adapter, one for an editor's open form.

Whoever writes an adapter writes a driver: a class with these methods that does in the real CMS what an editor, an importer or a
clock would do. The rules in ``conformance`` are written in these words and nothing else.

How to read the signatures. Article ids are texts. Tags and suggestions are told by their labels, exactly as the CMS holds them
(``Concept.pref_label``). ``headline`` and ``body`` are plain text, paragraphs of ``body`` separated by an empty line; a CMS with
rich text gets them escaped. A method that saves returns when the CMS has answered *and* everything that the save set off has come
to rest: hooks after commit, jobs, webhooks, write-back. What a CMS cannot do stands in ``LACKS`` under the name of the method,
with the reason; the rules that need it are skipped with that reason, visibly, and the method is never called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from newstagger.domain import EditorDecision
from newstagger.settings import Settings

ABILITIES = frozenset({
    "api_save", "autosave", "backfill", "break_storage", "copy", "deliver_late", "draft_beside_live", "drafts", "import_articles", "kill",
    "languages", "modified", "overtaking", "page_source", "promote", "redeliver", "reject", "restore", "revisions", "schedule",
    "stale_forms",
})  # fmt: skip
"""What a CMS may lack."""


class Form(Protocol):
    """An editor's open form on one article, as it was when it was opened or last saved; several may be open at once.

    After ``autosave``, ``save``, ``schedule`` and ``publish`` the form stands as the editor then sees it: where the CMS leaves the
    form, the driver opens it again.
    """

    @property
    def tags(self) -> frozenset[str]:
        """The labels in the form's tag field, whoever put them there, with what the editor did since."""
        ...

    @property
    def suggestions(self) -> frozenset[str]:
        """The labels that the form offers beside the tag field now, without asking the server again."""
        ...

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        """Type a new headline or a new body into the form; nothing is saved yet."""
        ...

    def add(self, label: str) -> None:
        """Type a tag of the editor's own into the tag field."""
        ...

    def remove(self, label: str) -> None:
        """Take a tag out of the tag field; it is there."""
        ...

    def accept(self, label: str) -> None:
        """Say yes to a suggestion; it holds with the next save of this form at the latest."""
        ...

    def reject(self, label: str) -> None:
        """Say no to a suggestion; it holds with the next save of this form at the latest."""
        ...

    def autosave(self) -> None:
        """Let the CMS save the form by itself, as it does while somebody types. May be lacking (``autosave``)."""
        ...

    def save(self) -> None:
        """Save the form: a draft, or live at once where the CMS lacks ``drafts``."""
        ...

    def publish(self) -> None:
        """Save the form and publish what it holds, also a story that was killed before."""
        ...

    def schedule(self) -> None:
        """Save the form so that what it holds goes live later, when ``Cms.publish_due`` says so. May be lacking (``schedule``)."""
        ...


class Cms(Protocol):
    """A real CMS with the adapter in it, as the rules drive it. One object is one empty CMS; a fixture makes it and clears it away.

    ``LACKS`` may hold the names in ``ABILITIES``, each with the reason. Those that are no method's: ``drafts``: every save is live.
    ``draft_beside_live``: a new article may be a draft, and every save of one that is live is live at once.
    ``languages``: the CMS does not know an article's language.
    ``promote``: another bundle cannot be made current under it. ``reject``: suggestions cannot be rejected. ``stale_forms``: the CMS
    refuses a form that somebody else's save overtook. ``overtaking``: nothing can be saved between the adapter's reading and its
    write-back (or ``api_save`` cannot be called from a tagger's thread).

    ``applies``: True when the adapter writes tags decided ``auto`` by itself; False when it only suggests, then these are shown as
    suggestions too.
    """

    LACKS: Mapping[str, str]
    applies: bool

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        """Build the adapter's host with these settings and these (name, plugin) pairs, ``discover=False``.

        Called once, before anything else. The driver may change the site's name, ``policy.mode`` (when the adapter only suggests)
        and the adapter's own table in ``settings.plugins``, nothing else.
        """
        ...

    def restart(self) -> None:
        """Let the process end and start again: a new host with the same settings and plugin objects, all caches empty."""
        ...

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        """Write a new article in the CMS's own form for it, as an editor does, save or publish it; return its id."""
        ...

    def open(self, article: str) -> Form:
        """Open the article in the editor, with a form of its own; what an earlier form shows does not change by that."""
        ...

    def tags(self, article: str) -> frozenset[str]:
        """Return the labels on the live article, as a reader's page or the public API has them; none while it is not live."""
        ...

    def draft_tags(self, article: str) -> frozenset[str]:
        """Return the labels on the newest version that an editor would go on with; the same as ``tags`` without drafts."""
        ...

    def suggestions(self, article: str) -> frozenset[str]:
        """Return the labels that an editor who opens the article now is offered beside its tags."""
        ...

    def live_text(self, article: str) -> str:
        """Return headline and body as a reader gets them (markup may be in it); empty while the article is not live."""
        ...

    def draft_text(self, article: str) -> str:
        """Return headline and body of the newest version that an editor would go on with."""
        ...

    def notice(self, article: str) -> str:
        """Return what the editor is told about the article's tags after the last save: one line, empty when all went well."""
        ...

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        """Return what is remembered of the editors' word: ``host.feedback(ref)``, oldest first."""
        ...

    def revisions(self, article: str) -> int:
        """Return how many revisions (versions that an editor could go back to) the CMS keeps of the article."""
        ...

    def modified(self, article: str) -> str:
        """Return the CMS's own "last changed" of the article, in any form that changes when it does."""
        ...

    def restore(self, article: str, revision: int) -> None:
        """Bring back an old revision as the newest draft and save it, as an editor does; 1 is the oldest."""
        ...

    def copy(self, article: str) -> str:
        """Make a new article out of this one with the CMS's own copy function, not published; return its id."""
        ...

    def kill(self, article: str) -> None:
        """Withdraw the article: unpublish, spike or retract it, whichever the adapter treats as a kill."""
        ...

    def publish_due(self) -> None:
        """Let the time come for everything that is scheduled: run what the CMS runs then."""
        ...

    def api_save(self, article: str, body: str) -> None:
        """Change the body alone, without any form: through the CMS's API or its ORM, as another program does.

        Live at once where the article is live. May be called from another thread while a save is under way.
        """
        ...

    def import_articles(self, articles: Sequence[tuple[str, str, frozenset[str]]]) -> Sequence[str]:
        """Bring in (headline, body, labels) in bulk, live, past all hooks where the CMS can (``bulk_create``); return the ids."""
        ...

    def backfill(self) -> None:
        """Run the adapter's backfill over everything that it has not tagged yet, or not with the bundle of now."""
        ...

    def redeliver(self, article: str) -> None:
        """Let the event of the article's last save reach the adapter once more, unchanged."""
        ...

    def deliver_late(self, article: str) -> None:
        """Let the event of the save before the last one reach the adapter once more, now: events overtook each other."""
        ...

    def break_storage(self) -> None:
        """Let nothing of what the adapter remembers be stored any more, while the CMS itself can save.

        Make its file read-only or locked, or take its tables away; what was decided before may still be read, or not.
        """
        ...

    def mend_storage(self) -> None:
        """Undo ``break_storage``; nothing that was stored before is lost."""
        ...

    def page_source(self, article: str) -> str:
        """Return the HTML of what an editor sees of the article: its form with tags, suggestions, reasons and notice."""
        ...
