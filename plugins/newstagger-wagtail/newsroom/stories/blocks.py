"""What the body of a story is made of."""

from __future__ import annotations

from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageChooserBlock


class QuoteBlock(blocks.StructBlock):  # type: ignore[misc]
    """Somebody's words, and whose they are."""

    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False)

    class Meta:
        """How the block looks in the editor."""

        icon = "openquote"


class PictureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture with its caption and whom it is credited to."""

    image = ImageChooserBlock(required=False)
    caption = blocks.CharBlock(required=False)
    credit = blocks.CharBlock(required=False)

    class Meta:
        """How the block looks in the editor."""

        icon = "image"


class BodyBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The body of a story, block by block."""

    heading = blocks.CharBlock(icon="title")
    paragraph = blocks.RichTextBlock(icon="pilcrow")
    quote = QuoteBlock()
    picture = PictureBlock()
    embed = EmbedBlock(icon="media")
