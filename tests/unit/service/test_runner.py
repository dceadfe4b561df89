"""The runner: accepted saves are tagged and their answers posted; what fails is tried again, what is broken told, nobody held up."""

from __future__ import annotations

import base64
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from newstagger.domain import Action, ArticleRef, EditorDecision, Event, FormState, Problem, Tag, Tagging
from newstagger.errors import StateError
from newstagger.newsroom.jobs import DELIVER, TAG
from newstagger.service.newsrooms import Newsrooms
from newstagger.service.payloads import Later
from newstagger.service.runner import Runner, lack_of
from newstagger.servicesettings import ServiceSettings, SiteSettings

SECRET = f"whsec_{base64.b64encode(b'1' * 32).decode()}"
WAR, SPORT = "medtop:16000000", "medtop:15000000"
RARE = "quixotryzumba"
ARMY, GOAL = "The army crossed the river before dawn.", f"A late goal decided the final in {RARE}."
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def newsrooms(settings, words, tiny_bundle):
    """Return a function that opens the newsroom with a callback for each site."""

    def open_newsrooms(plugins=None, bundle=tiny_bundle, **callbacks):
        sites = {name: SiteSettings(secrets=(SECRET,), callback=url) for name, url in callbacks.items()}
        told = replace(settings, bundle=bundle, service=ServiceSettings(sites=sites))
        return Newsrooms(told, [("words", words)] if plugins is None else plugins, discover=False)

    return open_newsrooms


@contextmanager
def running(newsrooms):
    stop = threading.Event()
    runner = Runner(newsrooms, stop)
    runner.start()
    try:
        yield runner
    finally:
        stop.set()
        assert runner.join(30), "a thread did not end"


def put(newsrooms, article, content_hash="", **options):
    return newsrooms.jobs.put(TAG, article.ref, Later(article, content_hash).packed(), revision=article.revision, **options)


def wait(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def idle(newsrooms):
    return lambda: newsrooms.jobs.counts()["waiting"] + newsrooms.jobs.counts()["held"] == 0


def tags(newsrooms, ref):
    tagging = newsrooms.host(ref.site).explain(ref)
    return None if tagging is None else {tag.concept.id for tag in tagging.tags}


def test_accepted_save_is_tagged_and_its_answer_posted(newsrooms, make_article, cms):
    rooms = newsrooms(gazette=cms.url)
    article = make_article(ARMY, revision=3)
    put(rooms, article, "cms-hash")
    with running(rooms):
        cms.expect(1)
        wait(idle(rooms))
    ((_, headers, body),) = cms.posts
    data = Webhook(SECRET).verify(body, headers)["data"]
    assert (data["id"], data["revision"], data["content_hash"]) == ("1", 3, "cms-hash")
    assert {tag["concept"]["id"] if isinstance(tag["concept"], dict) else tag["concept"] for tag in data["tags"]} == {WAR}
    assert tags(rooms, article.ref) == {WAR}


def test_site_without_a_callback_asks_again(newsrooms, make_article):
    rooms = newsrooms()
    article = make_article(ARMY, revision=1)
    put(rooms, article)
    with running(rooms):
        wait(idle(rooms))
    assert rooms.host("gazette").article_saved(article).unchanged


def test_answer_is_posted_as_it_stands_at_the_delivery(newsrooms, make_article, cms):
    rooms = newsrooms(gazette=cms.url)
    article = make_article(f"{ARMY} {GOAL}", revision=1)
    rooms.host("gazette").article_saved(article)
    rooms.host("gazette").editor_decided(EditorDecision(article.ref, WAR, Action.REJECTED, shown=True))
    rooms.jobs.put(DELIVER, article.ref, Later(article, "cms-hash").answer(""), revision=1)
    with running(rooms):
        cms.expect(1)
    assert WAR not in str(cms.bodies()[0]["data"]["tags"]) and SPORT in str(cms.bodies()[0]["data"]["tags"])


def test_word_in_a_form_that_waited_is_heard_though_a_newer_text_came(newsrooms, make_article):
    rooms = newsrooms()
    host = rooms.host("gazette")
    host.article_saved(make_article(ARMY, revision=1))
    put(rooms, make_article(ARMY, revision=2, existing_tags=(), form=FormState(held=(WAR,), shown=(WAR,))), keep=True)
    host.article_saved(make_article(f"{ARMY} Again.", revision=3))
    assert tags(rooms, ArticleRef("gazette", "1")) == {WAR}
    with running(rooms):
        wait(idle(rooms))
    assert tags(rooms, ArticleRef("gazette", "1")) == set()


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"article": 1, "content_hash": ""}', b"\xff", b"[" * 5_000])
@pytest.mark.parametrize("kind", [TAG, DELIVER])
def test_broken_job_is_dead_at_once(newsrooms, kind, payload):
    rooms = newsrooms(gazette=NOWHERE)
    rooms.jobs.put(kind, ArticleRef("gazette", "1"), payload)
    with running(rooms):
        wait(rooms.jobs.dead)
    (dead,) = rooms.jobs.dead()
    assert dead.tries == 1 and "does not read back" in dead.error


def test_damaged_row_ends_no_thread(newsrooms, make_article, settings):
    rooms = newsrooms()
    put(rooms, make_article(ARMY, id="damaged"))
    put(rooms, make_article(ARMY, id="sound"))
    with closing(sqlite3.connect(settings.state_file)) as database, database:
        database.execute("UPDATE job SET payload = x'00' WHERE id = 'damaged'")
    with running(rooms):
        wait(idle(rooms))
    assert ([job.ref.id for job in rooms.jobs.dead()], tags(rooms, ArticleRef("gazette", "sound"))) == (["damaged"], {WAR})


def test_article_whose_text_is_refused_is_dead_without_a_word_of_it(newsrooms, make_article):
    rooms = newsrooms()
    payload = Later(make_article(ARMY)).packed().replace(b'"event":"draft"', f'"event":"{RARE}"'.encode())
    assert RARE.encode() in payload
    rooms.jobs.put(TAG, ArticleRef("gazette", "1"), payload)
    with running(rooms):
        wait(rooms.jobs.dead)
    assert RARE not in rooms.jobs.dead()[0].error


def test_save_without_a_model_is_tried_again_and_done_once_there_is_one(newsrooms, make_article, monkeypatch):
    monkeypatch.setattr("newstagger.service.runner.MODEL_S", 0.1)
    rooms = newsrooms(plugins=[], bundle="nothing-here")
    article = make_article(ARMY, revision=1)
    put(rooms, article)
    with running(rooms):
        wait(lambda: any(job.error for job in rooms.jobs.waiting()))
    (job,) = rooms.jobs.waiting()
    assert "nothing-here" in job.error and not job.held
    assert job.tries == 0, "it waits as long as it takes"
    again = newsrooms()
    with running(again):
        wait(idle(again))
    assert tags(again, article.ref) == {WAR}


@pytest.mark.parametrize(
    ("problems", "tagged", "event", "lacking"),
    [
        ((), False, Event.DRAFT, False),
        ((Problem("state", "newstagger", "disk full"),), True, Event.DRAFT, True),
        ((Problem("save", "newstagger", "raised ValueError"),), False, Event.DRAFT, True),
        ((Problem("bundle", "newstagger", "no such bundle"),), False, Event.DRAFT, True),
        ((Problem("bundle", "newstagger", "no such bundle"),), True, Event.DRAFT, False),
        ((Problem("bundle", "newstagger", "no such bundle"),), False, Event.KILL, False),
        ((Problem("tag:words", "words", "raised ValueError"),), False, Event.DRAFT, False),
    ],
)
def test_answer_is_had_again_where_it_was_not_stored_or_nothing_could_tag(words, problems, tagged, event, lacking):
    from newstagger.domain import Concept, Decision, Facet, Role

    found = (Tag(Concept(WAR, "war", Facet.TOPIC), 0.9, Decision.AUTO, Role.MAIN),) if tagged else ()
    assert bool(lack_of(Tagging(ArticleRef("g", "1"), "", None, None, found, problems=problems), event)) is lacking


def test_text_that_was_overtaken_while_its_job_waited_for_the_turn_is_left_alone(newsrooms, make_article):
    rooms = newsrooms()
    old, new = make_article(ARMY), make_article(GOAL)
    put(rooms, old)
    with ExitStack() as turn:
        assert turn.enter_context(rooms.turns.turn(old.ref, 0))
        with running(rooms):
            wait(lambda: rooms.jobs.counts()["held"])
            rooms.host("gazette").article_saved(new)
            rooms.jobs.overtake(new.ref, rooms.jobs.mark())
            turn.close()
            wait(lambda: not rooms.turns._lanes)
    assert tags(rooms, old.ref) == {SPORT}
    assert idle(rooms)()


def test_forgotten_article_is_not_posted(newsrooms, make_article, cms):
    rooms = newsrooms(gazette=cms.url)
    article = make_article(ARMY)
    rooms.host("gazette").article_saved(article)
    rooms.host("gazette").forget(article.ref)
    rooms.jobs.put(DELIVER, article.ref, Later(article).answer(""))
    with running(rooms):
        wait(idle(rooms))
    assert cms.posts == [] and rooms.jobs.dead() == ()


def test_article_is_forgotten_in_its_turn_so_that_no_save_under_way_brings_it_back(newsrooms, make_article):
    rooms = newsrooms()
    article = make_article(ARMY)
    rooms.host("gazette").article_saved(article)
    put(rooms, article)
    with rooms.turns.turn(article.ref, 0):
        told = []

        def ask():
            with pytest.raises(StateError, match="under way"):
                rooms.forget(article.ref, 0.01)
            told.append(True)

        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
    assert told and tags(rooms, article.ref) == {WAR}
    with running(rooms):
        assert rooms.forget(article.ref).answers >= 1
    assert tags(rooms, article.ref) is None and rooms.jobs.counts() == {"waiting": 0, "held": 0, "dead": 0}


def test_receiver_that_is_gone_makes_a_dead_letter_that_can_be_replayed(newsrooms, make_article, cms):
    cms.answers = [(410, {}), (204, {})]
    rooms = newsrooms(gazette=cms.url)
    put(rooms, make_article(ARMY))
    with running(rooms):
        wait(rooms.jobs.dead)
        (dead,) = rooms.jobs.dead()
        assert "410" in dead.error and rooms.jobs.replay(dead.id)
        cms.expect(2)
        wait(idle(rooms))
    first, second = (headers["webhook-id"] for _, headers, _ in cms.posts)
    assert first == second


def test_receiver_that_fails_is_tried_again(newsrooms, make_article, cms):
    cms.answers = [(500, {}), (302, {"Location": NOWHERE}), (204, {})]
    rooms = newsrooms(gazette=cms.url)
    put(rooms, make_article(ARMY))
    with running(rooms):
        cms.expect(3)
        wait(idle(rooms))
    assert rooms.jobs.dead() == ()


def test_receiver_that_is_not_there_holds_up_no_other_site(newsrooms, make_article, cms):
    rooms = newsrooms(gone=NOWHERE, gazette=cms.url)
    for number in range(20):
        article = replace(make_article(ARMY), ref=ArticleRef("gone", str(number)))
        rooms.host("gone").article_saved(article)
        rooms.jobs.put(DELIVER, article.ref, Later(article).answer(""))
    put(rooms, make_article(ARMY))
    with running(rooms):
        cms.expect(1)
    left = rooms.jobs.waiting()
    assert {job.ref.site for job in left} == {"gone"} and len(left) == 20
    assert sum(job.tries for job in left) <= 4, "the others of the site wait until it may be there again"


def test_receiver_that_asks_for_an_hour_holds_up_no_tagging(newsrooms, make_article, cms):
    cms.answers = [(503, {"Retry-After": "3600"})]
    rooms = newsrooms(gazette=cms.url)
    put(rooms, make_article(ARMY, revision=1))
    with running(rooms):
        wait(lambda: any("503" in job.error for job in rooms.jobs.waiting()))
        other = make_article(GOAL, revision=1, id="2")
        put(rooms, other)
        wait(lambda: tags(rooms, other.ref) == {SPORT})
    assert len(cms.posts) == 1


def test_two_processes_tag_and_post_each_article_once(newsrooms, make_article, cms, words):
    one, two = newsrooms(gazette=cms.url), newsrooms(gazette=cms.url)
    for number in range(30):
        put(one, make_article(ARMY, id=str(number), revision=1))
    with running(one), running(two):
        cms.expect(30)
        wait(idle(one))
    assert sorted(body["data"]["id"] for body in cms.bodies()) == sorted(map(str, range(30)))
    assert words.tagger.asked == 30


def test_plugin_that_ends_the_process_or_breaks_the_host_ends_no_thread(newsrooms, make_article):
    rooms = newsrooms()
    host, saved = rooms.host("gazette"), []

    def broken(article):
        saved.append(article)
        if len(saved) == 1:
            raise SystemExit(3)
        return type(host).article_saved(host, article)

    host.article_saved = broken
    put(rooms, make_article(ARMY))
    with running(rooms):
        wait(idle(rooms))
    assert len(saved) == 2 and tags(rooms, ArticleRef("gazette", "1")) == {WAR}


def test_jobs_are_done_while_live_saves_run_too(newsrooms, make_article):
    rooms, stop = newsrooms(), threading.Event()
    for number in range(5):
        put(rooms, make_article(ARMY, id=str(number)))
    runner = Runner(rooms, stop, busy=lambda: True)
    runner.start()
    wait(idle(rooms))
    stop.set()
    assert runner.join(30)


def test_dead_letters_go_when_their_article_may_be_kept_no_longer(newsrooms):
    told = newsrooms()
    told.jobs.put(TAG, ArticleRef("courier", "1"), b"broken")
    with running(told):
        wait(lambda: told.jobs.counts()["dead"] == 1)
    told.expire(datetime.now(UTC) + timedelta(days=29))
    assert told.jobs.counts()["dead"] == 1
    told.expire(datetime.now(UTC) + timedelta(days=31))
    assert told.jobs.counts()["dead"] == 0
