"""Two bundles side by side: which rows they are compared on, what the labels come to, and what that means for important tags."""

from dataclasses import replace

import pytest

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.outcomes import Outcome, Outcomes, Rival, short_key, text_key
from newstagger.contracts import Example, FacetPart
from newstagger.corpus import Selection
from newstagger.domain import Article, ArticleRef, Evaluation, Facet, Text
from newstagger.errors import BundleError, CorpusError
from newstagger.learning.bootstrap import Verdict
from newstagger.recipe import FacetRecipe, Recipe, Source
from newstagger.taxonomy import Taxonomy
from newstagger.training import Feed, TrainingJob, gate, retrain
from newstagger.training.compare import compare, compare_on
from newstagger.training.gate import Reason, judge
from newstagger.training.outcomes import Answers, outcomes_of

from .conftest import archive, concept, save

TOPIC = Facet.TOPIC
UNFITTED = Recipe(facets={TOPIC: FacetRecipe(refit=False)})


def job(path, **more):
    return TrainingJob("desk", (TOPIC,), feeds=(Feed(path, Selection((TOPIC,)), Source(path.name)),), **more)


def months(first, last):
    """Yield rows dated by months of a year, four a month, each with words of its own."""
    for number in range(first * 4, last * 4):
        name = ("sea", "rail")[number % 2]
        yield {"id": f"m{number}", "text": f"{name} {name}s word{number}", "labels": [name], "date": f"2024-{1 + number // 4:02}-01"}


def trained(store, tools, tmp_path, rows, **more):
    ref, _ = retrain(job(save(tmp_path / "rows.jsonl", rows), **more), store, tools)
    return store.load(str(ref))


def outcome(number, wanted="", given="", rival=None, unknown=""):
    sets = [None if told is None else frozenset(told.split()) for told in (wanted, given, rival, unknown)]
    return Outcome(number, *sets)


def bundle(store, rows=(), *, learned=(), rival=None, labels=("rail", "sea"), words="", facet=TOPIC):
    """Return a bundle of this part and these outcomes; ``words`` makes the part another one."""
    part = FacetPart(facet, "linear", {"words": {label: [label, words] for label in labels}}, {}, tuple(concept(n, facet) for n in labels))
    kept = {facet: Outcomes.pack([outcome(*row) for row in rows], learned, rival)}
    return store.load(str(store.write_candidate("desk", {facet: part}, Provenance(), Evaluation(()), kept)))


def rival_in(other):
    return Rival(str(other.ref), other.part_digest(TOPIC))


def the(comparison):
    (told,) = comparison.facets
    return told


def test_training_asks_the_current_bundle_about_held_out_rows_that_it_had_not_learned_from(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, months(0, 6))
    store.promote(str(first.ref))
    second = trained(store, tools, tmp_path, months(0, 12))
    held = list(second.outcomes[TOPIC].rows())
    assert len(held) == 4
    assert [row.rival for row in held] == [row.wanted for row in held]
    told = the(compare(first, second))
    assert (told.rows, told.origin) == (4, ("4 held out from desk@2, new to desk@1",))
    assert told.micro.first.f1 == told.micro.second.f1 == 1.0


def test_the_current_bundle_is_not_asked_about_rows_that_it_learned_from_after_it_was_measured(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, months(0, 6))
    store.promote(str(first.ref))
    second = trained(store, tools, tmp_path, months(0, 6))
    assert {row.rival for row in second.outcomes[TOPIC].rows()} == {None}
    assert second.outcomes[TOPIC].rival is None
    assert the(compare(first, second)).origin == ("2 held out from both",)


def test_where_nothing_is_current_the_base_is_asked(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, months(0, 6))
    second = trained(store, tools, tmp_path, months(0, 12), base=str(first.ref))
    assert second.outcomes[TOPIC].rival == rival_in(first)


def test_a_bundle_of_other_labels_or_one_that_no_tagger_can_read_is_not_asked(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, [{**row, "labels": [f"{row['labels'][0]}-desk"]} for row in months(0, 6)])
    assert trained(store, tools, tmp_path, months(0, 12), base=str(first.ref)).outcomes[TOPIC].rival is None
    unread = trained(store, tools, tmp_path, months(0, 6))

    def tagger(part, ref):
        if ref == unread.ref:
            raise BundleError("of a kind that nobody reads")
        return tools.tagger(part, ref)

    picky = replace(tools, tagger=tagger)
    assert trained(store, picky, tmp_path, months(0, 12), base=str(unread.ref)).outcomes[TOPIC].rival is None


def test_rows_learned_from_are_those_of_the_fit_that_is_stored(store, tools, tmp_path):
    whole, unfitted = (trained(store, tools, tmp_path, months(0, 6), recipe=recipe) for recipe in (Recipe(), UNFITTED))
    assert [len(one.outcomes[TOPIC].learned) for one in (whole, unfitted)] == [24, 22]


def test_a_copied_facet_keeps_its_outcomes_and_its_rival(store, tools, tmp_path):
    rows = [{**row, "labels": {"topic": row["labels"], "actor": row["labels"]}} for row in archive()]
    first = trained(store, tools, tmp_path, rows)
    store.promote(str(first.ref))
    path = save(tmp_path / "rows.jsonl", rows)
    actors = (Facet.ACTOR,)
    ref, _ = retrain(TrainingJob("desk", actors, feeds=(Feed(path, Selection(actors), Source("a")),)), store, tools)
    second = store.load(str(ref))
    assert list(second.outcomes[TOPIC].rows()) == list(first.outcomes[TOPIC].rows())
    assert the(compare(first, second)).same


def test_a_training_without_measuring_still_tells_what_it_learned_from(store, tools, tmp_path):
    told = trained(store, tools, tmp_path, months(0, 6), recipe=Recipe(facets={TOPIC: FacetRecipe(measure=False)})).outcomes[TOPIC]
    assert (list(told.rows()), len(told.learned)) == ([], 24)


def test_a_current_bundle_that_cannot_be_read_does_not_keep_a_new_one_from_being_trained(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, months(0, 6))
    spare = store.write_candidate("spare", first.parts, Provenance(), Evaluation(()))
    store.promote(str(first.ref))
    (store.find("desk@1").folder / "outcomes.json").write_bytes(b"{}")
    assert trained(store, tools, tmp_path, months(0, 6), base=str(spare)).outcomes[TOPIC].rival is None


def test_what_nobody_judged_counts_neither_as_wanted_nor_as_wrong(tools):
    text = Text("sea", ())
    example = Example(Article(ArticleRef("s", "1"), "", ""), text, ("sea",), unknown=("rail",))
    answers = Answers()
    answers.given.append(frozenset({"sea", "rail"}))
    (row,) = outcomes_of(TOPIC, [example], answers, [], None, tools).rows()
    assert (row.wanted, row.given, row.unknown) == ({"sea"}, {"sea", "rail"}, {"rail"})


def test_unknown_labels_of_either_training_are_left_out_of_a_pair(store):
    first = bundle(store, [(1, "sea", "sea rail", None, "rail")])
    second = bundle(store, [(1, "sea", "sea rail")], words="new")
    micro = the(compare(first, second)).micro
    assert (micro.first.precision, micro.second.precision) == (1.0, 1.0)


def test_each_row_counts_once_and_the_best_source_of_it_wins(store):
    first = bundle(store, [(1, "sea", ""), (2, "sea", ""), (3, "sea", "")])
    second = bundle(
        store, [(1, "sea", "sea"), (2, "sea", "sea", "sea"), (4, "sea", "sea", ""), (5, "sea", "")], rival=rival_in(first), words="new"
    )
    told = the(compare(first, second))
    assert told.rows == 3
    assert told.origin == ("2 held out from desk@2, new to desk@1", "1 held out from both")
    assert (told.micro.first.recall, told.micro.second.recall) == (pytest.approx(1 / 3), 1.0)


def test_going_back_turns_the_pairs_round(store):
    first = bundle(store)
    second = bundle(store, [(n, "sea", "sea", "") for n in range(8)], rival=rival_in(first), words="new")
    there, back = the(compare(first, second)), the(compare(second, first))
    assert (there.labels[0].contrast.verdict, back.labels[0].contrast.verdict) == (Verdict.BETTER, Verdict.WORSE)
    assert back.origin == ("8 held out from desk@2, new to desk@1",)


def test_the_rival_is_known_by_its_part_wherever_that_was_copied_to(store):
    first, copy = bundle(store), bundle(store)
    second = bundle(store, [(1, "sea", "sea", "")], rival=rival_in(first), words="new")
    stranger = bundle(store, words="strange")
    assert [the(compare(one, second)).rows for one in (first, copy, stranger)] == [1, 1, 0]


def test_what_got_worse_comes_first_and_too_few_last(store):
    rows = [(n, "a", "a", "") for n in range(6)] + [(10 + n, "b", "", "b") for n in range(6)]
    rows += [(20 + n, "c", "c", "c") for n in range(9)] + [(30, "d", "", "d"), (40, "", "", "")]
    first = bundle(store, labels="abcd")
    told = the(compare(first, bundle(store, rows, rival=rival_in(first), labels="abce")))
    assert [(one.id, str(one.contrast.verdict)) for one in told.labels] == [
        ("b", "worse"), ("a", "better"), ("c", "no difference seen"), ("d", "too few"),
    ]  # fmt: skip
    assert (told.lost, told.gained) == (("d",), ("e",))


def feed_of(path):
    return [Feed(path, Selection((TOPIC,)), Source(path.name))]


def test_on_a_file_both_are_asked_about_the_rows_that_neither_learned_from(store, tools, tmp_path):
    texts = [f"sea word{n}" for n in range(4)]
    rows = enumerate([*texts, texts[0]])
    path = save(tmp_path / "new.jsonl", ({"id": str(n), "title": "", "text": t, "labels": ["sea"]} for n, t in rows))
    known = [short_key(text_key(tools.extract(Article(ArticleRef("s", t), "", t)))) for t in texts]
    first = bundle(store, learned=known[:1])
    second = bundle(store, learned=known[1:2], words="word2")
    told = the(compare_on(first, second, feed_of(path), (TOPIC,), tools))
    assert told.rows == 2
    assert told.origin == ("2 of new.jsonl", "3 more left out: one of the two learned from them")
    silent = replace(second, outcomes={})
    assert the(compare_on(first, silent, feed_of(path), (TOPIC,), tools)).origin[-1] == "desk@2 does not tell which rows it learned from"
    with pytest.raises(CorpusError, match="no row has topic labels"):
        compare_on(first, second, feed_of(save(tmp_path / "bare.jsonl", [{"text": "x"}])), (TOPIC,), tools)


def test_on_a_file_labels_count_that_either_bundle_has(store, tools, tmp_path):
    path = save(tmp_path / "new.jsonl", [{"text": "medtop:20001133 here", "labels": ["medtop:20001133"]}])
    first, second = (bundle(store, labels=[label]) for label in ("medtop:01000000", "medtop:20001133"))
    told = the(compare_on(first, second, feed_of(path), (TOPIC,), tools))
    assert [one.id for one in told.labels] == ["medtop:20001133"]
    assert told.micro.second.f1 == 1.0


def judged(first, second, *important):
    return [(found.id, found.reason, found.refuses) for found in judge(important, first, second, compare(first, second))]


def test_an_important_tag_that_got_worse_or_was_lost_refuses(store):
    first = bundle(store, labels=["rail", "sea", "old"])
    rows = [(n, "sea", "", "sea") for n in range(8)] + [(10 + n, "rail", "rail", "") for n in range(8)]
    second = bundle(store, rows, rival=rival_in(first))
    assert judged(first, second, "sea", "rail", "old") == [("sea", Reason.WORSE, True), ("old", Reason.LOST, True)]
    assert judged(first, second, "rail") == []


def test_an_important_tag_of_few_rows_or_of_neither_bundle_is_told_only(store):
    first = bundle(store, labels=["sea", "rail", "sky"])
    second = bundle(store, [(n, "sea", "", "sea") for n in range(3)], rival=rival_in(first), labels=["sea", "rail", "sky", "moon"])
    assert judged(first, second, "sea", "sky", "mars", "moon") == [
        ("sea", Reason.FEW, False), ("sky", Reason.FEW, False), ("mars", Reason.NEITHER, False),
    ]  # fmt: skip


def test_a_facet_that_cannot_be_compared_refuses_unless_it_is_the_same(store):
    first, copy, second = bundle(store), bundle(store), bundle(store, words="new")
    assert judged(first, second, "sea") == [("sea", Reason.UNCOMPARED, True)]
    assert judged(first, copy, "sea") == []
    assert judged(first, bundle(store, facet=Facet.ACTOR), "sea") == [("sea", Reason.LOST, True)]


def test_a_retired_media_topic_stands_for_its_successor(store, monkeypatch):
    old, new = "medtop:04000000", "medtop:15000000"
    topics = Taxonomy("medtop", "1", {new: concept(new)}, successors={old: new})
    monkeypatch.setattr(gate, "media_topics", lambda: topics)
    first = bundle(store, labels=["sea", new])
    second = bundle(store, [(n, new, "", new) for n in range(8)], rival=rival_in(first), labels=["sea", new], words="new")
    assert judged(first, second, old, new) == [(new, Reason.WORSE, True)]


def test_rows_are_the_same_bytes_twice(store, tools, tmp_path):
    first = trained(store, tools, tmp_path, months(0, 6))
    store.promote(str(first.ref))
    twice = [trained(store, tools, tmp_path, months(0, 12)) for _ in range(2)]
    digests = [{n: e.sha256 for n, e in one.manifest.files.items() if n.startswith("outcomes")} for one in twice]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 7
