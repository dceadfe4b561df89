"""What happens in a storm: articles that change often, and the saves that tell of it, late, twice and out of order.

The same seed gives the same plan. ``bench/storm.py`` runs it, ``tests/acceptance/test_service_storm.py`` a smaller one.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SITE = "courier"
REMOVED, ADDED = "medtop:20000344", ("medtop:20000430", "medtop:20000763", "iso:IS")
"""What a form takes off, what editors put on: nothing that these texts speak of."""
SUBJECTS = {
    "parliament": (
        "Parliament passed the budget after a night of debate, with the coalition holding a majority of three votes.",
        "The prime minister told lawmakers that an early election was out of the question.",
        "Opposition leaders demanded a recount in two districts and called the ballot a disgrace.",
        "The cabinet will meet again on Thursday to agree on who becomes finance minister.",
    ),
    "football": (
        "The striker scored twice in the second half and the visitors never recovered.",
        "The coach praised his goalkeeper, who saved a penalty in stoppage time.",
        "The club goes second in the league, two points behind the champions with a match in hand.",
        "Thousands of fans had queued since dawn for tickets to the cup final.",
    ),
    "war": (
        "Shelling resumed before dawn and soldiers pulled back to the far bank of the river.",
        "The army said that its troops had repelled an attack on the airfield; rebels claimed the opposite.",
        "A ceasefire brokered last week held for eleven hours.",
        "Aid workers counted forty wounded civilians in the only hospital that still works.",
    ),
    "markets": (
        "Shares fell for a third day as the central bank left interest rates where they were.",
        "The company reported a quarterly loss and will close two factories.",
        "Inflation slowed to two per cent, the lowest figure in four years, the statistics office said.",
        "Oil traded a little higher after exporters agreed to cut production.",
    ),
    "weather": (
        "The storm tore roofs off houses along the coast and left half the province without power.",
        "Rivers rose faster than forecast and rescuers took families from their attics by boat.",
        "Meteorologists expect more heavy rain by Saturday and warn of landslides.",
        "The drought before it had been the longest since records began.",
    ),
    "health": (
        "Doctors at the university hospital reported a new case of measles, the ninth this month.",
        "The vaccine is free for children and the ministry has ordered half a million doses.",
        "Nurses went back to work after their union accepted the hospital's offer.",
        "The study followed nine thousand patients with diabetes over six years.",
    ),
    "court": (
        "The judge sentenced the former treasurer to four years in prison for fraud.",
        "Police arrested two men on suspicion of robbery after a chase through the harbour.",
        "The jury heard how the money had been hidden in the accounts of a bakery.",
        "Her lawyer said that she would appeal to the supreme court.",
    ),
    "science": (
        "The telescope has found water vapour on a planet that circles a faint red star.",
        "Researchers trained the software on a million photographs of plankton.",
        "The rocket reached orbit eight minutes after launch and released three satellites.",
        "The physicists published their measurements, and five other laboratories have repeated them.",
    ),
    "culture": (
        "The festival opened with a film about a lighthouse keeper who cannot swim.",
        "The museum bought back the painting that had been stolen from it in the war.",
        "Her third novel won the prize ahead of five better known authors.",
        "The orchestra plays the symphony without a conductor, as it was first heard.",
    ),
    "school": (
        "Teachers at forty schools will strike on Monday over the size of their classes.",
        "Universities must admit students without a certificate if they pass the entrance examination.",
        "Pupils in the valley had no lessons for a week because the heating failed.",
        "The ministry of education promised new textbooks before the autumn.",
    ),
}
PLACES = ("Kenya", "Peru", "Norway", "Aleppo", "Poland", "Vietnam", "Lisbon", "Nigeria", "Japan", "Ukraine", "Chile", "Ghana")


@dataclass(frozen=True, slots=True)
class Text:
    """One state of an article, told apart by the hash that the CMS sends with it."""

    headline: str
    body: str

    @property
    def content_hash(self) -> str:
        """The CMS's own hash."""
        return hashlib.sha256(f"{self.headline}\n{self.body}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Story:
    """One article: its texts from the first to the last, whether its CMS numbers them, and which of them a form took a tag off with."""

    id: str
    texts: Sequence[Text]
    numbered: bool
    form_at: int | None = None

    def body(self, number: int, **more: Any) -> bytes:
        """Return the request that tells of one of the texts."""
        text = self.texts[number]
        told: dict[str, Any] = {"id": self.id, "headline": text.headline, "text": text.body, "content_hash": text.content_hash, **more}
        told |= {"language": "en", "event": "publish"} | ({"revision": number + 1} if self.numbered else {})
        if number == self.form_at:
            told |= {"existing_tags": [], "form": {"held": [REMOVED], "shown": [REMOVED]}, "saved_by": "ines"}
        return json.dumps(told).encode()


@dataclass(frozen=True, slots=True)
class Step:
    """A save to be told, or (without a number) an editor's decision, so many seconds after the start."""

    at: float
    story: Story
    number: int | None = None
    budget_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All stories, and what each connection does, in the order of time."""

    stories: Sequence[Story]
    lanes: Sequence[Sequence[Step]] = field(repr=False)

    @property
    def saves(self) -> int:
        """How many saves are told, doubled ones included."""
        return sum(step.number is not None for lane in self.lanes for step in lane)


def make_plan(saves: int, seconds: float, connections: int, seed: int = 5) -> Plan:
    """Return a plan of about so many saves: a fifth of the stories without revisions, every sixth save told twice, many out of order."""
    dice = random.Random(seed)
    stories, lanes = [], [list[Step]() for _ in range(connections)]
    total = 0
    while total < saves:
        story = _story(len(stories), dice)
        steps = _numbered(story, seconds, dice) if story.numbered else _in_order(story, seconds, dice)
        lane = dice.randrange(connections)  # what comes without a revision is told over one connection, one after the other
        for step in steps:
            lanes[dice.randrange(connections) if story.numbered or step.number is None else lane].append(step)
        total += sum(step.number is not None for step in steps)
        stories.append(story)
    return Plan(stories, [sorted(lane, key=lambda step: step.at) for lane in lanes])


def _story(number: int, dice: random.Random) -> Story:
    texts = [_text(number, version, dice) for version in range(dice.randint(2, 9))]
    numbered = dice.random() < 0.8
    form_at = dice.randrange(len(texts)) if numbered and dice.random() < 0.25 else None
    return Story(f"story-{number}", texts, numbered, form_at)


def _text(number: int, version: int, dice: random.Random) -> Text:
    subject, aside = dice.sample(sorted(SUBJECTS), 2)
    place = dice.choice(PLACES)
    sentences = [*dice.sample(SUBJECTS[subject], 3), dice.choice(SUBJECTS[aside]), f"Officials in {place} confirmed it on Tuesday."]
    dice.shuffle(sentences)
    return Text(f"{place}: {subject} {number}, version {version}", "\n\n".join(sentences))


def _numbered(story: Story, seconds: float, dice: random.Random) -> list[Step]:
    """Tell of every text around its time, a third of them late enough to be overtaken; some twice; decisions in between."""
    begin = dice.random() * seconds * 0.7
    gap = (seconds - begin) / (len(story.texts) + 1)
    steps = []
    for number in range(len(story.texts)):
        for _ in range(2 if dice.random() < 0.17 else 1):
            late = dice.random() * gap * 4 if dice.random() < 0.33 else dice.random() * gap * 0.2
            steps.append(Step(min(seconds, begin + number * gap + late), story, number, _budget(dice)))
    return steps + _decisions(story, begin, seconds, dice)


def _in_order(story: Story, seconds: float, dice: random.Random) -> list[Step]:
    begin = dice.random() * seconds * 0.7
    gap = (seconds - begin) / (len(story.texts) + 1)
    steps = [
        Step(begin + number * gap + copy / 1_000, story, number, _budget(dice))
        for number in range(len(story.texts))
        for copy in range(2 if dice.random() < 0.17 else 1)
    ]
    return steps + _decisions(story, begin, seconds, dice)


def _decisions(story: Story, begin: float, seconds: float, dice: random.Random) -> list[Step]:
    return [Step(begin + dice.random() * (seconds - begin), story) for _ in range(dice.choice((0, 0, 1, 2)))]


def _budget(dice: random.Random) -> int | None:
    """Return the budget of one save: mostly the service's own, some none at all, some too short."""
    return dice.choices((None, 0, 10), (88, 6, 6))[0]
