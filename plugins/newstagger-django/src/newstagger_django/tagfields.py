"""How a field of a model holds the names of tags: a taggit manager, a many-to-many, a list, a comma separated text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from newstagger.errors import ConfigError

NAME_FIELDS = ("name", "title", "label")


class TagField(Protocol):
    """Reads and writes the names in one field.

    ``kind`` (taggit, related, list, text) tells scripts how its widget holds names; ``longest`` is the most characters of a name
    (None: any number).
    """

    name: str
    kind: str

    @property
    def longest(self) -> int | None:
        """The most characters of a name."""
        ...

    def names(self, obj: models.Model) -> Sequence[str]:
        """Return the names that the field holds, as stored."""
        ...

    def change(self, obj: models.Model, add: Sequence[str], remove: Sequence[str], *, make: bool) -> Sequence[str]:
        """Take names off and put names on; return those that could not be put on. ``make``: unknown terms may be made."""
        ...


def tag_field(model: type[models.Model], name: str) -> TagField:
    """Return the way to a model's field; raise ConfigError for a field that holds no tags."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise ConfigError(f"has no field {name!r}", where=model._meta.label, next_step="correct 'tags'") from None
    if any(kind.__name__ == "TaggableManager" for kind in type(field).__mro__):
        return TaggitField(name, field)
    if isinstance(field, models.ManyToManyField):
        return RelatedField(name, field)
    if isinstance(field, models.CharField | models.TextField):
        return TextField(name, field)
    if isinstance(field, models.JSONField) or field.__class__.__name__ == "ArrayField":
        return ListField(name)
    step = "name a taggit manager, a many-to-many, a JSON or array list, or a text"
    raise ConfigError(f"{name!r} cannot hold tags", where=model._meta.label, next_step=step)


class TaggitField:
    """A ``TaggableManager``: tags are rows of a table of their own, made as they are needed."""

    kind = "taggit"

    def __init__(self, name: str, field: Any) -> None:
        self.name = name
        self._tags: type[models.Model] = field.remote_field.model
        self.longest = getattr(self._tags._meta.get_field("name"), "max_length", None)

    def names(self, obj: models.Model) -> Sequence[str]:
        """Return the names of the tags."""
        return list(getattr(obj, self.name).names())

    def change(self, obj: models.Model, add: Sequence[str], remove: Sequence[str], *, make: bool) -> Sequence[str]:
        """Take tags off and put tags on, through taggit's own manager."""
        manager = getattr(obj, self.name)
        if remove:
            manager.remove(*remove)
        known = set(add) if make else set(self._tags._base_manager.filter(name__in=add).values_list("name", flat=True))
        if wanted := [name for name in add if name in known]:
            manager.add(*wanted)
        return [name for name in add if name not in known]


class RelatedField:
    """A many-to-many to a model whose rows have a name; a slug is filled in where the model wants one."""

    kind = "related"

    def __init__(self, name: str, field: models.ManyToManyField[Any, Any]) -> None:
        self.name = name
        self._terms: type[models.Model] = field.related_model
        names = {f.name: f for f in self._terms._meta.concrete_fields if isinstance(f, models.CharField)}
        found = next((names[candidate] for candidate in NAME_FIELDS if candidate in names), None)
        if found is None:
            step = f"give it one of {', '.join(NAME_FIELDS)}"
            raise ConfigError("has no name field", where=self._terms._meta.label, next_step=step)
        self._name, self.longest = found.name, found.max_length
        self._slug = any(isinstance(f, models.SlugField) and f.name == "slug" for f in self._terms._meta.concrete_fields)

    def names(self, obj: models.Model) -> Sequence[str]:
        """Return the names of the related rows."""
        return list(getattr(obj, self.name).values_list(self._name, flat=True))

    def change(self, obj: models.Model, add: Sequence[str], remove: Sequence[str], *, make: bool) -> Sequence[str]:
        """Take relations off and put relations on; a term that the site does not have is made, if it may be."""
        manager = getattr(obj, self.name)
        if remove:
            manager.remove(*self._rows(obj).filter(**{f"{self._name}__in": remove}))
        found = {getattr(row, self._name): row for row in self._rows(obj).filter(**{f"{self._name}__in": add})}
        missing = [name for name in add if name not in found]
        made = {name: row for name in missing if make and (row := self._make(obj, name)) is not None}
        if rows := [*found.values(), *made.values()]:
            manager.add(*rows)
        return [name for name in missing if name not in made]

    def _rows(self, obj: models.Model) -> models.QuerySet[Any]:
        return self._terms._base_manager.using(obj._state.db)

    def _make(self, obj: models.Model, name: str) -> models.Model | None:
        """Return a new term, or None where the model wants more than a name."""
        values = {self._name: name} | ({"slug": slugify(name, allow_unicode=True)[:50] or "tag"} if self._slug else {})
        try:
            with transaction.atomic(using=obj._state.db):
                row: models.Model = self._rows(obj).create(**values)
                return row
        except IntegrityError:
            return None


class ListField:
    """A JSON or array field that holds a list of names."""

    kind = "list"
    longest = None

    def __init__(self, name: str) -> None:
        self.name = name

    def names(self, obj: models.Model) -> Sequence[str]:
        """Return the texts in the list; whatever else stands there is not ours."""
        return [item for item in self._list(obj) if isinstance(item, str)]

    def change(self, obj: models.Model, add: Sequence[str], remove: Sequence[str], *, make: bool) -> Sequence[str]:
        """Write the list anew, everything in it that is not named left in its place."""
        if not isinstance(getattr(obj, self.name), list | tuple | None):
            return list(add)
        kept = [item for item in self._list(obj) if item not in remove]
        _write(obj, self.name, [*kept, *(name for name in add if name not in kept)])
        return []

    def _list(self, obj: models.Model) -> Sequence[Any]:
        value = getattr(obj, self.name)
        return value if isinstance(value, list | tuple) else ()


class TextField:
    """A text of names separated by commas."""

    kind = "text"
    longest = None

    def __init__(self, name: str, field: Any) -> None:
        self.name = name
        self._room: int | None = field.max_length

    def names(self, obj: models.Model) -> Sequence[str]:
        """Return the names between the commas."""
        return [name for part in str(getattr(obj, self.name) or "").split(",") if (name := part.strip())]

    def change(self, obj: models.Model, add: Sequence[str], remove: Sequence[str], *, make: bool) -> Sequence[str]:
        """Write the text anew; a name for which there is no room is left out."""
        kept, refused = [name for name in self.names(obj) if name not in remove], []
        for name in add:
            longer = [*kept, " ".join(name.replace(",", " ").split())]
            if self._room is None or len(", ".join(longer)) <= self._room:
                kept = longer
            else:
                refused.append(name)
        _write(obj, self.name, ", ".join(kept))
        return refused


def _write(obj: models.Model, field: str, value: Any) -> None:
    """Write one field of the stored row and nothing else: no ``save()``, so no signals, no ``auto_now``, no loop."""
    type(obj)._base_manager.using(obj._state.db).filter(pk=obj.pk).update(**{field: value})
    setattr(obj, field, value)
