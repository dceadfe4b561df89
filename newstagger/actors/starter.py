"""The actor part that the starter's training builds on: gazetteer, weights by judgement, and the state-or-place rule learnt from PLOVER.

PLOVER's gold standard records (CC BY-SA) mark who did what to whom in 322 sentences: a country that stands in a source or target
of a state's sector is a state, any other naming is not. Build time only.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from newstagger.actors.build import build_actors
from newstagger.actors.distant import plain_text
from newstagger.actors.fit import starting_part
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.records import COUNTRY_TYPES, FormType
from newstagger.actors.statecraft import PRIOR, Reading, reading
from newstagger.actors.surfaces import found_forms
from newstagger.actors.words import Words
from newstagger.contracts import FacetPart, Json
from newstagger.errors import CorpusError
from newstagger.logistic import fit_map
from newstagger.tokens import tokens_of

PLOVER = "actors/plover-gsr.jsonl.gz"
_SECTORS = ("GOV", "MIL", "COP", "SPY", "JUD", "LEG")
_PULL = 3.0
_SHARE = 0.5
"""Share of namings of a country that mean the state, without knowing more; in PLOVER's picked sentences it is higher."""


def actor_part(data: Path) -> FacetPart:
    """Return the gazetteer part to train on; ``data`` is the folder of corpora. Raises CorpusError when a set is missing."""
    part = starting_part(build_actors(data))
    return replace(part, settings={**part.settings, "context": context_weights(data, ActorGazetteer.of(part.arrays))})


def context_weights(data: Path, gazetteer: ActorGazetteer) -> dict[str, float]:
    """Return the weights of the state-or-place rule after PLOVER has spoken, for news in general."""
    told = list(_readings(data, gazetteer))
    names = sorted(name for name in PRIOR if name != "bias")
    design = np.array([[1.0, *(float(name in one.features) for name in names)] for one, _ in told])
    wanted = np.array([state for _, state in told], dtype=np.bool_)
    prior = np.array([PRIOR["bias"], *(PRIOR[name] for name in names)])
    found = fit_map(design, wanted, prior, np.full(len(prior), _PULL))
    share = float(wanted.mean())
    found[0] += math.log(_SHARE / (1.0 - _SHARE)) - math.log(share / (1.0 - share))
    return {name: round(float(weight), 6) for name, weight in zip(["bias", *names], found, strict=True)}


def _readings(data: Path, gazetteer: ActorGazetteer) -> Iterator[tuple[Reading, bool]]:
    for row in _rows(data / PLOVER):
        text = plain_text("", row["text"])
        tokens = tokens_of(text)
        words = Words(text, tokens)
        spots = [form for form in found_forms(text, gazetteer.folded, gazetteer.exact) if form.rows[0][1] in COUNTRY_TYPES]
        numbers = frozenset(number for form in spots for number in range(form.first, form.last))
        for form in spots:
            named = text.string[int(tokens.starts[form.first]) : int(tokens.ends[form.last - 1])]
            yield reading(words, form.first, form.last, FormType(form.rows[0][1]), numbers), _acts(row, named)


def _acts(row: Json, named: str) -> bool:
    """Tell whether one of the coded actors bears this country's name and is the state, or the bare country."""
    coded = [actor for side in ("source", "target") if isinstance(row.get(side), list) for actor in row[side] if isinstance(actor, dict)]
    return any(named in (actor.get("actorText") or "") and _state(actor, named) for actor in coded)


def _state(actor: Json, named: str) -> bool:
    sector = actor.get("sector") or ""
    bare = (actor["actorText"] or "").replace("the ", "").replace("'s", "").strip()
    return sector.startswith(_SECTORS) or sector == "None" or (not sector and bare == named)


def _rows(path: Path) -> Iterator[Json]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except (OSError, ValueError) as error:
        raise CorpusError(str(error), where=str(path), next_step="name the folder of the open sets with --data") from None
