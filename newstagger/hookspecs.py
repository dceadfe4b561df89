"""The hooks that newstagger calls, typed; ``plugins/README.md`` tells each with an example.

Registering hooks carry objects in at start-up; those typed objects do the work. The host calls every implementation alone,
guarded and timed, so one plugin's failure never reaches another, the built-in result or the CMS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pluggy

from newstagger.contracts import CorpusReader, LoadedBundle, OwnConcept, Reader, Renderer, ReuseDetector, Tagger
from newstagger.domain import Article, ArticleRef, BundleRef, EditorDecision, Evaluation, Tagging, Text, WireItem
from newstagger.settings import Settings

PROJECT = "newstagger"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def configure(settings: Settings) -> None:
    """Take your settings, ``settings.plugins["your-name"]``; raise ConfigError when they cannot work.

    Called once for each plugin, right after it was registered. A plugin that raises here is unregistered and recorded.
    """


@hookspec
def register_taggers(bundle: LoadedBundle | None, own: Sequence[OwnConcept]) -> Sequence[Tagger]:  # type: ignore[empty-body]
    """Return the taggers you bring, built for this bundle (None: there is none). Called again when the bundle changes.

    An implementation that takes ``own``, the newsroom's own concepts, is called again when they change, too.
    """


@hookspec
def register_reuse_detectors(settings: Settings) -> Sequence[ReuseDetector]:  # type: ignore[empty-body]
    """Return detectors of reused text. The first one whose verdict is not *not checked* decides; built-in last."""


@hookspec
def register_readers() -> Sequence[Reader]:  # type: ignore[empty-body]
    """Return readers of article formats, each with the file suffixes that it claims."""


@hookspec
def register_renderers() -> Sequence[Renderer]:  # type: ignore[empty-body]
    """Return renderers of taggings, each under the name that ``tag --as`` knows it by."""


@hookspec
def register_corpus_readers() -> Sequence[CorpusReader]:  # type: ignore[empty-body]
    """Return readers of labelled corpora for ``train`` and ``evaluate``, each with the file suffixes that it claims."""


@hookspec
def register_commands(cli: Any) -> None:
    """Add commands to the command line: ``cli`` is its click group."""


@hookspec(firstresult=True)
def extract_text(article: Article) -> Text | None:
    """Turn an article into plain text with typed paragraphs, or None to leave it to the next plugin; built-in last."""


@hookspec(firstresult=True)
def article_saved(article: Article) -> Tagging | None:
    """Answer a save yourself (say, because a desk tags by hand), or None to leave it to the next plugin; built-in last."""


@hookspec
def adjust_tagging(article: Article, tagging: Tagging) -> Tagging | None:
    """Apply a house rule: return the changed tagging, or None to leave it. The next plugin gets what you return.

    Raising, overrunning or returning another type keeps the last good tagging and adds a Problem.
    """


@hookspec
def article_tagged(article: Article, tagging: Tagging) -> None:
    """See the final tagging of a save, after the house rules; for indexes, dashboards, notifications."""


@hookspec
def editor_decided(decision: EditorDecision) -> None:
    """See an editor's decision after it was stored."""


@hookspec
def article_retracted(ref: ArticleRef, reason: str) -> None:
    """See that an article was killed or withdrawn: whatever was derived from it should go."""


@hookspec
def wire_received(item: WireItem) -> None:
    """See a wire item after it entered the index."""


@hookspec
def model_trained(bundle: BundleRef, evaluation: Evaluation) -> None:
    """See that a candidate bundle was trained, with its held-out figures."""
