"""An editor, a real browser, Wagtail's real editor: what the panel shows and what becomes of a click."""

from __future__ import annotations

import pytest

from newstagger.testing import LABELS

STORY = "The harvest began in Norway.\n\nOn Monday dockers called a strike, and the ships wait."
AGRICULTURE, NORWAY, STRIKE, DOCKERS = (LABELS[word] for word in ("harvest", "Norway", "strike", "dockers"))


@pytest.fixture
def story(newsroom):
    """A saved draft, open in the editor."""
    return newsroom.open(newsroom.write("Harvest and strike", STORY))


def test_type_autosave_see_suggestions(newsroom):
    form = newsroom.open(newsroom.write("Nothing yet", "An empty page."))
    assert form.suggestions == frozenset()
    form.autosaved(lambda: form.type_body(STORY))
    assert form.suggestions == {AGRICULTURE, NORWAY, STRIKE, DOCKERS}
    assert form.console() == []


def test_a_new_page_gets_its_panel_with_its_first_autosave(newsroom):
    form = newsroom.open_new("storypage")
    form.autosaved(lambda: form.type_title("The harvest in Norway"))
    assert form.suggestions == {AGRICULTURE, NORWAY}
    form.autosaved(lambda: form.reject(NORWAY))
    assert form.states()[NORWAY] == "rejected"


def test_accept_one_reject_one_publish(newsroom, story):
    story.autosaved(lambda: (story.accept(STRIKE), story.reject(NORWAY)))
    assert story.tags == {STRIKE}
    assert story.states() == {AGRICULTURE: "suggested", STRIKE: "on", DOCKERS: "suggested", NORWAY: "rejected"}
    assert story.status() == "Your decisions are saved."
    story.publish()
    assert story.tags == {STRIKE}
    assert newsroom.live_tags(story.page) == {STRIKE}


def test_the_rejected_one_stays_away(newsroom, story):
    """Over ten further saves, a reload, a restored revision and a restart."""
    story.save()
    first = newsroom.revisions(story.page)[0]
    story.autosaved(lambda: (story.accept(STRIKE), story.reject(NORWAY)))
    story.publish()
    for number in range(10):
        story.autosaved(lambda number=number: story.type_title(f"Harvest and strike in Norway, day {number}"))
        assert NORWAY not in story.suggestions | story.tags
    newsroom.start()
    story = newsroom.open(story.page)
    assert NORWAY not in story.suggestions | story.tags
    restored = newsroom.open(story.page, path=f"revisions/{first}/revert/")
    restored.save()
    assert NORWAY not in restored.suggestions | restored.tags
    newsroom.start()
    restored.publish()
    assert NORWAY not in newsroom.live_tags(story.page)


def test_a_click_makes_the_form_unsaved_and_a_reload_does_not(story):
    assert story.clean()
    saves = story.seen()["saves"]
    story.autosaved(lambda: story.reject(STRIKE))
    assert story.seen()["saves"] == saves + 1
    story.wait_checks(4)
    assert story.clean()
    assert story.seen()["saves"] == saves + 1, "the panel's own reload was saved again"


def test_undo_before_the_save_decides_nothing(newsroom, story):
    with story.autosave_held():
        story.accept(STRIKE)
        assert story.states()[STRIKE] == "accepted"
        assert story.tags == {STRIKE}
        story.undo(STRIKE)
        story.reject(NORWAY)
        assert story.states()[NORWAY] == "pending-rejected"
        story.undo(NORWAY)
        assert story.tags == frozenset()
        story.settle()
    assert newsroom.decisions(story.page) == []


def test_a_tag_taken_off_by_hand_after_the_click_is_not_accepted(newsroom, story):
    with story.autosave_held():
        story.accept(STRIKE)
        story.remove(STRIKE)
        story.until(lambda: story.states()[STRIKE] == "suggested", "the row to follow the field")
    story.save()
    assert newsroom.decisions(story.page) == []


def test_a_suggestion_typed_by_hand_is_on(story):
    story.autosaved(lambda: story.add(NORWAY))
    assert story.states()[NORWAY] == "on"


def test_keyboard_alone(story):
    story.focus(STRIKE, "accept")
    story.keys("ENTER")
    assert story.states()[STRIKE] in ("accepted", "on")
    assert story.focused().startswith("undo")
    story.settle()
    assert story.focused().split()[0] in ("reject", "undo"), "the focus was lost"
    story.focus_why(STRIKE)
    story.keys("ENTER")
    assert "strike" in story.open_reasons()


def test_why_shows_terms_and_marked_passages(newsroom, story):
    story.open_why(STRIKE)
    assert story.marked() == ["strike"]
    assert "+2.50" in story.open_reasons()
    newsroom.picture("why-scripted", story.section())


def test_the_reload_keeps_reasons_open_and_the_focus_in_the_text(story):
    story.open_why(STRIKE)
    story.autosaved(lambda: story.type_body(f"{STORY}\n\nRain."))
    assert story.marked() == ["strike"]
    assert "public-DraftEditor-content" in story.focused_class()


def test_a_stale_form_in_a_second_tab_decides_nothing(newsroom):
    page = newsroom.write("Harvest", "The harvest began.")
    stale = newsroom.open(page)
    fresh = newsroom.open(page, tab=True)
    fresh.autosaved(lambda: fresh.type_body(STORY))
    fresh.autosaved(lambda: fresh.accept(STRIKE))
    stale.front().press("")
    assert newsroom.said(page) == [(STRIKE, "accepted")]
    again = newsroom.open(page)
    assert STRIKE in again.tags | again.suggestions


def test_in_apply_mode_sure_tags_are_on_at_once(newsroom):
    note = newsroom.open(newsroom.write("Live", "Nothing.", kind="notepage"))
    note.autosaved(lambda: note.type_body(STORY))
    assert note.tags == {AGRICULTURE, NORWAY}
    assert note.states()[NORWAY] == "applied"
    assert note.suggestions == {STRIKE, DOCKERS}
    note.autosaved(lambda: note.reject(NORWAY))
    assert note.tags == {AGRICULTURE}
    note.autosaved(lambda: note.type_title("Live again"))
    assert note.tags == {AGRICULTURE}
