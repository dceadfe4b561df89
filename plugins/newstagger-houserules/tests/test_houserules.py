"""The house rules: what each does to a tagging, what a wrong setting gets, and the plugin inside a host."""

from __future__ import annotations

import newstagger_houserules
import pytest
from newstagger_houserules import HouseRules
from newstagger_houserules.rules import SPARED, Rules, apply_rules, read_rules

from newstagger import Article, ArticleRef, Concept, Decision, Facet, Role, Tag, Tagging, hookimpl
from newstagger.errors import ConfigError, PluginError
from newstagger.host import Host
from newstagger.settings import Settings

REF = ArticleRef("courier.example", "17")
COURT = Article(REF, "Two sentenced for arson", "<p>The Youth Court in Ipswich heard the case of a boy of 15.</p>", "text/html")


def tag(concept, facet, score, decision=Decision.AUTO, role=Role.MAIN):
    return Tag(Concept(concept, concept.upper(), facet), score, decision, role)


CRIME = tag("medtop:02000000", Facet.TOPIC, 0.9)
SCHOOL = tag("medtop:05000000", Facet.TOPIC, 0.6)
BRITAIN = tag("iso:GB", Facet.REGION, 0.8, role=Role.FOCUS)
POLICE = tag("actor:police", Facet.ACTOR, 0.7, Decision.SUGGEST, Role.ACTOR)
TAGGING = Tagging(REF, "00", "en", None, (CRIME, SCHOOL, BRITAIN, POLICE))


def ids(tagging):
    return [t.concept.id for t in tagging.tags]


def test_no_rules_change_nothing():
    assert apply_rules(Rules(), COURT, TAGGING) == TAGGING


def test_never():
    assert ids(apply_rules(Rules(never=("medtop:05000000",)), COURT, TAGGING)) == ["medtop:02000000", "iso:GB", "actor:police"]


def test_at_most_makes_the_rest_silent():
    tags = apply_rules(Rules(at_most={"topic": 1}), COURT, TAGGING).tags
    assert [t.decision for t in tags] == [Decision.AUTO, Decision.SILENT, Decision.AUTO, Decision.SUGGEST]


def test_at_most_does_not_count_silent_tags():
    tagging = Tagging(REF, "00", "en", None, (tag("medtop:02000000", Facet.TOPIC, 0.9, Decision.SILENT), SCHOOL))
    assert apply_rules(Rules(at_most={"topic": 1}), COURT, tagging) == tagging


def test_rename_keeps_the_id():
    renamed = apply_rules(Rules(rename={"iso:GB": "Britain"}), COURT, TAGGING).tags[2]
    assert (renamed.concept.id, renamed.concept.pref_label, renamed.score) == ("iso:GB", "Britain", BRITAIN.score)


def test_court_stories_about_minors_name_no_actors():
    spared = apply_rules(Rules(spare_minors=True), COURT, TAGGING)
    assert ids(spared) == ["medtop:02000000", "medtop:05000000", "iso:GB"]
    assert spared.abstained == (SPARED,)


@pytest.mark.parametrize(
    "article, tagging",
    [
        (Article(REF, "Bank robber sentenced", "The crown court heard the case."), TAGGING),
        (COURT, Tagging(REF, "00", "en", None, (SCHOOL, POLICE))),
        (COURT, Tagging(REF, "00", "en", None, (tag("medtop:02000000", Facet.TOPIC, 0.1, Decision.SILENT), POLICE))),
    ],
)
def test_other_stories_keep_their_actors(article, tagging):
    assert apply_rules(Rules(spare_minors=True), article, tagging) == tagging


@pytest.mark.parametrize(
    "table, words",
    [
        ({"nevr": []}, "did you mean never?"),
        ({"zzz": 1}, "known: never"),
        ({"never": "medtop:05000000"}, "never must be a list"),
        ({"at_most": {"subject": 3}}, "at_most must be"),
        ({"at_most": {"topic": True}}, "at_most must be"),
        ({"rename": {"iso:GB": ""}}, "rename must be"),
        ({"spare_minors": 1}, "spare_minors must be true or false"),
    ],
)
def test_wrong_settings_are_refused(table, words):
    with pytest.raises(ConfigError, match=words.replace("?", r"\?")):
        read_rules(table)


def test_settings_become_rules():
    assert read_rules({"never": ["iso:GB"], "at_most": {"topic": 2}}) == Rules(never=("iso:GB",), at_most={"topic": 2})


class TaggedByHand:
    """A desk that tags by hand, so that the host needs no model."""

    @hookimpl
    def article_saved(self, article):
        return TAGGING if article.ref == REF else None


def host(tmp_path, table, plugin=None):
    settings = Settings(home=tmp_path, models=tmp_path, plugins={"houserules": table})
    return Host(settings, plugins=[("byhand", TaggedByHand()), ("houserules", plugin or HouseRules())], discover=False)


def test_in_a_host(tmp_path):
    tagging = host(tmp_path, {"never": ["medtop:05000000"], "spare_minors": True}).article_saved(COURT)
    assert ids(tagging) == ["medtop:02000000", "iso:GB"]
    assert SPARED in tagging.abstained


def test_the_module_is_a_plugin(tmp_path):
    house = host(tmp_path, {"never": ["iso:GB"]}, newstagger_houserules)
    loaded = next(info for info in house.plugins if info.name == "houserules")
    assert (loaded.hooks, loaded.problems) == (("adjust_tagging", "configure"), ())
    assert "iso:GB" not in ids(house.article_saved(COURT))


def test_a_wrong_setting_is_a_problem_of_each_answer(tmp_path):
    problems = host(tmp_path, {"nevr": []}).article_saved(COURT).problems
    assert any(p.plugin == "houserules" and "did you mean never?" in p.message for p in problems)


def test_a_wrong_setting_is_raised_when_strict(tmp_path):
    settings = Settings(home=tmp_path, models=tmp_path, strict=True, plugins={"houserules": {"nevr": []}})
    with pytest.raises(PluginError, match="nevr"):
        Host(settings, plugins=[("houserules", HouseRules())], discover=False)
