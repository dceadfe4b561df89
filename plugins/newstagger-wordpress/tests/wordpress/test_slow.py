"""A tagger that is slow, hangs or is dead: saves succeed, nobody waits in vain for ever, and every post gets its tags in the end.

What it costs is measured by ``bench/wordpress.py``; here only what happens is looked at.
"""

from __future__ import annotations

import pytest
from driver import TIMES
from forms import OURS
from rig import ways

from newstagger.testing import LABELS, Trouble

AGRICULTURE, EARTHQUAKE = LABELS["harvest"], LABELS["earthquake"]
TAG = "/v1/tag"


@pytest.fixture
def hurried(house):
    """Saves wait as long as a newsroom lets them."""
    house.set(wait_ms=300)
    return house


def told(house, post: int) -> dict:
    return house.ana.call("GET", f"{OURS}/posts/{post}")


def saved(house, text: str = "The harvest began.") -> int:
    return ways.create(house.ana, "Fields", text, status="publish")


def later(house, seconds: int = 7200) -> None:
    house.chief.pass_time(seconds, **TIMES)


@pytest.mark.parametrize("pause", [0.8, 3.0])
def test_a_slow_tagger_answers_later(hurried, tagger, pause):
    tagger.pause = pause
    post = saved(hurried)
    assert told(hurried, post)["status"] == "pending"
    assert len(told(hurried, post)["notice"].splitlines()) == 1
    tagger.pause = 0.0
    hurried.settle()
    assert hurried.tags(str(post)) == {AGRICULTURE}
    assert told(hurried, post)["notice"] == ""
    assert tagger.asked == 1, "the work was done twice"


def test_the_limit_is_one_of_milliseconds(hurried):
    """WordPress itself would round it up to a second, and the answer would be in time."""
    hurried.service.delay = 0.6
    assert told(hurried, saved(hurried))["status"] == "pending"


def test_a_slow_answer_to_an_old_text_is_not_written(hurried, tagger):
    tagger.pause = 0.8
    post = saved(hurried)
    tagger.pause = 0.0
    ways.update(hurried.ana, post, content=ways.blocks("An earthquake."))
    hurried.settle()
    assert hurried.tags(str(post)) == {EARTHQUAKE}


def test_the_breaker_opens_after_three_time_outs_and_closes_again(hurried):
    hurried.service.delay = 3.0
    posts = [saved(hurried) for _ in range(3)]
    reached = hurried.service.asked[TAG]
    assert reached == 3
    posts += [saved(hurried) for _ in range(4)]
    assert hurried.service.asked[TAG] == reached, "an open breaker let a save through"
    assert hurried.waiting() == 7
    hurried.service.delay = 0.0
    hurried.chief.call("POST", "/rig/v1/time", {"seconds": 61, **{name: list(held) for name, held in TIMES.items()}})
    posts.append(saved(hurried))
    assert hurried.service.asked[TAG] == reached + 1, "a minute later nobody tried"
    assert hurried.tags(str(posts[-1])) == {AGRICULTURE}
    hurried.settle()
    assert all(hurried.tags(str(post)) == {AGRICULTURE} for post in posts)
    assert hurried.waiting() == 0


def test_one_trial_after_the_minute_and_the_breaker_stays_open(hurried):
    hurried.service.delay = 3.0
    for _ in range(3):
        saved(hurried)
    reached = hurried.service.asked[TAG]
    hurried.chief.call("POST", "/rig/v1/time", {"seconds": 61, **{name: list(held) for name, held in TIMES.items()}})
    for _ in range(3):
        saved(hurried)
    assert hurried.service.asked[TAG] == reached + 1, "more than one save tried a service that hangs"


def test_a_dead_service_is_not_noticed_and_all_is_tagged_later(hurried, tagger):
    hurried.service.stop()
    posts = [saved(hurried, text) for text in ("The harvest began.", "An earthquake.", "Rain.")]
    ways.update(hurried.ana, posts[2], content=ways.blocks("The harvest ended."))
    assert {told(hurried, post)["status"] for post in posts} == {"pending"}
    later(hurried)
    assert hurried.waiting() == 3, "a post was given up while the service was dead"
    hurried.service.start()
    later(hurried)
    hurried.settle()
    assert [hurried.tags(str(post)) for post in posts] == [{AGRICULTURE}, {EARTHQUAKE}, {AGRICULTURE}]
    assert tagger.asked == 3, "a post was tagged twice"
    assert hurried.waiting() == 0


def test_decisions_of_a_bad_hour_are_heard_later(hurried):
    post = saved(hurried)
    hurried.settle()  # on a busy machine the first answer may have come later, too
    form = hurried.open(str(post))
    hurried.service.stop()
    form.remove(AGRICULTURE)
    form.add("gardening")
    ways.update(hurried.ana, form.post, **form.changed())
    ways.update(hurried.ana, form.post, content=ways.blocks("The harvest ended."))
    hurried.service.start()
    later(hurried)
    hurried.settle()
    assert hurried.tags(str(form.post)) == {"gardening"}
    assert len(hurried.decisions(str(form.post))) == 2


def test_a_rejection_that_is_not_stored_is_told(hurried):
    post = saved(hurried, "Bus crews voted for a strike.")
    hurried.settle()
    form = hurried.open(str(post))
    hurried.service.stop()
    form.reject(LABELS["strike"])
    assert LABELS["strike"] in form.suggestions
    assert len(hurried.notice(str(form.post)).splitlines()) == 1


def test_trouble_inside_the_tagger_is_told_in_one_line(hurried, tagger):
    tagger.trouble = Trouble.RAISE
    post = saved(hurried)
    assert len(told(hurried, post)["notice"].splitlines()) == 1
    tagger.trouble = Trouble.NONE
    ways.update(hurried.ana, post, content=ways.blocks("The harvest ended."))
    assert told(hurried, post)["notice"] == ""


def test_somebody_else_answers_at_the_address(hurried, wordpress):
    hurried.set(url=wordpress.address, wait_ms=300)
    post = saved(hurried)
    assert told(hurried, post)["status"] in ("pending", "problem")
    hurried.set(wait_ms=300)
    later(hurried)
    hurried.settle()
    assert hurried.tags(str(post)) == {AGRICULTURE}


def test_no_address_asks_nobody(hurried):
    hurried.set(url="")
    post = saved(hurried)
    assert told(hurried, post)["status"] == "none"
    assert hurried.waiting() == 0
