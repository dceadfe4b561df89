"""A tiny bundle of every format that was ever released stays readable, and tags."""

from pathlib import Path

import pytest

from newstagger.builtin.parts import tagger_for
from newstagger.bundles.manifest import FORMAT
from newstagger.bundles.store import Store
from newstagger.domain import Article, ArticleRef, Decision, Facet
from newstagger.text import extract

KEPT = Path(__file__).resolve().parents[2] / "data" / "bundles"


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_a_bundle_of_this_format_is_read_and_tags(number):
    store = Store((KEPT,))
    assert store.verify(f"format{number}").version == "1"
    bundle = store.load(f"format{number}")
    tagger = tagger_for(bundle.parts[Facet.TOPIC], bundle.ref)
    article = Article(ArticleRef("s", "1"), "Port news", "The ferry left the harbour late. Fishing boats stayed in port.", language="en")
    tags = tagger.tag(article, extract(article)).tags
    assert [tag.concept.id for tag in tags if tag.decision is not Decision.SILENT] == ["harbour"]
