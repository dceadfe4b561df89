import pytest


@pytest.mark.parametrize(
    ("language", "sentence", "wanted"),
    [
        ("de", "Die syrische Regierung lehnte den Plan ab.", "sy-gov"),
        ("de", "Syrien lehnte den Plan ab, teilte Damaskus mit.", "sy-gov"),
        ("de", "Die syrischen Truppen rückten vor.", "sy-mil"),
        ("es", "El gobierno sirio rechazó el plan.", "sy-gov"),
        ("es", "Las fuerzas armadas sirias avanzaron.", "sy-mil"),
        ("fr", "Le gouvernement syrien refuse.", "sy-gov"),
        ("fr", "La Syrie rejette ce plan, annonce Damas.", "sy-gov"),
        ("de", "Die Vereinten Nationen und der Islamische Staat: Islamischer Staat meldet sich.", "islamic-state"),
    ],
)
def test_states_in_other_languages(foreign_tags, language, sentence, wanted):
    assert f"actor:{wanted}" in foreign_tags(sentence, language)


def test_a_small_word_of_another_language_is_nothing_in_english(foreign_tags):
    assert "actor:sy-gov" not in foreign_tags("He read about sirio and sirias in a book.", "en")


def test_a_place_stays_a_place(foreign_tags):
    assert "actor:sy-gov" not in foreign_tags("Das Kind wurde in Damaskus geboren.", "de")
