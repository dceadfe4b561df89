"""newstagger's panel in the block editor, with mouse and keyboard: a day's work, trouble, and copy that wants to be more than text."""

from __future__ import annotations

import pytest
from browserdriver import BrowserCms
from panel import PANEL, PanelEditor
from rig import ways

from newstagger.domain import Action
from newstagger.testing import LABELS, ScriptedTagger, Trouble, newsroom

AGRICULTURE, STRIKE, NORWAY, DOCKERS = (LABELS[word] for word in ("harvest", "strike", "Norway", "dockers"))
STORY = "The harvest began in Norway, and dockers called a strike."
BUSY = 'const panel = document.querySelector(".newstagger-panel"); return panel ? panel.textContent : ""'


@pytest.fixture
def tagger():
    tagger = ScriptedTagger()
    yield tagger
    tagger.wake()


@pytest.fixture
def house(window, wordpress, editor, tagger, tmp_path):
    cms = BrowserCms(wordpress, editor, window)
    cms.start(newsroom(tmp_path / "kit"), [("scripted", tagger)])
    yield cms
    cms.close()


@pytest.fixture
def screen(house):
    """Open a post in the block editor; 0 is a new one."""

    def opened(post: int | str) -> PanelEditor:
        return PanelEditor(house.window, house.site.address, int(post))

    return opened


def said(house, post: int) -> list[Action]:
    return [decision.action for decision in house.decisions(str(post))]


def test_a_days_work(house, screen, pictures):
    """Written with the keyboard, saved, decided on, published; the reader's page has what the editor chose."""
    editor = screen(0)
    editor.type_title("Harvest in the valley")
    editor.put_body(ways.blocks("It began in Norway."))
    editor.type_end(" Dockers: dockers called a strike over the harvest.")
    editor.save()
    editor.until(lambda: editor.offers == {STRIKE, DOCKERS}, "the suggestions")
    assert editor.tags == {AGRICULTURE, NORWAY}
    (pictures / "wordpress-panel.png").write_bytes(editor.element.screenshot_as_png)
    house.window.save_screenshot(str(pictures / "wordpress-editor.png"))
    editor.accept(STRIKE)
    editor.reject(DOCKERS)
    editor.press_row(NORWAY, "remove")
    editor.add("newstagger_topic", "gardening")
    editor.publish()
    editor.until(lambda: editor.tags == {AGRICULTURE, STRIKE, "gardening"}, "the panel to show what was saved")
    assert editor.offers == frozenset()
    assert house.tags(str(editor.post)) == {AGRICULTURE, STRIKE, "gardening"}
    assert sorted(said(house, editor.post)) == sorted([Action.ACCEPTED, Action.REJECTED, Action.REMOVED, Action.ADDED])
    assert {decision.by for decision in house.decisions(str(editor.post))} == {"ana"}
    assert editor.console() == []


def test_why(house, screen, pictures):
    editor = screen(house.create("Fields", STORY))
    reasons = editor.why(STRIKE).find_elements("css selector", ".newstagger-reasons li")
    assert [reason.text for reason in reasons] == ["“strike” +2.5"] or "strike" in reasons[0].text
    (pictures / "wordpress-why.png").write_bytes(editor.element.screenshot_as_png)
    editor.press_row(STRIKE, "why")
    editor.until(lambda: not editor.find(f"{PANEL} .newstagger-reasons"), "the reasons to close")


def test_hostile_copy_is_text(house, screen, pictures):
    """Markup in headline, body, labels, evidence, agency and wire id; a label of 10,000 characters; one that runs backwards."""
    script = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"
    line = f'The <img src=x onerror=alert(1) data-hostile="3"> hostile line of <script data-hostile="4">alert(1)</script> {script}'
    article = house.create(f"Endless {script}", f"{line}\n\nAn endless wait, backwards, with a strike, taken over verbatim.")
    editor = screen(article)
    everything = {LABELS[word] for word in ("hostile", "endless", "backwards", "strike")}
    assert everything <= editor.tags | editor.offers
    for label in everything:
        editor.why(label)
    for part in editor.driver.find_elements("css selector", f"{PANEL} details"):
        editor.driver.execute_script("arguments[0].open = true", part)
    assert "Agency" in editor.driver.execute_script(BUSY)
    assert "onerror" in editor.driver.execute_script(BUSY), "the evidence is not shown at all"
    assert editor.living() == 0
    (pictures / "wordpress-hostile.png").write_bytes(editor.element.screenshot_as_png)
    editor.accept(LABELS["hostile"])
    editor.save()
    editor.until(lambda: LABELS["hostile"] in editor.tags, "the hostile tag")
    assert editor.living() == 0
    assert editor.driver.execute_script("return window.pwned || null") is None
    assert house.draft_tags(article) >= {LABELS["hostile"], LABELS["endless"], LABELS["backwards"]}
    house.window.get(f"{house.site.address}/wp-admin/edit.php")
    assert house.window.execute_script("return window.pwned || document.querySelectorAll('[data-hostile]').length || null") is None


def test_a_rejection_that_is_not_stored_is_told_and_shown_as_not_done(house, screen):
    editor = screen(house.create("Fields", STORY))
    house.service.stop()
    editor.reject(STRIKE)
    assert "not saved" in editor.notice
    assert STRIKE in editor.offers
    house.service.start()
    editor.reject(STRIKE)
    editor.until(lambda: STRIKE not in editor.offers and editor.notice == "", "the rejection")
    assert said(house, editor.post) == [Action.REJECTED]


def test_tags_that_come_later_show_without_a_reload(house, screen, pictures):
    house.service.stop()
    editor = screen(0)
    editor.type_title("Fields")
    editor.put_body(ways.blocks(STORY))
    editor.save()
    editor.until(lambda: editor.notice, "the line that tags may be missing")
    assert len(editor.notice.splitlines()) == 1
    (pictures / "wordpress-waiting.png").write_bytes(editor.element.screenshot_as_png)
    house.service.start()
    house.settle()
    editor.until(lambda: editor.tags == {AGRICULTURE, NORWAY}, "the tags that came later")
    editor.until(lambda: editor.ids("newstagger_region"), "the form to know them")
    assert editor.notice == ""
    editor.type_title("Late fields")
    editor.save()
    assert house.draft_tags(str(editor.post)) == {AGRICULTURE, NORWAY}
    assert said(house, editor.post) == []


def test_ask_again(house, screen, tagger):
    tagger.trouble = Trouble.RAISE
    editor = screen(house.create("Fields", STORY))
    assert "missing" in editor.notice
    tagger.trouble = Trouble.NONE
    editor.press(f"{PANEL} .newstagger-again")
    editor.until(lambda: editor.tags == {AGRICULTURE, NORWAY}, "the tags")
    assert editor.notice == ""


def test_typing_goes_on_while_tags_arrive(house, screen):
    """What is being typed when tags come is not lost, and saving it takes no tag for rejected."""
    editor = screen(house.create("Fields", "Rain."))
    editor.type_end(" It poured.")
    house.api_save(str(editor.post), STORY)
    editor.type_title("Fields in the rain")
    editor.save()
    editor.until(lambda: not editor.driver.execute_script("return wp.data.select('core/editor').isEditedPostDirty()"), "the save")
    assert "It poured." in house.draft_text(str(editor.post))
    assert said(house, editor.post) == []
    assert editor.console() == []


def test_the_lock(house, screen):
    editor = screen(house.create("Fields", STORY))
    editor.press(f"{PANEL} .newstagger-lock input")
    editor.save()
    editor.put_body(ways.blocks("An earthquake."))
    editor.save()
    assert house.draft_tags(str(editor.post)) == {AGRICULTURE, NORWAY}


def test_keyboard_alone(house, screen):
    """Every button of the panel can be reached with Tab and pressed with Enter."""
    from selenium.webdriver.common.keys import Keys

    editor = screen(house.create("Fields", STORY))
    editor.driver.execute_script("document.querySelector('.newstagger-panel button').focus()")
    names = []
    for _ in range(16):
        editor.driver.switch_to.active_element.send_keys(Keys.TAB)
        names.append(editor.driver.execute_script("return document.activeElement.getAttribute('aria-label')"))
    assert {f"Accept {STRIKE}", f"Reject {STRIKE}", f"Why {STRIKE}?", f"Take {NORWAY} off"} <= set(names)
    editor.driver.execute_script("document.querySelector(arguments[0]).focus()", f"button[aria-label='Accept {STRIKE}']")
    editor.driver.switch_to.active_element.send_keys(Keys.ENTER)
    editor.until(lambda: STRIKE in editor.tags, "the suggestion to be accepted")
