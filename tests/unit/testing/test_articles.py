"""The sample articles: listed, readable, long enough, in four languages, and what each is there to show."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from newstagger.domain import Article, ParagraphKind, Verdict
from newstagger.errors import InputError
from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing import FOLDER, sample_article, sample_wire, samples
from newstagger.text import extract

ARTICLES = [sample for sample in samples() if sample.kind == "article"]


def test_every_file_is_listed_once():
    listed = [sample.file for sample in samples()]
    assert sorted(listed) == sorted(path.name for path in FOLDER.iterdir() if path.name != "index.json")


def test_there_are_enough_of_them():
    assert len(ARTICLES) >= 10
    assert {sample.language for sample in ARTICLES} == {"en", "de", "fr", "es"}
    assert len({topic for sample in ARTICLES for topic in sample.topics}) >= 9


@pytest.mark.parametrize("sample", ARTICLES, ids=lambda s: s.file)
def test_sample_can_be_read(sample):
    article = sample_article(sample.file)
    text = extract(article)
    assert (article.ref.site, article.ref.id) == (sample.site, sample.id)
    assert text.language == sample.language
    assert article.headline or any(p.kind is ParagraphKind.HEADLINE for p in text.paragraphs)
    assert 250 <= len(re.findall(r"\w+", text.string)) <= 600


def test_unknown_samples_are_refused():
    with pytest.raises(InputError, match=r"no sample article 'nothing.txt' \(known: "):
        sample_article("nothing.txt")
    with pytest.raises(InputError, match="no sample wire"):
        sample_wire("gazette-storm.txt")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """A host without a model whose wire index holds the wire story."""
    from newstagger import demo

    home = tmp_path_factory.mktemp("home")
    empty = home / "models"
    empty.mkdir()
    house = Host(Settings(home=home, models=empty, bundle="none"), discover=False)
    demo.receive(house, sample_wire(), home)
    return house


@pytest.mark.parametrize(
    "file, verdict, credit",
    [
        ("courier-kosti-credited.html", Verdict.PARTIALLY_DERIVED, "credited"),
        ("meridian-kosti-uncredited.html", Verdict.WHOLLY_DERIVED, "uncredited"),
        ("lantern-kosti-independent.txt", Verdict.NON_DERIVED, "none-needed"),
        ("meridian-telescope.html", Verdict.NON_DERIVED, "none-needed"),
    ],
)
def test_reuse_of_the_wire_story(host, file, verdict, credit):
    article = sample_article(file)
    assert isinstance(article, Article)
    reuse = host.article_saved(article).reuse
    assert (reuse.verdict, reuse.credit.state) == (verdict, credit)
    assert bool(reuse.matches) == (verdict is not Verdict.NON_DERIVED)


def test_samples_and_driver_need_no_pytest():
    code = "import sys, newstagger.testing, newstagger.testing.pressroom; print({'pytest', 'sklearn'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
