"""Embeds without a network: the address itself stands where a video would play."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from wagtail.embeds.finders.base import EmbedFinder


class Nowhere(EmbedFinder):  # type: ignore[misc]
    """Answer for every address with a link to it, and ask nobody."""

    def accept(self, url: str) -> bool:
        """Take every address."""
        return True

    def find_embed(self, url: str, max_width: int | None = None, max_height: int | None = None) -> dict[str, Any]:
        """Return a link in the shape that Wagtail expects of an embed."""
        link = format_html('<a href="{}">{}</a>', url, url)
        size = {"width": None, "height": None}
        return {"title": url, "author_name": "", "provider_name": "", "type": "rich", "html": link, "thumbnail_url": "", **size}
