"""Actor or source: agencies, media and monitors report a story; everybody else acts in it, quoted or not.

A verb of reporting never demotes an actor: it marked one armed group in seven as a source when it was tried.
"""

from __future__ import annotations

from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.domain import Role


def role_of(gazetteer: ActorGazetteer, row: int) -> Role:
    """Return the part that the actor in this row plays in a story."""
    return gazetteer.role(row)
