"""The HTTP service: what a CMS that is not written in Python calls when an article is saved. ``newstagger serve`` runs it.

The straight line of a request:

    gate (so many at a time) -> admission: whose is it? (access), the body within its limits (bodies), sound JSON, not seen before
    -> the article in it (reading) -> Desk.save (desk): after earlier saves of the article (lanes, turns), in a thread of the pool,
    Host.article_saved -> in time: 200 with the tagging -> else: the job is durable, 202, the work goes on (desk, runner), the answer
    is posted (delivery)

``app.create_app`` puts it together; what every request shares is one ``Service`` (``parts``). A module of routes holds handlers
and nothing that outlives a request. Whatever is refused is one RFC 9457 problem (problems), told without a word of the article.
"""
