"""Rules of a save on a good day: tags arrive, once, without noise, and follow the text."""

from __future__ import annotations

from newstagger.testing.rules.desk import AGRICULTURE, DOCKERS, EARTHQUAKE, HEADLINE, STRIKE, WEATHER, Desk, story

MOST_CALLS, MOST_WORK = 4, 2
"""Calls of the host that one save may lead to, autosaves on the way included, and how many of them may do work."""


class SavingRules:
    """Tags arrive with a save, and nothing else does."""

    def test_a_save_brings_tags(self, desk: Desk) -> None:
        """Sure tags are written where the adapter applies, the others are offered, silent ones are seen by nobody."""
        article = desk.cms.create(HEADLINE, story("harvest", "strike", "drizzle"), published=True)
        assert {AGRICULTURE, STRIKE} <= desk.offered(article)
        assert (AGRICULTURE in desk.cms.tags(article)) == desk.cms.applies
        assert STRIKE not in desk.cms.tags(article), "a suggestion was written that nobody accepted"
        assert WEATHER not in desk.everywhere(article), "a silent tag was shown"
        assert desk.cms.notice(article) == "", "the editor is told of trouble though all went well"

    def test_a_days_work(self, desk: Desk) -> None:
        """Type, let it be saved, see suggestions in the same form, accept one, reject one, publish."""
        desk.needs("reject")
        article = desk.cms.create(HEADLINE, story())
        form = desk.cms.open(article)
        form.write(body=story("strike", "dockers"))
        if "autosave" in desk.cms.LACKS:
            form.save()
        else:
            form.autosave()
        assert {STRIKE, DOCKERS} <= form.suggestions, "the form that was saved does not show what was found"
        form.accept(STRIKE)
        form.reject(DOCKERS)
        form.publish()
        assert STRIKE in desk.cms.tags(article)
        assert DOCKERS not in desk.everywhere(article)
        assert sorted(decision.action.wants for decision in desk.cms.decisions(article)) == [False, True]

    def test_the_host_is_told_what_was_saved(self, desk: Desk) -> None:
        """Headline and body are those that were saved, and all saves of an article come under one name."""
        article = desk.cms.create(HEADLINE, story("harvest"))
        desk.rewrite(article, story("strike"))
        told = desk.tagger.saves[-1]
        assert HEADLINE in f"{told.headline}\n{told.body}"
        assert "Bus crews" in told.body
        assert "Growers" not in told.body
        assert len({saved.ref for saved in desk.tagger.saves}) == 1

    def test_articles_are_told_apart(self, desk: Desk) -> None:
        """What an editor refuses on one article is no word about another."""
        article, other = (desk.cms.create(HEADLINE, story("harvest", update=update)) for update in (1, 2))
        desk.refuse(article, AGRICULTURE)
        desk.rewrite(other, story("harvest", update=3))
        assert AGRICULTURE not in desk.offered(article)
        assert AGRICULTURE in desk.offered(other)
        assert not desk.cms.decisions(other)

    def test_no_loop(self, desk: Desk) -> None:
        """A save leads to a few calls of the host and to one piece of work: the write-back sets off no save that does more."""
        article = desk.cms.create(HEADLINE, story())
        calls, work = len(desk.tagger.saves), desk.tagger.asked
        desk.rewrite(article, story("harvest", "strike"))
        assert 1 <= len(desk.tagger.saves) - calls <= MOST_CALLS, "the write-back leads to further saves"
        assert 1 <= desk.tagger.asked - work <= MOST_WORK, "one text was tagged again and again"

    def test_the_same_text_is_no_work(self, desk: Desk) -> None:
        """Saving again what did not change sets no tagger to work and changes no tag."""
        article = desk.cms.create(HEADLINE, story("harvest", "strike"))
        work, tags, offered = desk.tagger.asked, desk.cms.draft_tags(article), desk.offered(article)
        desk.cms.open(article).save()
        assert desk.tagger.asked == work
        assert (desk.cms.draft_tags(article), desk.offered(article)) == (tags, offered)

    def test_one_revision_a_save(self, desk: Desk) -> None:
        """The version history holds what people saved, not what the machine wrote."""
        desk.needs("revisions")
        article = desk.cms.create(HEADLINE, story("harvest"))
        before = desk.cms.revisions(article)
        assert before <= 1, "a new article has more than one revision"
        desk.rewrite(article, story("harvest", "earthquake"))
        assert desk.cms.revisions(article) - before <= 1, "one save made several revisions"

    def test_autosave_disturbs_nobody(self, desk: Desk) -> None:
        """Autosaves make no more revisions than the CMS itself does, and the form that was open all the time can still be saved."""
        desk.needs("autosave", "revisions")
        article = desk.cms.create(HEADLINE, story())
        form, before = desk.cms.open(article), desk.cms.revisions(article)
        for update in range(3):
            form.write(body=story("harvest", update=update))
            form.autosave()
        form.write(body=story("earthquake", update=4))
        form.save()
        assert "Update 4" in desk.cms.draft_text(article), "the form could not be saved after an autosave"
        assert desk.cms.revisions(article) - before <= 4, "autosaves made several revisions each"
        assert EARTHQUAKE in desk.offered(article)
        assert not desk.cms.decisions(article), "an autosave was taken for an editor's decision"

    def test_write_back_is_no_edit(self, desk: Desk) -> None:
        """Tags that are written outside of a save change neither the version history nor the date of the last change."""
        desk.needs("redeliver", "revisions", "modified")
        article = desk.cms.create(HEADLINE, story("harvest", "strike"))
        before = desk.cms.revisions(article), desk.cms.modified(article)
        desk.promote()
        desk.cms.redeliver(article)
        assert (desk.cms.revisions(article), desk.cms.modified(article)) == before
        assert STRIKE in desk.offered(article)
        assert (STRIKE in desk.cms.draft_tags(article)) == desk.cms.applies, "the new bundle's tags were not written"

    def test_tags_follow_the_text(self, desk: Desk) -> None:
        """What the machine put on goes with the words that it was put on for."""
        article = desk.cms.create(HEADLINE, story("harvest"))
        desk.rewrite(article, story("earthquake"))
        assert EARTHQUAKE in desk.offered(article)
        assert AGRICULTURE not in desk.offered(article)
