"""Our own JSON of an article: what is written reads back the very same; what a CMS tells of its form is read; wrong fields are told."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import Article, ArticleRef, Event, ExistingTag, FormState, Origin
from newstagger.errors import InputError
from newstagger.formats.article_json import article_from_json, article_to_json
from newstagger.jsontext import line_of, loads
from newstagger.service.openapi import schema_named

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema_named("article")))
names = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip())
texts = st.text(st.characters(), max_size=40)
ids = st.lists(texts, max_size=3).map(tuple)
refs = st.builds(ArticleRef, names, names)
articles = st.builds(
    Article, refs, texts.map(lambda text: f"H{text}"), texts, st.sampled_from(["text/plain", "text/html", "application/xhtml+xml"]),
    language=st.none() | names, byline=texts, credit=texts, source=texts, revision=st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    copied_from=st.none() | refs,
    version_created=st.none() | names, event=st.sampled_from(Event),
    existing_tags=st.none() | st.lists(st.builds(ExistingTag, names, st.sampled_from(Origin)), max_size=3).map(tuple),
    form=st.none() | st.builds(FormState, ids, ids), saved_by=texts,
)  # fmt: skip


@given(articles)
@settings(deadline=None)
def test_what_is_written_reads_back_the_very_same(article):
    line = line_of(article_to_json(article))
    assert article_from_json(loads(line, ""), site="another", where="") == article


@given(articles)
@settings(deadline=None)
def test_what_is_written_is_what_the_schema_says(article):
    SCHEMA.validate(json.loads(json.dumps(article_to_json(article))))


def read(**fields):
    return article_from_json({"id": "1", "text": "x", **fields}, site="s", where="here")


def test_a_form_tells_what_it_held_and_showed():
    assert read(form={"held": ["iso:NO"], "shown": ["iso:SE"]}, saved_by="anna").form == FormState(("iso:NO",), ("iso:SE",))
    assert read(form={}).form == FormState()
    assert read().form is None


@pytest.mark.parametrize("form", [[], "x", {"held": "iso:NO"}, {"shown": [1]}, {"held": [None]}])
def test_a_form_of_another_shape_is_told(form):
    with pytest.raises(InputError, match="here: form"):
        read(form=form)


def test_a_kill_needs_no_text():
    assert article_from_json({"id": 1, "event": "kill"}, site="s", where="") == Article(ArticleRef("s", "1"), event=Event.KILL)
    with pytest.raises(InputError, match="has no text"):
        article_from_json({"id": 1, "event": "publish"}, site="s", where="")
