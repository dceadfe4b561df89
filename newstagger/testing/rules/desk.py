"""What every rule holds: the CMS under test, the scripted tagger in its adapter, and the copy that is written."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from newstagger.settings import Settings
from newstagger.testing.driver import ABILITIES, Cms, Form
from newstagger.testing.scripted import LABELS, ScriptedTagger, promote

AGRICULTURE, EARTHQUAKE, STRIKE = LABELS["harvest"], LABELS["earthquake"], LABELS["strike"]
WEATHER, NORWAY, DOCKERS = LABELS["drizzle"], LABELS["Norway"], LABELS["dockers"]
GARDENING = "gardening"
"""A tag that only people put on."""
HEADLINE = "News from the valley"
LINES = {
    "harvest": "Growers in the upper valley brought in the harvest a week early.",
    "earthquake": "An earthquake rattled windows along the coast before dawn; nobody was hurt.",
    "strike": "Bus crews voted for a strike over their night shifts.",
    "drizzle": "A light drizzle fell on the market square all morning.",
    "Norway": "A trade delegation from Norway is due on the evening ferry.",
    "dockers": "The dockers will meet the harbour board again on Thursday.",
    "truce": "The two sides in the upper valley signed a truce at noon.",
    "festival": "Tickets for the festival on the quay are sold out.",
    "hostile": "The mayor called the reception hostile and left by the side door.",
    "endless": "Residents complained of an endless wait at the permit desk.",
    "backwards": "The clock on the town hall has been running backwards since the repair.",
}


def story(*words: str, update: int = 0) -> str:
    """Return plain copy that holds these words of the script and no others; another ``update`` is another text."""
    return "\n\n".join([f"Update {update} from the regional desk.", *(LINES[word] for word in words)])


@dataclass(slots=True)
class Desk:
    """One started CMS with the scripted tagger in it, and what the rules do with it again and again."""

    cms: Cms
    settings: Settings
    tagger: ScriptedTagger = field(default_factory=ScriptedTagger)

    def start(self) -> Desk:
        """Start the CMS with the scripted tagger; raise ValueError when its driver lacks something that there is not."""
        if unknown := sorted(set(self.cms.LACKS) - ABILITIES):
            raise ValueError(f"LACKS holds {', '.join(unknown)}; known are {', '.join(sorted(ABILITIES))}")
        self.cms.start(self.settings, [("scripted", self.tagger)])
        return self

    def needs(self, *abilities: str) -> None:
        """Skip the rule, with the driver's reason, where the CMS lacks one of these."""
        for ability in abilities:
            if ability in self.cms.LACKS:
                pytest.skip(f"the CMS lacks {ability}: {self.cms.LACKS[ability]}")

    def offered(self, article: str) -> frozenset[str]:
        """Return what an editor who goes on with the article finds, as tag or as suggestion."""
        return self.cms.draft_tags(article) | self.cms.suggestions(article)

    def everywhere(self, article: str) -> frozenset[str]:
        """Return every label that stands anywhere on the article, for editors or readers."""
        return self.offered(article) | self.cms.tags(article)

    def rewrite(self, article: str, body: str) -> Form:
        """Open the article, type another body and save."""
        form = self.cms.open(article)
        form.write(body=body)
        form.save()
        return form

    def refuse(self, article: str, *labels: str, publish: bool = False) -> None:
        """Take tags off and reject suggestions in one form, and save or publish it."""
        form = self.cms.open(article)
        for label in labels:
            if label in form.tags:
                form.remove(label)
            else:
                self.needs("reject")
                form.reject(label)
        if publish:
            form.publish()
        else:
            form.save()

    def refused(self) -> str:
        """Return a published article whose editor wants neither agriculture nor strike; Norway may stay."""
        article = self.cms.create(HEADLINE, story("harvest", "strike", "Norway"), published=True)
        assert {AGRICULTURE, STRIKE, NORWAY} <= self.offered(article), "the article does not get its tags at all"
        self.refuse(article, AGRICULTURE, STRIKE, publish=True)
        self.stays_away(article)
        return article

    def with_gardening(self) -> str:
        """Return a draft on which a person has put a tag of their own."""
        article = self.cms.create(HEADLINE, story("Norway"))
        form = self.cms.open(article)
        form.add(GARDENING)
        form.save()
        assert GARDENING in self.cms.draft_tags(article), "a person's tag was not saved"
        return article

    def stays_away(self, article: str) -> None:
        """Expect that what the editor refused is nowhere to be seen, and that other tags still are."""
        assert not self.everywhere(article) & {AGRICULTURE, STRIKE}, "a tag came back that its editor had refused"
        assert NORWAY in self.offered(article), "a tag went that nobody had refused"

    def promote(self) -> None:
        """Make another bundle current, which is surer of everything, and restart the CMS on it."""
        self.needs("promote")
        promote(self.settings)
        self.cms.restart()
