"""Every hook: that it is called, with what, and that its failure harms nothing. ``test_hook_NAME`` exists for each."""

import threading
from dataclasses import replace

import pytest

from newstagger.domain import (
    Action,
    ArticleRef,
    BundleRef,
    Concept,
    Decision,
    EditorDecision,
    Evaluation,
    Event,
    Facet,
    Paragraph,
    ParagraphKind,
    Proposal,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireItem,
)
from newstagger.errors import PluginContractError
from newstagger.hookspecs import hookimpl


def stages(tagging):
    return [(p.stage, p.plugin) for p in tagging.problems if p.stage != "bundle"]


def concepts(tagging):
    return [tag.concept.id for tag in tagging.tags]


def test_hook_configure(build):
    class Mine:
        @hookimpl
        def configure(self, settings):
            self.table = settings.plugins["mine"]

    plugin = Mine()
    build(plugin, plugins={"mine": {"colour": "blue"}})
    assert plugin.table == {"colour": "blue"}


def test_hook_register_taggers(build, make_article):
    class Empty:
        @hookimpl
        def register_taggers(self, bundle):
            assert bundle is None
            return [self]

        name, facet = "mine", Facet.REGION

        def tag(self, article, text):
            return Proposal((Tag(Concept("iso:SY", "Syria", Facet.REGION), 0.8, Decision.SUGGEST, Role.FOCUS),))

    assert concepts(build(Empty()).article_saved(make_article())) == ["medtop:16000000", "iso:SY"]


@pytest.mark.parametrize("answer", [None, "tags", [1]])
def test_a_tagger_of_the_wrong_type_is_told(build, make_article, answer):
    class Odd:
        name, facet = "odd", Facet.TOPIC

        @hookimpl
        def register_taggers(self, bundle):
            return [self]

        def tag(self, article, text):
            return answer

    tagging = build(Odd()).article_saved(make_article())
    assert concepts(tagging) == ["medtop:16000000"]
    assert stages(tagging) == ([] if answer is None else [("tag:odd", "odd")])


def test_hook_register_reuse_detectors(build, make_article):
    class Mine:
        name = "mine"

        @hookimpl
        def register_reuse_detectors(self, settings):
            return [self]

        def check(self, article, text):
            return ReuseReport(Verdict.WHOLLY_DERIVED, share=0.9)

    assert build(Mine()).article_saved(make_article()).reuse.verdict is Verdict.WHOLLY_DERIVED


def test_hook_register_readers(build):
    class Shouting:
        name, suffixes = "shout", (".shout",)

        @hookimpl
        def register_readers(self):
            return [self]

        def read(self, data, *, name, site):
            raise NotImplementedError

    assert ".shout" in [suffix for reader in build(Shouting()).readers() for suffix in reader.suffixes]


def test_hook_register_renderers(build, make_article):
    class Count:
        name, media_type = "count", "text/plain"

        @hookimpl
        def register_renderers(self):
            return [self]

        def render(self, article, text, tagging):
            return str(len(tagging.tags))

    host = build(Count())
    assert host.renderers()["count"].render(make_article(), Text("", ()), host.article_saved(make_article())) == "1"
    assert "json" in host.renderers()


def test_hook_register_corpus_readers(build):
    class Lines:
        name, suffixes = "lines", (".lines",)

        @hookimpl
        def register_corpus_readers(self):
            return [self]

        def rows(self, path):
            yield 1, {}

    assert ".lines" in [suffix for reader in build(Lines()).corpus_readers() for suffix in reader.suffixes]


def test_hook_register_commands(settings):
    import click

    from newstagger.guard import Guard
    from newstagger.plugins import Plugins

    class Hello:
        @hookimpl
        def register_commands(self, cli):
            cli.add_command(click.Command("hello", callback=lambda: 7))

    group = click.Group("newstagger")
    Plugins(settings, Guard(), extra=[("hello", Hello())], discover=False).add_commands(group)
    assert "hello" in group.commands


def test_hook_extract_text(build, make_article):
    class Upper:
        @hookimpl
        def extract_text(self, article):
            if article.headline == "mine":
                return Text("the goal", (Paragraph(ParagraphKind.BODY, 0, 8),), "en")
            return None

    host = build(Upper())
    assert concepts(host.article_saved(make_article(headline="mine"))) == ["medtop:15000000"]
    assert concepts(host.article_saved(make_article(headline="other", id="2"))) == ["medtop:16000000"]


def test_hook_article_saved(build, make_article):
    class ByHand:
        @hookimpl
        def article_saved(self, article):
            return Tagging(article.ref, "", None, None) if article.headline == "by hand" else None

    host = build(ByHand())
    assert concepts(host.article_saved(make_article(headline="by hand"))) == []
    assert concepts(host.article_saved(make_article())) == ["medtop:16000000"]


def test_a_tagging_of_another_article_is_no_answer(build, make_article):
    class Confused:
        @hookimpl
        def article_saved(self, article):
            return Tagging(ArticleRef("other", "9"), "", None, None)

    tagging = build(Confused()).article_saved(make_article())
    assert (tagging.ref.id, concepts(tagging)) == ("1", ["medtop:16000000"])
    assert stages(tagging) == [("article_saved", "confused")]


def test_hook_adjust_tagging(build, make_article):
    class First:
        @hookimpl
        def adjust_tagging(self, article, tagging):
            return replace(tagging, tags=())

    class Second:
        @hookimpl
        def adjust_tagging(self, article, tagging):
            self.got = tagging

    second = Second()
    assert concepts(build(second, First()).article_saved(make_article())) == []
    assert second.got.tags == ()


@pytest.mark.parametrize("fault", ["raise", "exit", "type", "other", "sleep"])
def test_a_failing_house_rule_keeps_the_last_good_tagging(build, make_article, fault):
    release = threading.Event()

    class Rule:
        @hookimpl
        def adjust_tagging(self, article, tagging):
            if fault == "raise":
                raise KeyError("x")
            if fault == "exit":
                raise SystemExit(1)
            if fault == "sleep":
                release.wait(30)
            return Tagging(ArticleRef("other", "9"), "", None, None) if fault == "other" else "not a tagging"

    tagging = build(Rule(), budget_ms=50).article_saved(make_article())
    release.set()
    assert concepts(tagging) == ["medtop:16000000"]
    assert stages(tagging) == [("adjust_tagging", "rule")]


def test_hook_article_tagged(build, make_article):
    class Watch:
        @hookimpl
        def article_tagged(self, article, tagging):
            self.saw = (article.ref.id, concepts(tagging))

    watch = Watch()
    build(watch).article_saved(make_article())
    assert watch.saw == ("1", ["medtop:16000000"])


def test_hook_editor_decided(build):
    class Watch:
        @hookimpl
        def editor_decided(self, decision):
            self.saw = decision

    watch = Watch()
    build(watch).editor_decided(EditorDecision(ArticleRef("gazette", "1"), "iso:SY", Action.ADDED, by="anna"))
    assert (watch.saw.concept, watch.saw.by) == ("iso:SY", "anna")
    assert watch.saw.at


def test_hook_article_retracted(build, make_article):
    class Watch:
        @hookimpl
        def article_retracted(self, ref, reason):
            self.saw = (ref.id, reason)

    watch = Watch()
    host = build(watch)
    host.article_retracted(ArticleRef("gazette", "7"), "legal")
    assert watch.saw == ("7", "legal")
    host.article_saved(make_article(event=Event.KILL))
    assert watch.saw == ("1", "kill")


def test_hook_wire_received(build):
    class Watch:
        @hookimpl
        def wire_received(self, item):
            self.saw = item.id

    watch = Watch()
    build(watch).wire_received(WireItem("afp", "w1", "Headline", "Body"))
    assert watch.saw == "w1"


def test_hook_model_trained(build):
    class Watch:
        @hookimpl
        def model_trained(self, bundle, evaluation):
            self.saw = (str(bundle), evaluation.facets)

    watch = Watch()
    build(watch).model_trained(BundleRef("starter", "2", "d"), Evaluation(()))
    assert watch.saw == ("starter@2", ())


def test_every_failing_plugin_is_told_and_the_save_stands(build, make_article, tiny_bundle):
    def failing(hook, *arguments):
        namespace = {}
        exec(f"def {hook}(self, {', '.join(arguments)}):\n    raise RuntimeError('x')", namespace)
        return type(f"Raises_{hook}", (), {hook: hookimpl(namespace[hook])})()

    broken = [
        failing("extract_text", "article"),
        failing("article_saved", "article"),
        failing("adjust_tagging", "article", "tagging"),
        failing("article_tagged", "article", "tagging"),
        failing("register_taggers", "bundle"),
        failing("register_reuse_detectors", "settings"),
    ]
    tagging = build(*broken).article_saved(make_article())
    assert concepts(tagging) == ["medtop:16000000"]
    assert sorted(plugin for _, plugin in stages(tagging)) == sorted(type(p).__name__.lower() for p in broken)
    with pytest.raises(PluginContractError, match="RuntimeError"):
        build(broken[2], strict=True, bundle=tiny_bundle).article_saved(make_article())


@pytest.mark.parametrize("junk", [Proposal(("junk",)), Proposal((Tag("no concept", 0.5, Decision.AUTO, Role.MAIN),)), Proposal(None)])
def test_junk_inside_an_answer_costs_only_its_plugin(build, make_article, junk):
    class Junk:
        name, facet = "junk", Facet.TOPIC

        @hookimpl
        def register_taggers(self, bundle):
            return [self]

        def tag(self, article, text):
            return junk

    tagging = build(Junk()).article_saved(make_article())
    assert concepts(tagging) == ["medtop:16000000"]
    assert stages(tagging) == [("tag:junk", "junk")]


@pytest.mark.parametrize("registered", [42, [42, None], "taggers"])
@pytest.mark.parametrize("hook", ["register_taggers", "register_reuse_detectors", "register_readers", "register_renderers"])
def test_junk_that_is_registered_is_told_and_left_out(build, make_article, hook, registered):
    plugin = type("Junk", (), {hook: hookimpl(lambda self: registered)})()
    tagging = build(plugin).article_saved(make_article())
    assert concepts(tagging) == ["medtop:16000000"]
    assert stages(tagging) == [(hook, "junk")]


@pytest.mark.parametrize("hook", ["register_readers", "register_renderers", "register_corpus_readers"])
def test_what_fails_while_registering_stands_in_every_answer(build, make_article, hook):
    def fail(self):
        raise OSError

    tagging = build(type("Fails", (), {hook: hookimpl(fail)})()).article_saved(make_article())
    assert stages(tagging) == [(hook, "fails")]


def test_a_rule_that_failed_once_is_tried_again_at_the_next_save(build, make_article):
    class Embargo:
        calls = 0

        @hookimpl
        def adjust_tagging(self, article, tagging):
            self.calls += 1
            if self.calls == 1:
                raise TimeoutError
            return replace(tagging, tags=())

    host = build(Embargo())
    assert concepts(host.article_saved(make_article())) == ["medtop:16000000"]
    second = host.article_saved(make_article())
    assert (second.unchanged, concepts(second)) == (False, [])
    assert host.article_saved(make_article()).unchanged


def test_time_that_another_plugin_spent_is_no_fault(build, make_article):
    release = threading.Event()

    class Sleeps:
        @hookimpl
        def article_saved(self, article):
            release.wait(30)

    class Quick:
        @hookimpl
        def adjust_tagging(self, article, tagging):
            return replace(tagging, tags=())

    host = build(Quick(), Sleeps(), budget_ms=30)
    for number in range(4):
        told = [p.message for p in host.article_saved(make_article(id=str(number))).problems if p.plugin == "quick"]
        assert told == ["not called: no time was left"]
        if number == 2:
            release.set()
            break
