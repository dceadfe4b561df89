import pytest

from newstagger.actors.distant import plain_text


def arms(tagger, sentence, country="ru"):
    """Return how much each arm of the country is named in one sentence."""
    named = tagger._finder.find(plain_text("", sentence))
    rows = {arm: tagger.gazetteer.row(f"actor:{country}-{arm}") for arm in ("gov", "mil", "police")}
    return {arm: sum(m.weight for m in named.candidates[row].mentions) for arm, row in rows.items() if row in named.candidates}


@pytest.mark.parametrize(
    "sentence",
    [
        "Russia said it would not sign.",
        "Moscow rejects the plan.",
        "They accused Russia of meddling.",
        "The Kremlin was silent.",
        "A spokesman for the Russian foreign ministry denied it.",
        "Russia's Defense Ministry gave a number.",
        "US and Russian officials met.",
        "Under the government of Russia this was law.",
        "Sanctions were imposed, but Russia also called for talks.",
    ],
)
def test_a_state_that_acts(tagger, sentence):
    assert arms(tagger, sentence).get("gov", 0.0) >= 0.5


@pytest.mark.parametrize(
    "sentence",
    [
        "He was born in Russia and lives there.",
        "Floods hit towns in northern Russia.",
        "The train goes from Minsk to western Russia every day.",
        "A restaurant near Moscow burned down.",
        "She opened a Russian restaurant with Russian recipes.",
        "A Russian-speaking child won.",
    ],
)
def test_a_place_or_a_people(tagger, sentence):
    assert arms(tagger, sentence).get("gov", 0.0) < 0.5


@pytest.mark.parametrize(
    "sentence",
    [
        "Russian troops advanced.",
        "Russia's army advanced.",
        "Russian special forces landed.",
        "The Russian air force flew.",
        "Russian pro-government forces left.",
    ],
)
def test_the_armed_forces(tagger, sentence):
    found = arms(tagger, sentence)
    assert found.get("mil", 0.0) > found.get("gov", 0.0)


def test_the_police(tagger):
    assert arms(tagger, "Russian riot police cleared the square.")["police"] > 0.5


def test_a_leaders_regime_and_forces_are_the_states(tagger):
    assert arms(tagger, "Assad's forces advanced, said a witness of the Assad regime.", "sy").keys() == {"gov", "mil"}
    assert arms(tagger, "Troops loyal to President Bashar al-Assad advanced.", "sy")["mil"] > 0.5


def test_bare_nouns_mean_the_country_of_the_story(tagger):
    story = "Syria burns. In Syria and across Syria people fled. The regime bombed on, and the army advanced."
    assert arms(tagger, story, "sy")["mil"] > 0.4
    assert "mil" not in arms(tagger, "The regime bombed on, and the army advanced.", "sy")


def test_a_modifier_with_a_hyphen_is_no_actor(tagger):
    assert "gov" not in arms(tagger, "A Russia-backed alliance won.")
