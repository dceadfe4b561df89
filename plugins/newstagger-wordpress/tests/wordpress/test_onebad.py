"""One article that the service, or somebody's hook, always fails at: every other one gets its tags all the same."""

from __future__ import annotations

import json
import re
import threading
import time
from html import unescape
from pathlib import Path

import pytest
from driver import TIMES
from forms import OURS
from rig import ways
from rig.people import Person, Program

from newstagger.testing import LABELS

AGRICULTURE = LABELS["harvest"]
TAG = "/v1/tag"
WALL = """<?php // A firewall before the service, or somebody's hook, takes offence at an article.
add_filter( 'pre_http_request', static function ( $answer, $sent, $url ) {
	if ( ! is_string( $sent['body'] ?? null ) || ! str_contains( $sent['body'], 'unlucky' ) ) {
		return $answer;
	}
	if ( 'hook' === get_option( 'rig_wall' ) ) {
		throw new RuntimeException( 'a hook broke' );
	}
	$answer = array( 'headers' => array(), 'body' => '{}', 'cookies' => array() );
	return $answer + array( 'response' => array( 'code' => 502, 'message' => 'Bad Gateway' ) );
}, 10, 3 );
add_filter( 'pre_option_newstagger_open_until', static fn() => '0' );
"""
LUCKY, UNLUCKY = "The harvest began.", "The harvest was unlucky."


@pytest.fixture
def wall(wordpress):
    """A site at which one word brings every request down; ``wall("hook")`` makes it an exception."""
    extra = wordpress.root / "wp-content" / "mu-plugins" / "wall.php"
    extra.write_text(WALL, "utf-8")
    yield extra
    for path in extra.parent.glob("wall*.php"):
        path.unlink()


def instead(wall: Path, name: str, code: str) -> None:
    """Put other code in the wall's place, under a name of its own: PHP keeps what it compiled from a file of the same second."""
    wall.unlink()
    wall.with_name(f"wall-{name}.php").write_text(code, "utf-8")


def breaks(house, wordpress, how: str) -> None:
    house.chief.call("POST", "/rig/v1/option", {"name": "rig_wall", "value": how})


def forgive(wordpress, how: str) -> None:
    """See that a broken hook is in the log in one line, without the article, and let the log be."""
    told = wordpress.complaints()
    assert ("RuntimeException in wall.php" in told) == (how == "hook")
    assert "unlucky" not in told
    wordpress.log.unlink(missing_ok=True)


@pytest.mark.parametrize("how", ["gateway", "hook"])
def test_the_queue_goes_on(house, wordpress, wall, how):
    breaks(house, wordpress, how)
    house.service.stop()
    bad, *good = (ways.create(house.ana, "Fields", text, status="publish") for text in (UNLUCKY, LUCKY, LUCKY))
    house.service.start()
    for _ in range(4):
        house.chief.pass_time(7200, **TIMES)
    assert [house.tags(str(post)) for post in good] == [{AGRICULTURE}] * 2, "one post stood before all others"
    assert house.waiting() == 1
    house.chief.call("POST", f"{OURS}/retry", {})
    wall.unlink()
    house.chief.call("POST", f"{OURS}/retry", {})
    assert house.tags(str(bad)) == {AGRICULTURE}
    assert house.waiting() == 0
    forgive(wordpress, how)


@pytest.mark.parametrize("how", ["gateway", "hook"])
def test_the_backfill_goes_on(house, wordpress, wall, how):
    breaks(house, wordpress, how)
    told = [{"title": "Fields", "content": ways.blocks(text), "terms": {}} for text in (UNLUCKY, LUCKY, LUCKY)]
    _, *good = house.chief.call("POST", "/rig/v1/import", {"posts": told})
    progress = house.chief.call("POST", f"{OURS}/backfill", {"start": True})
    for _ in range(6):
        if progress["running"]:
            progress = house.chief.call("POST", f"{OURS}/backfill", {})
    assert (progress["running"], progress["asked"], progress["failed"]) == (False, 2, 1)
    assert [house.tags(str(post)) for post in good] == [{AGRICULTURE}] * 2
    forgive(wordpress, how)


def test_a_dead_service_is_no_bad_post(house):
    """Nothing is passed over while nobody answers."""
    told = [{"title": "Fields", "content": ways.blocks(LUCKY), "terms": {}} for _ in range(2)]
    posts = house.chief.call("POST", "/rig/v1/import", {"posts": told})
    house.chief.call("POST", f"{OURS}/backfill", {"start": True})
    house.service.stop()
    for _ in range(5):
        progress = house.chief.call("POST", f"{OURS}/backfill", {})
    assert (progress["running"], progress["cursor"], progress["failed"]) == (True, 0, 0)
    house.service.start()
    house.chief.call("POST", f"{OURS}/backfill", {})
    assert [house.tags(str(post)) for post in posts] == [{AGRICULTURE}] * 2


def test_stop_stops_a_batch_that_is_under_way(house, wordpress):
    """The batch ends with a time-out, after which it would go on later."""
    house.chief.call("POST", "/rig/v1/import", {"posts": [{"title": "Fields", "content": ways.blocks(LUCKY), "terms": {}}]})
    house.chief.call("POST", f"{OURS}/backfill", {"start": True})
    house.service.delay = 5.0
    other = Program(wordpress, "chief")
    step = threading.Thread(target=other.call, args=("POST", f"{OURS}/backfill", {}))
    step.start()
    reached(house, 1)
    assert not house.chief.call("POST", f"{OURS}/backfill", {"stop": True})["running"]
    step.join()
    other.close()
    assert not house.chief.call("GET", f"{OURS}/backfill")["running"], "the batch wrote over it that it runs"


def reached(house, asked: int) -> None:
    until = time.monotonic() + 30
    while house.service.asked[TAG] < asked:
        assert time.monotonic() < until, "the service was not asked"
        time.sleep(0.01)


SLOW_WAY_BACK = """<?php // One answer takes its time on the way back.
add_filter( 'http_response', static function ( $answer ) {
	global $wpdb;
	if ( $wpdb->query( "DELETE FROM $wpdb->options WHERE option_name = 'rig_hold'" ) ) {
		sleep( 2 );
	}
	return $answer;
} );
"""


def test_an_answer_to_an_older_save_puts_no_tag_back(house, wordpress, wall):
    """The clock has asked for save 2; before it writes an editor takes the tag off, and the text stays the same."""
    instead(wall, "slow-way-back", SLOW_WAY_BACK)
    post = ways.create(house.ana, "Fields", LUCKY, status="publish")
    house.service.stop()
    ways.update(house.ana, post, content=ways.blocks("The harvest ended."))
    house.service.start()
    form = house.open(str(post))
    form.remove(AGRICULTURE)
    house.chief.call("POST", "/rig/v1/option", {"name": "rig_hold", "value": "1"})
    other = Program(wordpress, "chief")
    clock = threading.Thread(target=other.call, args=("POST", f"{OURS}/retry", {}))
    clock.start()
    until = time.monotonic() + 30
    while is_held(wordpress):
        assert time.monotonic() < until, "the service was not asked"
        time.sleep(0.01)
    ways.update(house.ana, post, **form.changed())
    clock.join()
    other.close()
    assert house.draft_tags(str(post)) == frozenset(), "an editor's removal was undone"
    house.settle()
    assert house.draft_tags(str(post)) == frozenset()
    assert len(house.decisions(str(post))) == 1


def is_held(wordpress) -> bool:
    with wordpress.sql() as database:
        return bool(database.execute("SELECT 1 FROM wp_options WHERE option_name = 'rig_hold'").fetchall())


def test_a_retraction_alone_is_told(house, wordpress, tagger):
    """No post waits; the clock strikes for the deleted one by itself, also after it struck in vain."""
    post = ways.create(house.ana, "Fields", LUCKY)
    house.service.stop()
    house.chief.call("DELETE", f"/wp/v2/posts/{post}", force="true")
    house.chief.pass_time(7200, **TIMES)
    house.service.start()
    house.chief.pass_time(7200, **TIMES)
    assert [ref.id for ref in tagger.retracted] == [str(post)]


def test_a_key_does_not_follow_a_new_address(house, wordpress):
    """Whoever names another address could read the key there."""
    chief = Person(wordpress, "chief")

    def saved(**fields: str) -> tuple[bool, str]:
        """Save the settings page with these fields; tell whether a key is stored, and what the page says then."""
        page = chief.page("options-general.php", page="newstagger")
        hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)}
        sent = {f"newstagger_settings[{name}]": value for name, value in fields.items()}
        chief.send("options.php", {**hidden, "option_page": "newstagger", "action": "update", **sent})
        with wordpress.sql() as database:
            ((told,),) = database.execute("SELECT option_value FROM wp_options WHERE option_name = 'newstagger_settings'").fetchall()
        return "a secret of the courier" in told, chief.page("options-general.php", page="newstagger", **{"settings-updated": "true"})

    house.set(key="a secret of the courier")
    assert saved(url=house.service.address, key="")[0]
    kept, page = saved(url="http://elsewhere.example", key="")
    assert not kept
    assert "type the key of the new address" in page
    assert saved(url="http://elsewhere.example", key="a secret of the courier")[0]
    assert saved(url=house.service.address, key="a secret of the courier")[0], "a key that is typed with the address is kept"
    chief.close()


def test_the_hourly_sweep_is_set_where_it_is_missing(house, wordpress):
    def sweeps() -> bool:
        with wordpress.sql() as database:
            rows = database.execute("SELECT option_value FROM wp_options WHERE option_name = 'cron'").fetchall()
            return "newstagger_sweep" in json.dumps(rows)

    wordpress.php("-r", "require 'wp-load.php'; wp_clear_scheduled_hook( 'newstagger_sweep' );")
    assert not sweeps()
    house.chief.call("GET", f"{OURS}/backfill")
    assert sweeps()


STRANGER = """<?php
$rig_error = array( 'headers' => array(), 'body' => '{}', 'cookies' => array(), 'response' => array( 'code' => 500, 'message' => '' ) );
add_filter( 'pre_http_request', static fn( $answer, $sent, $url ) => str_contains( $url, '/v1/wire' ) ? $rig_error : $answer, 10, 3 );
"""


def test_a_stranger_at_the_address_is_not_called_well(house, wall):
    instead(wall, "stranger", STRANGER)
    told = house.chief.call("POST", f"{OURS}/test", {})
    assert not told["ok"]
    assert "500" in told["message"]
