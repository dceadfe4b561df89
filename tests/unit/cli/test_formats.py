"""Exchange formats on the command line: tag reads and writes them, the wire index takes them, and the listing is the page's."""

import json
import re
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from lxml import etree

from newstagger.cli import run
from newstagger.cli.wire_items import Origin, items_in
from newstagger.domain import WireItem
from newstagger.errors import InputError
from newstagger.formats.carriage import LOSSES
from newstagger.host import Host
from newstagger.settings import Settings

ROOT = Path(__file__).parents[3]
FILES = ROOT / "tests" / "data" / "formats"


@pytest.fixture
def call(tmp_path, capsys):
    def call(*words):
        code = run([*map(str, words), "--home", str(tmp_path / "home")])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_page_shows_the_listing(call):
    _, out, _ = call("formats", "--markdown")
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert re.search(r"<!-- formats -->\n(.*?)<!-- end -->", page, flags=re.DOTALL)[1] == out, "run newstagger formats --markdown"


def test_every_loss_is_somebodys(call):
    code, out, _ = call("formats", "--json")
    told = json.loads(out)
    assert code == 0 and {loss for item in told["written"] for loss in item["loses"]} == set(told["losses"]) == set(LOSSES)
    code, out, _ = call("formats")
    assert "newsml-g2" in out and "suggested tags" in out


def test_tag_tells_once_how_many_suggestions_a_format_leaves_out(call, samples):
    code, out, err = call("tag", "--as", "newsml-g2", samples / "gazette-storm.txt", samples / "courier-court.json")
    assert code == 0 and err.count("left out") == 1
    assert etree.fromstring(out.partition("</newsItem>")[0] + "</newsItem>").get("guid") == "urn:newstagger:article:gazette-storm"
    code, out, err = call("tag", "--as", "annif", samples / "gazette-storm.txt")
    assert code == 0 and err == "" and len(json.loads(out)["results"]) > 1


def test_every_article_of_a_file_is_tagged_and_a_broken_one_named(call, tmp_path):
    code, out, _ = call("tag", "--as", "ninjs", FILES / "newsml-message.xml")
    assert code == 0 and [json.loads(line)["uri"] for line in out.splitlines()] == ["urn:newsml:lakeside:t1", "urn:newsml:lakeside:t2"]
    item = json.loads((FILES / "ninjs-1.json").read_text("utf-8"))
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([item, item | {"headline": 3}]), "utf-8")
    code, out, err = call("tag", path)
    assert (
        code == 1
        and "Ferry service" in out
        and err == f"newstagger: {path} item 2: headline must be a text, not a whole number (correct the article)\n"
    )


def test_formats_on_standard_input(call, monkeypatch):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO((FILES / "newsml-message.xml").read_bytes())))
    code, out, _ = call("tag", "--text", "--json", "-")
    assert code == 0 and len(out.splitlines()) == 2


@pytest.mark.parametrize(("option", "told"), [("--format", "no format 'x' can be read"), ("--as", "no format 'x'")])
def test_an_unknown_format_is_one_line(call, option, told):
    code, out, err = call("tag", option, "x", FILES / "ninjs-1.json")
    assert code == 2 and out == "" and told in err and "ninjs" in err and err.count("\n") == 1


def test_one_article_is_asked_for_where_one_is_saved(call):
    code, _, err = call("save", FILES / "newsml-message.xml")
    assert code == 2 and "holds 2 articles" in err


def wire(name, tmp_path):
    host = Host(Settings(home=tmp_path), stateless=True)
    return [item if isinstance(item, InputError) else item[0] for item in items_in(FILES / name, host, Origin(), "paper")]


def test_the_wire_index_takes_what_formats_tell(tmp_path):
    first, second = wire("newsml-message.xml", tmp_path)
    assert isinstance(first, WireItem)
    assert (first.id, first.version, first.status, first.urgency, first.usage) == ("urn:newsml:lakeside:t1", "3", "usable", 4, "No archive")
    assert (first.agency, first.feed, second.status) == ("Reuters", "reuters", "canceled")
    (killed,) = wire("ninjs-3.json", tmp_path)
    assert (killed.status, killed.embargo, killed.urgency) == ("canceled", "2031-05-05T00:00:00Z", 1)
    (item,) = wire("ninjs-1.json", tmp_path)
    assert (item.agency, item.version_created) == ("AFP", "2031-05-03T10:15:00+02:00")
