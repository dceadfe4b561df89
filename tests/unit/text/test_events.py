"""HTML read as a stream gives the builder what BeautifulSoup's tree gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.text.blocks import BlockBuilder
from newstagger.text.events import TreeNeededError, stream
from newstagger.text.markup import look, walk
from newstagger.text.phrases import words_of

TAGS = words_of(
    "p div span b i a h2 br hr img table tr td th ul li blockquote aside pre textarea script style template title svg math iframe figure "
    "figcaption form button select option html head body main article noscript object p:x font ruby"
)
ATTRIBUTES = (
    "", " class='byline'", " hidden", " style='display:none'", " lang=nl", " xml:lang='fr'", " class='related x'", " a=1 a=2", " {x}=1",
    " {y=2", " data-q='&lt;p>'", " xmlns:o='urn:o'", " CLASS=Caption", " 1=2", " <", " \"",
)  # fmt: skip
PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.builds("<{}{}/>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(
        words_of("<!----> <!doctype> <![CDATA[x]]> <?php?> <? <! </> < > &amp; &nbsp; &#0; &#x1F600; &unknown; & words")
    ),
    st.sampled_from(("<!-- no -->", " ", "\n", "\n\n", " \t\n ", "\u00a0", "\u2028", "\x0b", "\ufeff", "\x00", "Zwei Wörter", "ö")),
    st.text(max_size=8),
)  # fmt: skip


def told(read, markup, by_newline):
    builder = BlockBuilder(by_newline)
    read(markup, builder)
    return builder.finish()


def alike(markup):
    for by_newline in (False, True):
        try:
            streamed = told(stream, markup, by_newline)
        except TreeNeededError:
            return
        assert streamed == told(walk, markup, by_newline)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_stream_of_events_says_what_the_tree_says(markup):
    if look(markup).names:
        alike(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>One <b>bold</b> word<br>and a line</p>tail",
        "a<svg><p>never</p></svg>b",
        "<b>One</b>\n\n<b>Two</b><!-- apart -->\n \n<i>Three</i>",
        "<pre>a\n\n\nb <b>\n\n</b> c</pre>\n\n\nd",
        "<p>a</i></b></div>b</p></p>c",
        "<ul><li>one<li>two<p>three</ul>four<td>five",
        "<html lang=de><head><title>No</title></head><body><p>Ja</body></html>after<p>more",
        "<div hidden><p>never<div>never</div></div><p>but this",
        "<select><option>never</select>ever",
        "\ufeff<p>x</p>",
    ],
)
def test_pages_of_many_kinds(markup):
    alike(markup)


def test_what_only_a_tree_takes_apart_is_refused():
    with pytest.raises(TreeNeededError):
        stream("<p {x}=1>a</p>", BlockBuilder())
