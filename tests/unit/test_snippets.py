from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Span, Text
from newstagger.snippets import snippets

TEXT = Text("Council votes tonight\nThe council votes on the harbour tunnel, and the mayor of Brackwater is against it.", ())


def marked(snippet):
    return [part.string for part in snippet.parts if part.marked]


def test_marked_words_stand_in_their_sentence():
    at = TEXT.string.index("harbour")
    (one,) = snippets(TEXT, [Span(at, at + 14)], context=12)
    assert marked(one) == ["harbour tunnel"]
    assert "".join(part.string for part in one.parts) == "…on the harbour tunnel, and the…"


def test_close_stretches_share_a_snippet_and_a_line_end_ends_it():
    first, second = TEXT.string.index("votes"), TEXT.string.index("mayor")
    one, two = snippets(TEXT, [Span(first, first + 5), Span(second, second + 5)], context=10)
    assert (marked(one), marked(two)) == (["votes"], ["mayor"])
    assert one.parts[-1].string == "…" and "".join(p.string for p in one.parts) == "Council votes tonight…"


def test_offsets_of_another_version_are_ignored():
    assert snippets(TEXT, [Span(5, 5000), Span(-3, 2), Span(7, 7)]) == ()


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=8), st.integers(0, 40))
def test_every_marked_character_is_covered_and_nothing_is_invented(string, pairs, context):
    spans = [Span(min(p), max(p)) for p in pairs]
    covered = {i for s in spans if s.end <= len(string) for i in range(s.start, s.end)}
    found = set()
    for snippet in snippets(Text(string, ()), spans, context=context, most=99):
        at = snippet.start
        for number, part in enumerate(snippet.parts):
            if part.string == "…" and not part.marked and number in (0, len(snippet.parts) - 1) and string[at : at + 1] != "…":
                continue
            if number == 0 and part.string == "…" and not part.marked and snippet.start > 0:
                continue
            assert string[at : at + len(part.string)] == part.string or number == len(snippet.parts) - 1
            found |= set(range(at, at + len(part.string))) if part.marked else set()
            at += len(part.string)
    assert found == covered
