"""Wire reuse on real copy: the pairs and credits of the seeds, the adjudicated pairs and the credits of Helsinki."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from newstagger.domain import Article, ArticleRef, CreditForm, CreditState, Text, Verdict, WireItem
from newstagger.settings import WireSettings
from newstagger.text import extract
from newstagger.wire.against import AgainstFiles
from newstagger.wire.credit import credits_of
from newstagger.wire.detector import examine

pytestmark = pytest.mark.corpus

VERDICTS = {"W": Verdict.WHOLLY_DERIVED, "N": Verdict.NON_DERIVED}


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def seeds(corpora) -> dict[str, tuple[Article, Text]]:
    found = {}
    for path in sorted((corpora / "seeds").glob("*.txt")):
        headline, _, body = path.read_text("utf-8").partition("\n")
        article = Article(ArticleRef("seed", path.name[:3]), headline, body)
        found[path.name[:3]] = (article, extract(article))
    return found


@pytest.fixture(scope="module")
def helsinki(corpora) -> dict[str, tuple[Article, Text]]:
    found = {}
    for row in rows(corpora / "reuse" / "helsinki-articles.jsonl.gz"):
        article = Article(ArticleRef("helsinki", row["id"]), row["paras"][0], "\n\n".join(row["paras"][1:]), version_created=row["time"])
        found[row["id"]] = (article, extract(article))
    return found


def wire(seed: tuple[Article, Text]) -> AgainstFiles:
    return AgainstFiles([(WireItem("wire", seed[0].ref.id, seed[0].headline, "", agency="AFP"), seed[1])])


def test_the_pairs_of_the_seeds(seeds, corpora):
    for row in rows(corpora / "reuse" / "seed-pairs.jsonl.gz"):
        for one, other in ((row["a"], row["b"]), (row["b"], row["a"])):
            report = examine(*seeds[one], wire(seeds[other]), WireSettings(), thorough=True)
            assert report.verdict is VERDICTS[row["label"]], (one, other)


def test_the_credits_of_the_seeds(seeds):
    told = {key: [(credit.agency, credit.form) for credit in credits_of(*seed)] for key, seed in seeds.items()}
    assert told == {
        "000": [],
        "001": [("AFP", CreditForm.CAPTION)],
        "002": [("AFP", CreditForm.CAPTION), ("AFP", CreditForm.COPYRIGHT)],
        "003": [],
        "004": [("AP", CreditForm.SIGN_OFF), ("AFP", CreditForm.SIGN_OFF), ("dpa", CreditForm.SIGN_OFF)],
    }


def test_a_reused_seed_without_a_credit(seeds):
    report = examine(*seeds["001"], wire(seeds["000"]), WireSettings())
    assert report.credit.state is CreditState.UNCREDITED
    assert report.share > 0.8
    text, source = seeds["001"][1], seeds["000"][1]
    for passage in report.matches[0].passages:
        assert text.string[passage.start : passage.end] == passage.quote
        assert source.string[passage.wire_start : passage.wire_end].strip()


def test_the_pairs_of_helsinki(helsinki, corpora):
    source = AgainstFiles(
        [(WireItem("h", key, a.headline, "", version_created=a.version_created), text) for key, (a, text) in helsinki.items()]
    )
    right = {"P": 0, "N": 0}
    pairs = [row for row in rows(corpora / "reuse" / "helsinki-pairs-dev.jsonl.gz") if row["label"] != "U"][::3]  # bench/wire.py takes all
    for row in pairs:
        told = any(
            match.wire_id == other
            for one, other in ((row["a"], row["b"]), (row["b"], row["a"]))
            for match in examine(*helsinki[one], source, WireSettings(), thorough=True).matches
        )
        right[row["label"]] += told == (row["label"] == "P")
    false = sum(row["label"] == "N" for row in pairs) - right["N"]
    missed = sum(row["label"] == "P" for row in pairs) - right["P"]
    assert 2 * right["P"] / (2 * right["P"] + false + missed) >= 0.94


def test_the_credits_of_helsinki(helsinki, corpora):
    noted = [row for row in rows(corpora / "reuse" / "helsinki-credits.jsonl.gz") if row["credit"] in ("AP", "AFP", "Reuters")]
    found = sum(
        any(c.agency == row["credit"] and c.form is not CreditForm.CAPTION for c in credits_of(*helsinki[row["id"]])) for row in noted
    )
    assert found / len(noted) >= 0.9
