"""Rules of a bad day: the save succeeds whatever is wrong on our side, and the editor is told in one line."""

from __future__ import annotations

import shutil
import time

import pytest

from newstagger.testing.rules.desk import AGRICULTURE, DOCKERS, HEADLINE, NORWAY, STRIKE, Desk, story
from newstagger.testing.scripted import BUNDLE, SCRIPT, Trouble

STRIKE_ID = SCRIPT["strike"].concept.id
GRACE_SECONDS = 2.0
"""What a save may take beyond a usual one and the deadline: generous, so that a busy machine breaks no rule."""


def one_line(notice: str) -> bool:
    """Tell whether an editor is told something, in one line."""
    return bool(notice.strip()) and len(notice.strip().splitlines()) == 1


class TaggerRules:
    """A tagger that is dead, slow or mad fails no save."""

    @pytest.mark.parametrize("trouble", [Trouble.RAISE, Trouble.SLEEP, Trouble.EXIT])
    def test_trouble_fails_no_save(self, desk: Desk, trouble: Trouble) -> None:
        """The text is saved in about the usual time and the deadline; the editor is told, until it works again."""
        started = time.monotonic()
        article = desk.cms.create(HEADLINE, story(update=1))
        usual = time.monotonic() - started
        desk.tagger.trouble = trouble
        started = time.monotonic()
        desk.rewrite(article, story("strike", update=2))
        took = time.monotonic() - started
        assert "Update 2" in desk.cms.draft_text(article), "the save failed"
        assert took <= 2 * usual + desk.settings.budget_ms / 1000 + GRACE_SECONDS, "the editor had to wait for the tagger"
        assert one_line(desk.cms.notice(article)), "the editor is not told that tags are missing"
        desk.tagger.trouble = Trouble.NONE
        if trouble is Trouble.SLEEP:  # a tagger that overran again and again, as with autosaves, rests for a minute
            desk.cms.restart()
        desk.rewrite(article, story("strike", update=3))
        assert STRIKE in desk.offered(article)
        assert desk.cms.notice(article) == "", "the editor is told of trouble that is over"

    def test_trouble_takes_no_tags_away(self, desk: Desk) -> None:
        """A tagger that did not answer has not said that the tags are wrong: those that are written stay, and people's do."""
        article = desk.cms.create(HEADLINE, story("harvest"), published=True)
        form = desk.cms.open(article)
        form.accept(AGRICULTURE) if AGRICULTURE in form.suggestions else form.add(NORWAY)
        form.publish()
        before = desk.cms.tags(article)
        desk.tagger.trouble = Trouble.RAISE
        form = desk.cms.open(article)
        form.write(body=story("harvest", update=1))
        form.publish()
        assert desk.cms.tags(article) == before

    def test_a_missing_bundle_fails_no_save(self, desk: Desk) -> None:
        """Somebody deleted the model: saves go on, and say so."""
        assert desk.settings.models is not None
        shutil.rmtree(desk.settings.models / BUNDLE)
        desk.cms.restart()
        article = desk.cms.create(HEADLINE, story("harvest"))
        assert "Growers" in desk.cms.draft_text(article)
        assert one_line(desk.cms.notice(article)), "the editor is not told that the model is missing"
        assert not desk.everywhere(article)


class StorageRules:
    """Where nothing can be stored, saves go on and no decision is shown as done."""

    def test_broken_storage_fails_no_save(self, desk: Desk) -> None:
        """The text is saved, the editor is told, and all is well when it is mended."""
        desk.needs("break_storage")
        article = desk.cms.create(HEADLINE, story(update=1))
        desk.cms.break_storage()
        desk.rewrite(article, story("strike", update=2))
        assert "Update 2" in desk.cms.draft_text(article), "the save failed"
        assert one_line(desk.cms.notice(article)), "the editor is not told that nothing could be stored"
        desk.cms.mend_storage()
        desk.rewrite(article, story("strike", update=3))
        assert STRIKE in desk.offered(article)
        assert desk.cms.notice(article) == ""

    def test_a_lost_decision_is_told(self, desk: Desk) -> None:
        """A rejection that could not be stored is told as not saved; nobody finds it done, neither now nor later."""
        desk.needs("break_storage", "reject")
        article = desk.cms.create(HEADLINE, story("strike", "dockers"))
        form = desk.cms.open(article)
        assert {STRIKE, DOCKERS} <= form.suggestions
        form.reject(DOCKERS)
        at_once = bool(desk.cms.decisions(article))
        desk.cms.break_storage()
        form.reject(STRIKE)
        if at_once:  # else it is said with the save
            assert one_line(desk.cms.notice(article)), "a click that was not stored was told as done"
            assert STRIKE in form.suggestions, "a click that was not stored is shown as done"
        form.save()
        told = desk.cms.notice(article)
        desk.cms.mend_storage()
        stored = STRIKE_ID in {decision.concept for decision in desk.cms.decisions(article)}
        assert stored or one_line(told), "a decision was lost and nobody was told"
        assert stored or STRIKE in desk.offered(article), "a decision was lost and yet is shown as done"

    def test_unreadable_decisions_give_no_tags(self, desk: Desk) -> None:
        """What an editor refused does not come back while nobody can look it up, nor afterwards."""
        desk.needs("break_storage")
        article = desk.refused()
        desk.cms.break_storage()
        desk.rewrite(article, story("harvest", "strike", "Norway", update=1))
        assert not desk.everywhere(article) & {AGRICULTURE, STRIKE}
        desk.cms.mend_storage()
        desk.rewrite(article, story("harvest", "strike", "Norway", update=2))
        desk.stays_away(article)
