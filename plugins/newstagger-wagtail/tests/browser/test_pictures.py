"""Pictures of the panel on a sample article, for people to look at: light, dark, narrow, reasons, wire copy, right to left."""

from __future__ import annotations

import pytest
from browsing import Newsroom
from newsroom.copydesk import story_fields
from newsroom.furnish import front_of
from newstagger_django import process

from newstagger.demo import receive
from newstagger.settings import Settings
from newstagger.testing import sample_article, sample_wire

FILE = "meridian-kosti-uncredited.html"
DARK = (
    "document.documentElement.classList.remove('w-theme-system', 'w-theme-light'); document.documentElement.classList.add('w-theme-dark')"
)


@pytest.fixture
def story(newsroom: Newsroom, tmp_path):
    """The sample that took an agency's words without saying so, tagged by the real bundle, open in the editor."""
    settings = Settings(home=tmp_path / "home", site="courier.example", budget_ms=10_000)
    settings.home.mkdir()
    process.set_host(process.build_host(settings, discover=False))
    receive(process.host(), sample_wire(), settings.home)
    article = sample_article(FILE)
    form = newsroom.visitor.get(f"/admin/pages/add/stories/storypage/{front_of('en').pk}/")
    fields = story_fields(article, process.host().extract(article))
    newsroom.visitor.post(form.address, form.form() | fields)
    return newsroom.open(newsroom.newest(article.headline))


def test_pictures(newsroom, story):
    driver = story.driver
    assert "Wire copy" in story.notices()
    assert "not credited" in story.notices()
    driver.set_window_size(1280, 1100)
    story.section()
    newsroom.picture("panel-in-the-editor")
    newsroom.picture("panel-light", story.section())
    story.reject("Rabak")
    story.accept("Sudan")
    story.accept("conflict, war and peace")  # the tag widget cuts names at commas
    story.settle()
    story.save()
    assert story.states()["conflict, war and peace"] == "on"
    assert story.tags == {"Sudan", "conflict, war and peace"}
    story.remove("conflict, war and peace")
    story.settle()
    story.save()
    assert story.tags == {"Sudan"}
    newsroom.picture("panel-decided", story.section())
    story.open_why("Sudan")
    story.driver.execute_script("document.querySelector('.newstagger__notice details').open = true")
    newsroom.picture("panel-why", story.section())
    driver.execute_script(DARK)
    newsroom.picture("panel-dark", story.section())
    driver.set_window_size(400, 900)
    newsroom.picture("panel-narrow", story.section())
    assert driver.execute_script("return document.querySelector('.newstagger').scrollWidth <= document.documentElement.clientWidth")
    driver.execute_script("document.documentElement.dir = 'rtl'")
    driver.set_window_size(1280, 1100)
    newsroom.picture("panel-right-to-left", story.section())
