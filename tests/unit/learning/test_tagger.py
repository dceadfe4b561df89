from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.contracts import Tagger
from newstagger.domain import Article, ArticleRef, BundleRef, Decision, Facet, Paragraph, ParagraphKind, Role, Text
from newstagger.errors import BundleDamagedError
from newstagger.house import Terse
from newstagger.learning.evidence import SHOWN
from newstagger.learning.tagger import LOWEST, LinearTagger

ARTICLE = Article(ArticleRef("paper", "1"))
REF = BundleRef("small", "1", "0")


def text_of(headline, body, language="en"):
    string = f"{headline}\n\n{body}"
    start = len(headline) + 2
    spans = (Paragraph(ParagraphKind.HEADLINE, 0, len(headline)), Paragraph(ParagraphKind.BODY, start, len(string)))
    return Text(string, spans, language)


SAILING = text_of("Skipper wins regatta", "The yacht left the harbour with the tide, said the crew after the regatta.")


def tags_of(part, text):
    return LinearTagger(part, REF).tag(ARTICLE, text).tags


def test_is_a_tagger_of_its_facet(part):
    tagger = LinearTagger(part, REF)
    assert isinstance(tagger, Tagger)
    assert (tagger.name, tagger.facet) == ("topic", Facet.TOPIC)


def test_the_right_topic_comes_first_and_is_shown(part):
    first = tags_of(part, SAILING)[0]
    assert first.concept.id == "sailing"
    assert first.decision is not Decision.SILENT
    assert (first.role, first.tagger, first.bundle) == (Role.MAIN, "topic", REF)


def test_evidence_adds_up_to_the_margin_in_decimals(part):
    for tag in tags_of(part, SAILING):
        shown = sum(Decimal(str(e.contribution)) for e in tag.evidence)
        assert Decimal(str(tag.bias)) + shown + Decimal(str(tag.rest)) == Decimal(str(tag.margin))
        assert len(tag.evidence) <= SHOWN


def test_a_terse_answer_lacks_the_evidence_and_nothing_else(part):
    tagger = LinearTagger(part, REF)
    assert isinstance(tagger, Terse)
    told = tagger.tag(ARTICLE, SAILING).tags
    assert any(tag.evidence for tag in told)
    bare = [replace(tag, evidence=(), rest=0.0) for tag in told]
    terse = tagger.tag_tersely(ARTICLE, SAILING).tags
    assert [replace(tag, rest=0.0) for tag in terse] == bare
    assert all(Decimal(str(tag.bias)) + Decimal(str(tag.rest)) == Decimal(str(tag.margin)) for tag in terse)


def test_evidence_quotes_the_words_where_they_stand(part):
    evidence = tags_of(part, SAILING)[0].evidence
    assert "regatta" in {e.term for e in evidence}
    for item in evidence:
        for quote in item.quotes:
            assert SAILING.string[quote.start : quote.end] == quote.quote
    assert [len(e.quotes) for e in evidence if e.term == "regatta"] == [2]


def test_words_outside_the_story_are_no_evidence(part):
    caption = "regatta yacht skipper"
    extended = replace(
        SAILING,
        string=f"{SAILING.string}\n\n{caption}",
        paragraphs=(
            *SAILING.paragraphs,
            Paragraph(ParagraphKind.CAPTION, len(SAILING.string) + 2, len(SAILING.string) + 2 + len(caption)),
        ),
    )
    assert tags_of(part, extended) == tags_of(part, SAILING)


def test_scores_rise_with_margins_and_low_ones_are_left_out(part):
    model = LinearTagger(part, REF)._model
    rising = model.probabilities(np.linspace(-3, 3, 20)[:, None] * np.ones(model.labels))
    assert (np.diff(rising, axis=0) > 0).all()
    assert all(t.score >= LOWEST or t.decision is not Decision.SILENT for t in tags_of(part, SAILING))


@pytest.mark.parametrize("language", [None, "xx"])
def test_abstains_in_a_language_it_was_not_trained_on(part, language):
    proposal = LinearTagger(part, REF).tag(ARTICLE, replace(SAILING, language=language))
    assert not proposal.tags
    assert "language" in proposal.abstained[0].reason


def test_a_part_trained_without_languages_never_abstains_for_one(part):
    free = replace(part, settings={**part.settings, "languages": {}})
    assert LinearTagger(free, REF).tag(ARTICLE, replace(SAILING, language=None)).tags


@pytest.mark.parametrize("text", [text_of("Yacht", ""), Text("", (), "en"), text_of("Zzyx qqrv", "wwkl mmnp vvxz ttgh rrdd")])
def test_abstains_on_what_says_too_little(part, text):
    proposal = LinearTagger(part, REF).tag(ARTICLE, text)
    assert not proposal.tags
    assert proposal.abstained[0].facet is Facet.TOPIC


def test_at_least_one_tag_unless_its_score_is_under_the_floor(part):
    high = replace(part, arrays={**part.arrays, "thresholds": np.full(3, 50, dtype=np.float32)})
    shown = [t for t in tags_of(high, SAILING) if t.decision is not Decision.SILENT]
    assert [t.concept.id for t in shown] == ["sailing"]
    assert shown[0].decision is Decision.SUGGEST
    for settings_ in ({"at_least_one": False}, {"floor": 1.1}):
        strict = replace(high, settings={**high.settings, **settings_})
        assert all(t.decision is Decision.SILENT for t in tags_of(strict, SAILING))


def test_auto_needs_the_score_that_the_part_asks_for(part):
    for bound, decision in ((0.0, Decision.AUTO), (1.1, Decision.SUGGEST)):
        bounded = replace(part, arrays={**part.arrays, "auto": np.full(3, bound, dtype=np.float32)})
        assert tags_of(bounded, SAILING)[0].decision is decision


DAMAGE = {
    "offsets_fall": lambda a: {"indptr": a["indptr"][::-1].copy()},
    "offsets_reach_outside": lambda a: {"indptr": np.append(a["indptr"][:-1], a["indptr"][-1] + 1).astype(np.uint32)},
    "unknown_label": lambda a: {"columns": np.full_like(a["columns"], 9)},
    "not_finite": lambda a: {"weights": np.full_like(a["weights"], np.nan)},
    "short": lambda a: {"weights": a["weights"][:-1]},
    "bias_not_finite": lambda a: {"bias": np.full_like(a["bias"], np.inf)},
    "too_few_thresholds": lambda a: {"thresholds": a["thresholds"][:-1]},
    "unsorted": lambda a: {"terms": a["terms"][::-1].copy()},
    "unknown_block": lambda a: {"term_block": np.full_like(a["term_block"], 7)},
    "wrong_type": lambda a: {"weights": a["weights"].astype(np.float64)},
    "falling_calibration": lambda a: {"slope": -a["slope"]},
    "idf": lambda a: {"idf": a["idf"] * np.float32(np.nan)},
    "falling_bend": lambda a: {"bend": -a["bend"]},
    "short_bend": lambda a: {"bend": a["bend"][:2]},
    "bend_not_finite": lambda a: {"bend": a["bend"] * np.float32(np.nan)},
}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_a_damaged_part_is_refused_when_it_is_read(part, damage):
    broken = replace(part, arrays={**part.arrays, **DAMAGE[damage](part.arrays)})
    with pytest.raises(BundleDamagedError, match="topic part"):
        LinearTagger(broken, None)


@pytest.mark.parametrize("name", ["terms", "indptr", "bias", "weights"])
def test_a_missing_array_is_named(part, name):
    arrays = {key: value for key, value in part.arrays.items() if key != name}
    with pytest.raises(BundleDamagedError, match=name):
        LinearTagger(replace(part, arrays=arrays), None)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_is_answered(part, headline, body):
    proposal = LinearTagger(part, REF).tag(ARTICLE, text_of(headline, body))
    assert bool(proposal.abstained) or all(0.0 <= t.score <= 1.0 for t in proposal.tags)


def test_bars_are_where_decisions_change(part, archive):
    tagger = LinearTagger(part, None)
    found = [tag for e in archive for tag in tagger.tag(e.article, e.text).tags]
    for tag in found:
        suggest, auto = tagger.bars(tag.concept.id)
        assert (tag.decision is Decision.AUTO) == (tag.score >= auto)
        assert tag.decision is not Decision.SILENT or tag.score <= suggest
    assert tagger.bars("nowhere") is None


def test_a_label_is_weighed_however_low_its_score(part, archive):
    tagger = LinearTagger(part, None)
    shown = next(tag for tag in tagger.tag(archive[0].article, archive[0].text).tags)
    assert tagger.weigh(archive[0].text, shown.concept.id) == shown
    for concept in part.concepts:
        tag = tagger.weigh(archive[0].text, concept.id)
        assert tag.bias + tag.rest + sum(e.contribution for e in tag.evidence) == pytest.approx(tag.margin, abs=1e-9)
    assert tagger.weigh(archive[0].text, "nowhere") is None


def test_nothing_is_written_unasked_on_a_text_of_fewer_words_than_that_takes(part):
    bold = replace(part, arrays={**part.arrays, "auto": np.zeros(3, dtype=np.float32)})
    decided = {words: tags_of(replace(bold, settings={**part.settings, "auto_words": words}), SAILING)[0].decision for words in (5, 500)}
    assert decided == {5: Decision.AUTO, 500: Decision.SUGGEST}


def test_nothing_is_written_unasked_in_a_language_that_is_not_trusted(part):
    bold = replace(part, arrays={**part.arrays, "auto": np.zeros(3, dtype=np.float32)})
    trusted = {
        code: tags_of(replace(bold, settings={**part.settings, "auto_languages": [code]}), SAILING)[0].decision for code in ("en", "de")
    }
    assert trusted == {"en": Decision.AUTO, "de": Decision.SUGGEST}


def test_nothing_is_written_unasked_on_a_text_of_which_only_the_common_words_are_known(part):
    bold = replace(part, arrays={**part.arrays, "auto": np.zeros(3, dtype=np.float32), "thresholds": np.full(3, -9, dtype=np.float32)})
    near = text_of("Skipper wins regatta", "The yacht left the harbour after the regatta, said the crew.")
    common = "the people of a local town report more after a year with new, that says before there monday regatta"
    endings = ("a", "im", "ost", "uk", "en")
    foreign = " ".join(f"{syllable}{ending}" for syllable in ("kolar", "brundt", "selwik", "tamur", "oskent") for ending in endings)
    far = text_of("Monday report", f"{common} {foreign}")
    assert Decision.AUTO in {tag.decision for tag in tags_of(bold, near)}
    assert Decision.AUTO not in {tag.decision for tag in tags_of(bold, far)}
    assert any(tag.decision is Decision.SUGGEST for tag in tags_of(bold, far))
