"""The actor tagger as the starter recipe trains it, on real articles; the thresholds are the recipe's, nothing is tuned here."""

import tomllib

import pytest

from newstagger.actors.distant import distant_examples
from newstagger.actors.fit import fit_actors
from newstagger.actors.starter import actor_part
from newstagger.actors.tagger import ActorTagger
from newstagger.domain import Article, ArticleRef, Decision, Role
from newstagger.text import extract

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

SOURCES = ("afp", "sana", "amaq", "syrian-observatory")


@pytest.fixture(scope="module")
def part(corpora, repository):
    constants = tomllib.loads((repository / "recipes" / "starter.toml").read_text("utf-8"))["facets"]["actor"]["constants"]
    base = actor_part(corpora)
    return fit_actors(distant_examples(corpora, base), constants, base, jobs=1, progress=lambda _: None)


@pytest.fixture(scope="module")
def shown(part, corpora):
    tagger = ActorTagger(part, None)
    found = {}
    for path in sorted((corpora / "seeds").glob("*.txt")):
        article = Article(ArticleRef("seeds", path.stem), "", path.read_text("utf-8"))
        tags = [tag for tag in tagger.tag(article, extract(article)).tags if tag.decision is not Decision.SILENT]
        found[path.name[:3]] = {tag.concept.id.removeprefix("actor:"): tag for tag in tags}
    return found


def test_the_part_is_small(part):
    assert sum(array.nbytes for array in part.arrays.values()) <= 6_000_000


def test_the_main_actors_of_the_seeds_are_shown(shown):
    assert len(shown) == 5
    for tags in shown.values():
        assert "islamic-state" in tags
        assert {"sy-gov", "sy-mil"} & set(tags)
        assert {"ru-gov", "ru-mil"} & set(tags)
        assert "john-kerry" in tags


def test_sources_are_sources_wherever_they_are_shown(shown):
    for tags in shown.values():
        assert all(tags[slug].role is Role.SOURCE for slug in SOURCES if slug in tags)
        assert any(slug in tags for slug in SOURCES)
        assert tags["islamic-state"].role is Role.ACTOR


def test_no_group_took_the_islamic_states_name(part):
    tagger = ActorTagger(part, None)
    rows = {row for row, _ in tagger.gazetteer.folded.rows_of("Islamic State")}
    assert [tagger.gazetteer.id(row) for row in rows] == ["actor:islamic-state"]


def test_wikidata_ids_come_only_from_sets_that_carry_them(part):
    tagger = ActorTagger(part, None)
    carried = {m for row in range(len(tagger.gazetteer)) for m in tagger.gazetteer.matches[row].split("\n") if m}
    assert all(match.split(":")[0] in ("wikidata", "bioguide", "cameo", "ucdp", "cik") for match in carried)
