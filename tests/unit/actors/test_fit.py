from dataclasses import replace

import numpy as np
import pytest

from newstagger.actors.distant import plain_text
from newstagger.actors.fit import fit_actors
from newstagger.actors.tagger import ActorTagger
from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef
from newstagger.errors import CorpusError
from newstagger.logistic import fit_map

WANTED = ("hamas", "hezbollah", "taliban", "farc", "boko-haram", "angela-merkel", "bashar-al-assad", "imf")
NAMES = ("Hamas", "Hezbollah", "Taliban", "FARC", "Boko Haram", "Angela Merkel", "Bashar al-Assad", "International Monetary Fund")


def examples(count=60):
    made = []
    for number in range(count):
        one, other = number % len(NAMES), (number * 3 + 1) % len(NAMES)
        body = f"{NAMES[one]} met reporters. Later {NAMES[one]} left.\n\nOn the margins, {NAMES[other]} was mentioned."
        labels = (f"actor:{WANTED[one]}",) if number % 7 else ()
        ref = ArticleRef("test", str(number))
        made.append(Example(Article(ref), plain_text(f"{NAMES[one]} speaks", body), labels))
    return made


def quiet(_line):
    return None


def test_learning_keeps_the_gazetteer_and_is_deterministic(part):
    one = fit_actors(examples(), {}, part, jobs=1, progress=quiet)
    other = fit_actors(examples(), {}, part, jobs=2, progress=quiet)
    assert one.settings == other.settings
    assert one.settings != part.settings
    assert all(np.array_equal(one.arrays[name], part.arrays[name]) for name in part.arrays)
    assert 0.0 < one.settings["threshold"] <= one.settings["auto"]
    assert one.settings["weights"]["quoted"] >= 0.0


def test_what_was_learnt_tags(part):
    learnt = fit_actors(examples(), {}, part, jobs=1, progress=quiet)
    story = plain_text("Hamas speaks", "Hamas met reporters. Later Hamas left.\n\nOn the margins, the Taliban was mentioned.")
    tags = {t.concept.id: t.score for t in ActorTagger(learnt, None).tag(Article(ArticleRef("t", "1")), story).tags}
    assert tags["actor:hamas"] > 0.5 > tags.get("actor:taliban", 0.0)


@pytest.mark.parametrize(
    ("rows", "constants", "match"),
    [(examples(8)[:1], {"pul": 1}, "pul"), ([], {}, "ids of the gazetteer"), (examples(3)[:1], {}, "ids of the gazetteer")],
)
def test_what_cannot_be_learnt_says_so(part, rows, constants, match):
    rows = [Example(row.article, row.text, ()) for row in rows]
    with pytest.raises(CorpusError, match=match):
        fit_actors(rows, constants, part, jobs=1, progress=quiet)


def test_without_a_base_there_is_no_gazetteer():
    with pytest.raises(CorpusError, match="--base"):
        fit_actors(examples(), {}, None, jobs=1, progress=quiet)


def test_a_feature_without_data_keeps_its_prior():
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(200), rng.normal(size=200), np.zeros(200)])
    wanted = design[:, 1] + rng.normal(scale=0.3, size=200) > 0
    weights = fit_map(design, wanted, np.array([0.0, 0.0, 1.7]), np.array([0.01, 1.0, 1.0]))
    assert weights[2] == pytest.approx(1.7)
    assert weights[1] > 1.0


def test_actors_that_nobody_judged_teach_nothing_and_a_refused_one_is_a_negative(part):
    told = [example for example in examples() if example.labels]

    def fitted(**more):
        others = [replace(e, article=Article(ArticleRef("x", e.article.ref.id)), labels=(), **more) for e in examples() if e.labels == ()]
        return fit_actors([*told, *others], {}, part, jobs=1, progress=quiet).settings

    everybody = tuple(f"actor:{name}" for name in WANTED)
    alone = fit_actors(told, {}, part, jobs=1, progress=quiet).settings
    assert fitted(unknown=("*",)) == fitted(unknown=everybody) == alone
    assert fitted() != alone
    assert fitted(unknown=("*",), rejected=everybody[:1]) == fitted(unknown=everybody[1:]) != alone
