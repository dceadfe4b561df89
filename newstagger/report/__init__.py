"""The page that a taxonomist reads after ``evaluate``: what is right and wrong label by label, and why, in one HTML file.

``Notes`` watches the answers as they are measured, ``gather`` turns them into figures, ``page`` writes them. Matplotlib and Jinja2
come with the extra ``report`` and are imported only when a page is written.
"""

from newstagger.report.about import about_bundle, about_recipe
from newstagger.report.notes import Notes
from newstagger.report.writing import expect_extra, write_report

__all__ = ["Notes", "about_bundle", "about_recipe", "expect_extra", "write_report"]
