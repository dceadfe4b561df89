"""Exchange formats out and back in: every document is valid, and what is read back lacks only what its format declares."""

import json
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newstagger.builtin.formats import register_renderers
from newstagger.contracts import Renderer
from newstagger.domain import (
    Article,
    ArticleRef,
    BundleRef,
    Concept,
    Decision,
    Event,
    Facet,
    Origin,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    Verdict,
)
from newstagger.formats import annif, ans, newsml, ninjs, schemaorg, superdesk
from newstagger.formats.carriage import LOSSES, MAIN_ROLES, Carried, Losing, unsaid
from newstagger.formats.fields import Fields
from newstagger.formats.newsml_out import NewsmlRenderer
from newstagger.formats.tagging_json import tagging_from_json
from newstagger.formats.xmltext import parse_xml, storable

SCHEMAS = Path(__file__).parents[2] / "data" / "formats" / "schemas"
RENDERERS = {r.name: r for r in register_renderers()} | {"newsml-g2": NewsmlRenderer(lambda: "2031-05-03T10:00:00Z")}
HOSTILE = (
    "]]>",
    "<script>alert(1)</script>",
    "&amp;&lt;",
    "\u202eright to left",
    "a\x00b\x1b[31m",
    "\ud800",
    "x" * 10_000,
    "\r\n\t",
    "\u2028",
    "é😀",
)
ROLES = {Facet.TOPIC: (Role.MAIN, Role.DERIVED), Facet.REGION: (Role.FOCUS, Role.MENTIONED), Facet.ACTOR: (Role.ACTOR, Role.SOURCE)}
IDS = {
    Facet.TOPIC: ("medtop:05000000", "own:fair", "bare label", "wikidata:Q5"),
    Facet.REGION: ("iso:SY", "iso:SY-HL", "geonames:170063", "m49:145"),
    Facet.ACTOR: ("actor:un", "own:harbour", "actor:"),
}

wild = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.lists(st.sampled_from(HOSTILE[:5])).map("".join),
)
bare = wild.filter(lambda s: s and not s.startswith(("own:", "medtop:", "iso:", "geonames:", "m49:", "actor:", "newstagger:")))
headlines = st.one_of(st.just("Ferry service resumes"), wild.filter(str.strip))


@st.composite
def tags(draw):
    facet = draw(st.sampled_from(Facet))
    concept = draw(st.one_of(st.sampled_from(IDS[facet]), bare))
    matches = tuple(draw(st.sets(st.sampled_from(("wikidata:Q27", "geonames:2963597", "cameo:IRL")))))
    return Tag(
        Concept(concept, draw(wild), facet, exact_match=matches), draw(st.floats(0, 1)), draw(st.sampled_from(Decision)),
        draw(st.sampled_from(ROLES[facet])), tagger="t",
    )  # fmt: skip


articles = st.builds(
    Article, st.builds(ArticleRef, st.just("paper"), st.one_of(
    st.sampled_from(("7", "urn:newsml:a:1", "http://a.example/b?c=d", "a/b c%20é")),
    st.text(min_size=1, max_size=20).filter(lambda s: s.strip() and s.isprintable()))),
    headlines, wild, st.sampled_from(("text/plain", "text/html")), st.sampled_from((None, "en", "pt-BR")), wild, wild, wild,
    st.one_of(st.none(), st.integers(0, 10**6)),
    version_created=st.sampled_from((None, "2031-05-03T10:15:00Z", "2031-05-03T10:15:00.5+02:00")),
    event=st.sampled_from((Event.DRAFT, Event.KILL)),
)  # fmt: skip
taggings = st.builds(
    lambda ts, ref, bundle: Tagging(ref, "h", "en", bundle, tuple(ts)),
    st.lists(tags(), max_size=6, unique_by=lambda tag: tag.concept.id), st.just(ArticleRef("paper", "7")),
    st.sampled_from((None, BundleRef("starter", "3", "d" * 64))),
)  # fmt: skip


def is_valid(name, document):
    if name == "newsml-g2":
        etree.RelaxNG(etree.parse(SCHEMAS / "newsml-g2.rng")).assertValid(etree.fromstring(document))
    elif name != "json":
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        jsonschema.validate(json.loads(document), json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")), format_checker=checker)


def back(name, document):
    """Return the article that a document holds, if its format has any, and its tags."""
    if name == "newsml-g2":
        data = document.encode()
        (reading,) = newsml.NEWSML.read_all(data, name="x", site="paper")
        return reading.article, newsml.carried(parse_xml(data, "x"))
    value = json.loads(document)
    if name == "json":
        read = tagging_from_json(value)
        return None, [
            Carried(t.concept.id, t.concept.pref_label, t.concept.facet, t.role, t.score, t.decision, t.concept.exact_match, True)
            for t in read.tags
        ]
    if name in ("ninjs", "ninjs2"):
        return ninjs.NINJS.read(document.encode(), name="x", site="paper"), ninjs.carried(Fields(ninjs.lowered(value), "x"))
    if name == "schema.org":
        return schemaorg.SCHEMA_ORG.read(document.encode(), name="x", site="paper"), schemaorg.carried(Fields(value, "x"))
    return None, {"ans": ans.carried, "annif": annif.suggested, "superdesk": superdesk.analysed}[name](Fields(value, "x"))


def due(tagging, loses):
    left_out = {Decision.SILENT} | ({Decision.SUGGEST} if "suggested tags" in loses else set())
    return {tag.concept.id: tag for tag in tagging.tags if tag.decision not in left_out}


@pytest.mark.parametrize("name", RENDERERS)
@settings(max_examples=120, deadline=None)
@given(article=articles, tagging=taggings)
def test_reading_back_loses_only_what_is_declared(name, article, tagging):
    renderer = RENDERERS[name]
    document, loses = renderer.render(article, Text("", ()), tagging), set(renderer.loses)
    is_valid(name, document)
    assert document.encode() and "\n" not in document.replace(article.body, "")[:20]
    clean = (lambda s: storable(s).strip()) if "control characters" in loses else str
    ident = storable if "control characters" in loses else str
    read, carried = back(name, document)
    wanted = {ident(concept): tag for concept, tag in due(tagging, loses).items()}
    assert {tag.concept for tag in carried} == set(wanted)
    for tag in carried:
        was = wanted[tag.concept]
        assert tag.ours
        assert clean(tag.label) == clean(was.concept.pref_label)
        assert "facets" in loses or tag.facet is was.concept.facet
        assert "roles" in loses or tag.role is was.role
        assert "decisions" in loses or tag.decision in (was.decision, None if "suggested tags" in loses else was.decision)
        assert "scores" in loses or tag.score == pytest.approx(was.score, abs=0.0051 if "exact scores" in loses else 1e-6)
        assert "exact matches" in loses or sorted(tag.exact_match) == sorted(was.concept.exact_match)
    model = '"name": "starter", "version": "3"' if name == "json" else "starter@3"
    assert "model" in loses or not carried or tagging.bundle is None or model in unquote(document)
    if "article" not in loses:
        compare(article, read, loses, clean)


def compare(article, read, loses, clean):
    assert read.ref.id == article.ref.id
    for name in ("headline", "byline", "credit", "source"):
        assert clean(getattr(read, name)) == clean(getattr(article, name)), name
    body = storable if "control characters" in loses else str
    assert "body" in loses or body(read.body) == body(article.body)
    assert "body" in loses or not article.body or read.media_type == article.media_type
    assert "revision" in loses or read.revision == article.revision
    assert read.language == article.language
    assert read.version_created == (article.version_created or read.version_created)
    assert (read.event is Event.KILL) == (article.event is Event.KILL)


FULL = Tagging(
    ArticleRef("paper", "7"), "h", "en", BundleRef("starter", "3", "d" * 64),
    (
        Tag(Concept("medtop:05000000", "education", Facet.TOPIC), 0.91, Decision.AUTO, Role.MAIN),
        Tag(Concept("iso:IE", "Ireland", Facet.REGION, exact_match=("wikidata:Q27",)), 0.8, Decision.AUTO, Role.FOCUS),
        Tag(Concept("actor:un", "United Nations", Facet.ACTOR), 0.7, Decision.SUGGEST, Role.SOURCE),
        Tag(Concept("own:x", "quiet", Facet.TOPIC), 0.1, Decision.SILENT, Role.MAIN),
    ),
    ReuseReport(Verdict.NON_DERIVED),
)  # fmt: skip
STORY = Article(ArticleRef("paper", "7"), "Schools open", "<p>Text</p>", "text/html", "en", source="AFP")


def rendered(name):
    return RENDERERS[name].render(STORY, Text("", ()), FULL)


@pytest.mark.parametrize("name", RENDERERS)
def test_renderers_declare_their_losses_by_name(name):
    assert isinstance(RENDERERS[name], Renderer) and isinstance(RENDERERS[name], Losing)
    assert set(RENDERERS[name].loses) <= set(LOSSES) and len(set(RENDERERS[name].loses)) == len(RENDERERS[name].loses)
    assert ("reuse" in RENDERERS[name].loses) == ("non-derived" not in rendered(name))
    assert unsaid(RENDERERS[name], FULL) == ("suggested tags" in RENDERERS[name].loses)


def test_ninjs_names_topics_by_iptc_uri_with_maker_relevance_and_confidence():
    item = json.loads(rendered("ninjs"))
    assert item["subjects"][0] == {
        "name": "education", "rel": "main", "uri": "http://cv.iptc.org/newscodes/mediatopic/05000000", "creator": "newstagger starter@3",
        "relevance": 100, "confidence": 91,
    }  # fmt: skip
    assert item["places"] == [{"name": "Ireland", "rel": "focus", "uri": "http://cvx.iptc.org/iso3166-1a2/IE"}]
    assert "versionCreated" not in item and item["bodies"][0]["contentType"] == "text/html"
    assert json.loads(rendered("ninjs2"))["infosources"] == [{"name": "AFP", "role": "source"}]


def test_newsml_says_how_why_and_how_sure():
    root = etree.fromstring(rendered("newsml-g2"))
    subject = next(root.iter("{*}subject"))
    assert dict(subject.attrib) == {
        "qcode": "medtop:05000000", "type": "cpnat:abstract", "creatoruri": "urn:newstagger:newstagger%20starter@3", "how": "howextr:tool",
        "why": "why:inferred", "confidence": "91", "relevance": "100",
    }  # fmt: skip
    assert [e.get("qcode") for e in root.iter("{*}sameAs")] == ["wikidata:Q27"]


def test_schema_org_may_stand_in_a_script_element():
    line = RENDERERS["schema.org"].render(Article(STORY.ref, "</script><!-- & \u2028"), Text("", ()), FULL)
    assert not set("<>&\u2028") & set(line) and json.loads(line)["headline"] == "</script><!-- & \u2028"
    value = json.loads(rendered("schema.org"))
    assert value["about"][0]["@id"].endswith("mediatopic/05000000")
    assert value["contentLocation"][0]["sameAs"] == ["http://www.wikidata.org/entity/Q27"]


def test_editors_see_suggestions_and_superdesk_its_groups():
    groups = json.loads(rendered("superdesk"))["analysis"]
    assert [tag["name"] for tag in groups["organisation"]] == ["United Nations"]
    assert groups["subject"][0]["altids"] == {"medtop": "05000000"}
    assert [r["label"] for r in json.loads(rendered("annif"))["results"]] == ["education", "Ireland", "United Nations"]
    taxonomy = json.loads(rendered("ans"))["taxonomy"]
    assert [tag["text"] for tag in taxonomy["tags"]] == ["education", "Ireland"]


def test_tags_that_were_written_come_back_as_the_machines():
    read = ninjs.NINJS.read(rendered("ninjs").encode(), name="x", site="paper")
    assert {tag.concept: tag.origin for tag in read.existing_tags} == {"medtop:05000000": Origin.MACHINE, "iso:IE": Origin.MACHINE}
    assert {Role.MAIN} <= MAIN_ROLES
