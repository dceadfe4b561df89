"""newstagger tags an article by topic, region and actor when a CMS saves it, and says whether it is wire copy.

For people who write plugins: the hook marker, the types they meet most, and the modules with all of them (``domain``,
``errors``, ``contracts``). The host is ``newstagger.host.Host``.
"""

from newstagger import contracts, domain, errors
from newstagger.domain import (
    Article,
    ArticleRef,
    Concept,
    Decision,
    EditorDecision,
    Event,
    Facet,
    Problem,
    Proposal,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    WireItem,
)
from newstagger.errors import NewstaggerError
from newstagger.hookspecs import hookimpl

__all__ = [
    "Article",
    "ArticleRef",
    "Concept",
    "Decision",
    "EditorDecision",
    "Event",
    "Facet",
    "NewstaggerError",
    "Problem",
    "Proposal",
    "ReuseReport",
    "Role",
    "Tag",
    "Tagging",
    "Text",
    "WireItem",
    "contracts",
    "domain",
    "errors",
    "hookimpl",
]
