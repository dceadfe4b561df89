"""Words of other languages pull like their English counterparts, without one article in them."""

import random
from dataclasses import replace

import numpy as np
import pytest

from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef, Concept, Decision, Facet
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer
from newstagger.learning.translations import Translations, translated, translations
from newstagger.learning.vocabulary import Vocabulary
from newstagger.tokens import word_hash

from .conftest import make_text

WORDS = {
    "sport": ["football", "match", "coach", "season", "goal", "striker", "league", "stadium"],
    "health": ["hospital", "vaccine", "patients", "doctors", "disease", "nurses", "clinic", "surgery"],
}
COMMON = ["people", "town", "said", "new", "monday", "local", "after", "report"]


@pytest.fixture(scope="module")
def english():
    rng, names = random.Random(2), list(WORDS)
    rows = []
    for number in range(80):
        topic = names[number % 2]
        words = [*rng.sample(WORDS[topic], 5), *rng.sample(COMMON, 5)]
        rng.shuffle(words)
        article = Article(ArticleRef("paper", str(number)), language="en")
        rows.append(Example(article, make_text(" ".join(words[:3]), " ".join(words[3:])), (topic,)))
    return rows


def train(rows, **constants):
    concepts = [Concept(name, name, Facet.TOPIC) for name in WORDS]
    told = {"min_words": 3, "folds": 3, "at_least_one": False, "min_known": 0.1} | constants
    return linear_trainer(Facet.TOPIC, concepts)(rows, told, None, jobs=1, progress=lambda line: None)


def shown(part, headline, body, language):
    proposal = LinearTagger(part, None).tag(Article(ArticleRef("paper", "x")), make_text(headline, body, language))
    return [tag.concept.id for tag in proposal.tags if tag.decision is not Decision.SILENT]


@pytest.mark.parametrize(
    ("headline", "body", "topic"),
    [
        ("Trainer lobt Stürmer", "Der Trainer sah im Stadion das Spiel der Liga, in dem der Stürmer ein Tor schoss.", "sport"),
        ("Krankenhaus", "Im Krankenhaus behandeln Ärzte und Pflegerinnen die Patienten; die Impfung hilft gegen die Krankheit.", "health"),
        ("Больница", "Врачи в больнице лечат пациентов, вакцина помогает против болезни.", "health"),
        ("El entrenador", "El entrenador y el delantero en el estadio: partido de liga, temporada de fútbol y gol.", "sport"),
    ],
)
def test_a_text_is_tagged_in_a_language_that_no_row_is_written_in(english, headline, body, topic):
    rows = [replace(row, text=replace(row.text, language=None), article=replace(row.article, language=None)) for row in english]
    assert shown(train(rows, translations=1.0), headline, body, None) == [topic]
    assert topic not in shown(train(rows), headline, body, None)


def test_english_is_tagged_as_before(english):
    told = ("Coach", "The striker and the coach: match of the season", "en")
    assert shown(train(english, translations=1.0), *told) == shown(train(english), *told) == ["sport"]


def test_forms_are_as_telling_as_what_they_stand_for():
    keys = np.sort(np.array([word_hash("court"), word_hash("judge")], dtype=np.uint64))
    salted = Vocabulary(keys, np.array([2.0, 4.0], dtype=np.float32), np.zeros(2, dtype=np.uint8), ())
    wide, shares = translated(replace_block(salted), pairs(("gericht", "court"), ("gericht", "judge"), ("mond", "moon")))
    at = int(wide.look_up(np.array([word_hash("gericht")], dtype=np.uint64) ^ salt())[0][0])
    assert len(wide) == 3
    assert wide.idf[at] == pytest.approx(3.0)
    assert shares[[at]].toarray().sum() == pytest.approx(1.0)


def salt():
    from newstagger.learning.features import block_salt

    return block_salt(0)


def replace_block(vocabulary):
    from newstagger.learning.features import Block

    keys = vocabulary.keys ^ salt()
    order = np.argsort(keys)
    return Vocabulary(keys[order], vocabulary.idf[order], vocabulary.block, (Block(("body",)),))


def pairs(*told):
    hashed = sorted((word_hash(form), word_hash(word)) for form, word in told)
    return Translations(np.array([f for f, _ in hashed], dtype=np.uint64), np.array([w for _, w in hashed], dtype=np.uint64))


def test_the_list_that_comes_with_the_package_is_in_order():
    ours = translations()
    together = list(zip(ours.forms.tolist(), ours.words.tolist(), strict=True))
    assert together == sorted(set(together))
    assert len(together) > 20_000
