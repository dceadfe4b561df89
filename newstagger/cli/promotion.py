"""Promotion past the gate, for ``models promote`` and ``train --promote``: judged, refused or done, and said in so many words.

``training.gate`` judges; the store moves the pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import click

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.store import Store
from newstagger.cli.compare import compared, contrast_to_json, gap, named
from newstagger.cli.corpora import CorpusOptions
from newstagger.contracts import Json
from newstagger.domain import BundleRef
from newstagger.errors import BundleError
from newstagger.formats.tagging_json import bundle_to_json
from newstagger.settings import Settings
from newstagger.training.compare import Comparison, compare, shared
from newstagger.training.gate import Finding, Reason, judge

REFUSED = 3
"""Exit code: the bundle is whole, and the gate did not let it pass."""
ASIDE = "--anyway promotes it all the same"


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of a promotion: the candidate, what it was judged against (None: nothing), and what was found about important tags."""

    ref: BundleRef
    over: BundleRef | None
    promoted: bool
    findings: tuple[Finding, ...] = ()

    @property
    def code(self) -> int:
        """The exit code."""
        return 0 if self.promoted else REFUSED


def promote(
    store: Store, spec: str, important: Sequence[str], *, anyway: bool = False,
    comparing: Callable[[Bundle, Bundle], Comparison] = compare,
) -> Promotion:  # fmt: skip
    """Make a version current unless a tag in ``important`` is worse than in what is current; with ``anyway`` even then.

    Without important tags, or where nothing is current, the gate stands open. Raise BundleError when a bundle is damaged.
    """
    ref = store.candidate(spec)
    pointer = store.current(ref.name)
    if not important or pointer is None or pointer.ref == ref:
        return Promotion(store.promote(str(ref)), None, promoted=True)
    findings = _findings(store, ref, important, comparing, anyway=anyway)
    if any(found.refuses for found in findings) and not anyway:
        return Promotion(ref, pointer.ref, promoted=False, findings=findings)
    return Promotion(store.promote(str(ref), over=pointer.ref), pointer.ref, promoted=True, findings=findings)


def _findings(
    store: Store, ref: BundleRef, important: Sequence[str], comparing: Callable[[Bundle, Bundle], Comparison], *, anyway: bool
) -> tuple[Finding, ...]:  # fmt: skip
    """Return what is to be said of the important tags; nothing where what is current cannot be read and need not be."""
    second = store.load(str(ref))
    try:
        first = store.load(ref.name)
    except BundleError as error:
        if anyway:
            return ()
        raise BundleError(f"what is current cannot be compared with: {error.what}", where=error.where, next_step=ASIDE) from None
    return judge(important, first, second, comparing(first, second))


def compared_for_gate(settings: Settings, first: Bundle, second: Bundle, options: CorpusOptions, *, jobs: int) -> Comparison:
    """Compare on the files that the options name; facets of which those say nothing, on what the bundles remember."""
    told = compared(settings, first, second, options, jobs=jobs)
    rest = [facet for facet in shared(first, second) if facet not in {contrast.facet for contrast in told.facets}]
    return replace(told, facets=(*told.facets, *(compare(first, second, rest).facets if rest else ())))


def tell(promotion: Promotion) -> None:
    """Say on standard error what was found about important tags, and why the candidate was refused or promoted all the same."""
    for line in _lines(promotion):
        click.echo(line, err=True)


def _lines(promotion: Promotion) -> Iterator[str]:
    against = [found for found in promotion.findings if found.refuses]
    if against and promotion.promoted:
        yield f"newstagger: {promotion.ref} is promoted although important tags speak against it:"
    elif against:
        what = f"{promotion.ref} is not promoted, {promotion.over} goes on: important tags speak against it"
        yield f"newstagger: {what} ({_step(promotion, against)})"
    for found in sorted(promotion.findings, key=lambda one: not one.refuses):
        yield f"  {_line(found, promotion)}"


def _step(promotion: Promotion, against: Sequence[Finding]) -> str:
    if all(found.reason is Reason.UNCOMPARED for found in against):
        return f"name labelled articles that neither learned from: 'newstagger models promote {promotion.ref} --corpus FILE'; {ASIDE}"
    return f"see 'newstagger models compare {promotion.over} {promotion.ref}' and train again; {ASIDE}"


def _line(found: Finding, promotion: Promotion) -> str:
    told = {
        Reason.LOST: f"{promotion.ref} cannot give it any more",
        Reason.UNCOMPARED: f"no row to compare the facet {found.facet} on",
        Reason.FEW: "too few rows speak of it to tell whether it got worse",
        Reason.NEITHER: "neither bundle gives it; see important in [policy]",
        Reason.WORSE: "worse",
    }[found.reason]
    one = found.contrast
    figures = f": F1 {one.first.f1:.3f} → {one.second.f1:.3f}, {gap(one)}, {one.support} rows" if one and one.support else ""
    return f"{named(found.id, found.name)}: {told}{figures}"


def promotion_to_json(promotion: Promotion) -> dict[str, Json]:
    """Return a promotion as JSON: the candidate, whether it is current now, and what was found about important tags."""
    over = None if promotion.over is None else bundle_to_json(promotion.over)
    found = [_finding_json(one) for one in promotion.findings]
    return {**bundle_to_json(promotion.ref), "promoted": promotion.promoted, "over": over, "important": found}


def _finding_json(found: Finding) -> dict[str, Json]:
    figures = {} if found.contrast is None else contrast_to_json(found.contrast)
    facet = None if found.facet is None else str(found.facet)
    return {"id": found.id, "name": found.name, "facet": facet, "reason": str(found.reason), "refuses": found.refuses, **figures}
