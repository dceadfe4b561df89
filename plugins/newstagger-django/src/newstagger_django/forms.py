"""What a form says about tags: one hidden field ``newstagger``, the same in the admin and in any other editor on Django.

Its value is JSON with ``sealed`` (what the server showed: the article, the tags it held, the suggestions, the text; signed, so
that nobody can say that a form showed what it did not, or use another article's), ``accepted`` and ``rejected`` (concept ids; the
panel's script fills them in) and, for scripts to read only, ``held``, ``shown`` and ``text_hash``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing

from newstagger.domain import Action, ArticleRef, EditorDecision, FormState
from newstagger_django.bindings import binding_of, is_new, kind_of
from newstagger_django.edge import attempt
from newstagger_django.process import host

FIELD = "newstagger"
SALT = "newstagger.form"
LARGEST = 200_000
MOST = 1_000
NOT_READ = "newstagger: what you said about suggestions could not be read and was not saved; reload the page and say it again"


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What came back with a form. ``form`` is None where none was told or could be believed; ``notices`` are for the editor.

    ``copied_from`` is the article whose form was saved as a new one.
    """

    form: FormState | None = None
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    text_hash: str = ""
    notices: tuple[str, ...] = ()
    copied_from: ArticleRef | None = None


def seal(ref: ArticleRef, form: FormState | None, text_hash: str = "", kept_off: Iterable[str] = ()) -> str:
    """Return the value of the hidden field for a form on an article, nothing accepted or rejected yet.

    ``kept_off`` are the rejected concepts that the form shows as such, to be allowed again. Without ``form``, when nobody could
    look up what stands on the article, the field says only which article it is.
    """
    held, shown = ([], []) if form is None else (list(form.held), list(form.shown))
    told: dict[str, Any] = {"site": ref.site, "id": ref.id, "held": held, "shown": shown, "text_hash": text_hash}
    told["blind"] = form is None
    told["kept_off"] = list(kept_off)
    sealed = signing.dumps(told, salt=SALT, compress=True)
    public = {key: told[key] for key in ("held", "shown", "text_hash", *(["blind"] if form is None else []))}
    return json.dumps({"sealed": sealed, **public, "accepted": [], "rejected": []})


def read_form(data: Any, obj: Any) -> FormAnswer:
    """Return what a posted form says about an object's tags; ``data`` is the POST mapping or the hidden field's text.

    Never raises, whatever was posted: a field that is not there says nothing, one that cannot be believed says nothing but a
    notice. ``obj`` may not be stored yet.
    """
    answer, failed = attempt(lambda: _read(data, obj), "a form's answer could not be read")
    return FormAnswer(notices=(NOT_READ,)) if failed or answer is None else answer


def _read(data: Any, obj: Any) -> FormAnswer:
    text = data.get(FIELD) if isinstance(data, Mapping) or hasattr(data, "get") else data
    if not text:
        return FormAnswer()
    refused = FormAnswer(notices=(NOT_READ,))
    if not isinstance(text, str) or len(text) > LARGEST:
        return refused
    try:
        told = json.loads(text)
        sealed = signing.loads(told["sealed"], salt=SALT)
    except (ValueError, KeyError, TypeError, RecursionError, signing.BadSignature):
        return refused
    source = ArticleRef(str(sealed["site"]), str(sealed["id"]))
    if not _about(source, obj):
        return refused
    form = FormState(_ids(sealed["held"]), _ids(sealed["shown"]))
    seen = {*form.held, *form.shown}
    rejected = tuple(c for c in _ids(told.get("rejected")) if c in seen)
    allowed = seen | {*_ids(sealed.get("kept_off"))}
    accepted = tuple(c for c in _ids(told.get("accepted")) if c in allowed and c not in rejected)
    told_form = None if sealed.get("blind") else form
    copied = source if is_new(obj) and source.id != kind_of(source) else None
    return FormAnswer(told_form, accepted, rejected, str(sealed["text_hash"]), copied_from=copied)


def _about(source: ArticleRef, obj: Any) -> bool:
    """Tell whether a sealed form is this article's; one that is not stored yet may come from a new form or from a copied one."""
    binding = binding_of(obj)
    if binding is None:
        return False
    ref = binding.ref(obj)
    return source == ref or (is_new(obj) and source.site == ref.site and kind_of(source) == kind_of(ref))


def _ids(told: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in told[:MOST] if isinstance(item, str))) if isinstance(told, list) else ()


def record(obj: Any, answer: FormAnswer, by: str) -> tuple[str, ...]:
    """Store what a form accepted and rejected, in the caller's transaction; return the notices for the editor. Never raises."""
    binding = binding_of(obj)
    if binding is None or not (answer.accepted or answer.rejected):
        return answer.notices
    ref = binding.ref(obj)
    blank = EditorDecision(ref, "", Action.ACCEPTED, by=by, text_hash=answer.text_hash, reason="said in the form")
    said = [replace(blank, concept=c) for c in answer.accepted]
    said += [replace(blank, concept=c, action=Action.REJECTED) for c in answer.rejected]
    known, _ = attempt(lambda: {d.concept: d.action for d in host().feedback(ref)}, "decisions could not be read")
    return (*answer.notices, *_store(d for d in said if (known or {}).get(d.concept) is not d.action))  # a click may be posted twice


def _store(decisions: Iterable[EditorDecision]) -> Iterable[str]:
    for decision in decisions:
        _, failed = attempt(lambda decision=decision: host().editor_decided(decision), "a decision on a tag was not saved")  # type: ignore[misc]
        if failed:
            yield f"newstagger: {failed}"
