"""Rules of what is told: whose tags there are, in which language, who decided and what."""

from __future__ import annotations

from newstagger.domain import Action, Origin
from newstagger.testing.rules.desk import AGRICULTURE, DOCKERS, GARDENING, HEADLINE, STRIKE, Desk, story
from newstagger.testing.scripted import SCRIPT

ANONYMOUS = {"", "cms"}
"""Who decided, where an adapter does not tell."""


class TellingRules:
    """The host is told the whole truth about a save."""

    def test_the_host_is_told_the_language(self, desk: Desk) -> None:
        """The language that the CMS knows, not one that has to be guessed from a short text."""
        desk.needs("languages")
        desk.cms.create(HEADLINE, story("harvest"), language="de")
        assert (desk.tagger.saves[-1].language or "")[:2].lower() == "de", "the article's language was not told"

    def test_the_host_is_told_whose_tags(self, desk: Desk) -> None:
        """The machine's tags and people's are told apart, at the save and at the next one."""
        article = desk.cms.create(HEADLINE, story("harvest"))
        form = desk.cms.open(article)
        form.add(GARDENING)
        form.save()
        desk.rewrite(article, story("harvest", update=1))
        origins = {tag.concept: tag.origin for tag in desk.tagger.saves[-1].existing_tags or ()}
        agriculture = origins.pop(SCRIPT["harvest"].concept.id, None)
        assert agriculture is (Origin.MACHINE if desk.cms.applies else None), "the machine's tag was not told as the machine's"
        assert list(origins.values()) == [Origin.HUMAN], "a person's tag was not told as a person's"

    def test_a_decision_has_its_name(self, desk: Desk) -> None:
        """Accepted and rejected is what was on offer, added what was not, removed what was there."""
        desk.needs("reject")
        article = desk.cms.create(HEADLINE, story("harvest", "strike", "dockers"))
        form = desk.cms.open(article)
        form.accept(STRIKE)
        form.reject(DOCKERS)
        form.add(GARDENING)
        if desk.cms.applies:
            form.remove(AGRICULTURE)
        form.save()
        told = {decision.concept: decision.action for decision in desk.cms.decisions(article)}
        assert told.pop(SCRIPT["strike"].concept.id, None) is Action.ACCEPTED, "accepting a suggestion was not told as accepting"
        assert told.pop(SCRIPT["dockers"].concept.id, None) is Action.REJECTED, "rejecting a suggestion was not told as rejecting"
        removed = told.pop(SCRIPT["harvest"].concept.id, None)
        assert removed is (Action.REMOVED if desk.cms.applies else None), "taking a tag off was not told as removing"
        assert list(told.values()) == [Action.ADDED], "a tag of the editor's own was not told as added"

    def test_a_decision_has_its_editor(self, desk: Desk) -> None:
        """Whoever asks why a tag is there, or is not, gets a name."""
        article = desk.cms.create(HEADLINE, story("strike"))
        form = desk.cms.open(article)
        form.accept(STRIKE)
        form.add(GARDENING)
        form.save()
        decisions = desk.cms.decisions(article)
        assert len(decisions) == 2
        assert not {decision.by for decision in decisions} & ANONYMOUS, "nobody knows who decided"
