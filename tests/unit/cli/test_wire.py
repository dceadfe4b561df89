import gzip
import json
import time

import pytest

from newstagger.cli import run
from newstagger.wire.index import WireIndex

STORY = """Harbour pilots of Estrel walk out

ESTREL (AFP) - Harbour pilots in the port of Estrel walked out on Tuesday after talks on night shifts collapsed. Eleven freighters wait.

The pilots' union said the operator had withdrawn an earlier offer without warning and would not name a date for further talks.

A spokeswoman for the operator called the strike needless and said ferries to the islands would keep running for the time being.
"""
COPY = STORY.replace("ESTREL (AFP) - ", "").replace("without warning", "overnight")


@pytest.fixture
def newsroom(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wire.txt").write_text(STORY, "utf-8")
    (tmp_path / "copy.txt").write_text(COPY, "utf-8")
    (tmp_path / "own.txt").write_text(
        "Library opens on Sundays\n\nThe library of Estrel opens on Sundays from May, the council said.\n", "utf-8"
    )
    return tmp_path


def call(capsys, *arguments: str):
    code = run(["wire", *arguments, "--home", "home"])
    told = capsys.readouterr()
    return code, told.out, told.err


def as_json(capsys, *arguments: str):
    code, out, err = call(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def row(**fields):
    return json.dumps({"id": "s1", "headline": "Pilots walk out", "text": STORY, **fields}) + "\n"


def test_add_check_status(newsroom, capsys):
    assert as_json(capsys, "add", "wire.txt", "--agency", "AFP") == {"added": 1, "failed": 0, "stories": 1}
    report = as_json(capsys, "check", "copy.txt")
    assert (report["verdict"], report["credit"]["state"], report["credit"]["found"]) == ("wholly-derived", "uncredited", [])
    (match,) = report["matches"]
    assert (match["wire_id"], match["agency"], match["feed"]) == ("wire", "AFP", "afp")
    assert 0.8 < match["share"] == report["share"] <= 1
    assert all(set(passage) >= {"start", "end", "quote", "wire_start", "wire_end", "words"} for passage in match["passages"])
    status = as_json(capsys, "status")
    assert (status["stories"], status["fresh"], status["feeds"][0]["feed"], status["feeds"][0]["fresh"]) == (1, True, "afp", True)


def test_people_see_the_passages_side_by_side(newsroom, capsys):
    call(capsys, "add", "wire.txt", "--agency", "AFP")
    code, out, _ = call(capsys, "check", "copy.txt")
    assert code == 0
    assert "wholly-derived" in out
    assert "uncredited" in out
    assert any("overnight" in line.split(" | ")[0] and "offer" in line.split(" | ")[0] for line in out.splitlines() if " | " in line)
    assert "paraphrase" in out


def test_against_files_needs_no_index(newsroom, capsys):
    report = as_json(capsys, "check", "copy.txt", "--against", "own.txt", "wire.txt", "--agency", "AFP")
    assert (report["verdict"], [match["wire_id"] for match in report["matches"]]) == ("wholly-derived", ["wire"])
    assert as_json(capsys, "check", "own.txt", "--against", "wire.txt")["verdict"] == "non-derived"
    assert not (newsroom / "home").exists()


def test_the_agency_of_a_file_is_read_from_its_own_credit(newsroom, capsys):
    assert as_json(capsys, "check", "copy.txt", "--against", "wire.txt")["matches"][0]["agency"] == "AFP"


def test_no_index_is_told_not_guessed(newsroom, capsys):
    report = as_json(capsys, "check", "copy.txt")
    assert report["verdict"] == "not-checked"
    assert "wire add" in report["reason"]
    assert as_json(capsys, "status")["fresh"] is False
    assert not (newsroom / "home").exists()


def test_a_stale_index_is_not_asked(newsroom, capsys, monkeypatch):
    call(capsys, "add", "wire.txt", "--agency", "AFP")
    now = time.time()
    monkeypatch.setattr("newstagger.cli.wire.time.time", lambda: now + 200_000)
    code, out, _ = call(capsys, "status")
    assert code == 0
    assert "STALE" in out
    assert "stale" in out
    (newsroom / "strict.toml").write_text("[wire]\nmax_age = 0\n", "utf-8")
    assert as_json(capsys, "check", "copy.txt", "--config", "strict.toml")["verdict"] == "not-checked"


def test_json_lines_carry_version_and_status(newsroom, capsys):
    lines = row(version=1, urgency=3, embargo="2031-05-01T10:00:00Z", usage="no web", agency="Associated Press", feed="ap-world")
    lines += row(version=2, agency="AP", feed="ap-world") + json.dumps(
        {"id": "s1", "version": 3, "status": "cancelled", "agency": "AP", "feed": "ap-world"}
    )
    (newsroom / "feed.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    assert as_json(capsys, "add", "feed.jsonl.gz")["stories"] == 1
    (match,) = as_json(capsys, "check", "copy.txt")["matches"]
    assert (match["agency"], match["version"], match["status"]) == ("AP", "3", "canceled")
    index = WireIndex.open_read_only(newsroom / "home" / "newsroom.sqlite3")
    assert [version for version, _, _ in index.versions("ap-world", "s1")] == ["1", "2", "3"]
    index.close()


def test_a_broken_line_is_named_and_the_rest_is_kept(newsroom, capsys):
    (newsroom / "feed.jsonl").write_text(
        row() + "{nonsense\n\n" + row(id="s2", status="lost") + row(id="s3", urgency="high") + row(id="s4"), "utf-8"
    )
    code, out, err = call(capsys, "add", "feed.jsonl", "--agency", "AFP")
    assert code == 1
    assert out.startswith("2 items added")
    assert [part in err for part in ("feed.jsonl line 2", "feed.jsonl line 4: unknown status", "feed.jsonl line 5: urgency")] == [True] * 3


def test_one_json_file_and_one_html_file(newsroom, capsys):
    (newsroom / "item.json").write_text(row(), "utf-8")
    (newsroom / "item.html").write_text("<h1>Pilots</h1>" + "".join(f"<p>{line}</p>" for line in STORY.split("\n\n")), "utf-8")
    assert as_json(capsys, "add", "item.json", "item.html", "--agency", "AFP")["stories"] == 2
    assert len(as_json(capsys, "check", "copy.txt")["matches"]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "none.txt"], "none.txt: no such file"),
        (["add", "."], "is a directory"),
        (["add", "broken.json"], "broken JSON"),
        (["add"], "Missing argument"),
        (["check", "none.txt"], "no such file"),
        (["check", "copy.txt", "own.txt"], "more than one article"),
        (["check", "copy.txt", "--against", "none.txt"], "no such file"),
        (["check", "empty.txt"], "no text"),
        (["check", "copy.txt", "--agency", "AFP"], "without a wire file"),
        (["check", "copy.txt", "--against", "empty.txt"], "empty.txt: holds no text"),
        (["check", "copy.txt", "--against", "blank.jsonl"], "blank.jsonl: holds no wire item"),
        (["check", "copy.txt", "--against", "."], "is a directory"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(newsroom, capsys, arguments, told):
    (newsroom / "broken.json").write_text("{", "utf-8")
    (newsroom / "empty.txt").write_text("", "utf-8")
    (newsroom / "blank.jsonl").write_text("\n", "utf-8")
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert not (newsroom / "home").exists()


def test_an_empty_feed_counts_as_read(newsroom, capsys):
    (newsroom / "feed.jsonl").write_text("", "utf-8")
    assert as_json(capsys, "add", "feed.jsonl", "--agency", "AFP", "--feed", "afp-main")["added"] == 0
    assert as_json(capsys, "status")["feeds"][0]["feed"] == "afp-main"


def test_an_item_with_a_feed_of_its_own_makes_no_other(newsroom, capsys):
    (newsroom / "item.json").write_text(row(feed="afp-world"), "utf-8")
    for agency in ("AFP", "Agence France-Presse"):
        assert as_json(capsys, "add", "item.json", "--agency", agency)["stories"] == 1
    assert [feed["feed"] for feed in as_json(capsys, "status")["feeds"]] == ["afp-world"]
    (newsroom / "none.jsonl").write_text("\n", "utf-8")
    as_json(capsys, "add", "none.jsonl", "--agency", "Agence France-Presse")
    assert [(feed["feed"], feed["agency"]) for feed in as_json(capsys, "status")["feeds"]] == [("afp", "AFP"), ("afp-world", "AFP")]


def test_the_article_itself_is_compared_and_told(newsroom, capsys):
    code, out, err = call(capsys, "check", "copy.txt", "--against", "copy.txt")
    assert (code, err) == (0, "newstagger: copy.txt is the article itself\n")
    assert "wholly-derived: 100%" in out


def test_fifty_files_copies_are_told_once_and_namesakes_apart(newsroom, capsys):
    names = []
    for number in range(50):
        (newsroom / f"f{number}").mkdir()
        (newsroom / f"f{number}" / "wire.txt").write_text(STORY if number % 2 else STORY.split("\n\n", 2)[2], "utf-8")
        names.append(f"f{number}/wire.txt")
    report = as_json(capsys, "check", "copy.txt", "--against", *names, "--agency", "AFP")
    assert sorted(match["wire_id"] for match in report["matches"]) == ["wire", "wire (2)"]
    _, out, _ = call(capsys, "check", "copy.txt", "--against", *names, "--agency", "afp")
    assert all(line.count("The pilots' union") == 2 for line in out.splitlines() if line.strip().startswith("The pilots' union"))


def test_an_agency_that_nobody_knows_is_told(newsroom, capsys):
    code, out, err = call(capsys, "check", "copy.txt", "--against", "wire.txt", "--agency", "Reuterz")
    assert code == 0
    assert "Reuterz wire version 1" in out
    assert err == "newstagger: 'Reuterz' is not in the table of agencies, so a credit to it will not be recognised; did you mean Reuters?\n"
    assert "not in the table" in call(capsys, "add", "wire.txt", "--agency", "Zorkpress")[2]
    assert as_json(capsys, "check", "copy.txt", "--against", "wire.txt", "--agency", "afp")["matches"][0]["agency"] == "AFP"


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({"status": "canceled"}, "! killed by the agency"),
        ({"status": "withheld"}, "! withheld by the agency"),
        ({"text": STORY, "headline": "Pilots"}, ""),
        ({"text": STORY, "embargo": "2931-05-01T10:00:00Z"}, "! under embargo until 2931-05-01T10:00:00Z"),
        ({"text": STORY, "embargo": "2001-05-01T10:00:00Z"}, ""),
        ({"text": STORY, "usage": "no web"}, "! usage: no web"),
    ],
)
def test_a_desk_is_told_what_it_must_not_miss(newsroom, capsys, later, told):
    (newsroom / "feed.jsonl").write_text(row(version=1) + json.dumps({"id": "s1", "version": 2, **later}) + "\n", "utf-8")
    call(capsys, "add", "feed.jsonl", "--agency", "AFP")
    _, out, err = call(capsys, "check", "copy.txt")
    assert err == ""
    assert told in out
    assert ("!" in out) == bool(told)


def test_an_old_version_is_told_from_the_newest(newsroom, capsys):
    (newsroom / "feed.jsonl").write_text(
        row(version=1) + row(version=3, text="The port of Estrel works again.") + row(version=2, text="Nothing."), "utf-8"
    )
    _, out, _ = call(capsys, "check", "copy.txt", "--against", "feed.jsonl", "--agency", "AFP")
    assert "! a newer version 3 exists" in out
    (newsroom / "feed.jsonl").write_text(row(version=1) + json.dumps({"id": "s1", "version": 2, "status": "canceled"}) + "\n", "utf-8")
    _, out, _ = call(capsys, "check", "copy.txt", "--against", "feed.jsonl", "--agency", "AFP")
    assert "! killed by the agency" in out
