"""The words of the domain: frozen values that every floor above shares.

Nothing here computes anything that needs a model, a file or a third-party package. Offsets are Unicode code points into
``Text.string``, end-exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Facet(StrEnum):
    """What a tag speaks of: the story's subject, its place or who acts in it. The order is the order of output."""

    TOPIC = "topic"
    REGION = "region"
    ACTOR = "actor"


class Event(StrEnum):
    """Why the CMS calls."""

    DRAFT = "draft"
    AUTOSAVE = "autosave"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    CORRECT = "correct"
    KILL = "kill"
    RESTORE = "restore"
    IMPORT = "import"
    BACKFILL = "backfill"


class Decision(StrEnum):
    """What is to happen with a tag: write it, show it to the editor, or keep it to ourselves."""

    AUTO = "auto"
    SUGGEST = "suggest"
    SILENT = "silent"


class Role(StrEnum):
    """The part that a concept plays in the story. Topics: main, derived; regions: focus, mentioned; actors: actor, source."""

    MAIN = "main"
    DERIVED = "derived"
    FOCUS = "focus"
    MENTIONED = "mentioned"
    ACTOR = "actor"
    SOURCE = "source"


class ParagraphKind(StrEnum):
    """What a stretch of text is. Only headline, body and quote are the story's own words (``NARRATIVE``)."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    BODY = "body"
    QUOTE = "quote"
    CAPTION = "caption"
    CREDIT = "credit"
    BOILERPLATE = "boilerplate"


NARRATIVE = frozenset({ParagraphKind.HEADLINE, ParagraphKind.BODY, ParagraphKind.QUOTE})


class Verdict(StrEnum):
    """How much of an article stands in wire copy (the classes of METER, Clough et al. 2002), or that nobody looked."""

    WHOLLY_DERIVED = "wholly-derived"
    PARTIALLY_DERIVED = "partially-derived"
    NON_DERIVED = "non-derived"
    NOT_CHECKED = "not-checked"


class CreditState(StrEnum):
    """Whether the agency whose words stand in the article is named as their source."""

    CREDITED = "credited"
    UNCREDITED = "uncredited"
    CONFLICTING = "conflicting"
    NONE_NEEDED = "none-needed"


class CreditForm(StrEnum):
    """Where a credit was found. A caption credits its picture only, never the words."""

    BYLINE = "byline"
    DATELINE = "dateline"
    COPYRIGHT = "copyright"
    SIGN_OFF = "sign-off"
    CAPTION = "caption"
    FIELD = "field"


class Origin(StrEnum):
    """Who put a tag on an article."""

    HUMAN = "human"
    MACHINE = "machine"


class Action(StrEnum):
    """What an editor did with a tag: said yes or no to one that was shown, or put one on or took one off themselves."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def wants(self) -> bool:
        """True when the editor wants the tag, false when they do not."""
        return self in (Action.ACCEPTED, Action.ADDED)


@dataclass(frozen=True, slots=True, order=True)
class ArticleRef:
    """An article's name: the site that owns it and the CMS's own id for it."""

    site: str
    id: str

    def __str__(self) -> str:
        return f"{self.site}/{self.id}"


@dataclass(frozen=True, slots=True)
class ExistingTag:
    """A tag that the article already carries in the CMS."""

    concept: str
    origin: Origin = Origin.HUMAN


@dataclass(frozen=True, slots=True)
class FormState:
    """What the form that was saved showed before its editor touched it: concept ids in its tag fields, and suggestions beside them.

    Only what a form showed can be a decision of the person before it: a stale form that lacks a newer tag rejects nothing. With
    autosave, ``held`` is what this form itself held at its last save that was stored, with what the adapter has changed in the form
    since; never what the CMS or another form holds.
    """

    held: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a CMS hands it in.

    ``media_type`` is that of ``body``: ``text/html`` or ``text/plain``. ``revision`` grows with each save (None: order of
    arrival). ``existing_tags`` are all the tags that the CMS holds now; None means that the adapter does not tell. ``form`` is
    the state of the form that was saved (None: no form, or the adapter does not tell), ``saved_by`` the person before it.
    """

    ref: ArticleRef
    headline: str = ""
    body: str = ""
    media_type: str = "text/plain"
    language: str | None = None
    byline: str = ""
    credit: str = ""
    source: str = ""
    revision: int | None = None
    copied_from: ArticleRef | None = None
    version_created: str | None = None
    event: Event = Event.DRAFT
    existing_tags: tuple[ExistingTag, ...] | None = None
    form: FormState | None = None
    saved_by: str = ""

    def __post_init__(self) -> None:
        """Take the event's name for the event; raise ValueError for one that does not exist."""
        object.__setattr__(self, "event", Event(self.event))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of ``Text.string``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of text together with the words that it covers (W3C text quote selector)."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A typed stretch of ``Text.string``; paragraphs stand in order and never overlap."""

    kind: ParagraphKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong on the way and that the caller should know; never contains article text."""

    stage: str
    plugin: str
    message: str


@dataclass(frozen=True, slots=True)
class Text:
    """An article's plain string with typed paragraphs over it.

    ``language`` is a lower-case ISO 639-1 code, or None when unknown.
    """

    string: str
    paragraphs: tuple[Paragraph, ...]
    language: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def text_hash(self) -> str:
        """SHA-256 (hex) of the string alone: what the editor typed, whatever surrounds it."""
        return hashlib.sha256(self.string.encode("utf-8", "surrogatepass")).hexdigest()

    def words(self, paragraph: Paragraph) -> str:
        """Return the stretch of the string that a paragraph covers."""
        return self.string[paragraph.start : paragraph.end]

    def quote(self, start: int, end: int) -> Quote:
        """Return the stretch from start to end with its words."""
        return Quote(start, end, self.string[start:end])


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a vocabulary, in the words of SKOS."""

    id: str
    pref_label: str
    facet: Facet
    alt_labels: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    exact_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleRef:
    """Which model bundle spoke: name, version and the digest of its content."""

    name: str
    version: str
    digest: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a tag: a term or a property of the text, where it stands, and what it adds to the margin."""

    term: str
    contribution: float
    quotes: tuple[Quote, ...] = ()


BY_NAME = "topic-names"
"""The tagger of Media Topics that no model was trained on: it knows their names only."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept on an article, with how sure, why and who says so.

    ``score`` is the calibrated probability, in [0, 1]; a derived concept's is at least its surest narrower one's.
    ``bias + sum(evidence) + rest == margin``.
    """

    concept: Concept
    score: float
    decision: Decision
    role: Role
    margin: float = 0.0
    bias: float = 0.0
    rest: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    tagger: str = ""
    bundle: BundleRef | None = None


@dataclass(frozen=True, slots=True)
class Abstention:
    """A facet that the machine leaves to the editor, and why."""

    facet: Facet
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one tagger answers for one article."""

    tags: tuple[Tag, ...] = ()
    abstained: tuple[Abstention, ...] = ()


@dataclass(frozen=True, slots=True)
class WireItem:
    """A story as an agency sent it. Times are ISO 8601 with a zone; ``status`` is usable, withheld or canceled."""

    feed: str
    id: str
    headline: str
    body: str
    media_type: str = "text/plain"
    version: str = "1"
    status: str = "usable"
    agency: str = ""
    language: str | None = None
    urgency: int | None = None
    embargo: str | None = None
    usage: str = ""
    version_created: str | None = None
    ingested: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand in both texts: offsets into the article (``start``, ``end``, ``quote``) and into the wire text."""

    start: int
    end: int
    quote: str
    wire_start: int
    wire_end: int
    words: int


@dataclass(frozen=True, slots=True)
class Credit:
    """One naming of an agency as the source, in the text (offsets) or in a field of the article (no offsets)."""

    agency: str
    form: CreditForm
    start: int | None = None
    end: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class CreditReport:
    """What the credits found say about the words that were reused."""

    state: CreditState = CreditState.NONE_NEEDED
    agencies: tuple[str, ...] = ()
    found: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True)
class WireMatch:
    """A wire item whose words stand in the article; ``share`` is of the article's narrative words."""

    wire_id: str
    agency: str
    share: float
    passages: tuple[Passage, ...]
    version: str = "1"
    status: str = "usable"
    feed: str = ""
    credit: CreditState = CreditState.NONE_NEEDED


@dataclass(frozen=True, slots=True)
class ReuseReport:
    """Whether the text came from a wire agency, with the passages. ``reason`` says why it was not checked."""

    verdict: Verdict
    share: float = 0.0
    credit: CreditReport = field(default_factory=CreditReport)
    matches: tuple[WireMatch, ...] = ()
    shared_quotes: tuple[Passage, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tagging:
    """The answer to a save. ``timings`` are milliseconds of wall clock by stage.

    ``rejected`` are the concept ids that must not stand on this article, so that an adapter takes them off it and out of its form:
    editors refused them, or they stand on it and were deleted from the newsroom's own vocabulary.
    """

    ref: ArticleRef
    text_hash: str
    language: str | None
    bundle: BundleRef | None
    tags: tuple[Tag, ...] = ()
    reuse: ReuseReport | None = None
    abstained: tuple[Abstention, ...] = ()
    problems: tuple[Problem, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    unchanged: bool = False
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditorDecision:
    """What an editor did with one tag of one article; ``at`` is ISO 8601 with a zone, ``shown`` whether they saw the tag.

    ``revision`` is the article's when it was decided (None: not told): a save that is told of late never overrules a later word.
    """

    ref: ArticleRef
    concept: str
    action: Action
    by: str = ""
    at: str = ""
    text_hash: str = ""
    bundle: str = ""
    shown: bool = True
    reason: str = ""
    revision: int | None = None

    def __post_init__(self) -> None:
        """Take the action's name for the action; a word that names none stays, and the host refuses to store it."""
        if not isinstance(self.action, Action) and self.action in list(Action):
            object.__setattr__(self, "action", Action(self.action))


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How one label fares on a test set; counts are documents."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class FacetScore:
    """How one facet fares: micro, macro (0 where undefined, every label counts) and document F1 (mean per document).

    ``hierarchical_f1``: micro F1 with broader concepts counted on both sides; None where the labels have none.
    ``auto_precision``: share of the tags decided ``auto`` that are right; ``with_auto``: share of the documents that have one;
    ``calibration_error``: expected calibration error of the scores of .1 or more. None where there is nothing to count.
    """

    facet: Facet
    documents: int
    micro_f1: float
    macro_f1: float
    document_f1: float
    precision: float
    recall: float
    per_label: tuple[LabelScore, ...] = ()
    hierarchical_f1: float | None = None
    auto_precision: float | None = None
    with_auto: float | None = None
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class SetScore:
    """How a facet fares on a set that it never learned from, in one language ("": in all).

    ``first_right``: share of articles whose first tag is right. ``with_auto``: share that get a tag unasked; ``auto_precision``: how
    many of these tags are right, None where there are none. ``calibration_error``: expected, of scores of .1 or more.
    """

    facet: Facet
    name: str
    language: str
    documents: int
    first_right: float
    with_auto: float
    auto_precision: float | None
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a bundle on one corpus, facet by facet; ``elsewhere``: on sets of other origin."""

    facets: tuple[FacetScore, ...]
    corpus: str = ""
    elsewhere: tuple[SetScore, ...] = ()


_PLACE = {facet: place for place, facet in enumerate(Facet)}


def tag_order(tag: Tag) -> tuple[int, bool, float, str]:
    """Sort key of tags in every output: facet, then score from high to low, then concept id; topics only found by name come last."""
    return (_PLACE[tag.concept.facet], tag.tagger == BY_NAME, -tag.score, tag.concept.id)


def in_order(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Tags in the order of every output."""
    return tuple(sorted(tags, key=tag_order))
