"""Measures what a save costs with the plugin and without, in one process, by turns: ``python tests/bench_save.py [SAVES]``.

An article of 800 words, a new text each time, the starter bundle, SQLite, *suggest*; CPU milliseconds of this process, medians.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
os.environ.setdefault("NEWSAPP_HOME", tempfile.mkdtemp(prefix="newsapp-"))

import django  # noqa: E402

django.setup()

from desk import Page  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from newsapp.models import Article  # noqa: E402
from newstagger_django.bindings import bind, binding_of, unbind  # noqa: E402
from newstagger_django.conf import core_settings  # noqa: E402
from newstagger_django.process import host  # noqa: E402

from newstagger.domain import Article as ArticleOf  # noqa: E402
from newstagger.domain import ArticleRef  # noqa: E402
from newstagger.host import Host  # noqa: E402
from newstagger.testing import sample_article, samples  # noqa: E402


def copies(number: int):
    """Yield texts of about 800 words, each another one, shuffled out of the samples' sentences."""
    english = [sample_article(s.file).body for s in samples() if s.kind == "article" and s.language == "en"]
    sentences = [line for body in english for line in body.replace("<", " <").split(". ") if len(line.split()) > 4]
    chance = random.Random(3)
    for _ in range(number):
        words = ". ".join(chance.sample(sentences * 12, 60)).split()
        yield f"<p>{' '.join(words[:800])}</p>"


def once(page: Page, text: str) -> float:
    """Return the CPU milliseconds of one save of the form."""
    data = {**page.values, "text": text, "tags": "", "newstagger": page.panel.value, "_save": "1"}
    data = {key: value for key, value in data.items() if value is not None}
    started = time.process_time()
    assert page.client.post(page.address, data).status_code == 302
    return (time.process_time() - started) * 1000


def alone(core: Host, text: str) -> float:
    """Return the CPU milliseconds of the tagging itself, without Django and without any memory."""
    started = time.process_time()
    core.article_saved(ArticleOf(ArticleRef("bench", "1"), "Bench", text, "text/html", "en"))
    return (time.process_time() - started) * 1000


def measured(saves: int) -> dict[str, list[float]]:
    """Return the costs of saves with and without the plugin."""
    setup_test_environment()
    call_command("migrate", verbosity=0, run_syncdb=True)
    client, user = Client(), get_user_model().objects.create_superuser("ana", "", "words")
    client.force_login(user)
    host()
    core = Host(core_settings(), stateless=True)
    article = Article.objects.create(title="Bench", text="<p>Nothing yet.</p>")
    page, binding = Page(client, Article, article.pk), binding_of(Article)
    costs: dict[str, list[float]] = {"without": [], "with": [], "unchanged": [], "core alone": []}
    for number, text in enumerate(copies(2 * saves + 10)):
        if number % 2:
            unbind(Article)
            cost = once(page, text)
            costs["without"] += [cost] if number > 10 else []
            bind(Article, binding)
        else:
            cost, again = once(page, text), once(page, text)
            costs["with"] += [cost] if number > 10 else []
            costs["unchanged"] += [again] if number > 10 else []
            costs["core alone"] += [alone(core, text)] if number > 10 else []
    return costs


if __name__ == "__main__":
    for name, costs in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 60).items():
        p95 = sorted(costs)[int(len(costs) * 0.95)]
        sys.stdout.write(f"{name:10} median {statistics.median(costs):6.1f}  p95 {p95:6.1f}  ({len(costs)} saves)\n")
