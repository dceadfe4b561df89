"""Type-ahead: which names are found as somebody types, in which order, and that nothing typed can hurt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Facet
from newstagger.host import Host
from newstagger.nameprefix import Names
from newstagger.newsroom.vocabulary import Entry, Overlay
from newstagger.newsroom.vocabularyfile import FILE, changing
from newstagger.settings import Settings
from newstagger.tokens import fold, split_words

BARE = Host(Settings(bundle="nothing-here"), discover=False, stateless=True)
NAMES = Names.of(
    [("Human Rights Watch", "hrw"), ("human rights", "rights"), ("Château Écluse", "lock"), ("--", "nothing"), ("Watch", "watch")]
)


def found(query: str, limit: int = 10) -> list[str]:
    return [concept for _, concept in NAMES.found(query, limit)]


def test_a_word_of_a_name_begins_as_the_query_does():
    assert found("human ri") == ["hrw", "rights"]
    assert found("rights w") == ["hrw"]
    assert found("uman") == []
    assert found("ecl") == found("ÉCL") == ["lock"]


def test_names_called_so_come_before_those_that_begin_so_and_those_with_such_a_word():
    assert found("watch") == ["watch", "hrw"]
    assert found("human rights") == ["rights", "hrw"]


def test_no_more_than_asked_for_of_one_closeness():
    names = Names.of([(f"harbour {number}", f"h{number}") for number in range(9)])
    assert list(names.found("harbour", 2)) == [(1, "h0"), (1, "h1"), (2, "h2"), (2, "h3")]


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=4)), max_size=8), st.text(max_size=6))
def test_the_same_as_looking_at_every_name(names, query):
    key = words_of(query)
    expected = {told for name, told in names if key.strip() and key in words_of(name)}
    assert {told for _, told in Names.of(names).found(query, 100)} == expected


def words_of(name: str) -> str:
    return " " + " ".join(map(fold, split_words(name)))


def with_own(settings, *entries: Entry) -> Host:
    with changing(settings.home / FILE) as write:
        write(Overlay(entries))
    return Host(settings, discover=False, stateless=True)


def test_the_newsrooms_own_come_first_and_a_facet_is_kept_to(settings):
    host = with_own(
        settings,
        Entry("own:war-room", "war room", Facet.ACTOR),
        Entry("own:warehouse", "warehouse fires", Facet.TOPIC, alt_labels=("Lagerhausbrand",)),
    )
    assert [concept.id for concept in host.search("war")][:4] == ["medtop:20000062", "own:war-room", "own:warehouse", "medtop:20000105"]
    assert [concept.id for concept in host.search("lagerh")] == ["own:warehouse"]
    assert [concept.id for concept in host.search("war", Facet.ACTOR)] == ["own:war-room"]
    assert len(host.search("w", limit=3)) == 3
    assert len(host.search("s", limit=100_000)) == 100


def test_topics_are_found_in_all_their_languages_and_ids_as_they_are(settings):
    host = Host(settings, discover=False, stateless=True)
    assert "medtop:20000418" in [concept.id for concept in host.search("klimaver")]
    assert [concept.id for concept in host.search("medtop:16000000")] == ["medtop:16000000"]


def test_a_concept_that_stands_for_several_ids_is_told_once(settings):
    host = with_own(settings, Entry("medtop:20000062", "war and warfare"), Entry("own:warring", "warring", replaces=("medtop:20000105",)))
    ids = [concept.id for concept in host.search("war", limit=50)]
    assert len(ids) == len(set(ids))
    assert host.search("war")[0].pref_label in {"war and warfare", "warring"}
    assert "medtop:20000105" not in ids


@given(st.text())
def test_any_text_may_be_asked_for(query):
    assert len(BARE.search(query)) <= 10


def test_a_query_as_long_as_a_book_is_no_matter():
    assert BARE.search("war " * 1_000_000) == ()
    assert BARE.search("\ud800\0") == ()


def test_dictionaries_of_taggers_are_asked(settings):
    """With the model that comes with the package."""
    host = Host(type(settings)(home=settings.home), discover=False, stateless=True)
    assert host.search("united stat", Facet.REGION)[0].id == "iso:US"
    assert host.search("nato", Facet.ACTOR, 1)[0].pref_label == "NATO"
    assert host.search("paris", Facet.REGION, 1)[0].id == "geonames:2988507"
