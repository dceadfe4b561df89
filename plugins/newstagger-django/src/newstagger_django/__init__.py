"""newstagger in a Django site: any article model is tagged when it is saved, and the site's own database keeps what editors decide.

Put ``newstagger_django`` into INSTALLED_APPS and say in ``settings.NEWSTAGGER`` which models are articles (see ``conf``). Another
adapter on Django builds on ``bindings`` (how a model is read and written), ``saving`` (a save, after its commit), ``forms`` (what
an editor answered in a form) and ``panel`` (what a form shows). Importing this package needs no configured Django.
"""
