"""What must hold after a storm: the tags of each article's last text, the editors' word, nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from _stormplan import REMOVED, SITE, Plan, Story, Text
from _stormservice import Callbacks, ask

from newstagger.domain import Article, ArticleRef
from newstagger.formats.tagging_json import tagging_to_json
from newstagger.host import Host
from newstagger.settings import Settings

if TYPE_CHECKING:
    from storm import Record

Tags = Mapping[str, tuple[float, str, str]]


class Oracle:
    """What a fresh host without any memory says of a text."""

    def __init__(self) -> None:
        self._host = Host(Settings(), discover=False, stateless=True, require_bundle=True)
        self._known: dict[str, Tags] = {}

    def tags(self, text: Text) -> Tags:
        """Return the tags of a text by concept: score, decision, role."""
        if (known := self._known.get(text.content_hash)) is None:
            article = Article(ArticleRef(SITE, "oracle"), text.headline, text.body, language="en")
            known = self._known[text.content_hash] = tags_of(tagging_to_json(self._host.article_saved(article)))
        return known


def tags_of(tagging: Mapping[str, Any]) -> Tags:
    """Return the tags in an answer by concept."""
    return {tag["concept"]: (tag["score"], tag["decision"], tag["role"]) for tag in tagging["tags"]}


def prove(port: int, plan: Plan, record: Record, received: Callbacks) -> list[str]:
    """Return the promises that were broken, none of them hopefully."""
    oracle = Oracle()
    broken = [line for story in plan.stories for line in _of_story(port, story, record.decided.get(story.id, {}), oracle)]
    broken += _of_callbacks(plan, record, received, oracle)
    return broken


def _of_story(port: int, story: Story, decided: Mapping[str, str], oracle: Oracle) -> Iterator[str]:
    status, told = ask(port, "GET", f"/v1/why?id={quote(story.id)}")
    if status != 200:
        yield f"{story.id}: no answer is remembered ({status})"
        return
    word = _word(story, decided)
    taken_off = {concept: action for concept, action in word.items() if action != "added"}
    yield from _differences(f"{story.id}, why", tags_of(told["tagging"]), oracle.tags(story.texts[-1]), word, sure=taken_off)
    yield from _decisions(story.id, told["decisions"], word)
    again = [ask(port, "POST", "/v1/tag", story.body(len(story.texts) - 1, budget_ms=10_000)) for _ in range(2)]
    if [status for status, _ in again] != [200, 200] or not again[1][1]["unchanged"] or tags_of(again[0][1]) != tags_of(again[1][1]):
        yield f"{story.id}: its last text twice more: {[(status, answer.get('unchanged')) for status, answer in again]}"
        return
    tags = again[1][1]["tags"]
    if twice := [concept for concept, count in Counter(tag["concept"] for tag in tags).items() if count > 1]:
        yield f"{story.id}: tags twice: {twice}"
    yield from _differences(story.id, tags_of(again[1][1]), oracle.tags(story.texts[-1]), word, sure=word)


def _word(story: Story, decided: Mapping[str, str]) -> dict[str, str]:
    """Return what editors decided about a story, by concept: what was answered 200, and what a form took off."""
    return {**decided, **({REMOVED: "removed"} if story.form_at is not None else {})}


def _differences(name: str, tags: Tags, expected: Tags, word: Mapping[str, str], *, sure: Mapping[str, str]) -> Iterator[str]:
    """Compare an answer with the oracle's, the editors' word applied; ``sure`` is what the answer must know of that word."""
    for concept in sorted({*tags, *expected, *word}):
        action = sure.get(concept)
        if action == "added" and concept not in tags:
            yield f"{name}: {concept}, which an editor put on, is gone"
        elif action in ("rejected", "removed") and concept in tags:
            yield f"{name}: {concept}, which an editor took off, is back"
        elif concept not in word and tags.get(concept) != expected.get(concept):
            yield f"{name}: {concept} is {tags.get(concept)} instead of {expected.get(concept)}"


def _decisions(name: str, told: list[dict[str, Any]], word: Mapping[str, str]) -> Iterator[str]:
    counted = Counter((decision["concept"], decision["action"]) for decision in told)
    for concept, action in word.items():
        if counted.pop((concept, action), 0) != 1:
            yield f"{name}: the decision {action} {concept} stands {counted[concept, action]} times: {json.dumps(told)[:400]}"
    for (concept, action), count in counted.items():
        yield f"{name}: nobody decided {action} {concept}, it stands {count} times"


def _of_callbacks(plan: Plan, record: Record, received: Callbacks, oracle: Oracle) -> Iterator[str]:
    """Every answer that was posted belongs to the text that it names; who was told *accepted* of the last text got one."""
    texts = {text.content_hash: (story, text) for story in plan.stories for text in story.texts}
    got = set()
    for answer in received.answers:
        if not answer["content_hash"]:
            continue
        story, text = texts[answer["content_hash"]]
        got.add(answer["content_hash"])
        word = _word(story, record.decided.get(story.id, {}))
        strange = {concept for concept, told in tags_of(answer).items() if concept not in word and oracle.tags(text).get(concept) != told}
        missing = oracle.tags(text).keys() - tags_of(answer).keys() - word.keys()
        if story.id != answer["id"] or strange or missing:
            yield f"{story.id}: a callback brought the tags of another text ({sorted(strange | missing)})"
    if received.unsigned:
        yield f"{received.unsigned} callbacks were not signed"
    for story in plan.stories:
        last = story.texts[-1].content_hash
        if record.answered[story.id, len(story.texts) - 1] == 202 and last not in got:
            yield f"{story.id}: the answer to its last text was promised and never came"
