"""Several of PHP's processes at once: on one post, and on terms that nobody has made yet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from rig import ways
from rig.people import Program

from newstagger.testing import LABELS

TEXTS = {"The harvest began.": "harvest", "An earthquake was felt.": "earthquake", "A delegation from Norway arrived.": "Norway"}


def at_once(works: Sequence[Callable[[], object]]) -> None:
    """Do several things at the same moment, each in a thread of its own; fail when one of them does."""
    gate, faults = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def terms(house) -> list[tuple[str, str]]:
    """Return slug and taxonomy of every term of newstagger's."""
    with house.site.sql() as database:
        return database.execute(
            "SELECT slug, taxonomy FROM wp_terms JOIN wp_term_taxonomy USING (term_id) WHERE taxonomy LIKE 'newstagger%'"
        ).fetchall()


def concepts(house) -> Counter[str]:
    """Return how many terms each concept has."""
    with house.site.sql() as database:
        rows = database.execute("SELECT meta_value FROM wp_termmeta WHERE meta_key = 'newstagger_concept'").fetchall()
        return Counter(str(row[0]) for row in rows)


def test_two_savers_of_one_post(house, wordpress):
    savers = [Program(wordpress) for _ in range(2)]
    post = ways.create(house.ana, "Fields", "Rain.", status="publish")
    for number in range(6):
        bodies = [ways.blocks(f"{list(TEXTS)[(number + further) % 3]} {number}") for further in range(2)]
        at_once([partial(ways.update, saver, post, content=body) for saver, body in zip(savers, bodies, strict=True)])
        house.settle()
        standing = house.draft_text(str(post))
        wanted = {LABELS[word] for text, word in TEXTS.items() if text in standing}
        assert house.tags(str(post)) == wanted, f"round {number}: the tags are not those of the text that stands"
    assert not house.decisions(str(post))
    assert max(concepts(house).values()) == 1
    for saver in savers:
        saver.close()


def test_terms_are_made_once(house, wordpress):
    """Four processes want the same three new terms at the same moment."""
    savers = [Program(wordpress) for _ in range(4)]
    body = " ".join(TEXTS)
    at_once([lambda saver=saver: ways.create(saver, "Fields", body, status="publish") for saver in savers])
    house.settle()
    assert sorted(concepts(house).values()) == [1, 1, 1]
    assert len(terms(house)) == 3
    assert not [slug for slug, _ in terms(house) if slug.endswith("-2")]
    with wordpress.sql() as database:
        (count,) = database.execute(
            "SELECT count(*) FROM wp_term_relationships JOIN wp_term_taxonomy USING (term_taxonomy_id) WHERE taxonomy LIKE 'newstagger%'"
        ).fetchone()
    assert count == 4 * 3
    for saver in savers:
        saver.close()


def test_a_decision_is_heard_once_from_two_tabs(house, wordpress):
    """Two tabs that both take off the same tag at the same moment."""
    post = house.create("Fields", "The harvest began.")
    forms = [house.open(post) for _ in range(2)]
    for form in forms:
        form.remove(LABELS["harvest"])
    at_once([lambda form=form: ways.update(Program(wordpress), int(post), **form.changed()) for form in forms])
    house.settle()
    assert house.draft_tags(post) == frozenset()
    assert len(house.decisions(post)) == 1
