"""The regions of the starter bundle: the gazetteer, and weights learned from open sets with labels that we make ourselves.

Open sets only: FA-KES (Salem et al. 2019, CC BY 4.0), Syrian war reports with the governorate that each is about, and
Wikipedia's current events (CC BY-SA 4.0), whose editors file summaries under stories such as "Foreign relations of Peru": the
countries that a story's name holds are what its summaries are about. Nobody labelled those by hand; the model card says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from newstagger.contracts import Example, FacetPart, Json, Progress
from newstagger.domain import Article, ArticleRef, Facet, Text
from newstagger.places.build import build_gazetteer
from newstagger.places.fit import fit_places
from newstagger.places.gazetteer import NOWHERE, Gazetteer, Level, Mark
from newstagger.places.naming import pattern_languages
from newstagger.places.resolution import mentions
from newstagger.places.surfaces import rows_of

Extract = Callable[[Article], Text]
LONGEST_STORY, HEADLINE_WORDS = 6, 14
_SENTENCE = re.compile(r"(?<=[a-z\d)”\"]{2}[.!?]) (?=[A-Z“\"])")


def starter_part(data: Path, extract: Extract, constants: Mapping[str, Json], *, jobs: int, progress: Progress) -> FacetPart:
    """Return the starter's region part from the corpora folder ``data``; ``extract`` makes a Text of an Article."""
    base = gazetteer_part(data)
    progress(f"regions: gazetteer of {len(base.arrays['place_level'])} places")
    gazetteer = Gazetteer.read(base)
    examples = [*syria_examples(data, extract), *story_examples(data, extract, gazetteer, int(constants.get("stories", 8000)))]
    return fit_places(examples, constants, base, jobs=jobs, progress=progress)


def gazetteer_part(data: Path) -> FacetPart:
    """Return a part that holds a gazetteer and no model: a base for ``fit_places``."""
    return FacetPart(Facet.REGION, "places", {"pattern_languages": pattern_languages()}, build_gazetteer(data))


def syria_examples(data: Path, extract: Extract) -> Iterator[Example]:
    """Yield the articles of FA-KES, labelled with the country and the governorates that each is about."""
    for row in rows_of(data / "regions/fakes-syria.jsonl.gz"):
        labels = tuple(f"iso:{code}" for code in (row["focus_country"], *str(row["focus_admin1"] or "").split("|")) if code)
        title, text = str(row["title"]), str(row["text"])
        body = text.split(title + ".", 1)[-1].strip() or text  # the text opens with the date and the title
        yield _example(extract, "fakes-syria", str(row["id"]), title, body, labels)


def story_examples(data: Path, extract: Extract, gazetteer: Gazetteer, limit: int) -> Iterator[Example]:
    """Yield made-up articles: summaries of one story run together, the first sentence as headline, labelled by the story's name."""
    stories: dict[str, list[Json]] = defaultdict(list)
    for row in rows_of(data / "topics/wikipedia-current-events.jsonl.gz"):
        if name := str(row.get("title") or ""):
            stories[name].append(row)
    made = 0
    for name in sorted(stories, key=lambda name: (len(stories[name]), name)):
        if not (labels := _places(name, extract, gazetteer)):
            continue
        for first, part in _portions(sorted(stories[name], key=lambda row: (row["date"], row["id"]))):
            if made >= limit:
                return
            headline, body = _headline(part)
            yield _example(extract, "wikipedia-current-events", str(first["id"]), headline, body, labels, group=name)
            made += 1


def _places(name: str, extract: Extract, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the ids of the places in a story's name, with the divisions and countries that they lie in."""
    found = mentions(extract(Article(ArticleRef("story", name), "", name, language="en")), gazetteer)
    rows = {m.row for m in found if gazetteer.levels[m.row] != Level.REGION and not m.mark & Mark.WEAK}
    above = {over for row in rows for over in (gazetteer.countries[row], gazetteer.admin1s[row])}
    return tuple(sorted(gazetteer.id(row) for row in rows | above - {NOWHERE}))


def _portions(rows: list[Json]) -> Iterator[tuple[Json, list[str]]]:
    """Yield portions of a story of one to six summaries, in turn, so that short and long articles are learned from."""
    at, size = 0, 1
    while at < len(rows):
        yield rows[at], [str(row["text"]) for row in rows[at : at + size]]
        at, size = at + size, size % LONGEST_STORY + 1


def _headline(paragraphs: list[str]) -> tuple[str, str]:
    """Return the opening sentence as headline and the rest as body; a single sentence is an article without headline."""
    opening, *more = _SENTENCE.split(paragraphs[0], maxsplit=1)
    rest = [*more, *paragraphs[1:]]
    return (" ".join(opening.split()[:HEADLINE_WORDS]), "\n\n".join(rest)) if rest else ("", opening)


def _example(extract: Extract, source: str, name: str, headline: str, body: str, labels: tuple[str, ...], group: str = "") -> Example:
    article = Article(ArticleRef(source, name), headline, body, language="en")
    return Example(article, extract(article), labels, group=group or None, source=source)
