"""``newstagger explain``: the stored answer with its evidence, who decided what, and whether the same tags come out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import click

from newstagger.cli.newsroom import open_state
from newstagger.cli.options import Settings, common, echo_json, told_ref
from newstagger.cli.recomputing import Difference, Recomputed, recompute
from newstagger.cli.show import block, plain, why_lines
from newstagger.contracts import Json, SaveRecord, State
from newstagger.domain import Article, ArticleRef, Decision, EditorDecision, Tag, in_order
from newstagger.errors import InputError
from newstagger.formats.tagging_json import decision_to_json, tagging_to_json
from newstagger.newsroom.archive import readable_since
from newstagger.settings import PrivacySettings
from newstagger.snippets import Snippet, snippets

MARK, NO_MARK = ("[", "]"), ("", "")


@click.command(
    "explain",
    epilog="""\b
Examples:
  newstagger explain mysite story-1
  newstagger explain mysite story-1 --concept medtop:16000000
  newstagger explain mysite story-1 --all --json""",
)
@click.argument("site")
@click.argument("article")
@click.option("--concept", help="Explain this tag only.")
@click.option("--all", "everything", is_flag=True, help="Show silent tags too.")
@common
def command(*, settings: Settings, as_json: bool, site: str, article: str, concept: str | None, everything: bool) -> int:
    """Show the last answer given for an article with its evidence and decisions, and make it again where the text was kept."""
    told = _look_up(open_state(settings), told_ref(site, article, "explain"), settings)
    return run(told, concept, as_json=as_json, everything=everything)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is remembered of an article; ``record`` is None where people decided before the first save was told of."""

    ref: ArticleRef
    record: SaveRecord | None
    decisions: tuple[EditorDecision, ...]
    kept: Article | None
    recomputed: Recomputed


def _look_up(state: State, ref: ArticleRef, settings: Settings) -> Explanation:
    record, decisions = state.audit.last(ref), state.ledger.decisions(ref)
    if record is None and not decisions:
        raise InputError("nothing is remembered of this article", where=str(ref), next_step="check site and id")
    if record is None:
        return Explanation(ref, None, decisions, None, Recomputed("no answer is stored"))
    kept = state.archive.article(ref, record.tagging.text_hash) if _may_read(record, settings.privacy) else None
    return Explanation(ref, record, decisions, kept, recompute(record, kept, decisions, settings))


def _may_read(record: SaveRecord, privacy: PrivacySettings) -> bool:
    """Tell whether the copy behind an answer may still be read: it may await its erasure at the next save."""
    oldest = readable_since(privacy, datetime.now(UTC))
    return oldest is not None and record.at >= oldest


def run(told: Explanation, concept: str | None, *, as_json: bool, everything: bool) -> int:
    """Print the explanation, of one concept if it is named; raise InputError when nothing is known about that."""
    if concept is not None:
        told = _about(told, concept)
    if as_json:
        echo_json(_to_json(told, everything=everything or concept is not None))
    else:
        click.echo("\n".join(_lines(told, everything=everything or concept is not None)))
    return 0


def _about(told: Explanation, concept: str) -> Explanation:
    """Return what is known about one concept only."""
    decisions = tuple(decision for decision in told.decisions if decision.concept == concept)
    tags = () if told.record is None else tuple(tag for tag in told.record.tagging.tags if tag.concept.id == concept)
    differences = tuple(one for one in told.recomputed.differences if one.concept == concept)
    if not (tags or decisions or differences):
        raise InputError(f"no tag {plain(concept, 80)!r} was given or decided on", where=str(told.ref), next_step="see the list with --all")
    record = told.record and replace(told.record, tagging=replace(told.record.tagging, tags=tags, reuse=None, abstained=()))
    return replace(told, record=record, decisions=decisions, recomputed=replace(told.recomputed, differences=differences))


def _lines(told: Explanation, *, everything: bool) -> Iterator[str]:
    if told.record is None:
        yield f"{plain(str(told.ref), 60)}\n  no answer is stored"
    else:
        yield block(told.kept or Article(told.ref), told.record.tagging, everything=everything)
        yield from _why(told, everything=everything)
        yield from _answered(told.record)
    yield from ("decisions", *map(_decision_line, told.decisions)) if told.decisions else ("no editor decided anything",)
    yield from _recomputed_lines(told)


def _why(told: Explanation, *, everything: bool) -> Iterator[str]:
    """Yield the sum behind every tag, and where the words stand in the text when that was kept."""
    for tag in _tags(told, everything=everything):
        yield f"{plain(tag.concept.pref_label, 60)} ({plain(tag.concept.id, 60)})"
        if tag.tagger == "editor":
            yield "            put on by an editor"
        else:
            yield from why_lines(tag)
        yield from (f"            {plain(_marked(snippet))}" for snippet in _snippets(told, tag))


def _tags(told: Explanation, *, everything: bool) -> list[Tag]:
    tags = () if told.record is None else told.record.tagging.tags
    return [tag for tag in in_order(tags) if everything or tag.decision is not Decision.SILENT]


def _snippets(told: Explanation, tag: Tag) -> tuple[Snippet, ...]:
    text = told.recomputed.text
    if text is None or told.record is None or text.text_hash != told.record.tagging.text_hash:
        return ()
    return snippets(text, (quote for evidence in tag.evidence if evidence.contribution > 0 for quote in evidence.quotes))


def _marked(snippet: Snippet) -> str:
    return "".join(f"{mark[0]}{part.string}{mark[1]}" for part in snippet.parts for mark in (MARK if part.marked else NO_MARK,))


def _answered(record: SaveRecord) -> Iterator[str]:
    bundle = record.tagging.bundle
    model = "without a model" if bundle is None else f"by {bundle}, digest {bundle.digest[:12]}"
    revision = "" if record.revision is None else f", revision {record.revision}"
    yield f"answered {record.at} {model}, rules {record.rules[:12] or 'not told'}{revision}"


def _decision_line(decision: EditorDecision) -> str:
    who = f" by {plain(decision.by, 30)}" if decision.by else ""
    why = f": {plain(decision.reason, 60)}" if decision.reason else ""
    return f"  {decision.at}  {decision.action!s:<9}{plain(decision.concept, 60)}{who}{why}"


def _recomputed_lines(told: Explanation) -> Iterator[str]:
    again = told.recomputed
    if again.reason:
        yield f"cannot be made again: {again.reason}"
        return
    yield "made again from the kept text: " + (_count(again.differences) if again.differences else "the same tags come out")
    yield from (f"  {plain(one.concept, 60)}: {_state(one.then)} then, {_state(one.now)} now" for one in again.differences)
    yield from (f"  note: {plain(remark)}" for remark in again.remarks)


def _count(differences: tuple[Difference, ...]) -> str:
    return "1 tag differs" if len(differences) == 1 else f"{len(differences)} tags differ"


def _state(tag: Tag | None) -> str:
    return "none" if tag is None else f"{tag.decision} {tag.score:.4g}"


def _to_json(told: Explanation, *, everything: bool) -> dict[str, Json]:
    again, record = told.recomputed, told.record
    return {
        "site": told.ref.site,
        "id": told.ref.id,
        "answer": None if record is None else tagging_to_json(record.tagging, everything=everything),
        "at": None if record is None else record.at,
        "revision": None if record is None else record.revision,
        "rules": None if record is None else record.rules,
        "decisions": [decision_to_json(decision) for decision in told.decisions],
        "snippets": {tag.concept.id: _parts(_snippets(told, tag)) for tag in _tags(told, everything=everything)},
        "recomputed": {
            "done": not again.reason,
            "reason": again.reason,
            "same": None if again.reason else not again.differences,
            "differences": [{"concept": one.concept, "then": _outcome(one.then), "now": _outcome(one.now)} for one in again.differences],
            "remarks": list(again.remarks),
        },
    }


def _parts(cut: Iterable[Snippet]) -> list[Json]:
    return [{"start": snippet.start, "parts": [{"text": p.string, "marked": p.marked} for p in snippet.parts]} for snippet in cut]


def _outcome(tag: Tag | None) -> Json:
    return None if tag is None else {"score": round(tag.score, 6), "decision": str(tag.decision), "role": str(tag.role)}
