"""The straight line of retraining: what is learned, held out, copied and written, and what is refused before anything is."""

import json
from dataclasses import replace

import numpy as np
import pytest

from newstagger.bundles.manifest import Provenance
from newstagger.contracts import Example, FacetPart
from newstagger.corpus import Selection
from newstagger.domain import Article, ArticleRef, Evaluation, Facet, Text
from newstagger.errors import BundleNotFoundError, ConfigError, CorpusError, TaxonomyError
from newstagger.recipe import FacetRecipe, Recipe, Source
from newstagger.training import Feed, TrainingJob, cross_validate_recipe, evaluate_bundle, facets_of_row, retrain
from newstagger.training.examples import Labelled, labelled, read_material
from newstagger.training.line import marked, split

from .conftest import archive, concept, save, word_trainer

TOPIC = (Facet.TOPIC,)


def feed(path, facets=TOPIC, **source):
    told = Source(path.name, **source)
    return Feed(path, Selection(facets), told)


def job(path, **more):
    return TrainingJob("desk", more.pop("facets", TOPIC), feeds=(feed(path),), **more)


def contents(store):
    return {str(p): p.read_bytes() for folder in store.folders for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_corpus_becomes_a_candidate_with_held_out_figures(tmp_path, store, tools):
    ref, evaluation = retrain(job(save(tmp_path / "a.jsonl", archive())), store, tools)
    bundle = store.load("desk")
    assert bundle.ref == ref
    assert store.current("desk") is None
    (score,) = evaluation.facets
    assert (score.facet, score.documents) == (Facet.TOPIC, 4)
    assert score.micro_f1 > 0.9
    assert {c.id for c in bundle.parts[Facet.TOPIC].concepts} == {"rail", "sea"}
    assert bundle.evaluation["facets"]["topic"]["documents"] == 4


def test_after_measuring_the_held_out_rows_are_learned_too(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", archive())
    retrain(job(path), store, tools)
    retrain(job(path, recipe=Recipe(facets={Facet.TOPIC: FacetRecipe(refit=False)})), store, tools)
    counts = [int(store.load(f"desk@{v}").parts[Facet.TOPIC].arrays["count"][0]) for v in "12"]
    assert counts == [40, 36]


def test_a_trainer_that_can_refit_is_handed_what_was_measured(tmp_path, store, tools):
    class Twice:
        def __init__(self, *told):
            self.train = word_trainer(*told)

        def __call__(self, examples, constants, base, **more):
            return self.train(examples, constants, base, **more)

        def refit(self, examples, constants, before, **more):
            learned = self.train(examples, constants, None, **more)
            return replace(learned, arrays={**learned.arrays, "before": before.arrays["count"]})

    retrain(job(save(tmp_path / "a.jsonl", archive())), store, replace(tools, trainer=Twice))
    arrays = store.load("desk").parts[Facet.TOPIC].arrays
    assert (arrays["before"].tolist(), arrays["count"].tolist()) == ([36], [40])


def test_rows_marked_as_test_rows_are_measured_on_and_never_learned(tmp_path, store, tools):
    rows = [{**row, "split": "test" if number < 10 else "train"} for number, row in enumerate(archive())]
    _, evaluation = retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    assert evaluation.facets[0].documents == 10
    assert int(store.load("desk").parts[Facet.TOPIC].arrays["count"][0]) == 30


def test_the_manifest_tells_date_corpora_and_recipe_but_no_place(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", archive())
    retrain(job(path, date="2024-02-01"), store, tools)
    told = store.load("desk").manifest.provenance
    assert told.date == "2024-02-01"
    assert told.corpora[0]["file"] == "a.jsonl"
    assert told.corpora[0]["rows"] == 40
    assert told.recipe["facets"]["topic"]["kind"] == "linear"
    assert {"numpy", "scikit-learn"} <= set(told.libraries)
    assert str(tmp_path).encode() not in b"".join(contents(store).values())


def test_facets_that_are_not_trained_are_copied_from_the_base_byte_for_byte(tmp_path, store, tools):
    path = save(
        tmp_path / "a.jsonl", ({**row, "labels": {"topic": row["labels"], "actor": [f"{row['labels'][0]}-board"]}} for row in archive())
    )
    both = (Facet.TOPIC, Facet.ACTOR)
    first, _ = retrain(TrainingJob("desk", both, feeds=(feed(path, both),)), store, tools)
    store.promote(str(first))
    second, _ = retrain(job(path), store, tools)
    bundle = store.load(str(second))
    assert set(bundle.parts) == set(both)
    assert bundle.manifest.provenance.base == f"desk@1 {first.digest}"
    files = [(store.folders[0] / f"desk/{v}/actor.count.npy").read_bytes() for v in "12"]
    assert files[0] == files[1]
    store.promote(str(second))


def test_an_unpromoted_version_is_no_base_unless_named(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", archive())
    retrain(TrainingJob("desk", (Facet.ACTOR,), feeds=(feed(path, (Facet.ACTOR,)),)), store, tools)
    retrain(job(path), store, tools)
    retrain(job(path, base="desk@1"), store, tools)
    assert [set(store.load(f"desk@{v}").parts) for v in "23"] == [{Facet.TOPIC}, {Facet.TOPIC, Facet.ACTOR}]


def test_the_same_rows_give_the_same_folder(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", archive())
    other = replace(store, folders=(tmp_path / "other",))
    refs = [retrain(job(path), s, tools)[0] for s in (store, other)]
    assert refs[0] == refs[1]
    assert list(contents(store).values()) == list(contents(other).values())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "1", "text": "The ferry left."}], "no row has a topic label"),
        ([{"text": "The ferry left.", "labels": []}] * 20, "no row has a topic label"),
        ([{"text": "The ferry left.", "labels": ["sea"]}] * 20, "all 20 rows have the same topic labels"),
        (list(archive(8)), "8 rows with topic labels are too few"),
        ([], "no row has a topic label"),
    ],
)
def test_a_corpus_that_teaches_nothing_is_refused_and_nothing_is_written(tmp_path, store, tools, rows, message):
    with pytest.raises(CorpusError, match=message):
        retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    assert not store.folders[0].exists()


def test_an_unknown_id_and_a_mix_are_refused_by_file_and_line(tmp_path, store, tools):
    rows = list(archive(20))
    rows[6]["labels"] = ["medtop:99999999"]
    with pytest.raises(TaxonomyError, match=r"a\.jsonl:\d+: the topic label .* is bare"):
        retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    rows = [{**row, "labels": ["medtop:15000000" if n % 2 else "medtop:99999999"]} for n, row in enumerate(rows)]
    with pytest.raises(TaxonomyError, match=r"a\.jsonl:1: no Media Topic"):
        retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    assert not store.folders[0].exists()


def test_an_unwritable_folder_and_an_unknown_base_are_told_before_a_row_is_read(tmp_path, store, tools):
    (tmp_path / "a-file").write_text("x", "utf-8")
    with pytest.raises(ConfigError, match="not a folder"):
        retrain(job(tmp_path / "absent.jsonl"), replace(store, folders=(tmp_path / "a-file", *store.folders)), tools)
    with pytest.raises(BundleNotFoundError):
        retrain(job(tmp_path / "absent.jsonl", base="nobody@3"), store, tools)


def test_region_ids_are_checked_against_the_gazetteer_of_the_base(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", ({**row, "labels": ["iso:NO"]} for row in archive()))
    with pytest.raises(TaxonomyError, match="without a gazetteer"):
        retrain(TrainingJob("desk", (Facet.REGION,), feeds=(feed(path, (Facet.REGION,)),), gazetteer="nobody"), store, tools)


def test_a_retired_label_is_learned_as_its_concept_and_labels_are_sorted(tmp_path, store, tools):
    rows = [{**row, "labels": ["medtop:15000000", "medtop:04000000"] if n % 2 else []} for n, row in enumerate(archive())]
    retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    assert [c.pref_label for c in store.load("desk").parts[Facet.TOPIC].concepts] == ["economy, business and finance", "sport"]


def test_a_recipe_brings_sources_from_the_data_folder_and_from_beside_it(tmp_path, store, tools):
    (tmp_path / "data/topics").mkdir(parents=True)
    save(tmp_path / "data/topics/sea.jsonl", ({**row, "kind": row.pop("labels"), "old": n % 2} for n, row in enumerate(archive())))
    save(tmp_path / "own.jsonl", list(archive(12)))
    sources = (
        Source("topics/sea", labels="kind+absent", prefix="x-", weight=2.0, max_rows=20, terms="CC0"),
        Source("recipe:own", prefix="x-"),
    )
    recipe = Recipe("r", facets={Facet.TOPIC: FacetRecipe(constants={"c": 1}, sources=sources)})
    told = TrainingJob("desk", TOPIC, recipe, data=tmp_path / "data", beside=tmp_path)
    retrain(told, store, tools)
    bundle = store.load("desk")
    assert {c.id for c in bundle.parts[Facet.TOPIC].concepts} == {"x-rail", "x-sea"}
    assert bundle.parts[Facet.TOPIC].settings["source_weights"] == {"topics/sea": 2.0}
    assert [c["rows"] for c in bundle.manifest.provenance.corpora] == [20, 12]
    assert bundle.manifest.provenance.recipe["facets"]["topic"]["sources"][0]["terms"] == "CC0"
    with pytest.raises(CorpusError, match="no source own"):
        retrain(replace(told, beside=tmp_path / "data"), store, tools)
    with pytest.raises(CorpusError, match="--data"):
        retrain(replace(told, data=None), store, tools)


def test_without_measuring_nothing_is_held_out(tmp_path, store, tools):
    recipe = Recipe(facets={Facet.TOPIC: FacetRecipe(measure=False)})
    _, evaluation = retrain(job(save(tmp_path / "a.jsonl", archive()), recipe=recipe), store, tools)
    assert evaluation.facets == ()
    assert int(store.load("desk").parts[Facet.TOPIC].arrays["count"][0]) == 40


def test_when_the_newest_rows_hold_all_of_a_label_rows_are_drawn_by_id():
    examples = tuple(
        Example(
            Article(ArticleRef("s", str(n))),
            Text("", ()),
            ("a",) if n < 36 else ("b",),
            f"2024-02-{n % 28 + 1:02}" if n < 28 else "2024-03-01",
        )
        for n in range(40)
    )
    found = Labelled(Facet.TOPIC, examples, (None,) * 40, (concept("a"), concept("b")))
    apart = split(found, 0.3)
    assert {e.labels for e, out in zip(examples, apart, strict=True) if not out} == {("a",), ("b",)}
    assert not marked(found).any()


def test_where_test_rows_leave_nothing_to_tell_apart_none_is_learned(tmp_path, store, tools):
    rows = [{**row, "split": "test"} if number % 2 or number > 5 else row for number, row in enumerate(archive())]
    with pytest.raises(CorpusError, match="rows marked as test rows leave too little to learn topics from"):
        retrain(job(save(tmp_path / "a.jsonl", rows)), store, tools)
    assert not [*store.folders[0].glob("*/*")]


def test_marks_are_not_followed_where_all_rows_bear_one(tmp_path, store, tools):
    told = []
    rows = [{**row, "split": "dev"} for row in archive()]
    _, evaluation = retrain(job(save(tmp_path / "a.jsonl", rows)), store, replace(tools, progress=told.append))
    assert 0 < evaluation.facets[0].documents < len(rows)
    assert any("all rows are marked as test rows" in line for line in told)


def test_cross_validation_pools_the_folds_and_writes_nothing(tmp_path, store, tools):
    path = save(tmp_path / "a.jsonl", archive())
    evaluation = cross_validate_recipe(job(path), store, tools, k=4, seed=1)
    assert evaluation.facets[0].documents == 40
    assert evaluation.facets[0].micro_f1 > 0.8
    assert "4-fold" in evaluation.corpus
    assert evaluation == cross_validate_recipe(job(path), store, tools, k=4, seed=1)
    assert not store.folders[0].exists()


def medtop_bundle(store, *ids):
    concepts = [concept(name) for name in ids]
    train = word_trainer("linear", Facet.TOPIC, concepts)
    examples = [Example(Article(ArticleRef("s", name)), Text(f"word{number}", ()), (name,)) for number, name in enumerate(ids)]
    part = train(examples, {}, None, jobs=1, progress=print)
    return store.load(str(store.write_candidate("media", {Facet.TOPIC: part}, Provenance(), Evaluation(()))))


def test_a_bundle_is_measured_on_a_corpus(tmp_path, store, tools):
    bundle = medtop_bundle(store, "medtop:15000000", "medtop:04000000")
    rows = [
        {"text": "word0", "labels": ["medtop:15000000"]},
        {"text": "word0 word1", "labels": ["medtop:15000000"]},
        {"text": "nothing", "labels": ["medtop:16000000"]},
        {"text": "unlabelled"},
    ]
    (score,) = evaluate_bundle(bundle, [feed(save(tmp_path / "t.jsonl", rows))], TOPIC, tools).facets
    assert (score.documents, score.precision, score.recall) == (3, 2 / 3, 2 / 3)
    assert score.macro_f1 == pytest.approx(1 / 3)
    assert score.document_f1 == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_a_narrower_topic_counts_as_the_broader_one_that_the_bundle_has(tmp_path, store, tools):
    bundle = medtop_bundle(store, "medtop:01000000", "medtop:04000000")
    rows = [{"text": "word0", "labels": ["medtop:20001133"]}, {"text": "word1", "labels": ["medtop:04000000"]}]
    (score,) = evaluate_bundle(bundle, [feed(save(tmp_path / "t.jsonl", rows))], TOPIC, tools).facets
    assert score.micro_f1 == 1.0


def test_measuring_what_the_bundle_lacks_is_one_clear_line(tmp_path, store, tools):
    bundle = medtop_bundle(store, "medtop:01000000", "medtop:04000000")
    path = save(tmp_path / "t.jsonl", archive())
    with pytest.raises(CorpusError, match=r"the bundle has none of the corpus's topic labels, such as 'rail'"):
        evaluate_bundle(bundle, [feed(path)], TOPIC, tools)
    with pytest.raises(CorpusError, match="has no facet region"):
        evaluate_bundle(bundle, [feed(path)], (Facet.REGION,), tools)
    with pytest.raises(CorpusError, match="no row has topic labels"):
        evaluate_bundle(bundle, [feed(save(tmp_path / "u.jsonl", [{"text": "x"}]))], TOPIC, tools)


def test_which_facets_a_row_speaks_of(store):
    part = FacetPart(Facet.TOPIC, "linear", {}, {"count": np.zeros(1)})
    parts = {facet: replace(part, facet=facet) for facet in Facet}
    bundle = store.load(str(store.write_candidate("all", parts, Provenance(), Evaluation(()))))
    assert facets_of_row(bundle, {"region": [], "topic": []}) == (Facet.TOPIC, Facet.REGION)
    assert facets_of_row(bundle, ["iso:NO"]) == (Facet.REGION,)
    assert facets_of_row(bundle, ["sea"]) == (Facet.TOPIC,)
    assert facets_of_row(bundle, None) == (Facet.TOPIC,)


def test_json_of_the_evaluation_is_in_the_bundle(tmp_path, store, tools):
    retrain(job(save(tmp_path / "a.jsonl", archive())), store, tools)
    value = json.loads((store.folders[0] / "desk/1/evaluation.json").read_bytes())
    assert {"micro_f1", "macro_f1", "document_f1", "precision", "recall", "documents", "per_label"} <= set(value) & set(
        value["facets"]["topic"]
    )


def test_copies_of_an_article_in_two_exports_are_never_measured_on_what_was_learned_from_the_other(tmp_path, store, tools):
    rows = [row | {"date": None} for row in archive(80)]
    rows = [{key: value for key, value in row.items() if value is not None} for row in rows]
    again = [row | {"id": f"again-{row['id']}"} for row in rows]
    feeds = (feed(save(tmp_path / "a.jsonl", rows)), feed(save(tmp_path / "b.jsonl", again)))
    told = []
    material = read_material(feeds, replace(tools, progress=told.append))
    found = labelled(material, Facet.TOPIC, ())
    apart = split(found, 0.2)
    learned, measured = ({e.text.string for e, held in zip(found.examples, apart, strict=True) if held is side} for side in (False, True))
    assert not learned & measured
    assert any("have the text of another" in line for line in told)
