from dataclasses import replace

import pytest

from newstagger.domain import (
    ArticleRef,
    Concept,
    Decision,
    Evidence,
    Facet,
    Paragraph,
    ParagraphKind,
    Proposal,
    Quote,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireMatch,
)
from newstagger.soundness import unsound

TAG = Tag(Concept("iso:SY", "Syria", Facet.REGION), 0.5, Decision.AUTO, Role.FOCUS, evidence=(Evidence("x", 1.0, (Quote(0, 1, "x"),)),))
TAGGING = Tagging(ArticleRef("s", "1"), "h", "en", None, (TAG,), ReuseReport(Verdict.NON_DERIVED))
TEXT = Text("abc def", (Paragraph(ParagraphKind.BODY, 0, 3), Paragraph(ParagraphKind.BODY, 4, 7)))


@pytest.mark.parametrize(
    "answer", [TAGGING, TEXT, Text("", ()), Proposal((TAG,)), Proposal(), ReuseReport(Verdict.NOT_CHECKED, reason="r")]
)
def test_what_we_make_ourselves_is_sound(answer):
    assert unsound(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        Text(5, None),
        Text("abc", (5,)),
        replace(TEXT, paragraphs=TEXT.paragraphs[::-1]),
        replace(TEXT, paragraphs=(Paragraph(ParagraphKind.BODY, 0, 99),)),
        Proposal(("junk",)),
        Proposal([TAG]),
        Proposal((replace(TAG, score=float("nan")),)),
        Proposal((replace(TAG, score=2),)),
        Proposal((replace(TAG, concept="iso:SY"),)),
        Proposal((replace(TAG, concept=Concept("", "", Facet.TOPIC)),)),
        Proposal((replace(TAG, decision="auto!"),)),
        Proposal((replace(TAG, evidence=(Evidence("x", 1.0, (Quote(3, 1, "x"),)),)),)),
        ReuseReport("wrong"),
        ReuseReport(Verdict.NON_DERIVED, matches=(WireMatch("w", "AFP", 0.5, "all of it"),)),
        replace(TAGGING, tags=("junk",)),
        replace(TAGGING, problems=None),
        replace(TAGGING, reuse="x"),
        replace(TAGGING, timings=None),
    ],
)
def test_junk_inside_is_found(answer):
    assert "malformed inside" in unsound(answer)
