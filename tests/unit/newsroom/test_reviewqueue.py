"""The review queue: stored once, bounded, forgotten with its article, and never in the way of a save."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Action, Article, ArticleRef, EditorDecision, Facet
from newstagger.errors import InputError, StateError
from newstagger.newsroom import reviewqueue, sqlite_newsroom
from newstagger.newsroom.memory import forget
from newstagger.newsroom.reviewqueue import Face, Item, Kind, ReviewQueue, ReviewState, Told

AT = "2025-03-01T09:00:00+00:00"
TEXT = "The harbour pilots went back to work on Monday."


def row(labels: tuple[str, ...] = ("medtop:16000000",), *, site: str = "courier", ref: str = "", text: str = TEXT, **fields) -> Item:
    at = ArticleRef(site, ref)
    told = Told(labels, **{name: fields.pop(name) for name in ("rejected", "unknown", "label", "facet") if name in fields})
    return Item(0, at, fields.pop("kind", Kind.LABELS), Face.ANNIF, AT, told, article=Article(at, "Pilots return", text), **fields)


@pytest.fixture
def queue(tmp_path: Path) -> ReviewQueue:
    return ReviewQueue(tmp_path / "newsroom.sqlite3")


def test_a_row_comes_back_as_it_went_in(queue):
    item = row(("medtop:16000000", "own:ähren"), ref="a/1", rejected=("iso:SY",), unknown=("http://example.org/7",), by="anna")
    assert queue.put(item, "hash")
    (back,) = queue.items()
    assert back == replace(item, id=back.id)
    assert queue.item(back.id) == back
    assert queue.item(99) is None


def test_what_is_proposed_for_the_vocabulary_comes_back_too(queue):
    proposal = Item(0, ArticleRef("courier", ""), Kind.CONCEPT, Face.IMATRICS, AT, Told(label="drone warfare", facet=Facet.TOPIC))
    assert queue.put(proposal)
    assert [item.told for item in queue.items()] == [proposal.told]


def test_the_same_is_stored_once_whatever_became_of_it(queue):
    assert queue.put(row(), "hash")
    assert not queue.put(row(by="another"), "hash")
    queue.decide(1, ReviewState.DROPPED)
    assert not queue.put(row(), "hash")
    assert queue.put(row(("medtop:15000000",)), "hash")
    assert queue.put(row(site="herald"), "hash")


def test_of_an_article_that_is_named_the_newest_row_waits_alone(queue):
    queue.put(row(ref="1"), "first")
    queue.put(row(ref="2"), "other")
    queue.put(row(("medtop:15000000",), ref="1"), "first")
    assert [(item.ref.id, item.told.labels) for item in queue.items()] == [("2", ("medtop:16000000",)), ("1", ("medtop:15000000",))]
    queue.decide(3, ReviewState.TAKEN)
    queue.put(row(("medtop:16000000",), ref="1"), "later text")
    assert [item.state for item in queue.items()] == ["waiting", "taken", "waiting"]


def test_a_word_that_was_taken_back_and_said_again_is_the_last_word(queue):
    one, other = row(("medtop:16000000",), ref="1"), row(("medtop:15000000",), ref="1")
    queue.put(one, "text")
    queue.decide(1, ReviewState.TAKEN)
    queue.put(other, "text")
    assert not queue.put(one, "text")
    assert [(item.told.labels, item.state) for item in queue.items()] == [(one.told.labels, "taken")]
    queue.put(other, "text")
    queue.decide(3, ReviewState.TAKEN)
    assert queue.put(one, "text")
    assert [(item.told.labels, item.state) for item in queue.items()][2:] == [(one.told.labels, "waiting")]


def test_without_an_id_the_last_word_about_a_text_counts(queue):
    one, other = row(("medtop:16000000",)), row(("medtop:15000000",))
    assert [queue.put(item, "text") for item in (one, other, one, one)] == [True, True, True, False]
    assert [queue.put(item, "another text") for item in (one, one)] == [True, False]


def test_a_proposal_is_made_again_when_it_was_taken_and_undone_but_not_when_it_was_dropped(queue):
    def propose(label):
        return queue.put(Item(0, ArticleRef("courier", ""), Kind.CONCEPT, Face.IMATRICS, AT, Told(label=label, facet=Facet.TOPIC)))

    assert [propose("one"), propose("two"), propose("one")] == [True, True, False]
    queue.decide(1, ReviewState.TAKEN)
    queue.decide(2, ReviewState.DROPPED)
    assert [propose("one"), propose("two")] == [True, False]


def test_rows_are_listed_by_state_and_site(queue, monkeypatch):
    monkeypatch.setattr(reviewqueue, "PAGE", 2)
    for number in range(5):
        queue.put(row(site="courier" if number % 2 else "herald", text=f"{TEXT} {number}"), str(number))
    assert queue.decide(2, ReviewState.TAKEN).state is ReviewState.TAKEN
    assert queue.decide(77, ReviewState.TAKEN) is None
    assert [item.id for item in queue.items(ReviewState.WAITING)] == [1, 3, 4, 5]
    assert [item.id for item in queue.items(site="courier")] == [2, 4]
    assert [item.id for item in queue.items(ReviewState.WAITING, "courier")] == [4]


def test_forgetting_an_article_erases_its_rows_and_those_with_its_text(tmp_path):
    newsroom = sqlite_newsroom(tmp_path / "newsroom.sqlite3")
    ref, text = ArticleRef("courier", "1"), "Nobody but the pilots knew the secret channel."
    newsroom.state.ledger.record(EditorDecision(ref, "iso:SY", Action.ADDED, at=AT, text_hash="hash of it"))
    newsroom.review.put(row(ref="1", text=text), "another hash")
    newsroom.review.put(row(text=text), "hash of it")
    newsroom.review.put(row(text="Quite another story."), "of another")
    newsroom.review.put(row(site="herald", ref="1", text="Of another site."), "hash of it")
    assert forget(ref, newsroom.state).waiting == 2
    assert [(item.ref.site, item.article.body) for item in newsroom.review.items()] == [
        ("courier", "Quite another story."),
        ("herald", "Of another site."),
    ]
    assert newsroom.review.forget(ref) == 0


def test_rows_with_texts_that_are_too_old_are_erased(queue):
    queue.put(row(), "hash")
    queue.put(Item(0, ArticleRef("courier", ""), Kind.CONCEPT, Face.IMATRICS, AT, Told(label="x", facet=Facet.TOPIC)))
    assert queue.expire(AT) == 0
    assert queue.expire("2025-03-02") == 1
    assert [item.kind for item in queue.items()] == [Kind.CONCEPT]


@pytest.mark.parametrize(
    "item",
    [
        row(text="x" * (reviewqueue.LONGEST_TEXT + 1)),
        row(tuple(f"medtop:{number}" for number in range(reviewqueue.MOST_LABELS + 1))),
        row(("x" * (reviewqueue.LONGEST_LABEL + 1),)),
        row(by="b" * 501),
        row(ref="r" * 501),
        row(("half\ud800",)),
        row(unknown=("nul\0",)),
        row(ref="half\ud800"),
    ],
)
def test_what_is_too_long_or_no_text_is_refused_and_nothing_stored(queue, item, tmp_path):
    with pytest.raises(InputError):
        queue.put(item)
    assert not (tmp_path / "newsroom.sqlite3").exists()


def test_a_full_queue_says_so_and_goes_on_when_rows_are_decided(queue, monkeypatch):
    monkeypatch.setattr(reviewqueue, "MOST_WAITING", 2)
    assert queue.put(row(text="one"), "1")
    assert queue.put(row(text="two"), "2")
    with pytest.raises(StateError, match="newstagger review"):
        queue.put(row(text="three"), "3")
    assert queue.put(row(site="herald"), "3")
    queue.decide(1, ReviewState.DROPPED)
    assert queue.put(row(text="three"), "3")


def test_looking_makes_no_file_and_a_broken_one_is_told(queue, tmp_path):
    assert list(queue.items()) == []
    assert queue.forget(ArticleRef("courier", "1")) == 0
    assert not list(tmp_path.iterdir())
    (tmp_path / "newsroom.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(StateError):
        list(queue.items())


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4), st.text(max_size=10))
def test_any_words_are_stored_as_they_are_or_refused(tmp_path_factory, text, labels, by):
    queue = ReviewQueue(tmp_path_factory.mktemp("queue") / "newsroom.sqlite3")
    item = row(tuple(labels), text=text, by=by)
    try:
        queue.put(item, "hash")
    except InputError:
        assert list(queue.items()) == []
    else:
        assert [replace(back, id=0) for back in queue.items()] == [item]


def test_the_text_of_a_forgotten_article_is_gone_from_the_file(tmp_path):
    """Compressed bytes are looked for as they were stored: one row of one word, so that they are the same."""
    path = tmp_path / "newsroom.sqlite3"
    queue = ReviewQueue(path)
    queue.put(row(ref="1"), "hash")
    with sqlite3.connect(path) as connection:
        (blob,) = connection.execute("SELECT article FROM review_item").fetchone()
    connection.close()
    queue.forget(ArticleRef("courier", "1"))
    assert all(blob not in file.read_bytes() for file in tmp_path.iterdir())
