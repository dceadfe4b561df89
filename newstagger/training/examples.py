"""From files of rows to examples of each facet: read, extracted, their labels turned into concepts, and fit to learn from.

Which files, fields and readers is told by the command line or a recipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from newstagger.contracts import CorpusReader, Example, FacetPart, FacetTrainer, Json, Progress, Row, Tagger, Vocabulary
from newstagger.corpus import NOT_CHOSEN, UNLABELLED, Selection, labelled_rows, read_rows
from newstagger.domain import Article, BundleRef, Concept, Facet, Text
from newstagger.errors import CorpusError
from newstagger.labelmap import read_label_map
from newstagger.recipe import Source
from newstagger.rowfiles import READERS, file_digest
from newstagger.taxonomy import media_topics, resolve_labels
from newstagger.topicnames import TopicLabels
from newstagger.training.trainers import trainer_for

FEWEST_ROWS = 10
FEWEST_TEXTS = 50
"""Different texts from which on copies are kept together."""
TOLD_EVERY = 5000
BESIDE = "recipe:"
SUFFIXES = (".jsonl.gz", ".jsonl", ".csv.gz", ".csv", ".json.gz", ".json", "")


@dataclass(frozen=True, slots=True)
class Tools:
    """What training is handed by those above it: how text is extracted, corpora are read, parts become taggers, labels are fitted.

    ``find`` knows the newsroom's own concepts.
    """

    extract: Callable[[Article], Text]
    tagger: Callable[[FacetPart, BundleRef | None], Tagger]
    readers: Sequence[CorpusReader] = READERS
    trainer: Callable[[str, Facet, Sequence[Concept]], FacetTrainer] = trainer_for
    jobs: int = 1
    progress: Progress = print
    find: Callable[[str], Concept | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Feed:
    """One corpus file and what to read from it; ``source`` tells name, weight, terms.

    ``rows`` stand in for the file's, with their ``digest`` for its: what editors reviewed, whose word counts above a corpus's.
    """

    path: Path
    selection: Selection
    source: Source
    rows: Sequence[Mapping[str, Json]] | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The examples of one facet with, in parallel, their explicit splits; ``concepts`` are what their labels mean."""

    facet: Facet
    examples: tuple[Example, ...]
    splits: tuple[str | None, ...]
    concepts: tuple[Concept, ...]


@dataclass(slots=True)
class Material:
    """What was read so far: rows by facet, where each label stood first, which files, and how many rows were left out why."""

    rows: dict[Facet, list[tuple[Example, str | None]]] = field(default_factory=dict)
    places: dict[Facet, dict[str, str]] = field(default_factory=dict)
    corpora: list[dict[str, Json]] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    names: TopicLabels = field(default_factory=TopicLabels)


def feed_of(source: Source, facet: Facet, data: Path | None, beside: Path | None) -> Feed:
    """Return the feed of a recipe's source under the data folder, or beside the recipe; raise CorpusError when it is not there."""
    own = source.id.startswith(BESIDE)
    folder = beside if own else data
    if folder is None:
        raise CorpusError("the recipe's sources need a folder", next_step="name it with --data DIR, or give --corpus FILE")
    stem = source.id.removeprefix(BESIDE)
    found = next((path for suffix in SUFFIXES if (path := folder / f"{stem}{suffix}").is_file()), None)
    if found is None:
        raise CorpusError(f"no source {stem}", where=str(folder), next_step="name the folder of the corpora with --data")
    return Feed(found, selection_of(source, (facet,), data, found), source)


def selection_of(source: Source, facets: tuple[Facet, ...], data: Path | None, path: Path) -> Selection:
    """Return which rows and fields a source asks for; ``data`` is the folder that its label map stands in."""
    where = tuple((name, value if equals else None) for name, equals, value in (w.partition("=") for w in source.where))
    spec = str(data / source.label_map) if data and source.label_map else source.label_map
    label_map = read_label_map(spec, path.name.split(".", maxsplit=1)[0]) if spec else None
    labels = {} if source.labels == "labels" else dict.fromkeys(facets, source.labels)
    return Selection(facets, labels, where, label_map, source.group)


def read_material(feeds: Iterable[Feed], tools: Tools) -> Material:
    """Return the examples in all feeds; raise CorpusError naming file and line for a row that is broken.

    Labels that name no one concept of a source's vocabulary are told all together, once everything is read (TaxonomyError).
    """
    material = Material()
    for feed in feeds:
        before = {facet: len(rows) for facet, rows in material.rows.items()}
        tools.progress(f"reading {feed.path.name}")
        rows = _drawn(_rows(feed, tools, material.tally), feed.source.max_rows)
        for number, row in enumerate(rows, 1):
            _add(material, row, feed, tools.extract(row.article))
            if not number % TOLD_EVERY:
                tools.progress(f"reading {feed.path.name}, {number} rows")
        _tie_twins(material, before, feed)
        used = {str(facet): len(rows) - before.get(facet, 0) for facet, rows in material.rows.items()}
        material.corpora += [corpus_record(feed, facet, used.get(str(facet), 0)) for facet in feed.selection.facets]
    material.names.expect_known()
    _tie_copies(material)
    if not material.rows and material.tally[NOT_CHOSEN] and not material.tally[UNLABELLED]:
        what = f"none of the {material.tally[NOT_CHOSEN]} rows fits --where"
        raise CorpusError(what, next_step="check the field's name and value against a row")
    for reason, count in sorted((+material.tally).items()):
        tools.progress(f"{count} {reason}")
    return material


def _rows(feed: Feed, tools: Tools, tally: Counter[str]) -> Iterable[Row]:
    if feed.rows is None:
        return read_rows([feed.path], feed.selection, tools.readers, tally)
    return labelled_rows(enumerate(feed.rows, 1), feed.path, feed.selection, tally)


def _drawn(rows: Iterable[Row], most: int) -> Iterable[Row]:
    """Return at most ``most`` rows (0: all), drawn by a hash of their ids, in the order of the file."""
    if not most:
        return rows
    held = list(rows)
    ranked = sorted(range(len(held)), key=lambda i: (blake2b(str(held[i].article.ref.id).encode("utf-8", "surrogatepass")).digest(), i))
    return [held[i] for i in sorted(ranked[:most])]


def _add(material: Material, row: Row, feed: Feed, text: Text) -> None:
    for facet, found in row.labels.items():
        labels = tuple(f"{feed.source.prefix}{label}" for label in found)
        if feed.source.vocabulary and facet is Facet.TOPIC:
            labels = material.names.ids(labels, row.article.language, f"{row.file}:{row.line}")
        rejected, unknown = row.rejected.get(facet, ()), row.unknown.get(facet, ())
        for label in (*labels, *rejected):
            material.places.setdefault(facet, {}).setdefault(label, f"{row.file}:{row.line}")
        example = Example(row.article, text, labels, row.date, row.group, feed.source.id, rejected, unknown)
        material.rows.setdefault(facet, []).append((example, row.split))


def _tie_twins(material: Material, before: Mapping[Facet, int], feed: Feed) -> None:
    """Make one row of those of a file that share id and text, with the labels of all: so an export by article and label has them.

    Rows that share the id alone, versions of an article, become a group, so that none is learned from while another is measured.
    """
    for facet, rows in material.rows.items():
        start = before.get(facet, 0)
        told = _merged(rows[start:])
        times = Counter(example.article.ref.id for example, _ in told)
        if merged := len(rows) - start - len(told):
            material.tally[f"rows of {feed.path.name} repeat an article: their labels were put together"] += merged
        rows[start:] = [
            (replace(example, group=f"{feed.path.name} {example.article.ref.id}"), split)
            if times[example.article.ref.id] > 1 and example.group is None else (example, split)
            for example, split in told
        ]  # fmt: skip
        if twins := sum(count for count in times.values() if count > 1):
            material.tally[f"rows of {feed.path.name} share their id with another: they are kept together"] += twins


def _tie_copies(material: Material) -> None:
    """Make a group of rows of the same text under different ids, from one file or several, where they have none of their own.

    A handful of texts told over and over is no archive: tied together, nothing would be left to measure on.
    """
    for rows in material.rows.values():
        times = Counter(example.text.text_hash for example, _ in rows if example.group is None)
        copies = {text for text, count in times.items() if count > 1} if len(times) >= FEWEST_TEXTS else set()
        rows[:] = [
            (replace(example, group=f"text {example.text.text_hash}"), split)
            if example.group is None and example.text.text_hash in copies else (example, split)
            for example, split in rows
        ]  # fmt: skip
        if copies:
            material.tally["rows have the text of another: they are kept together"] += sum(times[text] for text in copies)


def _merged(rows: Sequence[tuple[Example, str | None]]) -> list[tuple[Example, str | None]]:
    """Return rows of which those with the same id, text and split are one, at the place of the first; reviewed ones stay as they are."""
    found: dict[Hashable, tuple[Example, str | None]] = {}
    for number, (example, split) in enumerate(rows):
        reviewed = example.rejected or example.unknown
        key: Hashable = number if reviewed else (example.article.ref.id, example.text.string, split)
        first = found.get(key)
        labels = example.labels if first is None else tuple(dict.fromkeys((*first[0].labels, *example.labels)))
        found[key] = (replace(first[0] if first else example, labels=labels), split)
    return list(found.values())


def corpus_record(feed: Feed, facet: Facet, rows: int | None = None) -> dict[str, Json]:
    """Return what the manifest keeps of a corpus file: its base name, digest, how many rows were used, and its terms."""
    record: dict[str, Json] = {"file": feed.path.name, "facet": str(facet), "sha256": feed.digest or file_digest(feed.path)}
    told = {"rows": rows, "terms": feed.source.terms, "note": feed.source.note}
    return record | {name: value for name, value in told.items() if value}


def labelled(
    material: Material, facet: Facet, vocabularies: Sequence[Vocabulary], find: Callable[[str], Concept | None] = lambda _: None
) -> Labelled:
    """Return the examples of one facet, labels resolved; raise TaxonomyError for a label that means nothing.

    ``vocabularies`` know regions and actors, ``find`` the newsroom's own concepts.
    """
    rows, places = material.rows.get(facet, []), material.places.get(facet, {})
    concepts = resolve_labels(facet, places, vocabularies, find)
    examples = tuple(_resolved(example, concepts) for example, _ in rows)
    distinct = {concept.id: concept for concept in concepts.values()}
    return Labelled(facet, examples, tuple(split for _, split in rows), tuple(distinct[name] for name in sorted(distinct)))


def _resolved(example: Example, concepts: Mapping[str, Concept]) -> Example:
    """Return the example with the ids of concepts; what is unknown need not mean anything."""
    labels = {concepts[label].id for label in example.labels}
    rejected = {concepts[label].id for label in example.rejected} - labels
    heirs = (concepts.get(label) or media_topics().concept(label) for label in example.unknown)
    unknown = {heir.id if heir else label for heir, label in zip(heirs, example.unknown, strict=True)} - labels - rejected
    return replace(example, labels=tuple(sorted(labels)), rejected=tuple(sorted(rejected)), unknown=tuple(sorted(unknown)))


def expect_learnable(found: Labelled, fields: Mapping[Facet, str]) -> None:
    """Raise CorpusError unless there are enough rows, labels among them, and rows that differ in their labels."""
    facet, examples = found.facet, found.examples
    step = f"the labels were looked for in the field {fields.get(facet, 'labels')!r}; name another with --labels"
    if not any(example.labels for example in examples):
        raise CorpusError(f"no row has a {facet} label", next_step=step)
    if len({example.labels for example in examples}) == 1:
        what = f"all {len(examples)} rows have the same {facet} labels"
        raise CorpusError(what, next_step="add rows about something else; [] marks a row without any label")
    if len(examples) < FEWEST_ROWS:
        what = f"{len(examples)} rows with {facet} labels are too few to learn from"
        raise CorpusError(what, next_step=f"give at least {FEWEST_ROWS}, better some hundreds")
