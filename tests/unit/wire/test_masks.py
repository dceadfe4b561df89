import numpy as np

from newstagger.wire.masks import COMMON_STORIES, Witness, candidates, groups, masks_of, no_masks, to_tell_apart
from newstagger.wire.normalise import words_of

WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliet"


def masks(make_text, held, witnesses=None):
    return masks_of(words_of(make_text(WORDS)), [0], [held], witnesses or {}, 30)


def test_what_a_quarter_of_the_others_quote_is_a_quote(make_text):
    assert masks(make_text, [(1, True), (2, False), (3, False), (4, False)]).quoted.tolist() == [True] * 5 + [False] * 5
    assert not masks(make_text, [(1, True), *((doc, False) for doc in range(2, 8))]).quoted.any()


def test_one_story_alone_proves_nothing_about_quotes(make_text):
    assert not masks(make_text, [(1, True)]).quoted.any()


def test_what_independent_stories_share_is_common(make_text):
    held = [(doc, False) for doc in range(COMMON_STORIES)]
    assert masks(make_text, held, {doc: Witness(doc, 100 + doc) for doc, _ in held}).common.tolist() == [True] * 5 + [False] * 5
    assert masks(make_text, held, {doc: Witness(doc, None) for doc, _ in held}).common.any()
    assert not masks(make_text, held[1:], {doc: Witness(doc, 100) for doc, _ in held}).common.any()


def test_many_copies_of_one_story_are_one_witness(make_text):
    held = [(doc, False) for doc in range(40)]
    assert not masks(make_text, held, {doc: Witness(7, 100 + doc) for doc, _ in held}).common.any()


def test_stories_outside_the_window_do_not_count(make_text):
    held = [(doc, False) for doc in range(COMMON_STORIES)]
    assert not masks(make_text, held, {doc: Witness(doc, 100 + 300 * doc) for doc, _ in held}).common.any()


def test_what_everybody_says_is_common_without_asking_who(make_text):
    assert masks(make_text, [(doc, False) for doc in range(201)]).common.any()


def test_groups_join_copies_and_chains():
    one, lead, other = np.arange(40), np.arange(15, 55), np.arange(900, 940)
    third_lead = np.arange(30, 70)
    labels = groups([f.astype(np.uint64) for f in (one, other, lead, third_lead)])
    assert labels[0] == labels[2] == labels[3] != labels[1]
    assert groups([]) == []
    assert len(set(groups([np.empty(0, np.uint64), one.astype(np.uint64)]))) == 2


def test_candidates_are_ordered_by_what_they_share(make_text):
    masked = no_masks(words_of(make_text(WORDS)))
    held = [[(1, False), (2, False)], [(2, False)], [(2, False), (3, False)]]
    assert candidates(masked, [0, 1, 2], held, 1) == [2, 1, 3]
    assert candidates(masked, [0, 1, 2], held, 2) == [2]


def test_nobody_is_looked_up_by_a_quote_or_by_what_everybody_says(make_text):
    quoted = no_masks(words_of(make_text(f"“{WORDS}”")))
    assert candidates(quoted, [0], [[(1, False)]], 1) == []
    plain = no_masks(words_of(make_text(WORDS)))
    assert candidates(plain, [0], [[(doc, False) for doc in range(201)]], 1) == []


def test_only_holders_of_common_words_are_told_apart():
    assert to_tell_apart([[(1, False)], [(doc, False) for doc in range(5)]]) == [0, 1, 2, 3, 4]
