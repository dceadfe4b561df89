"""What an editor changed in the CMS, read from the tags of one save and the next."""

from __future__ import annotations

import pytest

from newstagger.contracts import SaveRecord
from newstagger.domain import Action, Article, ArticleRef, EditorDecision, ExistingTag, Origin, Tagging
from newstagger.newsroom.changes import editor_changes

REF = ArticleRef("desk", "1")
TAG = "iso:DE"


def changes(now, before, wanted):
    """Return the actions read from the tags that the CMS holds now and held at the last save (None: there was none)."""
    article = Article(REF, existing_tags=tuple(ExistingTag(c, Origin.HUMAN) for c in now))
    last = None if before is None else SaveRecord(REF, "", "", "", "", tuple(before), Tagging(REF, "", None, None))
    return [(d.concept, d.action) for d in editor_changes(article, last, wanted, "2026-01-01T00:00:00+00:00")]


@pytest.mark.parametrize(
    "now, before, wanted, read",
    [
        ([TAG], None, {}, [(TAG, Action.ADDED)]),
        ([TAG], [], {}, [(TAG, Action.ADDED)]),
        ([TAG], [TAG], {TAG: True}, []),
        ([], [TAG], {TAG: True}, [(TAG, Action.REMOVED)]),
        ([], [TAG], {TAG: False}, []),
        ([], [], {TAG: True}, []),
        # removed by the editor, but the CMS still holds it: nobody put it on again
        ([TAG], [TAG], {TAG: False}, []),
        # removed, gone from the CMS, and put on again by a person
        ([TAG], [], {TAG: False}, [(TAG, Action.ADDED)]),
    ],
)
def test_changes(now, before, wanted, read):
    assert changes(now, before, wanted) == read


@pytest.mark.parametrize(
    "known, read",
    [
        ([], [(TAG, Action.REMOVED)]),
        # rejected after the last save, so taken off the page, and accepted since in a form that nobody has saved
        ([(Action.REJECTED, 3), (Action.ACCEPTED, 3)], []),
        # rejected before the last save, which held the tag all the same
        ([(Action.REJECTED, 2), (Action.ACCEPTED, 3)], [(TAG, Action.REMOVED)]),
        # rejected, and put on the page again by a person
        ([(Action.REJECTED, 3), (Action.ADDED, 4)], [(TAG, Action.REMOVED)]),
        # where the CMS gives no revisions, nothing tells when it was rejected
        ([(Action.REJECTED, None), (Action.ACCEPTED, None)], [(TAG, Action.REMOVED)]),
    ],
)
def test_a_known_rejection_accounts_for_a_tag_that_is_gone(known, read):
    article, ledger = Article(REF, existing_tags=(), revision=5), [EditorDecision(REF, TAG, act, revision=at) for act, at in known]
    last = SaveRecord(REF, "", "", "", "", (TAG,), Tagging(REF, "", None, None), revision=3)
    told = editor_changes(article, last, {TAG: True}, "2026-01-01T00:00:00+00:00", ledger)
    assert [(one.concept, one.action) for one in told] == read
