"""From rows to examples: rows that share an id."""

import pytest

from newstagger.domain import Facet
from newstagger.recipe import Source
from newstagger.training import Feed, selection_of
from newstagger.training.examples import read_material

from .conftest import archive, save


@pytest.fixture
def read(tmp_path, tools):
    """Return a function that reads rows out of one file each and gives what was read."""

    def read(*files):
        paths = [save(tmp_path / f"{name}.jsonl", rows) for name, rows in zip("ab", files, strict=False)]
        source = Source("archive")
        return read_material([Feed(path, selection_of(source, (Facet.TOPIC,), None, path), source) for path in paths], tools)

    return read


def test_rows_of_one_file_that_share_their_id_are_one_group_and_counted(read):
    rows = [*archive(20)]
    told = read([*rows, {**rows[3], "text": "The train left."}, {**rows[5], "text": "The ferry left again."}])
    examples = [example for example, _ in told.rows[Facet.TOPIC]]
    tied = [example for example in examples if example.group is not None]
    assert sorted(example.article.ref.id for example in tied) == ["a003", "a003", "a005", "a005"]
    assert len({example.group for example in tied}) == 2
    assert told.tally["rows of a.jsonl share their id with another: they are kept together"] == 4


def test_an_article_with_a_row_for_each_label_is_one_example(read):
    rows = [*archive(20)]
    told = read([rows[0], {**rows[0], "labels": ["rail"]}, *rows])
    examples = [example for example, _ in told.rows[Facet.TOPIC]]
    assert [example.article.ref.id for example in examples] == [row["id"] for row in rows]
    assert examples[0].labels == ("sea", "rail")
    assert {example.group for example in examples} == {None}
    assert told.tally["rows of a.jsonl repeat an article: their labels were put together"] == 2


def test_reviewed_rows_are_not_put_together(read):
    rows = [*archive(20)]
    told = read([*rows, {**rows[1], "labels": [], "rejected": {"topic": ["sea"]}}])
    assert len(told.rows[Facet.TOPIC]) == 21


def test_a_group_of_its_own_stays_and_other_files_have_ids_of_their_own(read):
    rows = [{**row, "group": "story"} for row in archive(20)]
    told = read([*rows, {**rows[3], "text": "The train left."}], [*archive(20)])
    assert {example.group for example, _ in told.rows[Facet.TOPIC]} == {"story", None}
    assert len(told.rows[Facet.TOPIC]) == 41
    assert not [reason for reason in told.tally if "b.jsonl" in reason]
