"""A front page with stories and live notes below it.

Stories are tagged in the careful way: the panel suggests, a person's click and save put a tag on. Live notes are tagged in *apply* mode.
"""

from __future__ import annotations

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from newsroom.stories.blocks import BodyBlock


class FrontPage(Page):  # type: ignore[misc]
    """The newsroom's front page."""

    max_count = 4
    subpage_types = ("stories.StoryPage", "stories.NotePage")


class StoryTag(TaggedItemBase):  # type: ignore[misc]
    """One tag on one story."""

    content_object = ParentalKey("stories.StoryPage", on_delete=models.CASCADE, related_name="tagged_items")


class StoryPage(Page):  # type: ignore[misc]
    """A story: tags are suggested beside it."""

    intro = RichTextField(blank=True)
    body = StreamField(BodyBlock(), blank=True)
    byline = models.CharField(max_length=255, blank=True)
    credit = models.CharField(max_length=255, blank=True)
    killed = models.BooleanField(default=False, help_text="Withdrawn: it carries no tags and is not to be used.")
    tags = ClusterTaggableManager(through=StoryTag, blank=True)

    parent_page_types = ("stories.FrontPage",)
    subpage_types = ()
    content_panels = (
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("byline"), FieldPanel("credit"), FieldPanel("killed")], heading="Origin"),
        FieldPanel("tags"),
    )


class NoteTag(TaggedItemBase):  # type: ignore[misc]
    """One tag on one live note."""

    content_object = ParentalKey("stories.NotePage", on_delete=models.CASCADE, related_name="tagged_items")


class NotePage(Page):  # type: ignore[misc]
    """A short note of a live desk, where nobody has time to tag: sure tags are put on by the save itself."""

    text = RichTextField(blank=True)
    tags = ClusterTaggableManager(through=NoteTag, blank=True)

    parent_page_types = ("stories.FrontPage",)
    subpage_types = ()
    content_panels = (*Page.content_panels, FieldPanel("text"), FieldPanel("tags"))
