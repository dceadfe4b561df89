"""A page as the taggers read it: what is the story's own, and what stands around it, block by block and in two languages."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom.furnish import front_of
from newsroom.stories.blocks import BodyBlock
from newsroom.stories.models import StoryPage
from newstagger_wagtail.body import html_of
from newstagger_wagtail.pages import page_binding

from newstagger.domain import ParagraphKind

ENGLISH = [
    ("heading", "What happens now"),
    ("paragraph", "<p>The harbour board will <b>meet</b> again on Thursday.</p><embed embedtype='image' id='7' alt='quay'/>"),
    ("quote", {"text": "We will not give way.", "attribution": "Maria Lind, pilot"}),
    ("picture", {"image": None, "caption": "The quay on Monday.", "credit": "Jo Sand / Courier"}),
    ("embed", "https://video.example/quay-in-the-storm"),
]
GERMAN = [
    ("heading", "Wie es weitergeht"),
    ("paragraph", "<p>Der Hafenrat tagt am Donnerstag wieder.</p>"),
    ("quote", {"text": "Wir geben nicht nach.", "attribution": "Maria Lind, Lotsin"}),
    ("picture", {"image": None, "caption": "Der Kai am Montag.", "credit": "Jo Sand / Kurier"}),
]


def stream(blocks):
    return BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks])


def story(language: str, title: str, blocks) -> StoryPage:
    page = StoryPage(title=title, slug=f"body-{language}", intro="<p>In short.</p>", body=stream(blocks), locale=front_of(language).locale)
    return front_of(language).add_child(instance=page)


def kinds(house, page) -> dict[str, ParagraphKind]:
    text = house.extract(page_binding(StoryPage).article(page))
    return {text.words(paragraph): paragraph.kind for paragraph in text.paragraphs}


def test_what_a_story_is_made_of(house):
    found = kinds(house, story("en", "The quay is closed", ENGLISH))
    assert found["The quay is closed"] is ParagraphKind.HEADLINE
    for words in ("In short.", "What happens now", "The harbour board will meet again on Thursday.", "Maria Lind, pilot"):
        assert found[words] is ParagraphKind.BODY
    assert found["We will not give way."] is ParagraphKind.QUOTE
    assert found["The quay on Monday."] is ParagraphKind.CAPTION
    assert found["Jo Sand / Courier"] in (ParagraphKind.CREDIT, ParagraphKind.CAPTION)
    assert not any("video.example" in words for words in found)


def test_a_german_story_is_german(house):
    page = story("de", "Der Kai ist gesperrt", GERMAN)
    article = page_binding(StoryPage).article(page)
    assert article.language == "de"
    found = kinds(house, page)
    assert found["Wir geben nicht nach."] is ParagraphKind.QUOTE
    assert found["Der Kai am Montag."] is ParagraphKind.CAPTION


def test_a_site_with_one_language_is_not_taken_at_its_word(house, settings):
    page = story("en", "The quay is closed", ENGLISH)
    settings.WAGTAIL_I18N_ENABLED = False
    assert page_binding(StoryPage).article(page).language is None


def test_a_page_type_that_names_no_body_gives_all_its_text(house):
    from newstagger_django.conf import ArticleFields
    from newstagger_wagtail.pages import PageBinding

    page = story("en", "The quay is closed", ENGLISH)
    body = PageBinding(StoryPage, ArticleFields(headline="title")).body(page)
    assert "In short." in body
    assert "harbour board" in body


def test_plain_words_are_escaped():
    assert html_of("3 < 4 & <script>alert(1)</script>") == "<p>3 &lt; 4 &amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert "<script>" not in html_of(stream([("heading", "<script>alert(1)</script>"), ("quote", {"text": "<b>", "attribution": "<i>"})]))


words = st.text(max_size=40)
block = st.one_of(
    st.tuples(st.just("heading"), words),
    st.tuples(st.just("paragraph"), words.map(lambda text: f"<p>{text}</p>")),
    st.tuples(st.just("quote"), st.fixed_dictionaries({}, optional={"text": words, "attribution": words})),
    st.tuples(st.just("picture"), st.fixed_dictionaries({"caption": words}, optional={"credit": words})),
    st.tuples(st.just("embed"), st.sampled_from(["", "https://video.example/1"])),
)


@given(st.lists(block, max_size=6))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("newsroom")
def test_any_stream_is_html(blocks):
    assert isinstance(html_of(stream(blocks)), str)
