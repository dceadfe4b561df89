"""The admin in Chromium: what a click in the panel does to the tag widgets, and hostile copy that does nothing."""

from __future__ import annotations

import os
import shutil

import pytest
from django.urls import reverse
from newsapp.models import Article, Keyword, Story
from newstagger_django.bindings import binding_of

webdriver = pytest.importorskip("selenium.webdriver")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
TEXT = "<p>The harvest in Norway came in late after the strike. A hostile crowd looked backwards.</p>"


@pytest.fixture
def browser(live_server, house, editor, client):
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1300,1600"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    client.force_login(editor)
    driver.get(live_server.url + "/admin/login/")
    driver.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})
    yield driver
    driver.quit()


def click(browser, concept, what):
    selector = f'[data-concept="{concept}"] [data-newstagger-do="{what}"]'
    browser.find_element("css selector", selector).click()


def send(browser):
    """Send the form and wait for the page that answers it: the click may come back before the server does."""
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.wait import WebDriverWait

    page = browser.find_element("tag name", "html")
    browser.find_element("name", "_continue").click()
    WebDriverWait(browser, 30).until(staleness_of(page))
    WebDriverWait(browser, 30).until(lambda driver: driver.execute_script("return document.readyState") == "complete")


def shown(browser, selector):
    return [element.text for element in browser.find_elements("css selector", selector) if element.is_displayed()]


def options(browser, selector):
    return [element.get_attribute("textContent") for element in browser.find_elements("css selector", selector)]


def test_taggit(browser, live_server, house):
    article = Article.objects.create(title="Late", text=TEXT)
    article.tags.add("my own")
    browser.get(live_server.url + reverse("admin:newsapp_article_change", args=[article.pk]))
    field = browser.find_element("name", "tags")
    click(browser, "medtop:20000530", "accept")
    assert field.get_attribute("value") == '"my own", "labour strike"'
    click(browser, "medtop:20000530", "undo")
    assert field.get_attribute("value") == '"my own"'
    click(browser, "iso:NO", "accept")
    click(browser, "medtop:20000210", "reject")
    assert "agriculture: rejected" in browser.find_element("css selector", "[data-newstagger-live]").text
    assert browser.find_elements("css selector", "[data-hostile]") == []
    if folder := os.environ.get("NEWSTAGGER_PICTURES"):
        browser.save_screenshot(f"{folder}/admin-panel.png")
    send(browser)
    assert sorted(article.tags.names()) == ["Norway", "my own"]
    decided = {(d.concept, str(d.action), d.by) for d in house.feedback(binding_of(article).ref(article))}
    assert {("iso:NO", "accepted", "ana"), ("medtop:20000210", "rejected", "ana")} <= decided
    assert "agriculture" not in " ".join(shown(browser, ".newstagger-tag"))


def test_filter_horizontal_and_select(browser, live_server, house):
    story = Story.objects.create(headline="Late", body=TEXT)
    for name in ("labour strike", "my own"):
        Keyword.objects.create(name=name, slug=name.replace(" ", "-"))
    browser.get(live_server.url + reverse("admin:newsapp_story_change", args=[story.pk]))
    chosen = "#id_topics_to option"
    assert "agriculture" in options(browser, chosen)
    click(browser, "medtop:20000530", "accept")
    click(browser, "medtop:20000210", "reject")
    assert "labour strike" in options(browser, chosen)
    assert "agriculture" not in options(browser, chosen)
    click(browser, "iso:NO", "reject")
    send(browser)
    assert "labour strike" in map(str, story.topics.all())
    assert "agriculture" not in map(str, story.topics.all())
    assert not story.places.exists()


def test_it_works_by_keyboard(browser, live_server, house):
    from selenium.webdriver.common.keys import Keys

    article = Article.objects.create(title="Late", text=TEXT)
    browser.get(live_server.url + reverse("admin:newsapp_article_change", args=[article.pk]))
    browser.find_element("css selector", '[data-concept="iso:NO"] [data-newstagger-do="accept"]').send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("data-newstagger-do") == "undo"
    browser.switch_to.active_element.send_keys(Keys.SPACE)
    assert browser.find_element("name", "tags").get_attribute("value") == ""
