"""An article is saved: the straight line from the CMS's call to the answer.

    a plugin's own answer? -> what the editor changed -> text -> unchanged? -> taggers -> reuse -> policy -> house rules
    -> the editor's word -> remembered -> observers told

``save`` is that line. Every step that runs foreign code is guarded; what goes wrong becomes a Problem in the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from newstagger.contracts import SaveRecord, Tagger
from newstagger.domain import Abstention, Article, Event, Facet, Problem, Proposal, ReuseReport, Tag, Tagging, Text, Verdict
from newstagger.errors import StateError
from newstagger.guard import Budget
from newstagger.house import House, Save
from newstagger.jsontext import canonical
from newstagger.newsroom.changes import seen
from newstagger.newsroom.intake import storable_article
from newstagger.newsroom.memory import Memory, recall
from newstagger.newsroom.policy import apply_policy, boldness, obey, standing
from newstagger.newsroom.today import article_of_today, deleted_of
from newstagger.settings import KeepText
from newstagger.text import EXTRACTOR_VERSION

OWN_TERMS = "own_terms"
"""The plugin whose tagger is no model: it looks for the newsroom's own names."""


def save(article: Article, house: House) -> Tagging:
    """Answer one save; raises only when the settings are strict."""
    article, left_out = storable_article(article)
    told = [*house.problems, *left_out]
    this = Save(article_of_today(article, house.successor, house.gone), house, Budget(house.settings.budget_ms), told)
    this.deleted = deleted_of(article, house.successor, house.gone)
    if article.event is Event.KILL:
        return _killed(this)
    by_hand = this.first("article_saved", Tagging)
    memory = _recall(this)
    if memory.late and memory.last is not None:
        return _noted(this, replace(standing(memory.last.tagging, memory.wanted, house.gone), unchanged=True))
    if by_hand is not None:
        return _finish(this, by_hand, memory, key="", reuse_state="")
    text = this.first("extract_text", Text) or Text("", ())
    this.problems += text.problems
    key, reuse_state = work_key(article, text, house), _reuse_state(this)
    if memory.last is not None and (memory.last.work_key, memory.last.wishes) == (key, memory.digest):
        return _unchanged(this, memory.last, text, reuse_state)
    tags, abstained = _tag(this, text) if memory.readable else ((), _everywhere("the editors' decisions cannot be read"))
    reuse = _check_reuse(this, text)
    bundle = None if house.bundle is None else house.bundle.ref
    tagging = Tagging(article.ref, text.text_hash, text.language, bundle, tags, reuse, abstained)
    return _finish(this, tagging, memory, key, reuse_state)


def work_key(article: Article, text: Text, house: House) -> str:
    """Return the digest of everything that a tagging depends on: the same key means the same work, so none is done."""
    bundle = "" if house.bundle is None else house.bundle.ref.digest
    credit = [article.byline, article.credit, article.source]
    parts = [*_ref(article), text.text_hash, EXTRACTOR_VERSION, article.language, text.language, credit, bundle, house.rules_digest]
    return hashlib.sha256(canonical(parts)).hexdigest()


def _ref(article: Article) -> tuple[str, str]:
    return article.ref.site, article.ref.id


def _killed(this: Save) -> Tagging:
    """Give no tags, and tell whoever derived something from the story; a save that was overtaken by the kill changes nothing."""
    this.tell("article_retracted", ref=this.article.ref, reason="kill")
    memory = _recall(this)
    tagging = Tagging(this.article.ref, Text("", ()).text_hash, None, None)
    if not memory.problems:
        _remember(this, _record(this, tagging, "", "", memory.digest))
    return _noted(this, tagging)


def _recall(this: Save) -> Memory:
    house = this.house
    memory = recall(this.article, house.state, house.now().isoformat(), house.successor, house.gone, house.heirs)
    for message in memory.problems:
        this.wrong("state", "newstagger", message)
    if memory.damaged:
        this.problems.append(Problem("ledger", "newstagger", "a decision about this article does not read back and does not count"))
    return memory


def _tag(this: Save, text: Text) -> tuple[tuple[Tag, ...], tuple[Abstention, ...]]:
    tags: dict[str, Tag] = {}
    abstained = [] if any(brought.plugin != OWN_TERMS for brought in this.house.taggers) else [*_everywhere("no model is loaded")]
    for brought in this.house.taggers:
        work = _work(brought.item, this, text, tags)
        proposal = this.ask(brought, f"tag:{brought.item.name}", Proposal, work) or Proposal()
        abstained += proposal.abstained
        for tag in map(this.named, proposal.tags):  # where two taggers propose one concept, the bolder counts, then the surer
            if tag.concept.id not in tags or boldness(tags[tag.concept.id]) < boldness(tag):
                tags[tag.concept.id] = tag
    return apply_policy(tags.values(), this.house.settings.policy), tuple(abstained)


def _work(tagger: Tagger, this: Save, text: Text, tags: Mapping[str, Tag]) -> Callable[[], Proposal]:
    """Return what a tagger is to do; one that wants to know (``Follower``) is told what those before it proposed."""
    if (follow := getattr(tagger, "follow", None)) is not None:  # asking for the Protocol itself takes its time
        return partial(follow, this.article, text, dict(tags))
    return partial((this.house.terse and getattr(tagger, "tag_tersely", None)) or tagger.tag, this.article, text)


def _everywhere(reason: str) -> tuple[Abstention, ...]:
    return tuple(Abstention(facet, reason) for facet in Facet)


def _check_reuse(this: Save, text: Text) -> ReuseReport:
    """Ask the detectors in turn: the first that looked decides, else the last reason for not looking stands."""
    report = ReuseReport(Verdict.NOT_CHECKED, reason="no reuse detector is loaded")
    for brought in this.house.detectors:
        work = partial(brought.item.check, this.article, text)
        answer = this.ask(brought, f"reuse:{brought.item.name}", ReuseReport, work)
        report = answer or ReuseReport(Verdict.NOT_CHECKED, reason="the check failed, see problems")
        if report.verdict is not Verdict.NOT_CHECKED:
            return report
    return report


def _reuse_state(this: Save) -> str:
    """Return a text that changes when a detector would answer differently though the article is the same."""
    states = []
    for brought in this.house.detectors:
        work = partial(getattr, brought.item, "generation", "")
        states.append(str(this.run(f"reuse:{brought.item.name}", brought.plugin, brought.trusted, work)))
    return "|".join(states)


def _unchanged(this: Save, last: SaveRecord, text: Text, reuse_state: str) -> Tagging:
    """Return the stored answer; only reuse is looked at again, and only when the wire index has moved since."""
    stored = replace(last.tagging, unchanged=True)
    held = seen(this.article, stored)
    copy = keeps(this.house.settings.privacy.keep_text, this.article.event, decided=False)  # it may have been a draft until now
    if not copy and (reuse_state, held, this.article.revision) == (last.reuse_state, last.seen, last.revision):
        _forget_texts(this)
        return _noted(this, stored)
    if reuse_state != last.reuse_state:
        stored = replace(stored, reuse=_check_reuse(this, text))
        reuse_state = "" if this.failed else reuse_state
    at, revision = this.house.now().isoformat(), this.article.revision
    _remember(this, replace(last, reuse_state=reuse_state, seen=held, tagging=stored, at=at, revision=revision), copy=copy)
    return _noted(this, stored)


def _finish(this: Save, tagging: Tagging, memory: Memory, key: str, reuse_state: str) -> Tagging:
    """Apply the house rules, then the editor's word; remember the answer; tell the observers.

    An answer in which a step failed is remembered without its key: the next save of the same text tries again.
    """
    tagging = this.adjust(tagging)
    tags = obey(tagging.tags, memory.wanted, this.house.find, tagging.bundle, this.house.gone)
    tagging = replace(tagging, tags=tags, rejected=memory.rejected)
    if this.house.state is not None and memory.readable and not memory.problems:
        stored = replace(tagging, problems=(), timings={})
        record = _record(this, stored, "" if this.failed else key, reuse_state, memory.digest)
        _remember(this, record, copy=keeps(this.house.settings.privacy.keep_text, this.article.event, decided=bool(memory.wanted)))
    this.tell("article_tagged", article=this.article, tagging=_noted(this, tagging))
    return _noted(this, tagging)


def _record(this: Save, tagging: Tagging, key: str, reuse_state: str, wishes: str) -> SaveRecord:
    held, at = seen(this.article, tagging), this.house.now().isoformat()
    return SaveRecord(tagging.ref, at, key, reuse_state, wishes, held, tagging, this.article.revision, this.house.rules_digest)


def keeps(rule: KeepText, event: Event, *, decided: bool) -> bool:
    """Tell whether the copy of an article is kept at a save."""
    if rule is KeepText.NONE:
        return False
    return decided or (rule is KeepText.PUBLISHED and event in (Event.PUBLISH, Event.CORRECT))


def _remember(this: Save, record: SaveRecord, *, copy: bool = False) -> None:
    """Store the answer, with the article's copy where that is to be kept; copies that are too old go at the same time."""
    if (state := this.house.state) is None:
        return
    privacy = this.house.settings.privacy
    oldest = this.house.now() - timedelta(days=0 if privacy.keep_text is KeepText.NONE else privacy.keep_days)
    try:
        with state.transaction():
            if overtaken(record, state.audit.last(record.ref) if record.revision is not None else None):
                return
            state.audit.remember(record)
            if copy:
                state.archive.keep(this.article, record.tagging.text_hash, record.at)
            state.archive.expire(oldest.isoformat())
    except StateError as error:
        this.wrong("state", "newstagger", f"the answer was not stored: {error}")


def _forget_texts(this: Save) -> None:
    """Erase all kept copies at a save that stores nothing, where the settings have come to allow none."""
    state, house = this.house.state, this.house
    if state is None or house.settings.privacy.keep_text is not KeepText.NONE:
        return
    try:
        state.archive.expire(house.now().isoformat())
    except StateError as error:
        this.problems.append(Problem("privacy", "newstagger", f"kept copies were not erased: {error}"))


def overtaken(record: SaveRecord, last: SaveRecord | None) -> bool:
    """Tell whether a newer revision was answered while this one was at work."""
    return last is not None and last.revision is not None and record.revision is not None and record.revision < last.revision


def _noted(this: Save, tagging: Tagging) -> Tagging:
    """Return the tagging with all problems and timings noted so far."""
    problems: tuple[Problem, ...] = tuple(dict.fromkeys((*tagging.problems, *this.problems)))
    rejected = tuple(sorted({*tagging.rejected, *this.deleted})) if this.deleted else tagging.rejected
    return replace(tagging, problems=problems, timings=dict(this.timings), rejected=rejected)
