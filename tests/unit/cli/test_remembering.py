"""The verbs that look back: explain, forget, feedback list and stats; on the newsroom's file and on a site's own state."""

from __future__ import annotations

import json
import shutil
from contextlib import nullcontext
from dataclasses import replace

import pytest

from newstagger.cli import run
from newstagger.contracts import State
from newstagger.domain import Action, Article, ArticleRef, BundleRef, EditorDecision
from newstagger.settings import PolicySettings, Settings

RARE = "quixotryzumba"
STORY = {
    "id": "s1",
    "site": "gazette",
    "title": "Ceasefire talks stall in Damascus as army shells villages",
    "text": f"Government forces shelled rebel villages near Damascus on Monday, killing soldiers and civilians, residents of {RARE} said. "
    "The army and the rebels had agreed on a ceasefire a week ago. Peace talks in Geneva broke down over the weekend.",
    "lang": "en",
}


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run a verb with the sample bundle; ``state`` and ``settings`` are handed on as an embedding program hands them."""
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def call(*words, **given):
        code = run([*map(str, words)], **given)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.json"
    path.write_text(json.dumps(STORY), "utf-8")
    return path


@pytest.fixture
def kept(tmp_path):
    (tmp_path / "newstagger.toml").write_text('[privacy]\nkeep_text = "published"\n')


def values(out):
    return [json.loads(line) for line in out.splitlines()]


class Lists:
    """A ledger, an audit log and an archive in lists: what a site's own database is to the verbs."""

    def __init__(self) -> None:
        self.rows = []

    def forget(self, ref):
        gone = [row for row in self.rows if row.ref == ref]
        self.rows = [row for row in self.rows if row.ref != ref]
        return len(gone)


class Decisions(Lists):
    record = lambda self, decision: self.rows.append(decision)  # noqa: E731
    all = lambda self: iter(self.rows)  # noqa: E731

    def decisions(self, ref):
        return tuple(row for row in self.rows if row.ref == ref)


class Answers(Lists):
    remember = lambda self, record: self.rows.append(record)  # noqa: E731

    def last(self, ref):
        return next((row for row in reversed(self.rows) if row.ref == ref), None)

    def latest(self):
        return iter([record for _, record in sorted({row.ref: row for row in self.rows}.items())])


class Texts(Lists):
    def keep(self, article, text_hash, at):
        self.rows.append(article)

    def article(self, ref, text_hash):
        return next((row for row in self.rows if row.ref == ref), None)

    def expire(self, before):
        return 0


@pytest.fixture
def own_state():
    return State(Decisions(), Answers(), Texts(), nullcontext)


def test_why_is_told_with_the_words_marked_and_the_same_tags_come_out(call, story, kept):
    _, out, _ = call("save", story, "--event", "publish", "--json")
    tags = json.loads(out)["tags"]
    assert tags, "the starter bundle knows what a war is"
    code, out, _ = call("explain", "gazette", "s1")
    assert code == 0
    assert "made again from the kept text: the same tags come out" in out
    assert "margin" in out
    assert "[" in out
    assert RARE not in out or "…" in out
    assert "no editor decided anything" in out
    assert "answered 20" in out
    code, out, _ = call("explain", "gazette", "s1", "--json", "--all")
    told = json.loads(out)
    assert told["recomputed"] == {"done": True, "reason": "", "same": True, "differences": [], "remarks": []}
    first = next(cut for cut in told["snippets"].values() if cut)
    assert any(part["marked"] for part in first[0]["parts"])


def test_without_the_text_the_stored_evidence_is_shown_and_why_that_is_all(call, story):
    call("save", story)
    code, out, _ = call("explain", "gazette", "s1")
    assert code == 0
    [line] = [line for line in out.splitlines() if line.startswith("cannot be made again")]
    assert "the text of that answer was not kept" in line
    assert "margin" in out


def test_decisions_are_told_with_who_and_when(call, story):
    call("save", story)
    call("feedback", "reject", "gazette", "s1", "medtop:15000000", "--by", "anna", "--reason", "no sport")
    _, out, _ = call("explain", "gazette", "s1")
    assert "rejected medtop:15000000 by anna: no sport" in out
    code, out, _ = call("explain", "gazette", "s1", "--concept", "medtop:15000000", "--json")
    told = json.loads(out)
    assert (code, [d["by"] for d in told["decisions"]], told["answer"]["tags"]) == (0, ["anna"], [])


def test_decisions_before_the_first_save_are_explained_too(call):
    call("feedback", "add", "gazette", "s9", "iso:SY")
    code, out, _ = call("explain", "gazette", "s9")
    assert (code, "no answer is stored" in out, "added    iso:SY" in out) == (0, True, True)


@pytest.mark.parametrize("words", [["gazette", "nobody"], ["gazette", "s1", "--concept", "medtop:1"]])
def test_what_is_not_known_is_one_line_and_2(call, story, words):
    call("save", story)
    code, out, err = call("explain", *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_a_copy_that_the_settings_no_longer_allow_is_not_read(call, story, kept, tmp_path):
    call("save", story, "--event", "publish")
    assert json.loads(call("explain", "gazette", "s1", "--json")[1])["recomputed"]["done"]
    (tmp_path / "newstagger.toml").write_text('[privacy]\nkeep_text = "none"\n')
    again = json.loads(call("explain", "gazette", "s1", "--json")[1])
    assert (again["recomputed"]["done"], [parts for parts in again["snippets"].values() if parts]) == (False, [])


def test_what_differs_under_another_policy_is_told(call, story, kept, tmp_path):
    _, out, _ = call("save", story, "--event", "publish", "--json")
    concept = json.loads(out)["tags"][0]["concept"]
    (tmp_path / "newstagger.toml").write_text(f'[privacy]\nkeep_text = "published"\n[policy]\ndeny = ["{concept}"]\n')
    code, out, _ = call("explain", "gazette", "s1", "--json")
    again = json.loads(out)["recomputed"]
    assert (code, again["same"], again["remarks"]) == (0, False, ["policy, plugins or own vocabulary have changed since"])
    gone = next(one for one in again["differences"] if one["concept"] == concept)
    assert gone["now"] is None
    _, out, _ = call("explain", "gazette", "s1")
    assert "differ" in out
    assert f"{concept}: " in out


@pytest.mark.parametrize(("change", "said"), [("gone", "is gone or damaged"), ("other", "is not the one of then")])
def test_a_bundle_that_is_not_the_one_of_then_is_told(call, story, own_state, change, said):
    """The answer says that it came from a bundle that is here no more, or whose digest is another."""
    settings = Settings()
    call("save", story, state=own_state, settings=settings)
    [record] = own_state.audit.rows
    then = record.tagging.bundle
    other = BundleRef("vanished", "7", then.digest) if change == "gone" else replace(then, digest="0" * 64)
    own_state.audit.rows = [replace(record, tagging=replace(record.tagging, bundle=other))]
    own_state.archive.keep(Article(record.ref, STORY["title"], STORY["text"], language="en"), "", "")
    code, out, _ = call("explain", "gazette", "s1", state=own_state, settings=settings)
    assert code == 0
    assert f"cannot be made again: the bundle {other}" in out
    assert said in out
    assert "[" in out, "the words are still marked"


def test_hostile_copy_never_reaches_the_terminal_as_a_command(call, tmp_path, kept):
    path = tmp_path / "evil.json"
    path.write_text(
        json.dumps(STORY | {"title": "\x1b[2J\x07 army shells \u202etxt", "text": STORY["text"].replace("rebel", "\x1b[31mrebel")})
    )
    call("save", path, "--event", "publish")
    call("feedback", "add", "gazette", "s1", "iso:SY", "--by", "\x1b[1mX", "--reason", "\x1b]0;owned\x07")
    _, out, _ = call("explain", "gazette", "s1")
    assert not set("\x1b\x07\u202e") & set(out)


def test_forgetting_leaves_nothing_and_may_be_asked_twice(call, story, kept, tmp_path):
    call("save", story, "--event", "publish")
    call("feedback", "add", "gazette", "s1", "iso:SY", "--by", RARE)
    assert RARE.encode() in b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file())
    code, out, _ = call("forget", "gazette", "s1", "--yes", "--json")
    assert (code, json.loads(out)) == (0, {"site": "gazette", "id": "s1", "decisions": 1, "answers": 1, "texts": 1, "waiting": 0})
    files = b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file())
    assert RARE.encode() not in files
    code, out, _ = call("forget", "gazette", "s1", "--yes")
    assert (code, out) == (0, "gazette/s1: nothing is remembered\n")
    assert call("explain", "gazette", "s1")[0] == 2


def test_forgetting_where_nothing_ever_was_makes_no_file(call, tmp_path):
    assert call("forget", "gazette", "s1", "--yes")[:2] == (0, "gazette/s1: nothing is remembered\n")
    assert not (tmp_path / "home").exists()


def test_nothing_is_erased_unasked(call, story, monkeypatch):
    call("save", story)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    code, _, err = call("forget", "gazette", "s1")
    assert (code, "say --yes" in err) == (2, True)
    assert call("explain", "gazette", "s1")[0] == 0


def test_decisions_are_listed_for_all_a_site_or_an_article(call):
    for site, article, concept in (("gazette", "1", "iso:SY"), ("courier", "1", "iso:FR"), ("gazette", "2", "iso:DE")):
        call("feedback", "add", site, article, concept)
    listed = {
        words: [d["concept"] for d in values(call("feedback", "list", *words, "--json")[1])]
        for words in ((), ("gazette",), ("gazette", "2"))
    }
    assert listed == {(): ["iso:SY", "iso:FR", "iso:DE"], ("gazette",): ["iso:SY", "iso:DE"], ("gazette", "2"): ["iso:DE"]}


def test_how_tags_were_received_is_counted(call, story):
    _, out, _ = call("save", story, "--json")
    concept = json.loads(out)["tags"][0]["concept"]
    call("feedback", "reject", "gazette", "s1", concept, "--by", "anna")
    code, out, _ = call("feedback", "stats", "--json")
    told = values(out)
    first = next(one for one in told if one["name"] == concept)
    assert (code, first["rejected"], first["shown"], first["rate"]) == (0, 1, 1, 0.0)
    assert next(one["name"] for one in told if one["by"] == "facet") == "topic"
    code, out, _ = call("feedback", "stats")
    assert out.splitlines()[0].split() == ["concept", "shown", "accepted", "rejected", "removed", "added", "kept", "(95", "%", "interval)"]
    assert "all of topic" in out
    _, out, _ = call("feedback", "stats", "--by", "person", "--site", "courier")
    assert out == "nothing was shown or decided yet\n"


def test_every_verb_runs_on_the_state_of_the_program_around_it(call, story, own_state, tmp_path):
    """A site whose CMS keeps decisions and answers in its own database asks by its own command; no file is made."""
    settings = Settings(home=tmp_path / "elsewhere", site="gazette", policy=PolicySettings(deny=("medtop:16000000",)))
    embedded = {"state": own_state, "settings": settings}
    assert call("save", story, **embedded)[0] == 0
    assert call("feedback", "add", "gazette", "s1", "iso:SY", "--by", "anna", **embedded)[0] == 0
    [decision] = own_state.ledger.rows
    assert (decision.action, decision.by) == (Action.ADDED, "anna")
    assert values(call("feedback", "list", "--json", **embedded)[1])[0]["concept"] == "iso:SY"
    assert "anna" in call("feedback", "stats", "--by", "person", **embedded)[1]
    assert "iso:SY" in call("explain", "gazette", "s1", **embedded)[1]
    own_state.ledger.record(EditorDecision(ArticleRef("gazette", "s2"), "iso:FR", Action.ADDED))
    assert json.loads(call("forget", "gazette", "s1", "--yes", "--json", **embedded)[1])["decisions"] == 1
    assert [row.ref.id for row in own_state.ledger.rows] == ["s2"]
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_options_win_over_the_settings_of_the_program_around(call, story, tmp_path):
    settings = Settings(home=tmp_path / "told")
    assert call("save", story, "--home", tmp_path / "said", settings=settings)[0] == 0
    assert (tmp_path / "said" / "newsroom.sqlite3").exists()
    assert not (tmp_path / "told").exists()
    shutil.rmtree(tmp_path / "said")
