"""newstagger in Wagtail: pages are tagged when they are saved, a panel beside the form shows what and why, editors keep the last word.

Put ``newstagger_django`` and ``newstagger_wagtail`` into INSTALLED_APPS, in this order and before ``wagtail.admin``, and name the
page types in ``settings.NEWSTAGGER["MODELS"]``. Importing this package needs no configured Django.
"""
