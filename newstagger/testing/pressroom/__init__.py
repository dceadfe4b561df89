"""Pressroom: a small made-up CMS in memory with the traps of real ones, to write and try an adapter against.

Drafts stand beside the live table; autosave overwrites the draft; several forms may be open at once, and each posts its whole tag
field back; a hook runs after every commit, again when an extension saves through the front door, and sometimes twice or late; a
story that is merely scheduled is announced as ``published`` too; what an extension's panel renders goes into the page as it is.
Nothing here knows newstagger.
"""

from newstagger.testing.pressroom.cms import EditForm, Pressroom
from newstagger.testing.pressroom.values import LONGEST_LABEL, Extension, Overtaken, Panel, Post, Saved, Term, Version

__all__ = ["LONGEST_LABEL", "EditForm", "Extension", "Overtaken", "Panel", "Post", "Pressroom", "Saved", "Term", "Version"]
