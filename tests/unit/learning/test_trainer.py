import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from newstagger.domain import Concept, Facet, Paragraph, ParagraphKind, Text
from newstagger.errors import ConfigError, CorpusError
from newstagger.learning.linear import LinearModel
from newstagger.learning.svm import relevance
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import languages_of, linear_trainer

CONCEPTS = tuple(Concept(name, name, Facet.TOPIC) for name in ("harvest", "music", "sailing", "never"))


def train(examples, constants=(("folds", 3),), jobs=1, concepts=CONCEPTS):
    return linear_trainer(Facet.TOPIC, concepts)(examples, dict(constants), None, jobs=jobs, progress=lambda line: None)


def same(one, other):
    assert one.settings == other.settings
    assert one.arrays.keys() == other.arrays.keys()
    return all(one.arrays[n].tobytes() == other.arrays[n].tobytes() for n in one.arrays)


def test_training_twice_gives_the_same_bytes(archive):
    assert same(train(archive), train(archive))


@pytest.mark.slow
def test_two_jobs_give_the_same_bytes_as_one(archive):
    assert same(train(archive), train(archive, jobs=2))


def test_concepts_without_an_example_are_left_out(archive):
    assert [c.id for c in train(archive).concepts] == ["harvest", "music", "sailing"]


def test_only_terms_of_three_documents_are_learned(archive):
    rare = replace(archive[0], text=replace(archive[0].text, string=archive[0].text.string.replace("the", "zyzzyva")))
    assert len(train([rare, *archive[1:]]).arrays["terms"]) <= len(train(archive).arrays["terms"])


def test_a_label_that_a_fold_never_sees_is_no_tag_on_everything(archive):
    lonely = [replace(e, labels=("never",) if n == 0 else e.labels) for n, e in enumerate(archive)]
    part = train(lonely)
    at = [c.id for c in part.concepts].index("never")
    assert part.arrays["thresholds"][at] > part.arrays["bias"][at]


def test_a_corpus_without_labels_or_with_one_for_all_is_refused(archive):
    for labels in ((), ("music",)):
        with pytest.raises(CorpusError):
            train([replace(e, labels=labels) for e in archive])


@pytest.mark.parametrize(
    "constants",
    [
        {"cc": 1},
        {"c": "much"},
        {"blocks": [{"zones": ["tail"]}]},
        {"at_least_one": 1},
        {"blocks": 3},
        {"c": 0},
        {"c": float("nan")},
        {"tolerance": -1},
        {"folds": 1},
        {"prune": -0.1},
        {"auto_languages": "en"},
        {"folds": float("inf")},
        {"folds": 2.5},
        {"c": "1"},
        {"c": float("-inf")},
        {"blocks": []},
        {"blocks": "headline"},
        {"precision": 95},
        {"precisions": {"pitch": 95}},
        {"source_weights": {"desk": float("nan")}},
        {"source_weights": {"desk": -1}},
        {"experts": [{"sources": ["desk"], "weight": float("nan")}]},
        {"experts": [{"sources": ["desk"], "c": float("inf")}]},
    ],
)
def test_an_unusable_constant_is_named(archive, constants):
    with pytest.raises(ConfigError, match="constant"):
        train(archive, constants)


def test_languages_are_those_that_the_rows_name(archive):
    assert languages_of(archive, 200) == {"en": len(archive)}
    nameless = [replace(e, article=replace(e.article, language=None)) for e in archive]
    assert languages_of(nameless, 200) == {}


def test_own_negatives_keep_a_source_from_denying_labels_it_never_gives(archive):
    mixed = [replace(e, source="a" if n % 2 else "b") for n, e in enumerate(archive)]
    mixed = [replace(e, labels=tuple(label for label in e.labels if label != "music")) if e.source == "a" else e for e in mixed]
    plain, fair = train(mixed), train(mixed, {"folds": 3, "own_negatives": True})
    at = [c.id for c in plain.concepts].index("music")
    assert fair.arrays["bias"][at] > plain.arrays["bias"][at]


def test_weights_are_small_types_and_pruned(part):
    assert part.arrays["weights"].dtype == np.float16
    assert float(np.abs(part.arrays["weights"].astype(np.float32)).min()) >= 0.0099


def test_tagging_imports_no_learning_library():
    code = "import sys, newstagger.learning.tagger; print([m for m in ('sklearn', 'scipy', 'joblib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_relevance_raises_typical_terms_and_keeps_the_scale():
    rows = csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]))
    found = relevance(rows[[0, 3]], np.array([4, 2, 2]))
    assert found[1] > found[0] > found[2]
    assert np.sqrt(np.mean(found * found)) == pytest.approx(1.0)


def test_a_labels_name_speaks_for_a_label_with_one_article(archive):
    lonely = [replace(e, labels=("tractor",) if n == 1 else e.labels) for n, e in enumerate(archive)]
    concepts = (*CONCEPTS, Concept("tractor", "tractor", Facet.TOPIC))
    text = Text("tractor\ntractor", (Paragraph(ParagraphKind.HEADLINE, 0, 7), Paragraph(ParagraphKind.BODY, 8, 15)))

    def margin(**more):
        part = train(lonely, {"folds": 3, **more}, concepts=concepts)
        return LinearModel.read(part).score(text).margins[[c.id for c in part.concepts].index("tractor")]

    assert margin(name_weight=1.0) > margin() + 0.1


def test_names_and_relevance_give_the_same_bytes_twice(archive):
    told = {"folds": 3, "name_weight": 0.3, "relevance": 1.0}
    assert same(train(archive, told), train(archive, told))


def test_a_label_that_nobody_judged_is_no_negative_and_a_refused_one_is(archive):
    """Editors saw the newer half of the stories about sailing and say nothing of it, or take it off."""
    sailing = [example for example in archive if "sailing" in example.labels]
    known, newer = [example for example in archive if example not in sailing[10:]], sailing[10:]

    def margin(own_negatives=True, **told):
        some = [replace(example, labels=(), source="editors", **told) for example in newer]
        part = train([*known, *some], (("folds", 3), ("own_negatives", own_negatives)))
        tags = LinearTagger(part, None).tag(newer[0].article, newer[0].text).tags
        return {tag.concept.id: tag.margin for tag in tags}.get("sailing", -9.0)

    refused, unknown = margin(rejected=("sailing",), unknown=("*",)), margin(unknown=("sailing",))
    assert refused < unknown - 0.2
    assert unknown == margin(unknown=("*",)) == margin()  # a source that never gives a label is no evidence against it
    assert margin(rejected=("sailing",)) == refused
    assert margin(False) < margin(False, unknown=("sailing",)) - 0.2
    assert margin(False) < margin(False, unknown=("*",)) - 0.2
