"""How one model is read and written: ``Binding`` by a declaration of its fields; override what differs and ``bind`` it.

An adapter for a CMS built on Django derives from Binding: ``fresh`` is the version that its editors go on with, ``article`` reads
its text, ``write`` puts tags where that CMS wants them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.module_loading import import_string

from newstagger.domain import Article, ArticleRef, Concept, Event, ExistingTag, Facet, FormState, Origin
from newstagger.errors import ConfigError, NewstaggerError
from newstagger_django.conf import ArticleFields, Mode, site_settings
from newstagger_django.standing import Stands, standing
from newstagger_django.tagfields import TagField, tag_field
from newstagger_django.terms import concepts_in, remember_terms


@dataclass(frozen=True, slots=True)
class HeldTag:
    """A name in a tag field that means a concept: where it stands, as it is written there, and who put it on."""

    concept: str
    name: str
    field: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write-back does to an article: concepts to put on, held tags to take off."""

    add: tuple[Concept, ...] = ()
    remove: tuple[HeldTag, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


class Binding:
    """One model and its declaration. ``on_save`` False: Django's post_save says nothing, the adapter calls ``saving`` itself."""

    on_save = True

    def __init__(self, model: type[models.Model], fields: ArticleFields) -> None:
        self.model, self.fields = model, fields

    @property
    def mode(self) -> Mode:
        """Whether tags that the policy lets be written are written, or shown."""
        return self.fields.mode

    @cached_property
    def tag_fields(self) -> Mapping[str, TagField]:
        """The ways to the model's tag fields, by field name; raises ConfigError for a field that holds no tags."""
        return {name: tag_field(self.model, name) for name in self.fields.tag_fields}

    def kind_of(self, field: str) -> str:
        """Return how the widget of a tag field holds names (``TagField.kind``); '' for none."""
        return self.tag_fields[field].kind if field in self.tag_fields else ""

    def ref(self, obj: Any) -> ArticleRef:
        """Return the article's name: ``app.model:pk``; without a pk, while it is not stored, the id ends in the colon."""
        pk = "" if obj.pk is None else obj.pk
        return ArticleRef(site_settings().site, f"{self.model._meta.label_lower}:{pk}")

    def fresh(self, pk: Any, using: str, *, lock: bool = False) -> Any | None:
        """Return the article as it is stored now, or None; with ``lock`` nobody else can change it in this transaction."""
        rows = self.model._base_manager.using(using).filter(pk=pk)
        return (rows.select_for_update() if lock else rows).first()

    def unmoved(self, obj: Any, using: str) -> bool | None:
        """Tell whether nobody has saved the article since the object was read; None, as here, when only reading it again tells."""
        return None

    def event(self, obj: Any) -> Event:
        """Return why the article is saved, as the declaration reads it; a draft where it says nothing."""
        told = self.fields.event
        if isinstance(told, Mapping):
            field, values = next(iter(told.items()))
            word: Any = {str(value): name for value, name in values.items()}.get(read(obj, field), Event.DRAFT)
        elif isinstance(told, str) and "." not in told:
            word = read(obj, told) if told else Event.DRAFT
        else:
            call: Callable[[Any], Any] | None = import_string(told) if isinstance(told, str) else told
            word = Event.DRAFT if call is None else call(obj)
        return Event(str(word))

    def article(
        self, obj: Any, *, event: Event | None = None, form: FormState | None = None, saved_by: str = "", stands: Stands | None = None
    ) -> Article:
        """Return the article that the object holds; ``stands`` spares a look into the database."""
        if stands is None and obj.pk is not None and self.fields.tags:
            stands = standing(self.ref(obj))
        tags = tuple(sorted({ExistingTag(tag.concept, tag.origin) for tag in self.held_tags(obj, stands)}, key=lambda tag: tag.concept))
        return Article(
            self.ref(obj),
            headline=read(obj, self.fields.headline),
            body=self.body(obj),
            media_type=self._or_itself(obj, self.fields.media_type, "/") or "text/plain",
            language=self._or_itself(obj, self.fields.language, "") or None,
            byline=read(obj, self.fields.byline),
            credit=read(obj, self.fields.credit),
            source=read(obj, self.fields.source),
            version_created=read(obj, self.fields.changed) or None,
            event=event or self.event(obj),
            existing_tags=tags if self.fields.tags else None,
            form=form,
            saved_by=saved_by,
            copied_from=None if stands is None else stands.source,
        )

    def body(self, obj: Any) -> str:
        """Return the body: the fields of it, joined by an empty line."""
        return "\n\n".join(part for name in self.fields.bodies if (part := read(obj, name)))

    def _or_itself(self, obj: Any, told: str, mark: str) -> str:
        """Return a field's value, or the word itself where the model has no such field."""
        if (mark and mark in told) or not hasattr(obj, told.partition("__")[0] or " "):
            return told
        return read(obj, told)

    def held_tags(self, obj: Any, stands: Stands | None = None) -> Sequence[HeldTag]:
        """Return the tags on the object that mean a concept; raises StateError when what we wrote cannot be read."""
        if obj.pk is None or not self.fields.tags:
            return ()
        if stands is not None and stands.held is not None:
            return stands.held
        names = {field: (way.names(obj), self._only_facet(field)) for field, way in self.tag_fields.items()}
        ours = (stands or standing(self.ref(obj))).applied
        return [
            HeldTag(concept, name, field, Origin.MACHINE if concept in ours else Origin.HUMAN)
            for field, concepts in concepts_in(names).items()
            for name, concept in concepts.items()
        ]

    def held(self, obj: Any) -> Mapping[str, Origin]:
        """Return the concepts that the object's tags mean, each with who put it on."""
        return {tag.concept: tag.origin for tag in self.held_tags(obj)}

    def _only_facet(self, field: str) -> Facet | None:
        facets = [facet for facet in Facet if self.fields.tag_field(facet) == field]
        return facets[0] if len(facets) == 1 else None

    def write(self, obj: Any, changes: Changes) -> Sequence[str]:
        """Take tags off and put tags on, in the caller's transaction; return one line for each that could not be put on."""
        names = remember_terms(changes.add)
        refused: list[str] = []
        for field, way in self.tag_fields.items():
            add = [self._fit(names[c.id], way) for c in changes.add if self.fields.tag_field(c.facet) == field]
            remove = [tag.name for tag in changes.remove if tag.field == field]
            if add or remove:
                refused += way.change(obj, add, remove, make=not self.fields.existing_terms_only)
        return [] if self.fields.existing_terms_only else [f"the tag {name[:80]!r} does not fit into its field" for name in refused]

    @staticmethod
    def _fit(name: str, way: TagField) -> str:
        return name if way.longest is None or len(name) <= way.longest else f"{name[: way.longest - 1]}…"


def is_new(obj: Any) -> bool:
    """Tell whether an object is not stored yet; one whose key has a default (a UUID) has its key before."""
    return obj.pk is None or (obj._state.adding and obj._meta.pk.has_default())


def kind_of(ref: ArticleRef) -> str:
    """Return the part of an id that all articles of a model share, with the colon: what a form on a new article is sealed for."""
    return "".join(ref.id.rpartition(":")[:2])


def read(obj: Any, path: str) -> str:
    """Return what stands at a path of attributes as text: '' for nothing; a callable is called, many rows are joined by commas."""
    value = obj
    for name in path.split("__") if path else ():
        try:
            value = getattr(value, name, None)
        except ObjectDoesNotExist:
            return ""
        if isinstance(value, models.Manager):
            return ", ".join(str(row) for row in value.all())
        value = value() if callable(value) else value
    return "" if value is None or value is obj else str(value)


_bound: dict[type[models.Model], Binding] = {}


def bind(model: type[models.Model], binding: Binding) -> None:
    """Let a model be read and written by a binding from now on; an earlier one of the model is replaced."""
    _bound[model] = binding


def unbind(model: type[models.Model]) -> None:
    """Let a model be no article any more."""
    _bound.pop(model, None)


def binding_of(obj: Any) -> Binding | None:
    """Return the binding of an object or a model: its own, else that of the nearest model it derives from; None for no article."""
    model = obj if isinstance(obj, type) else type(obj)
    return next((_bound[kind] for kind in model.__mro__ if kind in _bound), None)


def bound() -> Iterable[Binding]:
    """Return every binding."""
    return tuple(_bound.values())


def bind_declared() -> None:
    """Bind the models of ``settings.NEWSTAGGER``; what cannot be bound is left to the system checks to tell."""
    try:
        declared = site_settings().models
    except ConfigError:
        return
    for label, fields in declared.items():
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError, NewstaggerError):
            continue
        bind(model, Binding(model, fields))
