"""Rules of the editor's word: what a person took off never comes back, what a person put on never goes, and silence decides nothing."""

from __future__ import annotations

import pytest

from newstagger.testing.rules.desk import AGRICULTURE, GARDENING, HEADLINE, NORWAY, STRIKE, Desk, story


class RefusalRules:
    """A tag that an editor removed or rejected stays away, whatever happens to the article."""

    def test_refused_through_ten_saves(self, desk: Desk) -> None:
        """Ten further saves of new texts that call for the tag, and none that takes note of the refusal twice."""
        article = desk.refused()
        decided = len(desk.cms.decisions(article))
        assert decided == 2, "each refusal is one decision"
        for update in range(1, 11):
            desk.rewrite(article, story("harvest", "strike", "Norway", update=update))
            desk.stays_away(article)
        assert len(desk.cms.decisions(article)) == decided

    def test_refused_while_autosaving(self, desk: Desk) -> None:
        """Taken off in a form that the CMS saves by itself meanwhile: one decision each, and it holds."""
        desk.needs("autosave", "reject")
        article = desk.cms.create(HEADLINE, story("harvest", "strike", "Norway"))
        form = desk.cms.open(article)
        for label in (AGRICULTURE, STRIKE):
            if label in form.tags:
                form.remove(label)
            else:
                form.reject(label)
            form.autosave()
        form.write(body=story("harvest", "strike", "Norway", update=1))
        form.autosave()
        form.save()
        desk.stays_away(article)
        assert len(desk.cms.decisions(article)) == 2

    def test_refused_through_publishing(self, desk: Desk) -> None:
        """Published, changed and published again."""
        article = desk.refused()
        for update in (1, 2):
            form = desk.cms.open(article)
            form.write(body=story("harvest", "strike", "Norway", update=update))
            form.publish()
            desk.stays_away(article)

    def test_refused_after_a_restored_revision(self, desk: Desk) -> None:
        """The old revision holds the tag; the refusal came later and counts. Publishing it brings the tag to no reader."""
        desk.needs("restore")
        article = desk.refused()
        desk.cms.restore(article, 1)
        desk.stays_away(article)
        desk.cms.open(article).publish()
        desk.stays_away(article)

    def test_refused_persons_tag_in_a_restored_revision(self, desk: Desk) -> None:
        """Nor does it bring back what a person had put on before another took it off."""
        desk.needs("restore", "revisions")
        article = desk.with_gardening()
        held = desk.cms.revisions(article)
        desk.refuse(article, GARDENING)
        desk.cms.restore(article, held)
        assert GARDENING not in desk.everywhere(article), "a person's tag came back that another had refused"

    def test_refused_in_a_copy(self, desk: Desk) -> None:
        """A copy inherits the decisions."""
        desk.needs("copy")
        copied = desk.cms.copy(desk.refused())
        desk.rewrite(copied, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(copied)

    def test_refused_in_a_copy_made_on_a_bad_day(self, desk: Desk) -> None:
        """Nothing could be stored or looked up when the copy was made: its next save still tells what it is a copy of."""
        desk.needs("copy", "break_storage")
        article = desk.refused()
        desk.cms.break_storage()
        copied = desk.cms.copy(article)
        desk.cms.mend_storage()
        desk.rewrite(copied, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(copied)

    def test_refused_in_a_copy_that_was_overtaken(self, desk: Desk) -> None:
        """Nobody was told of the copy before a program saved it: that save tells, and so does the event that comes late."""
        desk.needs("copy", "break_storage", "api_save", "deliver_late")
        article = desk.refused()
        desk.cms.break_storage()
        copied = desk.cms.copy(article)
        desk.cms.mend_storage()
        desk.cms.api_save(copied, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(copied)
        desk.cms.deliver_late(copied)
        desk.stays_away(copied)

    def test_refused_after_a_restart(self, desk: Desk) -> None:
        """Nothing that matters is kept in memory."""
        article = desk.refused()
        desk.cms.restart()
        desk.stays_away(article)
        desk.rewrite(article, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(article)

    def test_refused_with_a_new_bundle(self, desk: Desk) -> None:
        """A newly promoted bundle that is surer of the tag knows no better than the editor."""
        article = desk.refused()
        desk.promote()
        desk.cms.open(article).save()
        desk.stays_away(article)
        desk.rewrite(article, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(article)

    def test_refused_without_a_form(self, desk: Desk) -> None:
        """A program that changes the text brings nothing back."""
        desk.needs("api_save")
        article = desk.refused()
        desk.cms.api_save(article, story("harvest", "strike", "Norway", update=1))
        desk.stays_away(article)

    def test_refused_in_a_backfill(self, desk: Desk) -> None:
        """Neither does the backfill, with a new bundle."""
        desk.needs("backfill")
        article = desk.refused()
        desk.promote()
        desk.cms.backfill()
        desk.stays_away(article)

    def test_the_last_word_counts(self, desk: Desk) -> None:
        """Who refused a tag and then puts it on by hand gets it."""
        article = desk.refused()
        form = desk.cms.open(article)
        form.add(AGRICULTURE)
        form.save()
        for update in (1, 2):
            assert AGRICULTURE in desk.cms.draft_tags(article)
            desk.rewrite(article, story("Norway", update=update))


class PersonsTagRules:
    """A tag that a person put on or accepted stays, whatever the machine thinks of it."""

    def test_an_added_tag_stays(self, desk: Desk) -> None:
        """Through new texts, a restart and publishing."""
        article = desk.cms.create(HEADLINE, story("harvest"))
        form = desk.cms.open(article)
        form.add(GARDENING)
        form.save()
        for update in range(1, 4):
            desk.rewrite(article, story("earthquake", update=update))
            assert GARDENING in desk.cms.draft_tags(article)
        desk.cms.restart()
        desk.cms.open(article).publish()
        assert GARDENING in desk.cms.tags(article)

    def test_an_accepted_tag_stays(self, desk: Desk) -> None:
        """A suggestion becomes a tag with the editor's yes, and no longer depends on the text."""
        article = desk.cms.create(HEADLINE, story("strike"))
        form = desk.cms.open(article)
        assert STRIKE in form.suggestions
        form.accept(STRIKE)
        form.save()
        assert STRIKE in desk.cms.draft_tags(article)
        assert STRIKE not in desk.cms.suggestions(article), "offered though it is there"
        assert [decision.action.wants for decision in desk.cms.decisions(article)] == [True]
        desk.rewrite(article, story("earthquake"))
        assert STRIKE in desk.cms.draft_tags(article)

    def test_what_the_machine_wrote_is_no_acceptance(self, desk: Desk) -> None:
        """Saving a form that holds the machine's tags decides nothing about them."""
        article = desk.cms.create(HEADLINE, story("harvest", "strike"))
        for update in (1, 2, 3):
            desk.rewrite(article, story("harvest", "strike", update=update))
        assert not desk.cms.decisions(article)


class StaleFormRules:
    """A form decides about nothing but what it showed."""

    @pytest.mark.parametrize("update", [0, 1], ids=["same text", "other text"])
    def test_a_stale_form_refuses_nothing(self, desk: Desk, update: int) -> None:
        """A form that was opened before the tags came looks like a mass rejection, and is none: the tags come back by themselves."""
        desk.needs("stale_forms")
        article = desk.cms.create(HEADLINE, story())
        stale = desk.cms.open(article)
        desk.rewrite(article, story("harvest", "strike", "Norway"))
        stale.write(body=story("harvest", "strike", "Norway", update=update))
        stale.save()
        assert not desk.cms.decisions(article), "a form was taken to refuse tags that it never showed"
        assert {AGRICULTURE, STRIKE, NORWAY} <= desk.offered(article)

    def test_a_stale_form_brings_nothing_back(self, desk: Desk) -> None:
        """A form that still holds a tag which somebody else took off meanwhile does not put it on again."""
        desk.needs("stale_forms")
        article = desk.cms.create(HEADLINE, story("harvest", "strike", "Norway"))
        stale = desk.cms.open(article)
        desk.refuse(article, AGRICULTURE, STRIKE)
        stale.write(body=story("harvest", "strike", "Norway", update=1))
        stale.save()
        desk.stays_away(article)

    def test_a_stale_form_loses_no_persons_tag(self, desk: Desk) -> None:
        """A tag that somebody put on meanwhile survives a form that does not hold it."""
        desk.needs("stale_forms")
        article = desk.cms.create(HEADLINE, story())
        stale = desk.cms.open(article)
        form = desk.cms.open(article)
        form.add(GARDENING)
        form.save()
        stale.write(body=story("earthquake"))
        stale.save()
        assert GARDENING in desk.cms.draft_tags(article)

    def test_a_stale_form_brings_no_persons_tag_back(self, desk: Desk) -> None:
        """Nor one that a person had put on before another took it off: the answer names it among the refused ones."""
        desk.needs("stale_forms")
        article = desk.with_gardening()
        stale = desk.cms.open(article)
        desk.refuse(article, GARDENING)
        stale.write(body=story("Norway", update=1))
        stale.save()
        assert GARDENING not in desk.everywhere(article), "a person's tag came back that another had refused"


class BlindRules:
    """Where no editor chose the tags, nothing is read from them."""

    def test_an_import_decides_nothing(self, desk: Desk) -> None:
        """Imported articles keep their tags, get those of the machine, and are tagged once."""
        desk.needs("import_articles", "backfill")
        (article,) = desk.cms.import_articles([(HEADLINE, story("harvest", "strike"), frozenset({GARDENING}))])
        desk.cms.backfill()
        assert {AGRICULTURE, STRIKE} <= desk.offered(article), "the backfill found nothing"
        assert GARDENING in desk.cms.draft_tags(article)
        assert not desk.cms.decisions(article)
        work = desk.tagger.asked
        desk.cms.backfill()
        assert desk.tagger.asked == work, "the second backfill did the work again"

    def test_a_restored_revision_decides_nothing(self, desk: Desk) -> None:
        """The tags of an old revision are what somebody once saved, not what its editor chooses now."""
        desk.needs("restore")
        article = desk.cms.create(HEADLINE, story())
        desk.rewrite(article, story("harvest", "strike"))
        desk.cms.restore(article, 1)
        assert not desk.cms.decisions(article)
        desk.rewrite(article, story("harvest", "strike", update=1))
        assert {AGRICULTURE, STRIKE} <= desk.offered(article)
