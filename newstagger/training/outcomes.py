"""What a training run notes for later comparisons: its answers on the held-out rows, its rival's, and which rows it learned from.

``bundles.outcomes`` says how that is kept; ``compare`` reads it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.outcomes import Outcome, Outcomes, Rival, short_key, text_key
from newstagger.bundles.store import Store
from newstagger.contracts import Example, Tagger
from newstagger.domain import Facet, Proposal
from newstagger.errors import BundleError
from newstagger.learning.crossval import counted, predict
from newstagger.training.examples import Tools


class Answers:
    """What a tagger gave to each example that it was measured on, in order; a watch for ``measure``."""

    def __init__(self) -> None:
        self.given: list[frozenset[str]] = []

    def __call__(self, tagger: Tagger, example: Example, proposal: Proposal) -> None:
        """Note the labels that count as predicted, as ``predict`` does: nobody judged the others."""
        self.given.append(frozenset(tag.concept.id for tag in proposal.tags if counted(tag) and example.judges(tag.concept.id)))


def rival_of(name: str, base: Bundle | None, store: Store, tools: Tools) -> Bundle | None:
    """Return the bundle that a new version is to be measured beside: what is current under its name, else its base, if any.

    None where it cannot be read, which keeps no other from being trained.
    """
    try:
        pointer = store.current(name)
        if pointer is None or (base is not None and base.ref == pointer.ref):
            return base
        return store.load(name)
    except BundleError as error:
        tools.progress(f"not compared with what is current: {error}")
        return None


def outcomes_of(
    facet: Facet, held: Sequence[Example], answers: Answers, learned: Sequence[Example], rival: Bundle | None, tools: Tools
) -> Outcomes:
    """Return what is to be kept of one facet's training: the held-out rows with both bundles' answers, and the rows learned from."""
    known = None if rival is None or facet not in rival.parts else rival.outcomes.get(facet)
    told, asked = None, _ask(facet, rival, known, held, tools) if rival and known else {}
    if rival and asked:
        told = Rival(str(rival.ref), rival.part_digest(facet))
    rows = [_outcome(example, given, asked.get(number)) for number, (example, given) in enumerate(zip(held, answers.given, strict=True))]
    return Outcomes.pack(rows, (short_key(text_key(example.text)) for example in learned), told)


def _outcome(example: Example, given: frozenset[str], rival: frozenset[str] | None) -> Outcome:
    unknown = frozenset(label for label in given if not example.judges(label))
    return Outcome(text_key(example.text), frozenset(example.labels), given, rival, unknown)


def _ask(facet: Facet, rival: Bundle, known: Outcomes, held: Sequence[Example], tools: Tools) -> dict[int, frozenset[str]]:
    """Return what the rival gives to those of the rows that it had not learned from, by their number; nothing if it knows other labels."""
    part, learned = rival.parts[facet], set(known.learned.tolist())
    new = [number for number, example in enumerate(held) if short_key(text_key(example.text)) not in learned]
    wanted = {label for number in new for label in held[number].labels}
    if not wanted or (part.concepts and wanted.isdisjoint(concept.id for concept in part.concepts)):
        return {}
    tools.progress(f"{facet}: asking {rival.ref} about the {len(new)} of them that it had not learned from")
    try:
        tagger = tools.tagger(part, rival.ref)
    except BundleError as error:
        tools.progress(f"{facet}: {rival.ref} does not answer: {error}")
        return {}
    return {number: frozenset(predict(tagger, held[number])) for number in new}
