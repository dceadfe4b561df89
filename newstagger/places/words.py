"""English words beside a place name that tell what the name is doing there. Read by ``toponyms``; other languages do without."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set(
    """mr mrs ms miss dr president vice sen senator gen general judge justice lord lady sir minister secretary coach officer rev
    prof professor king queen prince princess pope saint detective sgt sergeant lt lieutenant capt captain col colonel cpl
    ambassador spokesman spokeswoman spokesperson actor actress singer author congressman congresswoman rep deputy chancellor
    director chairman chairwoman chief mayor governor gov sheriff bishop archbishop cardinal imam ayatollah sheikh herr frau
    monsieur madame señor señora don"""
)
"""A word before a name that makes it a person's."""

CROWN = _set("""duke duchess earl prince princess university college bank church school""")
"""A word before "of" that makes what follows part of its name."""

PARTS = _set(
    """north south east west northern southern eastern western central upper lower greater downtown old new inner outer
    northeast northwest southeast southwest northeastern northwestern southeastern southwestern metropolitan suburban rural mid
    occupied mainland continental province governorate region district city town village state county port lake mount
    republic kingdom capital the a an in on at from to of for by near after before between and or but with as when while since
    during against via is was are"""
)
"""A capitalised word before a name that leaves it a place."""

HEADS = _set(
    """province provinces governorate region district districts city town village state county countryside airport airbase
    police court council parliament government army military forces troops rebels authorities ministry embassy suburb suburbs area
    border coast valley mayor governor university hospital school sheriff fire department office prefecture oblast canton
    peninsula airfield port harbor harbour stadium republic capital metropolitan residents officials public high international
    regional general district central health highway provincial premier minister president prime senior parks river racecourse
    east west north south northern southern eastern western"""
)
"""A capitalised word after a name that leaves it a place, or an institution of that place."""

DIVISIONS = _set("""province governorate region state county oblast prefecture canton department district countryside""")
"""A word after a name that makes it the division rather than the city of that name."""

SAINTS = _set("st ste saint sainte san santa sao são mt mount ft fort fort")
"""A word before a name that makes both a longer name, of another place."""

SPEAKING = _set("said says told tells added adds asked testified argued wrote pleaded recalled")
"""A word after a name that makes it a person, or the government in a capital."""

CALENDAR = _set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december jan feb mar apr jun jul aug sept sep oct nov dec"""
)
"""A capitalised word after a name that has nothing to do with it."""

LOCATIVES = _set(
    """in at near from to around outside inside into across toward towards leaving across throughout within
    en em dans à a de aus nach bei für im da di
    na no w we v"""
)
"""A word before a name that speaks of a place."""
