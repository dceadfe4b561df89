"""The real service in a storm of saves, killed again and again: nothing is lost, nothing is done twice, and the rig can tell.

The whole storm is ``bench/storm.py``; this is a small one.
"""

from __future__ import annotations

import importlib
from collections import Counter

import pytest

pytestmark = pytest.mark.slow

SAVES, SECONDS, CONNECTIONS, KILL_EVERY = 500, 25.0, 16, 9.0


@pytest.fixture
def rig(repository, monkeypatch):
    """Return the modules of the bench by name."""
    monkeypatch.syspath_prepend(str(repository / "bench"))
    return {name: importlib.import_module(name) for name in ("_stormplan", "_stormproof", "_stormservice", "storm")}


def test_every_article_ends_with_the_tags_of_its_last_text_and_no_decision_is_lost(rig, tmp_path):
    plan = rig["_stormplan"].make_plan(SAVES, SECONDS, CONNECTIONS)
    figures, broken = rig["storm"].storm(tmp_path, plan, workers=2, kill_every=KILL_EVERY)
    assert broken == []
    assert figures["kills"] >= 2 and figures["decisions"] > 10
    assert figures["attempts"].get("/v1/tag 202", 0) and figures["callbacks"]
    log = (tmp_path / "serve.log").read_text("utf-8")
    assert not any(sentence in log for sentences in rig["_stormplan"].SUBJECTS.values() for sentence in sentences)


def test_plan_holds_what_a_storm_needs(rig):
    """Doubled saves, overtaken ones, articles without revisions, forms, decisions: the same ones for the same seed."""
    plan = rig["_stormplan"].make_plan(2_000, 30.0, 8)
    assert plan == rig["_stormplan"].make_plan(2_000, 30.0, 8)
    steps = sorted((step for lane in plan.lanes for step in lane), key=lambda step: step.at)
    told = Counter((step.story.id, step.number) for step in steps if step.number is not None)
    assert len(told) < plan.saves and max(told.values()) == 2
    seen, overtaken = {}, 0
    for step in steps:
        if step.number is not None and step.story.numbered:
            overtaken += step.number < seen.get(step.story.id, 0)
            seen[step.story.id] = max(step.number, seen.get(step.story.id, 0))
    assert overtaken > 100
    assert sum(not story.numbered for story in plan.stories) > 20 < sum(story.form_at is not None for story in plan.stories)
    assert any(step.number is None for step in steps)


def test_lost_save_lost_decision_and_a_wrong_callback_are_told(rig, tmp_path):
    """What the proof is for: a service that forgets shows."""
    plans, proofs, storms = rig["_stormplan"], rig["_stormproof"], rig["storm"]
    texts = [
        plans.Text("Kenya: parliament", "\n\n".join(plans.SUBJECTS["parliament"])),
        plans.Text("Peru: war", "\n\n".join(plans.SUBJECTS["war"])),
    ]
    story, forgotten = plans.Story("s", texts, numbered=True), plans.Story("forgotten", texts, numbered=True)
    record = storms.Record()
    record.decided["s"] = {"iso:IS": "added"}
    record.answered |= {("s", 1): 202, ("forgotten", 1): 200}
    with rig["_stormservice"].callbacks() as received:
        service = rig["_stormservice"].Service(tmp_path, storms._free_port(), 1, received.url)
        service.start()
        try:
            service.wait()
            status, answer = rig["_stormservice"].ask(service.port, "POST", "/v1/tag", story.body(0, budget_ms=10_000))
            assert status == 200
            received.answers.append({**answer, "content_hash": texts[1].content_hash})
            broken = proofs.prove(service.port, plans.Plan((story, forgotten), ()), record, received)
        finally:
            service.stop()
    assert any("instead of" in line for line in broken), "the last text was never saved"
    assert any("put on, is gone" in line or "stands 0 times" in line for line in broken)
    assert any("forgotten: no answer is remembered" in line for line in broken)
    assert any("tags of another text" in line for line in broken)
