"""Five hundred saves while the service dies, hangs and comes back: none is lost, none is tagged twice."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter

import pytest
from driver import TIMES
from rig import ways
from rig.people import Program

from newstagger.testing import LABELS

SAVES, SAVERS, POSTS = 500, 4, 60
WORDS = ("harvest", "earthquake", "Norway", "festival")
MOODS = ("well", "slow", "dead", "well", "hung")
MOOD_SECONDS = 1.5


def text(number: int, words: tuple[str, ...]) -> str:
    """Return copy that no other save has."""
    return f"Edition {number}. " + " ".join(f"It was about the {word}." for word in words)


class Weather(threading.Thread):
    """Makes the service well, slow, dead and hung, in turn, until ``over`` is set."""

    def __init__(self, house, tagger) -> None:
        super().__init__(daemon=True)
        self.house, self.tagger, self.over, self.seen = house, tagger, threading.Event(), []

    def run(self) -> None:
        for mood in itertools.cycle(MOODS):
            self.make(mood)
            if self.over.wait(MOOD_SECONDS):
                break
        self.make("well")

    def make(self, mood: str) -> None:
        service = self.house.service
        self.seen.append(mood)
        self.tagger.pause, service.delay = (0.5 if mood == "slow" else 0.0), (3.0 if mood == "hung" else 0.0)
        if mood == "dead":
            service.stop()
        elif not service.running:
            service.start()
        if mood == "well":
            self.pass_a_minute()

    def pass_a_minute(self) -> None:
        """Let the breaker's minute be over, so that saves ask again."""
        with self.house.site.sql() as database:
            database.execute("UPDATE wp_options SET option_value = option_value - 61 WHERE option_name = 'newstagger_open_until'")


def saver(site, jobs: list[tuple[int, int, str]], failed: list[object]) -> None:
    """Do a desk's saves, one after the other."""
    program = Program(site)
    for post, number, body in jobs:
        try:
            ways.update(program, post, title=f"Edition {number}", content=ways.blocks(body))
        except Exception as fault:
            failed.append(fault)
    program.close()


@pytest.mark.slow
def test_five_hundred_saves(house, wordpress, tagger):
    house.set(wait_ms=300)
    chance, last, failed = random.Random(5), {}, []
    desks: list[list[tuple[int, int, str]]] = [[] for _ in range(SAVERS)]
    posts = [ways.create(house.ana, f"Before the storm {number}", "", status="publish") for number in range(POSTS)]
    for number in range(SAVES):
        post = chance.randrange(POSTS)
        words = tuple(sorted(chance.sample(WORDS, chance.randint(0, len(WORDS)))))
        desks[post % SAVERS].append((posts[post], number, text(number, words)))
        last[posts[post]] = {LABELS[word] for word in words}
    weather = Weather(house, tagger)
    weather.start()
    threads = [threading.Thread(target=saver, args=(wordpress, jobs, failed)) for jobs in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    weather.over.set()
    weather.join()
    assert failed == [], "a save failed because of the tagger"
    assert set(MOODS) <= set(weather.seen)
    assert house.waiting() > 0, "nothing ever waited: the weather was too good"
    for _ in range(20):
        if house.waiting():
            house.chief.pass_time(7200, **TIMES)
    assert house.waiting() == 0
    assert {post: house.tags(str(post)) for post in last} == last
    assert not any(house.decisions(str(post)) for post in posts)
    done = Counter(tagging.text_hash for tagging in tagger.taggings if not tagging.problems)
    assert max(done.values()) == 1, "a text was tagged twice"
