"""The region tagger: focus and mentioned, evidence that adds up, abstention, damaged models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from newstagger.contracts import FacetPart, Tagger
from newstagger.domain import Article, ArticleRef, BundleRef, Decision, Facet, Role, Tag, Text
from newstagger.errors import BundleDamagedError
from newstagger.places.tagger import RegionTagger

TextMaker = Callable[..., Text]
ARTICLE = Article(ArticleRef("made-up", "1"))


@pytest.fixture
def tagger(part: FacetPart) -> RegionTagger:
    """The tagger of the small part."""
    return RegionTagger(part, BundleRef("small", "1", "0"))


def _floods(text: TextMaker) -> Text:
    body = "Heavy rain hit Peru on Monday. Roads in Peru were cut, and the Peruvian army sent boats to Cusco."
    return text("Floods in Peru", body, "A plane with blankets came from Switzerland.")


def _tags(tagger: RegionTagger, text: Text) -> dict[str, Tag]:
    return {tag.concept.id: tag for tag in tagger.tag(ARTICLE, text).tags}


def test_story_is_about_the_country_it_names_most(tagger: RegionTagger, text: TextMaker) -> None:
    tags = _tags(tagger, _floods(text))
    assert tags["iso:PE"].role is Role.FOCUS and tags["iso:PE"].decision is not Decision.SILENT
    assert "iso:CH" not in tags or tags["iso:CH"].role is Role.MENTIONED


def test_evidence_adds_up_and_quotes_the_text(tagger: RegionTagger, text: TextMaker) -> None:
    floods = _floods(text)
    for tag in _tags(tagger, floods).values():
        assert round(tag.bias + sum(reason.contribution for reason in tag.evidence) + tag.rest, 6) == tag.margin
        assert all(floods.string[q.start : q.end] == q.quote for reason in tag.evidence for q in reason.quotes)
        assert 0.0 <= tag.score <= 1.0 and tag.bundle == BundleRef("small", "1", "0")


def test_who_tells_of_a_city_tells_of_its_country(tagger: RegionTagger, text: TextMaker) -> None:
    told = text(
        "Aleppo falls silent",
        "Shells fell on Aleppo all night. In Aleppo the bakeries closed.",
        "Aleppo has one hospital left, Syria none.",
    )
    proposal = tagger.tag(ARTICLE, told).tags
    tags = {tag.concept.id: tag for tag in proposal}
    parts = [tags[name] for name in ("iso:SY-HL", "geonames:1") if tags[name].role is Role.FOCUS]
    assert parts and all(tags["iso:SY"].score >= part.score for part in parts)
    assert tags["iso:SY"].role is Role.FOCUS and proposal[0].concept.id == "iso:SY"
    assert all(round(tag.bias + sum(reason.contribution for reason in tag.evidence) + tag.rest, 6) == tag.margin for tag in tags.values())


def test_tagger_fits_its_protocol(tagger: RegionTagger) -> None:
    assert isinstance(tagger, Tagger)
    assert (tagger.name, tagger.facet) == ("region", Facet.REGION)


def test_no_place_is_said(tagger: RegionTagger, text: TextMaker) -> None:
    proposal = tagger.tag(ARTICLE, text("Nothing here", "Not a single name."))
    assert not proposal.tags
    assert [(a.facet, a.reason) for a in proposal.abstained] == [(Facet.REGION, "no place named")]


def test_one_mention_in_passing_is_never_written_by_itself(part: FacetPart, text: TextMaker) -> None:
    sure = np.zeros_like(part.arrays["focus_weights"])
    sure[:, -1] = 20.0
    tagger = RegionTagger(replace(part, arrays={**part.arrays, "focus_weights": sure}))
    once, twice = text("Late frost", "The frost came from Russia."), text("Late frost in Russia", "The frost came from Russia.")
    assert [_tags(tagger, story)["iso:RU"].decision for story in (once, twice)] == [Decision.SUGGEST, Decision.AUTO]


def test_at_most_thirty_tags_and_the_likeliest_first(tagger: RegionTagger, text: TextMaker) -> None:
    scores = [tag.score for tag in tagger.tag(ARTICLE, _floods(text)).tags]
    assert scores == sorted(scores, reverse=True) and len(scores) <= 30


def test_empty_text_abstains(tagger: RegionTagger) -> None:
    assert tagger.tag(ARTICLE, Text("", ())).abstained


@pytest.mark.parametrize("name", ["focus_weights", "focus_platt"])
def test_model_of_the_wrong_shape_or_not_finite_is_refused(part: FacetPart, name: str) -> None:
    for damaged in (part.arrays[name][:, :-1], np.full_like(part.arrays[name], np.nan)):
        with pytest.raises(BundleDamagedError, match="model of places"):
            RegionTagger(replace(part, arrays={**part.arrays, name: damaged}))


@pytest.mark.parametrize("settings", [{}, {"bounds": {}}, {"levels": ["MOON"]}, {"bounds": {"country": 1, "local": 2}}])
def test_settings_that_do_not_fit_are_refused(part: FacetPart, settings: dict[str, object]) -> None:
    broken = {**part.settings, **settings} if settings else {}
    with pytest.raises(BundleDamagedError):
        RegionTagger(replace(part, settings=broken))


def test_places_are_found_by_name_and_peoples_are_not(tagger: RegionTagger) -> None:
    russia = tagger.concept("iso:RU")
    assert russia is not None
    assert russia in tagger.named(russia.pref_label.upper())
    assert tagger.named("") == tagger.named("Russian") == tagger.named("no such place") == ()


def test_a_place_under_the_archive_s_own_label_is_found_by_it(part: FacetPart) -> None:
    tagger = RegionTagger(replace(part, settings={**part.settings, "own_labels": {"iso:RU": "russland"}}))
    found = tagger.concept("russland")
    assert found is not None and found.exact_match[0] == "iso:RU"
    assert tagger.concept("iso:RU") is not None and tagger.concept("nowhere") is None
    assert tagger.named("Russia") == (found,)
