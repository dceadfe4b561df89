"""Measures what newstagger adds to a save in Wagtail's editor: CPU with the plugin on and off, in turns, in one process.

    python bench/wagtail_save.py [--saves 40] [--out FILE]

A newsroom of its own on SQLite in a temporary folder, the starter bundle, one story of 800 words in which each save changes a sentence.
Prints JSON: medians in milliseconds of CPU, by what the editor's browser asks for. Needs newstagger-django and newstagger-wagtail.
"""

# ruff: noqa: PLC0415 (Django is set up first)
from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "plugins" / "newstagger-wagtail"
PARTS = (PLUGIN, PLUGIN / "src", PLUGIN / "tests", ROOT / "plugins" / "newstagger-django" / "src", ROOT)
WORDS = 800
SENTENCES = (
    "The harbour council of Gothenburg met late on Tuesday to decide how the damaged quay is to be paid for.",
    "Engineers from the University of Lund said that the concrete had cracked long before the storm reached the coast.",
    "Sweden's transport minister promised parliament an inquiry and did not rule out that the contract would be ended.",
    "Fishermen who moor at the northern basin asked for the dredging to begin before the herring season opens in March.",
    "The European Commission had approved the state aid a year earlier, on condition that the work be put out to tender.",
    "Shipping companies from Denmark and Germany are using the port of Malmö until further notice, the operator said.",
    "Opposition members of the city assembly called for the resignation of the port's director over the rising costs.",
    "A spokeswoman for the trade union said that forty dockers had been sent home without pay on Monday morning.",
)


def article(number: int) -> str:
    """Return about 800 words of copy, one sentence of which belongs to this number alone."""
    lines = [f"Update {number}: the works at the quay will last {number + 3} weeks longer than planned."]
    while sum(len(line.split()) for line in lines) < WORDS:
        lines.append(SENTENCES[len(lines) % len(SENTENCES)])
    return "\n\n".join(" ".join(lines[start : start + 3]) for start in range(0, len(lines), 3))


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of this process that some work takes, all threads, in milliseconds."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


@contextlib.contextmanager
def newsroom() -> Iterator[Any]:
    """Set up a newsroom on disk; yield Django's test client of its editor."""
    sys.path[:0] = [str(part) for part in PARTS]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"NEWSROOM_FOLDER": folder, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from django.contrib.auth import get_user_model
        from django.db import connection
        from django.test import Client
        from newsroom.furnish import furnish
        from newstagger_django.process import host

        furnish()
        host().warm()
        client = Client()
        client.force_login(get_user_model().objects.get(username="editor"))
        yield client
        connection.close()


def one_round(cms: Any, form: Any, number: int, on: bool) -> dict[str, float]:
    """Open, autosave and save a story once; return the CPU of each in milliseconds."""
    from django.urls import reverse

    figures = {"open": cpu(lambda: cms.client.get(form.address))}
    form.load()
    form.write(body=article(3 * number))
    figures["first_autosave"] = cpu(form.autosave_alone)
    form.write(body=article(3 * number + 1))
    figures["autosave"] = cpu(form.autosave_alone)
    figures["autosave_same_text"] = cpu(form.autosave_alone)
    if on:
        figures["panel"] = cpu(lambda: cms.client.get(reverse("newstagger_panel", args=[form.page])))
    form.write(body=article(3 * number + 2))
    figures["save"] = cpu(form.post)
    form.write(body=article(3 * number + 1000))
    figures["publish"] = cpu(lambda: form.post(action_publish="1"))
    return figures


def measure(saves: int, kind: str) -> dict[str, Any]:
    """Return the medians of ``saves`` rounds with the plugin on and as many with it off, in turns."""
    from newstagger_django import bindings

    with contextlib.ExitStack():
        from driver import KINDS, WagtailCms, WagtailForm

        class Form(WagtailForm):
            def autosave_alone(self) -> None:
                super(WagtailForm, self).autosave()

        cms = WagtailCms(CLIENT[0], kind)
        pages = {on: int(cms.create("Quay", article(on))) for on in (True, False)}
        binding, taken = bindings.binding_of(KINDS[kind]), {True: [], False: []}
        forms = {on: Form(cms.client, pages[on]) for on in (True, False)}
        for number in range(saves + 2):
            for on in (True, False) if number % 2 else (False, True):
                bindings.bind(KINDS[kind], binding) if on else bindings.unbind(KINDS[kind])
                figures = one_round(cms, forms[on], number, on)
                if number >= 2:
                    taken[on].append(figures)
        bindings.bind(KINDS[kind], binding)
    return {part: _figure(part, taken) for part in taken[True][0]}


def _figure(part: str, taken: dict[bool, list[dict[str, float]]]) -> dict[str, float]:
    on, off = ([figures[part] for figures in taken[state] if part in figures] for state in (True, False))
    told = {"on_ms": round(statistics.median(on), 1)}
    if off:
        told |= {"off_ms": round(statistics.median(off), 1), "more_ms": round(statistics.median(on) - statistics.median(off), 1)}
    return told


CLIENT: list[Any] = []


def main() -> None:
    """Measure both modes and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=40, help="rounds of each kind that are measured")
    parser.add_argument("--out", type=Path, help="write the JSON there, too")
    told = parser.parse_args()
    with newsroom() as client:
        CLIENT.append(client)
        words = len(article(0).split())
        figures = {"saves": told.saves, "words": words} | {kind: measure(told.saves, kind) for kind in ("storypage", "notepage")}
    text = json.dumps(figures, indent=1)
    print(text)
    if told.out:
        told.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
