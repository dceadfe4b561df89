"""What editors reviewed among the rows of corpora: their word is newer, and a gazetteer learns no concept of the newsroom's own.

Called by ``line`` once labels are concepts. How the rows come out of the ledger is ``feedback``'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from newstagger.contracts import OPEN, Example, Progress
from newstagger.domain import Facet
from newstagger.taxonomy import OWN, prefix_of
from newstagger.training.examples import Labelled, Material

FEEDBACK = "newsroom:feedback"
"""The source of rows that editors reviewed, as the weights of sources name it."""


def reviewed(found: Labelled, kind: str, progress: Progress) -> Labelled:
    """Return the examples as a part of this kind learns them: the editors' word over a corpus's, no own concepts for a gazetteer."""
    found, dropped = overruled(found)
    if dropped:
        progress(f"{found.facet}: {dropped} rows of corpora that editors reviewed since: the editors' word counts")
    if kind == "linear":
        return found
    found, own = without_own(found)
    if own:
        progress(f"{found.facet}: {own} labels are the newsroom's own, which its vocabulary finds by name and a gazetteer does not learn")
    return found


def leave_out_strangers(material: Material, facet: Facet, progress: Progress) -> None:
    """Take out of the feedback what cannot stand beside the corpora's labels: ids of a vocabulary beside bare labels, or the reverse.

    With feedback alone the ids stay: bare ones are then those of a plugin's tagger, or of an older model. Own concepts fit both.
    """
    rows = material.rows.get(facet, [])
    theirs = {label for example, _ in rows if example.source == FEEDBACK for label in _named(example)}
    others = {label for example, _ in rows if example.source != FEEDBACK for label in _named(example)}
    ids = any(map(prefix_of, others or theirs))
    strangers = {label for label in theirs - others if not label.startswith(OWN) and bool(prefix_of(label)) is not ids}
    if strangers:
        step = "translate the corpus with --label-map" if others else "they are of no vocabulary"
        progress(f"{facet}: left out of the feedback are {len(strangers)} labels such as {min(strangers)[:60]!r} ({step})")
        material.rows[facet] = [(_without(example, strangers), split) for example, split in rows]
        material.places[facet] = {label: place for label, place in material.places[facet].items() if label not in strangers}


def _named(example: Example) -> tuple[str, ...]:
    return (*example.labels, *example.rejected)


def _without(example: Example, strangers: Set[str]) -> Example:
    """Return an example of the feedback without some labels; one that keeps none no longer says what the article is about."""
    if example.source != FEEDBACK or strangers.isdisjoint(_named(example)):
        return example
    labels, rejected = (tuple(label for label in told if label not in strangers) for told in (example.labels, example.rejected))
    return replace(example, labels=labels, rejected=rejected, unknown=example.unknown if labels else (OPEN,))


def overruled(found: Labelled) -> tuple[Labelled, int]:
    """Return the examples without the rows of corpora whose text editors reviewed, and how many those were.

    What the editors left open is as the corpus says, and a row that the corpus holds out stays so.
    """
    theirs = {e.text.text_hash: at for at, e in enumerate(found.examples) if e.source == FEEDBACK}
    examples, splits = list(found.examples), list(found.splits)
    kept = []
    for at, example in enumerate(found.examples):
        word = theirs.get(example.text.text_hash) if theirs and example.source != FEEDBACK else None
        if word is None:
            kept.append(at)
        else:
            examples[word], splits[word] = _amended(examples[word], example), splits[word] or splits[at]
    told = replace(found, examples=tuple(examples[at] for at in kept), splits=tuple(splits[at] for at in kept))
    return told, len(found.examples) - len(kept)


def _amended(word: Example, row: Example) -> Example:
    """Return what editors said of a text, with a corpus's labels where they said nothing."""
    more = {label for label in row.labels if not word.judges(label)}
    unknown = tuple(label for label in row.unknown if not word.judges(label))
    labels = tuple(sorted({*word.labels, *more}))
    return replace(word, labels=labels, unknown=unknown, group=row.group or word.group)


def without_own(found: Labelled) -> tuple[Labelled, int]:
    """Return the examples without the newsroom's own concepts, or with what these match exactly; and how many labels were left out."""
    matches = {c.id: _exact(c.exact_match, found) for c in found.concepts if c.id.startswith(OWN)}
    if not matches:
        return found, 0
    lost = sum(label in matches and not matches[label] for example in found.examples for label in example.labels)
    concepts = tuple(concept for concept in found.concepts if concept.id not in matches)
    return replace(found, examples=tuple(_matched(example, matches) for example in found.examples), concepts=concepts), lost


def _exact(ids: Sequence[str], found: Labelled) -> tuple[str, ...]:
    known = {concept.id for concept in found.concepts}
    return tuple(sorted(known.intersection(ids)))


def _matched(example: Example, matches: Mapping[str, Sequence[str]]) -> Example:
    if not matches.keys() & {*example.labels, *example.rejected, *example.unknown}:
        return example
    labels, rejected, unknown = (_replaced(told, matches) for told in (example.labels, example.rejected, example.unknown))
    return replace(example, labels=labels, rejected=rejected, unknown=unknown)


def _replaced(labels: Sequence[str], matches: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted({new for label in labels for new in matches.get(label, (label,))}))
