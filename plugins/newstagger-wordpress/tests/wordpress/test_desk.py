"""The plugin's own screens: the classic editor's box, the settings page, other taxonomies, who may do what, and what is left at the end."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from urllib.parse import quote

import pytest
from forms import OURS
from rig import ways
from rig.people import Person, Program

from newstagger.domain import Action
from newstagger.testing import LABELS
from newstagger.testing.scripted import MARKUP, SCRIPT

AGRICULTURE, STRIKE, DOCKERS, NORWAY = (LABELS[word] for word in ("harvest", "strike", "dockers", "Norway"))
CLASSIC = "<?php add_filter( 'use_block_editor_for_post', static fn( $use ) => $use && ! isset( $_GET['classic'] ) );"
STORY = "The harvest began in Norway, and dockers called a strike."


@pytest.fixture
def classic(wordpress):
    """A site whose people may ask for the classic editor."""
    extra = wordpress.root / "wp-content" / "mu-plugins" / "classic.php"
    extra.write_text(CLASSIC, "utf-8")
    yield wordpress
    extra.unlink()


def fields(page: str) -> dict[str, str]:
    """Return what the classic editor's form holds, as a browser sends it when nothing is touched."""
    form = page.split('id="post"', 1)[1].split("</form>", 1)[0]
    held: dict[str, str] = {}
    for element in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", element))
        if "name" in found and (found.get("type") not in ("checkbox", "radio", "submit", "button") or "checked" in element):
            held[unescape(found["name"])] = unescape(found.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        held[unescape(name)] = unescape(value)
    for name, options in re.findall(r"""<select[^>]*name=["']([\w-]+)["'][^>]*>(.*?)</select>""", form, re.S):
        chosen = re.search(r"""selected(?:=['"]selected['"])?[^>]*value=["']([^"']*)|value=["']([^"']*)["'][^>]*selected""", options)
        held[name] = "" if chosen is None else (chosen[1] or chosen[2] or "")
    return held


def open_classic(person: Person, post: int) -> tuple[str, dict[str, str]]:
    page = person.page("post.php", post=post, action="edit", classic="1")
    return page, fields(page)


def said(label: str) -> str:
    concept = next(script.concept.id for script in SCRIPT.values() if script.concept.pref_label == label)
    return f"newstagger_box[said][{quote(concept, safe='')}]"


def decided(house, post: int) -> dict[str, Action]:
    return {decision.concept: decision.action for decision in house.decisions(str(post))}


def test_the_classic_editor(house, classic, editor):
    """Accept one, reject one, take one off in WordPress' own field; all in one save."""
    post = ways.create(house.ana, "Fields", STORY)
    page, form = open_classic(editor, post)
    assert STRIKE in page
    assert form["tax_input[newstagger_topic]"] == AGRICULTURE
    form |= {said(STRIKE): "accept", said(DOCKERS): "reject", "tax_input[newstagger_region]": ""}
    editor.send("post.php", form)
    assert house.draft_tags(str(post)) == {AGRICULTURE, STRIKE}
    assert house.suggestions(str(post)) == frozenset()
    told = decided(house, post)
    assert told == {
        SCRIPT["strike"].concept.id: Action.ACCEPTED,
        SCRIPT["dockers"].concept.id: Action.REJECTED,
        SCRIPT["Norway"].concept.id: Action.REMOVED,
    }


def test_rejections_in_the_classic_editor_ask_a_service_that_hangs_once(house, classic, editor):
    house.set(wait_ms=300)
    post = ways.create(house.ana, "Fields", f"{STORY} Deck crews voted.")
    house.settle()
    _, form = open_classic(editor, post)
    house.service.delay = 5.0
    editor.send("post.php", form | {said(STRIKE): "reject", said(DOCKERS): "reject"})
    assert house.service.asked["/v1/decisions"] == 1, "one after the other was waited for"
    assert "your decision was not saved" in editor.page("edit.php")
    house.service.delay = 0.0
    assert {STRIKE, DOCKERS} <= house.suggestions(str(post))


def test_the_classic_editor_untouched_says_nothing(house, classic, editor):
    post = ways.create(house.ana, "Fields", f"{STORY} A truce, a festival.")
    _, form = open_classic(editor, post)
    before = house.draft_tags(str(post))
    assert LABELS["truce"] in before
    for _ in range(2):
        editor.send("post.php", form)
        _, form = open_classic(editor, post)
    assert ways.read(house.ana, post)["newstagger"]["revision"] == 3, "the form was not saved"
    assert house.draft_tags(str(post)) == before, "a name with commas was torn apart"
    assert decided(house, post) == {}


def test_the_classic_box_shows_strangers_words_as_text(house, classic, editor):
    post = ways.create(house.ana, "Fields", "It was hostile, said the mayor.")
    page, _ = open_classic(editor, post)
    assert MARKUP not in page
    assert escape(MARKUP, quote=True).replace("&#x27;", "&#039;") in page


def test_a_box_without_its_nonce_is_not_read(house, classic, editor):
    post = ways.create(house.ana, "Fields", STORY)
    _, form = open_classic(editor, post)
    form |= {said(STRIKE): "accept", "newstagger_box_nonce": "forged"}
    editor.send("post.php", form)
    assert ways.read(house.ana, post)["newstagger"]["revision"] == 2, "the form was not saved"
    assert house.draft_tags(str(post)) == {AGRICULTURE, NORWAY}


def test_tags_in_wordpress_own_taxonomy(house, ana):
    """Topics are kept among the tags that the site has: a person's of that name is used and stays a person's."""
    typed = ana.call("POST", "/wp/v2/tags", {"name": "Agriculture"})["id"]
    other = ana.call("POST", "/wp/v2/tags", {"name": "gardening"})["id"]
    house.set(taxonomies={"topic": "post_tag", "region": "newstagger_region", "actor": "newstagger_actor"})
    post = ways.create(ana, "Fields", STORY, tags=[typed, other])
    found = ways.read(ana, post)
    assert sorted(found["tags"]) == [typed, other], "a second term of the name was made, or a person's went"
    origins = {row["label"]: row["origin"] for row in found["newstagger"]["tags"]}
    assert origins == {AGRICULTURE: "human", "gardening": "human", NORWAY: "machine"}
    ways.update(ana, post, content=ways.blocks("Nothing."))
    assert sorted(ways.read(ana, post)["tags"]) == [typed, other]
    ways.update(ana, post, tags=[other])
    ways.update(ana, post, content=ways.blocks(STORY))
    assert ways.read(ana, post)["tags"] == [other], "a tag that was taken off came back"


def test_one_term_a_concept(house, ana):
    """However often it is found, and whatever has its address already."""
    ana.call("POST", "/wp/v2/newstagger_topic", {"name": "Somebody's own", "slug": "agriculture"})
    for number in range(3):
        ways.create(ana, f"Fields {number}", STORY)
    found = ana.call("GET", "/wp/v2/newstagger_topic", per_page=100)
    concepts = [row["newstagger_concept"] for row in found]
    assert concepts.count(SCRIPT["harvest"].concept.id) == 1
    assert not [row["slug"] for row in found if re.search(r"-\d$", row["slug"])], "WordPress numbered a term"


def test_a_renamed_term_goes_by_its_new_name(house, ana, chief):
    post = ways.create(ana, "Fields", STORY)
    (topic,) = ways.read(ana, post)["newstagger_topic"]
    chief.call("POST", f"/wp/v2/newstagger_topic/{topic}", {"name": "Farming"})
    ways.update(ana, post, content=ways.blocks(f"{STORY} More."))
    found = ways.read(ana, post)
    assert found["newstagger_topic"] == [topic]
    assert [row["label"] for row in found["newstagger"]["tags"] if row["term"] == topic] == ["Farming"]


@pytest.fixture
def chief(house):
    return house.chief


def test_the_settings_page(house, wordpress):
    """What it shows is what holds; saved untouched it changes nothing but its shape, and it never shows the key."""
    house.set(key="a secret of the courier", wait_ms=300)
    person = Person(wordpress, "chief")
    page = person.page("options-general.php", page="newstagger")
    assert house.service.address in page
    assert "a secret of the courier" not in page
    sent = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page) if "forget" not in name
    }
    sent = {name: value for name, value in sent.items() if "delete_terms" not in name and "post_types" not in name}
    sent |= {"newstagger_settings[post_types][]": "post", "newstagger_settings[mode]": "suggest", "newstagger_settings[wait_ms]": "90000"}
    sent |= {"option_page": "newstagger", "action": "update"}
    person.send("options.php", sent)
    with wordpress.sql() as database:
        ((stored,),) = database.execute("SELECT option_value FROM wp_options WHERE option_name = 'newstagger_settings'").fetchall()
    assert "a secret of the courier" in stored, "an empty field made the service forget its key"
    assert '"suggest"' in stored
    assert '"wait_ms";i:5000' in stored
    post = ways.create(house.ana, "Fields", STORY)
    assert house.draft_tags(str(post)) == frozenset()
    assert AGRICULTURE in house.suggestions(str(post))
    person.close()


def test_who_may_do_what(house, wordpress):
    post = ways.create(house.ana, "Fields", STORY)
    ben = Program(wordpress, "ben")  # an author: not his post, not his site
    asked = [("GET", f"{OURS}/posts/{post}"), ("GET", f"{OURS}/posts/{post}/why"), ("POST", f"{OURS}/posts/{post}/tag")]
    asked += [("POST", f"{OURS}/{name}") for name in ("test", "retry", "backfill")] + [("GET", f"{OURS}/health")]
    assert {ben.answer(*one).status_code for one in asked} == {403}
    told = {"concept": SCRIPT["strike"].concept.id, "action": "rejected"}
    assert ben.answer("POST", f"{OURS}/posts/{post}/decisions", told).status_code == 403
    ben.close()
    assert house.ana.answer("GET", f"{OURS}/posts/999999").status_code == 404
    assert house.ana.answer("POST", f"{OURS}/posts/{post}/accept", {"concept": "medtop:nowhere"}).status_code == 404


def test_the_connection_and_what_waits_are_told(house, wordpress):
    assert house.chief.call("POST", f"{OURS}/test", {})["ok"]
    assert house.chief.call("GET", f"{OURS}/health")["status"] == "good"
    house.service.stop()
    ways.create(house.ana, "Fields", STORY)
    found = house.chief.call("GET", f"{OURS}/health")
    assert found["status"] == "recommended"
    assert "1 post waits" in found["description"]
    assert not house.chief.call("POST", f"{OURS}/test", {})["ok"]
    chief = Person(wordpress, "chief")
    assert "1 post waits for its tags" in chief.page("index.php")
    chief.close()
    ana = Person(wordpress)
    assert "waits for its tags" not in ana.page("index.php"), "who can do nothing about it is told"
    ana.close()


def test_the_backfill_of_the_settings_page(house, tagger):
    told = [{"title": f"Fields {n}", "content": ways.blocks(f"{STORY} {n}"), "terms": {}} for n in range(7)]
    posts = house.chief.call("POST", "/rig/v1/import", {"posts": told})
    progress = house.chief.call("POST", f"{OURS}/backfill", {"start": True})
    assert (progress["running"], progress["total"]) == (True, 7)
    for _ in range(20):
        progress = house.chief.call("POST", f"{OURS}/backfill", {})
        if not progress["running"]:
            break
    assert (progress["asked"], progress["skipped"], progress["failed"], progress["error"]) == (7, 0, 0, "")
    assert all(house.tags(str(post)) == {AGRICULTURE, NORWAY} for post in posts)
    work, calls = tagger.asked, len(tagger.saves)
    house.chief.call("POST", f"{OURS}/backfill", {"start": True})
    progress = house.chief.call("POST", f"{OURS}/backfill", {})
    assert progress["skipped"] == 6, "posts that the answer covers were asked for again"
    assert (tagger.asked, len(tagger.saves)) == (work, calls + 1)


def test_a_deleted_post_is_retracted(house, ana, chief, tagger):
    post = ways.create(ana, "Fields", STORY)
    other = ways.create(ana, "Fields", STORY)
    chief.call("DELETE", f"/wp/v2/posts/{post}", force="true")
    assert [ref.id for ref in tagger.retracted] == [str(post)]
    house.service.stop()
    chief.call("DELETE", f"/wp/v2/posts/{other}", force="true")
    house.service.start()
    chief.call("POST", f"{OURS}/retry", {})
    assert [ref.id for ref in tagger.retracted] == [str(post), str(other)]


COMMAND = """<?php
define( 'WP_CLI', true );
class WP_CLI { // What the plugin calls of WP-CLI, which is no part of a WordPress.
	public static $known = array();
	public static function add_command( $name, $class ) { self::$known[ $name ] = $class; }
	public static function line( $text ) { echo $text, "\\n"; }
	public static function success( $text ) { echo 'Success: ', $text, "\\n"; }
	public static function error( $text ) { echo 'Error: ', $text, "\\n"; }
}
require __DIR__ . '/wp-load.php';
$command = new WP_CLI::$known['newstagger']();
$command->{$argv[1]}( array(), array_fill_keys( array_slice( $argv, 2 ), true ) );
"""


@pytest.fixture
def wp(wordpress):
    """Run a command of the plugin's and return what it prints."""
    script = wordpress.root / "rig-command.php"
    script.write_text(COMMAND, "utf-8")
    yield lambda *words: wordpress.php(script.name, *words).strip()
    script.unlink()


def test_commands(house, wp):
    told = [{"title": f"Fields {n}", "content": ways.blocks(f"{STORY} {n}"), "terms": {}} for n in range(3)]
    posts = house.chief.call("POST", "/rig/v1/import", {"posts": told})
    assert wp("backfill").splitlines()[-1] == "Success: 3 asked for, 0 left alone, 0 failed"
    assert all(house.tags(str(post)) == {AGRICULTURE, NORWAY} for post in posts)
    assert json.loads(wp("backfill", "json"))["skipped"] == 2
    assert json.loads(wp("backfill", "json", "all"))["skipped"] == 0
    house.service.stop()
    late = ways.create(house.ana, "Fields", STORY, status="publish")
    assert wp("retry", "now").startswith("Error: 0 heard, 1 wait:")
    assert json.loads(wp("status", "json"))["waiting"] == 1
    assert wp("backfill", "all").splitlines()[-1].startswith("Error: stopped after 0 posts:")
    house.service.start()
    assert wp("retry", "now") == "Success: 2 heard, 0 wait"  # the new one, and the one that the backfill had stopped at
    assert house.tags(str(late)) == {AGRICULTURE, NORWAY}
    assert "posts that wait: 0" in wp("status")


def test_a_command_beside_another_process_says_so(house, wordpress, wp):
    house.service.stop()
    ways.create(house.ana, "Fields", STORY)
    house.service.start()
    lock = "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('newstagger_lock_retry', '99999999999.1', 'no')"
    with wordpress.sql() as database:
        database.execute(lock)
    assert wp("retry", "now").startswith("Error: 0 heard, 1 wait: another process")
    with wordpress.sql() as database:
        database.execute("DELETE FROM wp_options WHERE option_name = 'newstagger_lock_retry'")
    assert wp("retry", "now") == "Success: 1 heard, 0 wait"


UNINSTALL = """<?php
require __DIR__ . '/wp-load.php';
define( 'WP_UNINSTALL_PLUGIN', 'newstagger/newstagger.php' );
require WP_PLUGIN_DIR . '/newstagger/uninstall.php';
"""


@pytest.mark.parametrize("deletes", [False, True])
def test_what_uninstalling_leaves(house, wordpress, deletes):
    ways.create(house.ana, "Fields", STORY)
    house.set(delete_terms=deletes)
    script = wordpress.root / "rig-uninstall.php"
    script.write_text(UNINSTALL, "utf-8")
    wordpress.php(script.name)
    script.unlink()
    with wordpress.sql() as database:
        count = lambda query: database.execute(query).fetchone()[0]  # noqa: E731
        assert count("SELECT count(*) FROM wp_postmeta WHERE meta_key LIKE '\\_newstagger%' ESCAPE '\\'") == 0
        assert count("SELECT count(*) FROM wp_options WHERE option_name LIKE 'newstagger%'") == 0
        left = count("SELECT count(*) FROM wp_term_taxonomy WHERE taxonomy LIKE 'newstagger%'")
    assert left == (0 if deletes else 2)


def test_many_deletions_wait_for_a_service_that_hangs_only_thrice(house, ana, chief, tagger):
    house.set(wait_ms=300)
    posts = [ways.create(ana, f"Fields {number}", f"{STORY} {number}") for number in range(6)]
    house.settle()
    house.service.delay = 5.0
    before = house.service.asked["/v1/tag"]
    for post in posts:
        chief.call("DELETE", f"/wp/v2/posts/{post}", force="true")
    assert house.service.asked["/v1/tag"] == before + 3
    house.service.delay = 0.0
    chief.call("POST", f"{OURS}/retry", {})
    assert {ref.id for ref in tagger.retracted} == {str(post) for post in posts}


def test_nothing_of_an_article_stands_in_the_log(house, wordpress):
    house.service.stop()
    ways.create(house.ana, "Confidential headline", "Confidential harvest.")
    house.chief.call("POST", f"{OURS}/retry", {})
    assert "Confidential" not in json.dumps(wordpress.complaints())
