"""What a job of the service carries, as bytes: a save that is yet to be tagged, and an answer that is yet to be delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass

from newstagger.contracts import Json
from newstagger.domain import Article
from newstagger.formats.article_json import article_from_json, article_to_json


@dataclass(frozen=True, slots=True)
class Later:
    """A save that was accepted: the article, and the CMS's own hash of it, which goes back with the answer."""

    article: Article
    content_hash: str = ""

    def packed(self) -> bytes:
        """Return it as a job of the kind ``tag`` carries it."""
        return _bytes({"article": article_to_json(self.article), "content_hash": self.content_hash})

    @classmethod
    def unpacked(cls, payload: bytes) -> Later:
        """Return what ``packed`` packed; raise InputError, ValueError or KeyError for anything else."""
        table = json.loads(payload)
        article = article_from_json(table["article"], site="", where="job")
        return cls(article, table["content_hash"])

    def answer(self, text_hash: str) -> bytes:
        """Return what a job of the kind ``deliver`` carries: what the CMS told of its article, so that it knows it again.

        ``text_hash`` is that of the tagging: later answers may be to another text.
        """
        return _bytes({"revision": self.article.revision, "content_hash": self.content_hash, "text_hash": text_hash})


def _bytes(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
