from newstagger.actors.merge import merged
from newstagger.actors.records import FormType, Record, Surface
from newstagger.actors.tables import own_records


def record(name, kind, country="", forms=(), **more):
    surfaces = tuple(Surface(form, FormType.NAME) for form in (name, *forms))
    return Record("", name, kind, country, surfaces=surfaces, **more)


def by_name(records):
    return {one.name: one for one in records}


FORMS = (Surface("Islamic State", FormType.NAME), Surface("IS", FormType.ALIAS, True))
OWN = [Record("islamic-state", "Islamic State", "armed-group", surfaces=FORMS, own=True)]


def test_an_alias_never_merges_and_never_steals():
    found = by_name(merged(OWN, [[record("Darul Islam", "armed-group", "ID", ["Islamic State"], matches=("ucdp:217",))]]))
    assert found["Islamic State"].matches == ()
    assert [s.text for s in found["Darul Islam"].surfaces] == ["Darul Islam"]


def test_the_same_name_of_the_same_kind_merges():
    found = merged(OWN, [[record("IS", "armed-group", matches=("ucdp:234",))]])
    assert [(one.slug, one.matches) for one in found] == [("islamic-state", ("ucdp:234",))]


def test_other_country_other_years_other_kind_stay_apart():
    others = [
        record("Maria Example", "person", "PT", start=1960, end=1970),
        record("Maria Example", "person", "BR", start=1990),
        record("Maria Example", "person", "PT", start=2005),
        record("Maria Example", "company", "PT"),
    ]
    found = merged([], [others])
    assert len(found) == 4
    assert len({one.slug for one in found}) == 4


def test_our_own_tables_are_sound():
    records = own_records()
    slugs = {one.slug for one in records}
    assert len(slugs) == len(records)
    assert all(one.parent in slugs for one in records if one.parent)
    assert all(one.surfaces for one in records)
