"""Rules of what readers may see: no draft, no scheduled story, nothing of a story that was withdrawn."""

from __future__ import annotations

from newstagger.testing.rules.desk import AGRICULTURE, EARTHQUAKE, HEADLINE, NORWAY, Desk, story
from newstagger.testing.scripted import Trouble


class DraftRules:
    """What is not published stays in the house, its tags included."""

    def test_a_draft_stays_inside(self, desk: Desk) -> None:
        """Saving a draft of a live article changes neither its public text nor its public tags."""
        desk.needs("drafts", "draft_beside_live")
        article = desk.cms.create(HEADLINE, story("harvest"), published=True)
        before = desk.cms.live_text(article), desk.cms.tags(article)
        desk.rewrite(article, story("earthquake", "Norway"))
        assert (desk.cms.live_text(article), desk.cms.tags(article)) == before, "a draft reached the readers"
        assert EARTHQUAKE in desk.offered(article)
        desk.cms.open(article).publish()
        assert "An earthquake" in desk.cms.live_text(article)
        assert (EARTHQUAKE in desk.cms.tags(article)) == desk.cms.applies

    def test_an_autosave_stays_inside(self, desk: Desk) -> None:
        """What somebody is typing is read by nobody."""
        desk.needs("drafts", "autosave")
        article = desk.cms.create(HEADLINE, story("harvest"), published=True)
        before = desk.cms.live_text(article), desk.cms.tags(article)
        form = desk.cms.open(article)
        form.write(body=story("earthquake"))
        form.autosave()
        assert (desk.cms.live_text(article), desk.cms.tags(article)) == before

    def test_a_new_draft_is_not_live(self, desk: Desk) -> None:
        """Tagging an article that was never published does not publish it."""
        desk.needs("drafts")
        article = desk.cms.create(HEADLINE, story("harvest"))
        assert (desk.cms.live_text(article), desk.cms.tags(article)) == ("", frozenset())

    def test_a_scheduled_story_waits(self, desk: Desk) -> None:
        """A story under embargo is announced like a published one in many systems, and is none until its time has come."""
        desk.needs("drafts", "schedule")
        article = desk.cms.create(HEADLINE, story("harvest"))
        form = desk.cms.open(article)
        form.write(body=story("harvest", "Norway"))
        form.schedule()
        assert (desk.cms.live_text(article), desk.cms.tags(article)) == ("", frozenset()), "a scheduled story leaked"
        assert NORWAY in desk.offered(article)
        desk.cms.publish_due()
        assert "Growers" in desk.cms.live_text(article)
        assert ({AGRICULTURE, NORWAY} <= desk.cms.tags(article)) == desk.cms.applies


class KillRules:
    """A story that was withdrawn gets no tags, and whoever derived something from it is told."""

    def test_a_kill_is_never_tagged(self, desk: Desk) -> None:
        """A story whose text calls for tags, which it has not got yet, gets none with the kill."""
        desk.needs("kill")
        desk.tagger.trouble = Trouble.RAISE
        article = desk.cms.create(HEADLINE, story("harvest", "strike"), published=True)
        desk.tagger.trouble = Trouble.NONE
        work = desk.tagger.asked
        desk.cms.kill(article)
        assert desk.tagger.asked == work, "a killed story was given to the taggers"
        assert not desk.everywhere(article)
        assert desk.tagger.retracted, "nobody was told of the kill"
        assert desk.cms.live_text(article) == ""

    def test_a_killed_story_may_return(self, desk: Desk) -> None:
        """Corrected and published again, it is a story like any other; what was refused before stays away."""
        desk.needs("kill")
        article = desk.refused()
        desk.cms.kill(article)
        form = desk.cms.open(article)
        form.write(body=story("harvest", "strike", "Norway", "earthquake", update=1))
        form.publish()
        assert EARTHQUAKE in desk.offered(article)
        desk.stays_away(article)

    def test_a_late_event_after_a_kill(self, desk: Desk) -> None:
        """An event that the kill overtook brings no tags either."""
        desk.needs("kill", "deliver_late")
        desk.tagger.trouble = Trouble.RAISE
        article = desk.cms.create(HEADLINE, story("harvest", "strike"), published=True)
        desk.tagger.trouble = Trouble.NONE
        desk.cms.kill(article)
        desk.cms.deliver_late(article)
        assert not desk.everywhere(article)
