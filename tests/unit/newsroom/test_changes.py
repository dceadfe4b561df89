"""What an editor changed in the CMS, read from the tags of one save and the next."""

from __future__ import annotations

import pytest

from newstagger.contracts import SaveRecord
from newstagger.domain import Action, Article, ArticleRef, ExistingTag, Origin, Tagging
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
