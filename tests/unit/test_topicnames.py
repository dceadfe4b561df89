"""The names of Media Topics: in which languages, what labels of a corpus mean by them, and what is looked for in texts."""

import subprocess
import sys

import pytest

from newstagger.errors import TaxonomyError
from newstagger.taxonomy import media_topics
from newstagger.topicnames import TopicLabels, known_codes, sought, topic_names, topics_named

TENNIS, SPORT = "medtop:20001085", "medtop:15000000"


def test_every_concept_has_its_english_name_and_most_have_one_in_each_language():
    names, topics = topic_names(), media_topics()
    assert names.names.keys() == topics.concepts.keys() | topics.retired.keys()
    assert all(names.of(told)["en-GB"] == concept.pref_label for told, concept in topics.concepts.items())
    assert len(names.languages) == 13
    for language in names.languages:
        assert sum(language in names.of(told) for told in topics.concepts) > 1000, language


@pytest.mark.parametrize(
    ("told", "name"),
    [("de", "Sport"), ("en", "sport"), ("pt", "esporte"), ("pt-PT", "desporto"), ("pt-BR", "esporte"), ("no", "sport"), ("sv", "Sport")],
)
def test_a_name_in_a_language_told_in_any_way(told, name):
    assert topic_names().name(SPORT, told) == name


def test_there_is_none_in_other_languages_and_for_other_ids():
    assert topic_names().name(SPORT, "it") is None
    assert topic_names().of("medtop:99999999") == {} and topic_names().name("own:x", "de") is None
    assert {"de", "pt", "no", "nb", "zh"} <= known_codes()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("war crime", ("war crime",)),
        ("kerosene/paraffin", ("kerosene", "paraffin")),
        ("trial (court)", ()),
        ("traditional medicine (TCM)", ("traditional medicine", "TCM")),
        ("oil and gas", ("oil and gas",)),
    ],
)
def test_what_is_looked_for(name, found):
    assert sought(name) == found


@pytest.mark.parametrize(
    ("label", "language", "found"),
    [
        ("tennis", None, (TENNIS,)),
        ("  TENNIS ", "en", (TENNIS,)),
        ("Fußball", None, ("medtop:20001065",)),
        ("足球", None, ("medtop:20001065",)),
        ("corrupt practices", None, ("medtop:20000093",)),
        ("drama", "en", ("medtop:20000014", "medtop:20001180")),
        ("no such thing", None, ()),
    ],
)
def test_the_topics_of_a_name(label, language, found):
    assert tuple(sorted(topics_named(label, language))) == found


def test_a_name_that_several_bear_means_the_one_of_the_row_s_language_then_the_english_one():
    pension, interest_rate = "medtop:20000532", "medtop:20000371"
    assert (topics_named("Rente", "de"), topics_named("Rente", "nb")) == ((pension,), (interest_rate,))
    assert set(topics_named("Rente")) == set(topics_named("Rente", "en")) == {pension, interest_rate}
    assert (topics_named("society"), topics_named("Society", "de")) == (("medtop:14000000",), ("medtop:20000504",))


def test_labels_become_ids_and_ids_stay():
    labels = TopicLabels()
    told = ["Tennis", "tennis", TENNIS, "own:port", "http://cv.iptc.org/newscodes/mediatopic/20000888"]
    assert labels.ids(told, "en", "a.csv:2") == (TENNIS, "own:port", "medtop:20000888")
    labels.expect_known()


def test_labels_that_name_no_one_topic_are_listed_with_their_line_and_what_comes_nearest():
    labels = TopicLabels()
    labels.ids(["tenis ball", "Tenniss"], "en", "a.csv:2")
    labels.ids(["drama", "Tenniss"], "en", "a.csv:3")
    labels.ids(["endurance race"], None, "a.csv:4")
    with pytest.raises(TaxonomyError) as caught:
        labels.expect_known()
    told = str(caught.value)
    assert len(told.splitlines()) == 1 and told.startswith("4 labels name no one Media Topic")
    assert f"'Tenniss' (a.csv:2: did you mean 'tennis', {TENNIS}?)" in told
    assert "'drama' (a.csv:3: it could be medtop:20000014 (drama (literature)) or medtop:20001180" in told
    assert "'endurance race' (a.csv:4: retired; its broader concept is medtop:20000991" in told
    assert "--label-map" in told


def test_of_many_wrong_labels_the_first_are_told_and_all_are_counted():
    labels = TopicLabels()
    labels.ids([f"label {number}" for number in range(5_000)], None, "a.csv:2")
    with pytest.raises(TaxonomyError, match=r"5000 labels .*'label 7' .*and 4992 more"):
        labels.expect_known()


def test_the_names_are_read_only_when_they_are_asked_for():
    code = (
        "import sys, newstagger.host as h, newstagger.topicnames as t, newstagger.taxonomy as x;"
        "x.media_topics(); print(t.topic_names.cache_info().misses)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "0"
