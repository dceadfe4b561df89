"""Media Topics as shipped, and what the labels of a corpus mean."""

import re

import pytest

from newstagger.domain import Concept, Facet
from newstagger.errors import TaxonomyError
from newstagger.taxonomy import Taxonomy, media_topics, prefix_of, resolve_labels


class Gazetteer:
    def concept(self, concept_id):
        return Concept(concept_id, "Ulvik", Facet.REGION) if concept_id == "geonames:1" else None


def test_all_media_topics_are_there_with_their_hierarchy_and_ids():
    topics = media_topics()
    assert (len(topics.concepts), len(topics.retired)) == (1099, 273)
    assert len([c for c in topics.concepts.values() if not c.broader]) == 17
    war = topics.concept("medtop:16000000")
    assert war.pref_label == "conflict, war and peace"
    assert topics.concept("medtop:11000000").exact_match == ("wikidata:Q7163",)
    assert all(re.fullmatch(r"medtop:\d{8}", concept_id) for concept_id in topics.concepts)
    assert all(up in topics.concepts for concept in topics.concepts.values() for up in concept.broader)
    assert not set(topics.concepts) & set(topics.retired)


def test_the_lineage_goes_up_to_the_top():
    lineage = media_topics().lineage("medtop:20001133")
    assert lineage[0] == "medtop:20001133"
    assert lineage[-1] == "medtop:01000000"
    assert media_topics().lineage("medtop:99999999") == ()


def test_a_circle_of_broader_concepts_ends():
    circle = {name: Concept(name, name, Facet.TOPIC, broader=(other,)) for name, other in (("a", "b"), ("b", "a"))}
    assert Taxonomy("x", "1", circle).lineage("a") == ("a", "b")


def test_a_retired_concept_gives_its_successor_or_nothing():
    live = {"b": Concept("b", "b", Facet.TOPIC)}
    taxonomy = Taxonomy("x", "1", live, {"a": Concept("a", "a", Facet.TOPIC)}, {"a": "b"})
    assert taxonomy.concept("a") == live["b"]
    assert media_topics().concept("medtop:20000030") is None


def test_media_topics_name_a_successor_only_where_one_live_concept_is_the_same():
    topics = media_topics()
    found = topics.concept("medtop:20000064")  # war crime action: the same Wikidata id
    assert found is not None and found.pref_label == "war crime"
    assert topics.successors["medtop:20000809"] == "medtop:20000093"  # corrupt practices: the same names
    assert "medtop:20000992" not in topics.successors  # endurance race is a long distance run in two languages only
    assert set(topics.successors) <= set(topics.retired) and set(topics.successors.values()) <= set(topics.concepts)


@pytest.mark.parametrize(
    ("label", "prefix"),
    [("medtop:16000000", "medtop"), ("iso:SY", "iso"), ("sport", None), ("ec:money", None), ("medtop", None), (":x", None)],
)
def test_known_prefixes(label, prefix):
    assert prefix_of(label) == prefix


def test_bare_labels_make_a_taxonomy_of_their_own():
    concepts = resolve_labels(Facet.TOPIC, {"sea": "a:1", "ec:money": "a:2"})
    assert concepts["sea"] == Concept("sea", "sea", Facet.TOPIC)


def test_labels_with_a_prefix_are_looked_up():
    assert resolve_labels(Facet.TOPIC, {"medtop:15000000": "a:1"})["medtop:15000000"].pref_label == "sport"
    assert resolve_labels(Facet.REGION, {"geonames:1": "a:1"}, [Gazetteer()])["geonames:1"].pref_label == "Ulvik"


@pytest.mark.parametrize(
    ("facet", "labels", "message"),
    [
        (Facet.TOPIC, {"medtop:16000001": "a.jsonl:7"}, r"^a\.jsonl:7: no Media Topic 'medtop:16000001' \(did you mean medtop:1\d+\?\)"),
        (Facet.TOPIC, {"medtop:20000030": "a.jsonl:7"}, r"a\.jsonl:7: .*retired; its broader concept is medtop:20000029"),
        (Facet.TOPIC, {"medtop:x": "a.jsonl:7"}, r"a\.jsonl:7: no Media Topic"),
        (Facet.TOPIC, {"iso:SY": "a.jsonl:7"}, r"a\.jsonl:7: 'iso:SY' is no topic"),
        (Facet.REGION, {"iso:SY": "a.jsonl:7"}, r"a\.jsonl:7: 'iso:SY' cannot be checked without a gazetteer \(name a bundle"),
        (Facet.TOPIC, {"medtop:16000000": "a.jsonl:1", "sea": "a.jsonl:7"}, r"a\.jsonl:7: the topic label 'sea' is bare"),
    ],
)
def test_a_label_that_means_nothing_is_refused_by_file_and_line(facet, labels, message):
    with pytest.raises(TaxonomyError, match=message):
        resolve_labels(facet, labels)


def test_a_place_that_the_gazetteer_lacks_is_refused():
    with pytest.raises(TaxonomyError, match=r"a:3: no region 'geonames:2' in the gazetteer"):
        resolve_labels(Facet.REGION, {"geonames:2": "a:3"}, [Gazetteer()])


@pytest.mark.parametrize("others", [{}, {"medtop:15000000": "b.jsonl:1"}, {"sea": "b.jsonl:1"}])
def test_own_concepts_stand_beside_any_labels(others):
    port = Concept("own:port", "port", Facet.TOPIC)
    found = resolve_labels(Facet.TOPIC, {"own:port": "a.jsonl:1", **others}, find={"own:port": port}.get)
    assert found["own:port"] == port
    assert found.keys() == {"own:port", *others}


def test_an_own_concept_that_is_unknown_or_of_another_facet_is_refused_by_file_and_line():
    with pytest.raises(TaxonomyError, match=r"a\.jsonl:1.*newsroom's own vocabulary has no 'own:port'"):
        resolve_labels(Facet.TOPIC, {"own:port": "a.jsonl:1"})
    with pytest.raises(TaxonomyError, match=r"is no topic but a region"):
        resolve_labels(Facet.TOPIC, {"own:port": "a.jsonl:1"}, find=lambda _: Concept("own:port", "port", Facet.REGION))
