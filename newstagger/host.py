"""The host: what a CMS adapter holds. It builds everything from Settings once, and its ``article_saved`` never throws at a CMS.

    host = Host.from_settings(Settings())
    tagging = host.article_saved(article)

An adapter needs ``article_saved``, ``editor_decided``, ``article_retracted``, ``explain`` and ``feedback``, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from newstagger.building import Builder
from newstagger.bundles.store import Store, open_store
from newstagger.contracts import CorpusReader, LoadedBundle, Reader, Renderer, State
from newstagger.domain import Article, ArticleRef, BundleRef, Concept, EditorDecision, Evaluation, Facet, Problem, Tagging, Text, WireItem
from newstagger.errors import NewstaggerError, StateError, TaxonomyError
from newstagger.formats.tagging_json import tagging_from_json, tagging_to_json
from newstagger.guard import Budget, Guard
from newstagger.house import House
from newstagger.livehouse import LiveHouse
from newstagger.newsroom import sqlite_state
from newstagger.newsroom.ledger import completed, storable, wishes
from newstagger.newsroom.memory import Forgotten, forget
from newstagger.newsroom.policy import standing
from newstagger.pipeline import keeps, save
from newstagger.plugins import PluginInfo, Plugins
from newstagger.settings import Settings, read_settings
from newstagger.snippets import snippets
from newstagger.taxonomy import media_topics

__all__ = ["Host", "Settings", "read_settings", "snippets", "tagging_from_json", "tagging_to_json"]
UNTOLD = "Et lite stykke tekst i et språk som ingen har nevnt, langt nok til at noen kan gjette hvilket det er."
"""Words in a language that nobody told: to see which it is, the language model must be there."""


class Host:
    """One newsroom's tagger. Safe to share between threads; build one per process.

    ``plugins`` are (name, object) pairs beside those that are installed. ``state`` is where the newsroom remembers (None: its
    SQLite file); with ``stateless`` nothing is remembered.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        plugins: Iterable[tuple[str, object]] = (),
        discover: bool = True,
        state: State | None = None,
        stateless: bool = False,
        require_bundle: bool = False,
    ) -> None:
        self._settings = settings
        self._guard = Guard(strict=settings.strict)
        self._plugins = Plugins(settings, self._guard, extra=plugins, discover=discover)
        self._state = None if stateless else state or sqlite_state(settings.state_file)
        self._store = open_store(settings)
        self._formats = self._register_formats()
        builder = Builder(settings, self._plugins, self._guard, self._store, self._state, (*self._plugins.problems, *self._formats[1]))
        self._live = LiveHouse(builder, required=require_bundle or settings.strict)

    @classmethod
    def from_settings(cls, settings: Settings) -> Host:
        """Return the host of these settings with every installed plugin."""
        return cls(settings)

    @property
    def _house(self) -> House:
        """The house as it stands now: a changed vocabulary and a promoted bundle are noticed here."""
        return self._live.now()

    def _register_formats(self) -> tuple[dict[str, list[Any]], tuple[Problem, ...]]:
        kinds = {"register_readers": Reader, "register_renderers": Renderer, "register_corpus_readers": CorpusReader}
        found = {hook: self._plugins.collect(hook, kind) for hook, kind in kinds.items()}
        items = {hook: [item for _, _, item in brought] for hook, (brought, _) in found.items()}
        return items, tuple(problem for _, problems in found.values() for problem in problems)

    @property
    def bundle(self) -> LoadedBundle | None:
        """The bundle that tags now."""
        return self._house.bundle

    @property
    def rules_digest(self) -> str:
        """Digest of everything but article and bundle that shapes an answer, as ``SaveRecord.rules`` holds it."""
        return self._house.rules_digest

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """What is loaded, and what failed."""
        return self._plugins.infos

    @property
    def store(self) -> Store:
        """The models that this newsroom has."""
        return self._store

    def readers(self) -> Sequence[Reader]:
        """Return the readers of article formats, in the order of asking."""
        return self._formats[0]["register_readers"]

    def renderers(self) -> dict[str, Renderer]:
        """Return the renderers of taggings by name."""
        return {item.name: item for item in reversed(self._formats[0]["register_renderers"])}

    def corpus_readers(self) -> Sequence[CorpusReader]:
        """Return the readers of labelled corpora, in the order of asking."""
        return self._formats[0]["register_corpus_readers"]

    def concept(self, concept_id: str) -> Concept:
        """Return a concept by its id; raise TaxonomyError for one that no vocabulary at hand knows."""
        if (found := self.find(concept_id)) is None:
            raise TaxonomyError(f"unknown concept {concept_id[:80]!r}", next_step="see the ids that 'newstagger tag --json --all' gives")
        return found

    def find(self, concept_id: str) -> Concept | None:
        """Return the concept that an id means today, as the newsroom calls it, or None for one that no vocabulary at hand knows."""
        return self._house.find(concept_id)

    def heirs(self, concept_id: str) -> tuple[str, ...]:
        """Return the ids for which a decision about an id holds today: its successor's, or those that a removed concept had replaced."""
        return self._house.heirs(concept_id)

    def article_saved(self, article: Article) -> Tagging:
        """Answer a save. Whatever goes wrong inside is a Problem of the answer, never an exception (unless ``strict``)."""
        return self._answer(article, remembering=True)

    def _answer(self, article: Article, *, remembering: bool) -> Tagging:
        try:
            return save(article, self._house if remembering else replace(self._house, state=None, detectors=(), terse=True))
        except Exception as error:
            if self._settings.strict:
                raise
            ref = getattr(article, "ref", None) or ArticleRef("", "")
            message = str(error) if isinstance(error, NewstaggerError) else f"raised {type(error).__name__}"
            return Tagging(ref, "", None, None, problems=(Problem("save", "newstagger", message),))

    def suggest(self, article: Article) -> Tagging:
        """Answer what a save would, remembering nothing and asking nobody's earlier word: for those who only want to see tags.

        Reuse is not checked, and topics come without evidence.
        Like ``article_saved`` it never throws (unless ``strict``), and plugins take part as in a save.
        """
        return self._answer(article, remembering=False)

    def warm(self) -> None:
        """Load what the first save would wait for (HTML parser, language model, tables): call it when your process starts."""
        media_topics()
        article = Article(ArticleRef("", ""), "Oslo", f"<p>{UNTOLD}</p>", "text/html")
        self._house.rehearse(article, self.extract(article))

    def extract(self, article: Article) -> Text:
        """Return the article's text as the plugins read it."""
        for _, outcome in self._plugins.each("extract_text", Budget(None), article=article):
            if isinstance(outcome.value, Text):
                return outcome.value
        return Text("", ())

    def editor_decided(self, decision: EditorDecision, article: Article | None = None) -> None:
        """Store an editor's decision and tell the observers; raise StateError when it was not stored: tell the editor so."""
        self.tell_decision(self.store_decision(decision, article))

    def tell_decision(self, decision: EditorDecision) -> None:
        """Tell the observers of a decision, once the transaction that stored it has ended."""
        self._tell("editor_decided", decision=decision)

    def store_decision(self, decision: EditorDecision, article: Article | None = None) -> EditorDecision:
        """Store an editor's decision without telling anybody; return it as stored, raise StateError when it was not.

        A decision that no ledger could store (no known action, a field that is no text) raises it too, before anything is stored.
        ``article`` is what the editor had before them; its text is kept if the privacy settings say so.
        """
        state, now = self._expect_state(), self._house.now()
        told = completed(decision, state.audit.last(storable(decision).ref), now.isoformat())
        kept = None if article is None or not keeps(self._settings.privacy.keep_text, article.event, decided=True) else article
        text_hash = "" if kept is None else self.extract(kept).text_hash
        with state.transaction():
            state.ledger.record(told)
            if kept is not None:
                state.archive.keep(kept, text_hash, told.at)
        return told

    def article_retracted(self, ref: ArticleRef, reason: str) -> None:
        """Tell the observers that an article was withdrawn."""
        self._tell("article_retracted", ref=ref, reason=reason)

    def forget(self, ref: ArticleRef) -> Forgotten:
        """Erase decisions, answers and texts of an article and tell the observers; raise StateError when that did not succeed."""
        erased = forget(ref, self._expect_state())
        self.article_retracted(ref, "forget")
        return erased

    def wire_received(self, item: WireItem) -> None:
        """Tell the observers that a wire item entered the index."""
        self._tell("wire_received", item=item)

    def model_trained(self, bundle: BundleRef, evaluation: Evaluation) -> None:
        """Tell the observers that a candidate bundle was trained."""
        self._tell("model_trained", bundle=bundle, evaluation=evaluation)

    def _tell(self, hook: str, **arguments: Any) -> None:
        for _ in self._plugins.each(hook, Budget(self._settings.budget_ms), **arguments):
            pass

    def explain(self, ref: ArticleRef) -> Tagging | None:
        """Return the last answer given for an article, with its evidence, less what editors took off since; None if there was none."""
        if self._state is None or (last := self._state.audit.last(ref)) is None:
            return None
        house = self._house
        return standing(last.tagging, wishes(self._state.ledger.decisions(ref), house.heirs), house.gone)

    def feedback(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return what editors decided about an article, oldest first."""
        return () if self._state is None else self._state.ledger.decisions(ref)

    def _expect_state(self) -> State:
        if self._state is None:
            raise StateError("this host keeps no state", next_step="build it without stateless=True")
        return self._state

    def named(self, label: str, facet: Facet | None = None) -> tuple[Concept, ...]:
        """Return the concepts that bear a name: the newsroom's own first, then the bundle's, Media Topics, dictionaries' best known.

        For tags that people typed by hand. Labels and alternative names count, of Media Topics those in all their languages; case
        and blanks do not matter.
        """
        return self._live.named(label, facet)

    def search(self, query: str, facet: Facet | None = None, limit: int = 10) -> tuple[Concept, ...]:
        """Return the concepts that a person may mean who has typed this much: of any name, in any language, the best first.

        A word of a name begins as the query does: "rights hum" is nothing, "human ri" human rights. At most ``limit`` (1 to 100);
        a few milliseconds, the first time about half a second. Any text may be asked for, also an id.
        """
        return self._live.search(query, facet, max(1, min(limit, 100)))

    def vocabulary_problems(self) -> Mapping[str, Sequence[str]]:
        """Return, by id, what is wrong with the newsroom's own concepts: ids they refer to that are gone, names not looked for."""
        return self._live.vocabulary_problems()

    def reload(self) -> tuple[Problem, ...]:
        """Read the current bundle again, now; keep the old one and return why when the new one does not verify.

        A bundle that is promoted is noticed without it, within about a second of saves.
        """
        return self._live.reload()
