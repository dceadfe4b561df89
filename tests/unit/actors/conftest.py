"""A small gazetteer of our own tables and a few made-up rows, and texts written for these tests."""

import pytest

from newstagger.actors.build import arrays_of
from newstagger.actors.distant import plain_text
from newstagger.actors.fit import starting_part
from newstagger.actors.records import FormType, Record, Surface
from newstagger.actors.tables import own_records
from newstagger.actors.tagger import ActorTagger
from newstagger.domain import Article, ArticleRef


def name(text, kind=FormType.NAME, exact=False):
    return Surface(text, kind, exact)


EXTRA = [
    Record("darul-testa", "Darul Testa", "armed-group", "ID", surfaces=(name("Darul Testa"), name("DTI", FormType.WEAK, True))),
    Record("anna-testova", "Anna Testova", "person", "CZ", start=1990, end=1999, surfaces=(name("Anna Testova"),)),
    Record("anna-testova-sk", "Anna Testova", "person", "SK", start=2010, surfaces=(name("Anna Testova"),)),
    Record("testers-front", "Testers Liberation Front", "party", "BR", surfaces=(name("Testers Liberation Front"),)),
]


@pytest.fixture(scope="session")
def part():
    return starting_part(arrays_of([*own_records(), *EXTRA]))


@pytest.fixture(scope="session")
def tagger(part):
    return ActorTagger(part, None)


@pytest.fixture(scope="session")
def tags(tagger):
    def run(headline, body, year="2016", language="en"):
        article = Article(ArticleRef("test", "1"), headline, body, version_created=f"{year}-05-01")
        return {tag.concept.id: tag for tag in tagger.tag(article, plain_text(headline, body, language)).tags}

    return run


@pytest.fixture(scope="session")
def foreign_tags():
    """Tags with a gazetteer that knows Syria in German, Spanish and French."""
    forms = [
        *(name(form, FormType.NATION) for form in ("Syrien", "Siria", "Syrie")),
        *(name(form, FormType.CAPITAL) for form in ("Damaskus", "Damasco", "Damas")),
        *(name(form, FormType.ADJECTIVE) for form in ("syrische", "syrischen", "sirio", "sirias", "syrien", "syrienne")),
    ]
    records = [r.with_more(forms) if r.slug == "sy-gov" else r for r in own_records()]
    tagger = ActorTagger(starting_part(arrays_of(records)), None)

    def run(body, language):
        article = Article(ArticleRef("test", "1"), "", body, language=language)
        return {tag.concept.id: tag for tag in tagger.tag(article, plain_text("", body, language)).tags}

    return run
