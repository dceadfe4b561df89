"""Built-in detector of wire copy: the newsroom's own index of agency stories."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import ReuseDetector
from newstagger.hookspecs import hookimpl
from newstagger.settings import Settings


@hookimpl(trylast=True)
def register_reuse_detectors(settings: Settings) -> Sequence[ReuseDetector]:
    """Return the detector that looks into the newsroom's wire index."""
    from newstagger.wire.detector import WireReuseDetector

    return (WireReuseDetector(settings.state_file, settings.wire),)
