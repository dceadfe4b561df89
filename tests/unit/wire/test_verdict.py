import pytest

from newstagger.domain import Verdict
from newstagger.wire.masks import Masks, no_masks
from newstagger.wire.normalise import words_of
from newstagger.wire.verdict import compare, verdict_of


def compared(text, wire):
    words = words_of(text)
    return compare(text, words, no_masks(words), words_of(wire))


def test_a_copy_is_wholly_derived(make_text, story):
    found = compared(make_text("#Pilots walk out", *story), make_text("#Harbour strike", *story))
    assert found.is_reuse
    assert verdict_of([found])[0] is Verdict.WHOLLY_DERIVED
    assert found.share > 0.95


def test_one_borrowed_paragraph_is_partly_derived(make_text, story):
    own = (
        "The mayor invited both sides to the town hall and offered coffee, but neither came; she will try again in the morning.",
        "Shops along the promenade put up signs in support of the walkout, while hoteliers counted their cancelled bookings.",
    )
    found = compared(make_text(*own, story[0]), make_text(*story))
    assert found.is_reuse
    verdict, share = verdict_of([found])
    assert verdict is Verdict.PARTIALLY_DERIVED
    assert 0.2 < share < 0.5


def test_shared_quotes_are_told_but_not_counted(make_text):
    words = "We asked for nothing but eight hours of sleep between two night shifts, and they answered with lawyers and a locked gate"
    found = compared(make_text(f"A pilot spoke to us at noon. “{words},” he said."), make_text(f"From the gate he read a note: “{words}.”"))
    assert not found.is_reuse
    assert found.telling == 0
    assert [quote.quote.startswith("We asked") for quote in found.quotes] == [True]


def test_passages_say_where_in_both_texts(make_text, story):
    text, wire = make_text("#Strike", "In brief:", story[2]), make_text(*story)
    found = compared(text, wire)
    (passage,) = found.passages
    assert text.string[passage.start : passage.end] == passage.quote
    assert wire.string[passage.wire_start : passage.wire_end] == passage.quote
    assert passage.quote == story[2][:-1]
    assert passage.words == len(words_of(make_text(story[2])))


def test_a_caption_inside_cuts_the_passage(make_text, story):
    found = compared(make_text(story[0], "^A freighter waits", story[1]), make_text(story[0], story[1]))
    assert len(found.passages) == 2
    assert not any("freighter waits" in passage.quote for passage in found.passages)


def test_paragraphs_in_another_order_are_the_same_story(make_text, story):
    assert compared(make_text(*reversed(story)), make_text(*story)).share > 0.95


def test_two_reports_of_one_event_are_not_reuse(make_text, story):
    own = make_text(
        "Eleven ships lay idle off Estrel on Tuesday: the pilots who bring them in have stopped work.",
        "They blame the port's owner, who, they say, took back what it had promised about work at night.",
    )
    assert not compared(own, make_text(*story)).is_reuse
    assert verdict_of([]) == (Verdict.NON_DERIVED, 0.0)


def test_a_brief_of_a_few_lines_needs_nearly_all_its_words(make_text, story):
    brief = " ".join(story[0].split()[:14])
    assert compared(make_text(brief), make_text(*story)).is_reuse
    assert not compared(make_text(brief, "The weather stayed calm, the town went to bed early."), make_text(*story)).is_reuse


def test_common_words_alone_do_not_show_reuse(make_text, story):
    text = make_text(story[0], "Nobody knew what the morning would bring to the islands or to the town.")
    words = words_of(text)
    nothing = no_masks(words)
    assert compare(text, words, nothing, words_of(make_text(*story))).is_reuse
    assert not compare(text, words, Masks(nothing.quoted, ~nothing.quoted), words_of(make_text(*story))).is_reuse


def test_common_words_count_once_others_have_shown_reuse(make_text, story):
    text = make_text(*story)
    words = words_of(text)
    common = no_masks(words).common.copy()
    common[:20] = True
    found = compare(text, words, Masks(words.quoted, common), words)
    assert found.is_reuse
    assert (found.share, found.telling) == (1.0, len(words) - 20)


def test_the_share_of_several_sources_adds_up(make_text, story):
    text = make_text(*story)
    halves = [compared(text, make_text(*story[:2])), compared(text, make_text(*story[2:]))]
    verdict, share = verdict_of(halves)
    assert verdict is Verdict.WHOLLY_DERIVED
    assert share == pytest.approx(sum(half.share for half in halves))


def test_empty_texts_have_nothing_to_say(make_text, story):
    assert compared(make_text(""), make_text(*story)).share == 0.0
    assert not compared(make_text(*story), make_text("")).is_reuse
