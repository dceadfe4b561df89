"""Rules of delivery: events come twice, late, and while others are under way; the newest text decides."""

from __future__ import annotations

import threading

from newstagger.testing.rules.desk import AGRICULTURE, EARTHQUAKE, HEADLINE, STRIKE, Desk, story
from newstagger.testing.scripted import Trouble

PATIENCE_SECONDS = 30.0


class EventRules:
    """Whatever the order of events, the article ends with the tags of its newest text."""

    def test_duplicates_change_nothing(self, desk: Desk) -> None:
        """The same event again does no work, makes no revision, decides nothing."""
        desk.needs("redeliver")
        article = desk.refused()
        before = self._state(desk, article)
        for _ in range(3):
            desk.cms.redeliver(article)
        assert self._state(desk, article) == before

    @staticmethod
    def _state(desk: Desk, article: str) -> tuple[object, ...]:
        revisions = 0 if "revisions" in desk.cms.LACKS else desk.cms.revisions(article)
        decisions = len(desk.cms.decisions(article))
        return desk.tagger.asked, revisions, decisions, desk.cms.draft_tags(article), desk.cms.tags(article), desk.offered(article)

    def test_a_late_event_changes_nothing(self, desk: Desk) -> None:
        """The event of an older text that arrives after a newer one leaves text and tags as the newer one made them."""
        desk.needs("deliver_late")
        article = desk.cms.create(HEADLINE, story("harvest"))
        desk.rewrite(article, story("earthquake", "strike"))
        before = desk.cms.draft_tags(article), desk.offered(article)
        assert AGRICULTURE not in desk.offered(article)
        desk.cms.deliver_late(article)
        assert (desk.cms.draft_tags(article), desk.offered(article)) == before
        assert "An earthquake" in desk.cms.draft_text(article)
        desk.cms.open(article).save()
        assert (desk.cms.draft_tags(article), desk.offered(article)) == before

    def test_a_text_that_moved_on_gets_no_old_tags(self, desk: Desk) -> None:
        """Somebody saves another text while the first is being tagged: the write-back sees that, and the newer text wins."""
        desk.needs("api_save", "overtaking")
        article = desk.cms.create(HEADLINE, story())
        desk.tagger.meanwhile = lambda: desk.cms.api_save(article, story("earthquake"))
        desk.rewrite(article, story("harvest"))
        assert desk.tagger.meanwhile is None, "nothing was tagged"
        assert "An earthquake" in desk.cms.draft_text(article), "the newer text was overwritten"
        assert EARTHQUAKE in desk.offered(article)
        assert AGRICULTURE not in desk.everywhere(article), "tags of a text that is gone were written"

    def test_a_text_that_moved_on_is_looked_at(self, desk: Desk) -> None:
        """The newer text's own event brought it no answer: whoever finds the older one overtaken looks at it again, or it is told."""
        desk.needs("api_save", "overtaking")
        article, done = desk.cms.create(HEADLINE, story()), threading.Event()

        def somebody_saves() -> None:
            desk.tagger.trouble = Trouble.RAISE
            desk.cms.api_save(article, story("earthquake"))
            desk.tagger.trouble = Trouble.NONE
            done.set()

        desk.tagger.meanwhile = somebody_saves
        desk.rewrite(article, story("harvest"))
        assert done.wait(PATIENCE_SECONDS), "nobody could save meanwhile"
        assert "An earthquake" in desk.cms.draft_text(article), "the newer text was overwritten"
        looked = EARTHQUAKE in desk.offered(article)
        assert looked or desk.cms.notice(article), "a save that was overtaken did not look at the newer text"

    def test_a_save_without_a_form(self, desk: Desk) -> None:
        """A program that changes the text alone: the tags follow, no decision is read, no person's tag is lost."""
        desk.needs("api_save")
        article = desk.cms.create(HEADLINE, story("harvest", "strike"))
        form = desk.cms.open(article)
        form.accept(STRIKE)
        form.save()
        decided = len(desk.cms.decisions(article))
        desk.cms.api_save(article, story("earthquake"))
        assert EARTHQUAKE in desk.offered(article)
        assert AGRICULTURE not in desk.offered(article)
        assert STRIKE in desk.cms.draft_tags(article)
        assert len(desk.cms.decisions(article)) == decided
