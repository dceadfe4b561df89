"""Training of the region model: deterministic, with labels that are ids or names of the archive's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from newstagger.contracts import Example, FacetPart
from newstagger.domain import Article, ArticleRef, Decision, Facet, Text
from newstagger.errors import CorpusError
from newstagger.places.fit import fit_places
from newstagger.places.tagger import RegionTagger

TextMaker = Callable[..., Text]
OWN = {"iso:SY": "syria", "iso:PE": "PERU", "iso:FR": "la-douce", "iso:RU": "soviet-union", "iso:CH": "swiss"}


def _quiet(line: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def examples(text: TextMaker) -> list[Example]:
    """Made-up articles: the first country is the story's, the other only sends help."""
    names = [("Syria", "iso:SY"), ("Peru", "iso:PE"), ("France", "iso:FR"), ("Russia", "iso:RU"), ("Switzerland", "iso:CH")]
    made = []
    for number in range(50):
        (name, label), (other, _) = names[number % 5], names[(number + 1) % 5]
        body = f"A storm crossed {name}. People in {name} stayed at home; trains in {name} stood still."
        article = Article(ArticleRef("made-up", str(number)), "Storm", body, language="en")
        made.append(Example(article, text(f"Storm in {name}", body, f"Help came from {other}."), (label,)))
    return made


def test_same_examples_same_arrays_whatever_the_jobs(base: FacetPart, examples: list[Example]) -> None:
    one, two = (fit_places(examples, {}, base, jobs=jobs, progress=_quiet) for jobs in (1, 2))
    assert one.settings == two.settings and sorted(one.arrays) == sorted(two.arrays)
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)


def test_only_the_levels_of_the_labels_are_proposed(base: FacetPart, examples: list[Example], text: TextMaker) -> None:
    tagger = RegionTagger(fit_places(examples, {}, base, jobs=1, progress=_quiet))
    tags = tagger.tag(examples[0].article, text("Storm in Aleppo", "Aleppo was hit. Aleppo is in Syria.")).tags
    assert {tag.concept.id for tag in tags} == {"iso:SY"}


def test_names_of_the_archive_become_its_concepts(base: FacetPart, examples: list[Example]) -> None:
    renamed = [replace(example, labels=tuple(OWN[label] for label in example.labels)) for example in examples]
    part = fit_places(renamed, {}, base, jobs=1, progress=_quiet)
    assert {concept.id for concept in part.concepts} == set(OWN.values())
    tags = RegionTagger(part).tag(renamed[2].article, renamed[2].text).tags
    best = max(tags, key=lambda tag: tag.score)
    assert (best.concept.id, best.concept.exact_match[0]) == ("la-douce", "iso:FR") and best.decision is not Decision.SILENT


@pytest.mark.parametrize("part", [None, FacetPart(Facet.REGION, "linear")])
def test_without_a_gazetteer_it_says_what_to_do(examples: list[Example], part: FacetPart | None) -> None:
    with pytest.raises(CorpusError, match="--base"):
        fit_places(examples, {}, part, jobs=1, progress=_quiet)


def test_unknown_id_and_mixed_labels_are_refused(base: FacetPart, examples: list[Example]) -> None:
    with pytest.raises(CorpusError, match="iso:QQ"):
        fit_places([replace(examples[0], labels=("iso:QQ",))], {}, base, jobs=1, progress=_quiet)
    with pytest.raises(CorpusError, match="mix"):
        fit_places([replace(examples[0], labels=("iso:SY", "usa"))], {}, base, jobs=1, progress=_quiet)


def test_labels_that_no_article_names_are_refused(base: FacetPart, examples: list[Example]) -> None:
    with pytest.raises(CorpusError, match="no article names"):
        fit_places([replace(example, labels=("iso:GB",)) for example in examples[:5]], {}, base, jobs=1, progress=_quiet)


def _same(one: FacetPart, other: FacetPart) -> bool:
    return one.settings == other.settings and all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def test_places_that_nobody_judged_teach_nothing_and_a_refused_one_is_a_negative(base: FacetPart, examples: list[Example]) -> None:
    def fitted(**more: tuple[str, ...]) -> FacetPart:
        others = [replace(e, article=replace(e.article, ref=ArticleRef("x", e.article.ref.id)), labels=(), **more) for e in examples[::5]]
        return fit_places([*examples, *others], {}, base, jobs=1, progress=_quiet)

    alone = fit_places(examples, {}, base, jobs=1, progress=_quiet)
    assert _same(fitted(unknown=("*",)), alone)
    assert _same(fitted(unknown=("iso:SY", "iso:PE", "m49:145", "m49:142")), alone)
    assert not _same(fitted(), alone)
    assert not _same(fitted(unknown=("*",), rejected=("iso:PE",)), alone)
    assert _same(fitted(unknown=("*",), rejected=("iso:PE",)), fitted(unknown=("iso:SY",)))


def test_reviewed_articles_keep_the_levels_that_the_base_proposes(base: FacetPart, examples: list[Example], text: TextMaker) -> None:
    wide = replace(base, settings={**base.settings, "levels": ["ADMIN1", "CITY", "COUNTRY"]})
    reviewed = [replace(examples[0], unknown=("iso:PE",)), *examples[1:]]
    levels = [fit_places(some, {}, wide, jobs=1, progress=_quiet).settings["levels"] for some in (examples, reviewed)]
    assert levels == [["COUNTRY"], ["ADMIN1", "CITY", "COUNTRY"]]


def test_a_refused_city_counts_where_the_labels_name_countries_only(base: FacetPart, examples: list[Example], text: TextMaker) -> None:
    told = text("Storm in Paris, help from Geneva", "Paris was hit. Geneva in Switzerland sent help.")
    wanted = [Example(Article(ArticleRef("x", str(n))), told, ("iso:FR-IDF", "iso:FR")) for n in range(10)]
    country = [Example(Article(ArticleRef("y", str(n))), told, ("iso:CH",), unknown=("iso:FR-IDF",)) for n in range(10)]
    refused = [replace(example, rejected=("geonames:4",)) for example in country]
    without, taught = (fit_places([*examples, *wanted, *some], {}, base, jobs=1, progress=_quiet) for some in (country, refused))
    local = [part.arrays["focus_weights"][1] for part in (without, taught)]
    assert not np.array_equal(*local)
    assert np.array_equal(*(part.arrays["focus_weights"][0] for part in (without, taught)))
