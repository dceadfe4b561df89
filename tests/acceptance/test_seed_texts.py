"""The paragraphs of the five seeds are typed as what they are."""

import pytest

from newstagger.domain import NARRATIVE, ParagraphKind
from newstagger.formats.plain import PlainReader
from newstagger.text import extract

pytestmark = pytest.mark.corpus


@pytest.fixture(params=range(5))
def seed(request, corpora):
    (path,) = (corpora / "seeds").glob(f"{request.param:03d}_*.txt")
    text = extract(PlainReader().read(path.read_bytes(), name=path.name, site="s"))
    found = {kind: [text.words(p) for p in text.paragraphs if p.kind is kind] for kind in ParagraphKind}
    return request.param, text, found


STARTS = {
    0: {"headline": ["Syria army"], "dateline": ["ALEPPO, Syria (3rd UPDATE) –"]},
    1: {"headline": ["Syria army"], "caption": ["member of"], "boilerplate": ["[do_widget_area", "Comments are closed."]},
    2: {
        "headline": ["Syrian Army"], "caption": ["Syrian pro-gov", "Syrian pro-gov"], "credit": ["Copyright (2016) AFP."],
        "boilerplate": ["Related Video:", "Daesh", "Show Full Article"],
    },
    3: {
        "caption": ["PHOTO:", "isis-f", "isis-f", "douma-"],
        "boilerplate": ["LATEST", "SUNDAY", "Jump to", "UPDATE 1920 GMT:", "UPDATE 1800 GMT:", "UPDATE 1100 GMT:", "ORIGINAL ENTRY:"],
    },
    4: {"headline": ["Islamic State"], "credit": ["jbh/sms (AP, AFP, dpa)"]},
}  # fmt: skip


def test_each_paragraph_has_its_kind(seed):
    number, text, found = seed
    for kind in set(ParagraphKind) - {ParagraphKind.BODY, ParagraphKind.QUOTE}:
        wanted = STARTS[number].get(kind.value, [])
        assert [words[: len(start)] for words, start in zip(found[kind], wanted, strict=True)] == wanted, kind
    assert (text.language, text.problems) == ("en", ())


def test_most_of_a_seed_is_its_story_and_no_noise_is_left_in_it(seed):
    _, text, _ = seed
    narrative = [text.words(p) for p in text.paragraphs if p.kind in NARRATIVE]
    assert sum(map(len, narrative)) > 0.9 * len(text.string)
    assert not any(noise in words for words in narrative for noise in ("\\", "\u00a0", "do_widget", "Photo/", "GMT:"))
    assert not narrative[-1].endswith(("–", "-", "—"))
