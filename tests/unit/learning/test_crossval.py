from newstagger.domain import Article, Concept, Decision, Facet, Proposal, Role, Tag
from newstagger.learning.crossval import cross_validate
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer

CONCEPTS = tuple(Concept(name, name, Facet.TOPIC) for name in ("harvest", "music", "sailing"))


def test_a_learnable_archive_scores_well_out_of_fold(archive):
    found = cross_validate(
        archive, linear_trainer(Facet.TOPIC, CONCEPTS), lambda p: LinearTagger(p, None), ["harvest", "music", "sailing"], {"min_words": 3}
    )
    assert found.documents == len(archive)
    assert found.micro_f1 > 0.8


def test_the_trainer_never_sees_the_rows_that_it_is_judged_on(archive):
    seen = []

    class Silent:
        name, facet = "topic", Facet.TOPIC

        def __init__(self, ids):
            self.ids = ids

        def tag(self, article: Article, text):
            assert article.ref.id not in self.ids
            seen.append(article.ref.id)
            return Proposal((Tag(CONCEPTS[0], 0.1, Decision.SILENT, Role.MAIN), Tag(CONCEPTS[1], 0.9, Decision.SUGGEST, Role.MAIN)))

    def trainer(examples, constants, base, *, jobs, progress):
        return {e.article.ref.id for e in examples}

    found = cross_validate(archive, trainer, Silent, ["harvest", "music"], {}, k=4)
    assert sorted(seen) == sorted(e.article.ref.id for e in archive)
    assert {one.label: one.predicted for one in found.per_label} == {"harvest": 0, "music": len(archive)}


def test_every_answer_is_told_to_who_watches(archive):
    told = []
    cross_validate(
        archive, linear_trainer(Facet.TOPIC, CONCEPTS), lambda p: LinearTagger(p, None), ["music"], {"min_words": 3}, k=3,
        watch=lambda tagger, example, proposal: told.append((tagger, example.article.ref.id, proposal)),
    )  # fmt: skip
    assert sorted(ref for _, ref, _ in told) == sorted(e.article.ref.id for e in archive)
    assert len({id(tagger) for tagger, _, _ in told}) == 3
    assert all(isinstance(proposal, Proposal) for _, _, proposal in told)
