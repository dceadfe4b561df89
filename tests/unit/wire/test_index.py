import sqlite3
import stat
import threading

import pytest

from newstagger.domain import Verdict
from newstagger.errors import StateError
from newstagger.settings import WireSettings
from newstagger.wire.against import AgainstFiles
from newstagger.wire.detector import examine
from newstagger.wire.index import WireIndex, postings
from newstagger.wire.normalise import words_of

NOW = 1_900_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "newsroom.sqlite3"


@pytest.fixture
def index(path):
    opened = WireIndex.open(path)
    yield opened
    opened.close()


def matches(index, make_article, text):
    return examine(make_article(), text, index, WireSettings()).matches


def test_a_story_is_found_again_with_offsets_into_its_text(index, make_article, make_item, make_text, story):
    assert index.add([(make_item("s1"), make_text(*story))], NOW) == 1
    (match,) = matches(index, make_article, make_text("#Strike", *story))
    string = index.string(match.feed, match.wire_id, match.version)
    assert (match.wire_id, match.agency, match.feed) == ("s1", "AFP", "wire")
    assert [string[p.wire_start : p.wire_end] == p.quote for p in match.passages] == [True]


def test_the_index_survives_a_restart(index, path, make_article, make_item, make_text, story):
    index.add([(make_item("s1"), make_text(*story))], NOW)
    reader = WireIndex.open_read_only(path)
    assert len(matches(reader, make_article, make_text(*story))) == 1
    assert (len(reader), reader.generation, reader.fresh_at) == (1, 1, NOW)
    reader.close()


def test_reading_writes_nothing(path, tmp_path):
    assert WireIndex.open_read_only(path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_wire_index_has_none(tmp_path):
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE ledger (x)")
    connection.close()
    assert WireIndex.open_read_only(other) is None


def test_the_file_is_private(index, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_newest_version_is_compared_and_the_others_kept(index, make_article, make_item, make_text, story):
    index.add([(make_item("s1", version="1"), make_text(*story[:2]))], NOW)
    index.add([(make_item("s1", version="10"), make_text(*story[2:]))], NOW)
    index.add([(make_item("s1", version="9"), make_text(*story[:1]))], NOW)
    assert matches(index, make_article, make_text(*story[:2])) == ()
    (match,) = matches(index, make_article, make_text(*story[2:]))
    assert match.version == "10"
    assert index.versions("wire", "s1") == (("1", "usable", False), ("10", "usable", True), ("9", "usable", False))
    assert len(index) == 1


def test_adding_the_same_version_again_changes_nothing(index, make_article, make_item, make_text, story):
    for _ in range(3):
        index.add([(make_item("s1"), make_text(*story))], NOW)
    assert len(matches(index, make_article, make_text(*story))) == 1
    assert index.versions("wire", "s1") == (("1", "usable", True),)


def test_two_versions_in_one_batch(index, make_article, make_item, make_text, story):
    index.add([(make_item("s1", version=v), make_text(*story)) for v in ("1", "2")], NOW)
    assert [match.version for match in matches(index, make_article, make_text(*story))] == ["2"]


def test_a_kill_keeps_the_words_and_says_so(index, make_article, make_item, make_text, story):
    index.add([(make_item("s1"), make_text(*story))], NOW)
    index.add([(make_item("s1", version="2", status="canceled"), make_text("Editors: story s1 is withdrawn."))], NOW)
    (match,) = matches(index, make_article, make_text(*story))
    assert (match.status, match.version) == ("canceled", "2")


def test_status_tells_each_feed(index, make_item, make_text, story):
    index.add([(make_item("s1"), make_text(*story))], NOW)
    index.seen("other", NOW + 5, "dpa")
    assert [(f.feed, f.agency, f.items, f.ingested) for f in index.status()] == [("other", "dpa", 0, NOW + 5), ("wire", "AFP", 1, NOW)]
    assert index.fresh_at == NOW + 5


def test_an_empty_index(index):
    assert (len(index), index.generation, index.fresh_at, index.status()) == (0, 0, None, ())
    assert [len(held) for held in index.holders([1, 2])] == [0, 0]
    assert index.stories([7]) == []
    assert index.string("wire", "none", "1") is None


def test_damage_is_a_state_error(index, path, make_article, make_item, make_text, story):
    index.add([(make_item("s1"), make_text(*story))], NOW)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE wire_item SET words = x'00'")
    connection.close()
    with pytest.raises(StateError, match="damaged words"):
        matches(index, make_article, make_text(*story))


def test_a_broken_file_is_a_state_error(tmp_path):
    broken = tmp_path / "newsroom.sqlite3"
    broken.write_bytes(b"this is no database at all, whatever its name may say" * 20)
    with pytest.raises(StateError):
        WireIndex.open_read_only(broken)
    with pytest.raises(StateError):
        WireIndex.open(broken)


def test_readers_in_many_threads(index, make_article, make_item, make_text, story):
    index.add([(make_item(f"s{n}"), make_text(*story)) for n in range(4)], NOW)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(matches(index, make_article, make_text(*story))))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [4] * 6


def test_batches_larger_than_one(index, monkeypatch, make_item, make_text, story):
    monkeypatch.setattr("newstagger.wire.index.BATCH", 2)
    assert index.add(((make_item(f"s{n}"), make_text(*story)) for n in range(5)), NOW) == 5
    assert (len(index), index.generation) == (5, 3)


def test_postings_know_what_is_quoted(make_text, story):
    assert {quoted for _, quoted in postings(words_of(make_text(f"“{story[0]}”")))} == {1}
    assert {quoted for _, quoted in postings(words_of(make_text(story[0])))} == {0}


def test_files_in_memory_answer_like_the_index(index, make_article, make_item, make_text, story):
    items = [(make_item("s1"), make_text(*story)), (make_item("s2"), make_text(*story[1:]))]
    index.add(items, NOW)
    text = make_text("#Strike", *story[:3])
    one, other = (examine(make_article(), text, source, WireSettings()) for source in (index, AgainstFiles(items)))
    assert one == other
    assert one.verdict is Verdict.WHOLLY_DERIVED
