# ruff: noqa: A002 (the names of the client's own arguments)
"""A small Elasticsearch in memory: what superdesk-core asks of the client while stories are written, published and looked up.

Queries are evaluated, not parsed away: bool, term, terms, exists, ids, range, match_all; what else comes in raises, so that no test
passes on a filter that was ignored. Aggregations and highlights come back empty.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import uuid4

import elasticsearch


class Indices:
    """The index part of the client: every index exists from the first word about it."""

    def __init__(self, store: dict[str, dict[str, Any]]) -> None:
        self._store = store

    def exists(self, *_: Any, **__: Any) -> bool:
        return True

    def get_alias(self, name: str = "", **_: Any) -> dict[str, Any]:
        return {name: {}}

    def delete(self, index: str, **_: Any) -> None:
        self._store.pop(index, None)

    def __getattr__(self, name: str) -> Any:
        if name in {"create", "put_alias", "put_mapping", "put_settings", "refresh", "open", "close"}:
            return lambda *_, **__: {}
        raise AttributeError(name)


class Elasticsearch:
    """The client: documents by index and id, searched by looking at each."""

    store: ClassVar[dict[str, dict[str, Any]]] = defaultdict(dict)

    def __init__(self, *_: Any, serializer: Any = None, **__: Any) -> None:
        self._serializer = serializer
        self.indices = Indices(self.store)

    def index(self, index: str, body: Any, id: Any = None, **_: Any) -> dict[str, Any]:
        name = str(id or uuid4())
        self.store[index][name] = self._stored(body)
        return {"_id": name}

    def _stored(self, body: Any) -> Any:
        return json.loads(self._serializer.dumps(body))

    def update(self, index: str, id: Any, body: Any, **_: Any) -> dict[str, Any]:
        self._found(index, id).update(self._stored(body["doc"]))
        return {"_id": str(id)}

    def _found(self, index: str, id: Any) -> dict[str, Any]:
        if str(id) not in self.store[index]:
            raise elasticsearch.NotFoundError(404, "not found", {})
        return self.store[index][str(id)]

    def get(self, index: str, id: Any, **_: Any) -> dict[str, Any]:
        return {"_id": str(id), "found": True, "_source": dict(self._found(index, id))}

    def delete(self, index: str, id: Any, **_: Any) -> None:
        self._found(index, id)
        del self.store[index][str(id)]

    def count(self, index: str, body: Any, **_: Any) -> dict[str, int]:
        return {"count": len(self._hits(index, body))}

    def search(self, body: Any, index: Any, **_: Any) -> dict[str, Any]:
        names = index if isinstance(index, list) else index.split(",")
        hits = [hit for name in names for hit in self._hits(name, body)]
        size, start = body.get("size", len(hits)), body.get("from", 0)
        return {"hits": {"total": {"value": len(hits)}, "hits": hits[start : start + size]}, "aggregations": {}}

    def _hits(self, index: str, body: Any) -> list[dict[str, Any]]:
        query = body.get("query") or {"match_all": {}}
        return [{"_id": name, "_source": dict(doc)} for name, doc in self.store[index].items() if matches(query, {**doc, "_id": name})]


def matches(query: Any, doc: Mapping[str, Any]) -> bool:
    """Tell whether a document is found by a query."""
    if isinstance(query, list):
        return all(matches(part, doc) for part in query)
    return all(_clause(kind, value, doc) for kind, value in query.items())


def _clause(kind: str, value: Any, doc: Mapping[str, Any]) -> bool:
    if kind == "bool":
        return _bool(value, doc)
    if kind == "match_all":
        return True
    if kind == "exists":
        return bool(_values(doc, value["field"]))
    if kind in ("term", "match", "match_phrase"):
        return all(_text(v.get("value", v.get("query")) if isinstance(v, dict) else v) in _values(doc, f) for f, v in value.items())
    if kind == "terms":
        return all(bool({_text(v) for v in vs} & _values(doc, f)) for f, vs in value.items())
    raise NotImplementedError(f"the fake Elasticsearch has no {kind}: {value}")


def _bool(value: Mapping[str, Any], doc: Mapping[str, Any]) -> bool:
    should = [matches(part, doc) for part in _list(value.get("should"))]
    needed = value.get("minimum_should_match", 0 if value.get("must") or value.get("filter") else 1)
    return (
        all(matches(part, doc) for key in ("must", "filter") for part in _list(value.get(key)))
        and not any(matches(part, doc) for part in _list(value.get("must_not")))
        and (not should or sum(should) >= needed)
    )


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _values(doc: Any, field: str) -> set[str]:
    head, _, rest = field.partition(".")
    found = [part.get(head) if isinstance(part, dict) else None for part in _list(doc)]
    if rest and head not in (doc if isinstance(doc, dict) else {}):
        return set()
    if rest:
        return {v for part in found for v in _values(part, rest)}
    return {_text(v) for part in found for v in _list(part)}
