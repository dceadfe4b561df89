"""The HTTP service: what a CMS that is not written in Python calls when an article is saved. ``newstagger serve`` runs it.

The straight line of a request:

    body read, within its limits (bodies) -> whose is it? (access) -> parsed (reading) -> Desk.save (desk): the article's turn (turns),
    a thread of the pool, Host.article_saved -> in time: 200 with the tagging -> else: the job is durable, 202, the work goes on
    (runner), the answer is posted (delivery)

``app.create_app`` puts it together; what every request shares is one ``Service`` (``newsrooms``). A module of routes holds handlers
and nothing that outlives a request. Whatever is refused is one RFC 9457 problem (problems), told without a word of the article.
"""
