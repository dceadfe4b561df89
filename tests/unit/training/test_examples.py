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
    told = read([*rows, rows[3], {**rows[5], "text": "The ferry left again."}])
    examples = [example for example, _ in told.rows[Facet.TOPIC]]
    tied = [example for example in examples if example.group is not None]
    assert sorted(example.article.ref.id for example in tied) == ["a003", "a003", "a005", "a005"]
    assert len({example.group for example in tied}) == 2
    assert told.tally["rows share their id with another row of a.jsonl"] == 4


def test_a_group_of_its_own_stays_and_other_files_have_ids_of_their_own(read):
    rows = [{**row, "group": "story"} for row in archive(20)]
    told = read([*rows, rows[3]], [*archive(20)])
    assert {example.group for example, _ in told.rows[Facet.TOPIC]} == {"story", None}
    assert "rows share their id with another row of b.jsonl" not in told.tally
