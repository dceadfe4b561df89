"""The page: hostile copy shows as text, nothing runs, nothing is fetched, the figures are those of the evaluation, and it stays small."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from newstagger.domain import Decision
from newstagger.report import page
from newstagger.report.data import About

from .conftest import example_of, report_on, tag_of

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
PLOT = "data:image/svg+xml;base64,AAAA"
HOSTILE = (
    "<script>alert(1)</script>",
    "</details></details><img src=x onerror=alert(1)>",
    "]]><!--",
    "</style><style>*{display:none}</style>",
    "\u202etxet desrever\u202c \u200f",
    "{{ 7 * 7 }}{% raw %}",
    '" onmouseover="alert(1)',
    "&lt;b&gt; &amp; &#0; javascript:alert(1)",
    "x" * 10_000,
    "\x00\x0b\ud800\uffff",
    "https://example.com/pixel.png",
)


@pytest.fixture
def undrawn(monkeypatch):
    monkeypatch.setattr(page, "picture", lambda curves, cuts=(): PLOT)


def rendered(report):
    return page.rendered(report, lambda line: None)


def told(source):
    """Return the parsed page after the checks that every page must pass."""
    etree.fromstring(source.replace("<!DOCTYPE html>", "").encode("utf-8"))  # well-formed to the letter
    tree = html.document_fromstring(source)
    assert tree.xpath("//script | //iframe | //object | //embed | //link | //form | //base | //svg") == []
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [POLICY]
    assert [name for element in tree.iter() for name in element.attrib if name.casefold().startswith("on")] == []
    assert all(re.fullmatch(r"#[a-z]+(-[a-z0-9]+)?", link) for link in tree.xpath("//@href"))
    assert all(address.startswith("data:image/svg+xml;base64,") for address in tree.xpath("//@src"))
    assert all(re.fullmatch(r"--v:\d+%", style) for style in tree.xpath("//@style"))
    assert len(tree.xpath("//style")) == 1
    assert "url(" not in tree.xpath("string(//style)")
    assert "@import" not in tree.xpath("string(//style)")
    assert set(tree.xpath("//@href")) <= {f"#{anchor}" for anchor in tree.xpath("//@id")}
    assert len(tree.xpath("//@id")) == len(set(tree.xpath("//@id")))
    return tree


def wrong_about(copy, label="sea"):
    """Return a report in which one article with this copy everywhere is given wrongly and another missed."""
    one = example_of(copy, copy, copy, [label], date=copy, source=copy, language=copy)
    two = example_of("b", copy, f"{copy} word", ["other"], source="calm")
    word = copy[:30]
    answers = {
        copy: [tag_of(one.text, f"{label}2", 0.9, Decision.AUTO, [(word, 1.0)], name=copy)],
        "b": [tag_of(two.text, label, 0.9, Decision.AUTO, [(word, -1.0)], name=copy)],
    }
    return report_on([one, two, example_of("c", "", "x", [label])], {**answers, "c": copy}, About(copy, (copy,)))


@pytest.mark.parametrize("copy", HOSTILE)
@pytest.mark.parametrize("label", ["sea", None])
def test_hostile_copy_is_text(copy, label, undrawn):
    tree = told(rendered(wrong_about(copy, label or copy)))
    start = re.split("[\x00\x0b\ud800\uffff\u202c\u202e]", " ".join(copy.split())[:20])[0]
    texts = tree.xpath("//p[@class='headline']//text()") + tree.xpath("//p[@class='passage']//text()")
    assert start in "".join(texts)
    assert not set("\u202e\u202c\x00\ud800\uffff") & set(tree.text_content())


WILD = st.text(st.characters(codec=None), max_size=40)


@settings(max_examples=40, deadline=None)
@given(WILD.filter(bool), WILD.filter(bool))
def test_whatever_the_copy_the_page_is_sound(copy, label):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "picture", lambda curves, cuts=(): PLOT)
        told(rendered(wrong_about(copy, label)))


def test_the_page_says_what_it_is_and_can_be_read_aloud(archive):
    tree = told(rendered(report_on(*archive)))
    assert "Keep this page in the house" in tree.xpath("string(//header)")
    assert tree.xpath("string(/html/@lang)") == "en"
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), "no level is skipped"
    assert all(image.get("alt") for image in tree.iter("img"))
    assert all(table.find("caption") is not None and table.xpath("thead//th[@scope='col']") for table in tree.iter("table"))
    assert all(row.xpath("th[@scope='row']") for row in tree.xpath("//tbody/tr"))


def test_highlights_need_no_colour(archive):
    tree = told(rendered(report_on(*archive)))
    marks = {(mark.text, mark.get("class"), mark.findtext("small")) for mark in tree.xpath("//ol[@class='cases']//mark")}
    assert ("late", "against s3", "−−−") in marks
    assert ("ferry", "for s1", "+") in marks


def test_figures_of_the_page_are_those_of_the_evaluation(archive, undrawn):
    report = report_on(*archive)
    tree = told(rendered(report))
    score = report.evaluation.facets[0]
    cards = {div.findtext("dt"): div.findtext("dd") for div in tree.xpath("//dl[@class='cards']/div")}
    for name, value in {"Micro F1": score.micro_f1, "Macro F1": score.macro_f1, "Document F1": score.document_f1}.items():
        assert cards[name] == f"{value:.3f}"
    assert cards["Articles"] == "80"
    rows = {
        row.xpath("string(th)").strip(): [cell.text_content() for cell in row.findall("td")]
        for row in tree.xpath("//table[@class='labels']/tbody/tr")
    }
    for one in score.per_label:
        cells = rows[one.label]
        assert (cells[0], cells[1]) == (str(one.support), f"{one.f1:.3f}")
        assert cells[3:6] == [str(one.predicted), f"{one.precision:.3f}", f"{one.recall:.3f}"]


def test_the_same_report_gives_the_same_page(archive):
    assert rendered(report_on(*archive)) == rendered(report_on(*archive))


def test_pictures_hold_no_script_no_font_and_no_address(archive):
    import base64

    sources = told(rendered(report_on(*archive))).xpath("//img/@src")
    assert len(sources) == 3
    for source in sources:
        svg = base64.b64decode(source.partition(",")[2])
        tree = etree.fromstring(svg)
        assert not [e for e in tree.iter() if isinstance(e.tag, str) and etree.QName(e).localname in ("script", "image", "foreignObject")]
        assert not re.search(rb"(?:href|src)=\"(?!#)|url\((?!#)|@font-face", svg)
        assert len(svg) < 40_000


def test_many_labels_keep_the_page_small(undrawn):
    examples, answers = [], {}
    for number in range(1500):
        row = example_of(f"a{number}", f"Head {number}", "The ferry was late. " * 20, [f"label {number % 500}"])
        words = [("ferry", 1.0), ("late", -0.5)]
        answers[f"a{number}"] = [tag_of(row.text, f"label {(number * 7) % 500}", 0.9, Decision.AUTO, words)]
        examples.append(row)
    source = rendered(report_on(examples, answers))
    tree = told(source)
    assert len(source.encode("utf-8")) < page.MOST_BYTES + (2 << 20)
    assert len(tree.xpath("//table[@class='labels']/tbody/tr")) == 500
    assert len(tree.xpath("//details")) == page.MOST_DETAILS
    assert "300 rarer labels stand in the table only" in tree.text_content()


def test_details_stop_where_the_page_would_grow_too_big(archive, undrawn, monkeypatch):
    monkeypatch.setattr(page, "MOST_BYTES", 10_000)
    tree = told(rendered(report_on(*archive)))
    assert len(tree.xpath("//details")) == 1
    assert "1 rarer labels stand in the table only" in tree.text_content()
