"""Signatures of webhooks: Standard Webhooks (https://www.standardwebhooks.com, HMAC-SHA256, ``v1``) and Ghost's.

Pure: times are handed in, nothing is remembered (``admission`` tells a replay by its ``receipt``). Comparisons take the same time
wherever they fail.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from newstagger.errors import ConfigError

PREFIX = "whsec_"
WINDOW_SECONDS = 300
"""How old, or how far ahead, the time of a signed delivery may be."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
GHOST = "x-ghost-signature"
DELIVERIES = frozenset({"/v1/tag", "/v1/batch", "/v1/decisions", "/v1/wire", "/v1/hooks/{form}"})
"""Routes that a signature opens, by POST. It covers neither method nor path: elsewhere a delivery could be turned into another request."""


def key_of(secret: str, where: str) -> bytes:
    """Return the key in a secret of Standard Webhooks (base64, with or without ``whsec_``); raise ConfigError, never quoting it."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ConfigError("a secret is no base64", where=where, next_step="write whsec_ and the base64 of 24 to 64 random bytes")
    return key


def signature_of(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of one delivery under one key, as the header holds it: ``v1,`` and base64."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def signed(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery, signed with every key that holds at the moment."""
    signatures = " ".join(signature_of(key, message_id, str(timestamp), body) for key in keys)
    return {ID: message_id, TIMESTAMP: str(timestamp), SIGNATURE: signatures}


def verified(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether the delivery has an id and one of its signatures is by one of the keys; the time is not looked at."""
    told = [one.encode() for one in headers.get(SIGNATURE, "").split()[:16]]
    message_id = headers.get(ID, "")
    own = [signature_of(key, message_id, headers.get(TIMESTAMP, ""), body).encode() for key in keys]
    return message_id != "" and any(hmac.compare_digest(one, other) for one in own for other in told)


def ghost_verified(secrets: Sequence[bytes], header: str, body: bytes) -> bool:
    """Tell whether ``sha256=HEX, t=MILLISECONDS`` is Ghost's signature (of body and time) by one of the secrets."""
    told, moment = _ghost_parts(header)
    own = [hmac.new(secret, body + moment.encode(), hashlib.sha256).hexdigest().encode() for secret in secrets]
    return any(hmac.compare_digest(one, told.encode()) for one in own)


def receipt(headers: Mapping[str, str], body: bytes) -> str:
    """Return what a verified delivery is known by when it comes again: the digest of just the bytes that its signature covers.

    Whatever else is changed, such as a second signature put beside or taken away, or the spacing of a header, it stays the same.
    """
    digest = hashlib.sha256()
    if SIGNATURE in headers:
        digest.update(f"{headers.get(ID, '')}.{headers.get(TIMESTAMP, '')}.".encode())
        digest.update(body)
        return f"standard\n{digest.hexdigest()}"
    digest.update(body)
    digest.update(_ghost_parts(headers.get(GHOST, ""))[1].encode())
    return f"ghost\n{digest.hexdigest()}"


def moment_of(headers: Mapping[str, str]) -> float | None:
    """Return when a delivery was signed, in seconds since 1970, as its headers say; None when they do not."""
    told, per_second = (headers.get(TIMESTAMP, ""), 1) if SIGNATURE in headers else (_ghost_parts(headers.get(GHOST, ""))[1], 1000)
    return int(told) / per_second if told.isascii() and told.isdigit() and len(told) < 19 else None


def _ghost_parts(header: str) -> tuple[str, str]:
    parts = dict(part.strip().partition("=")[::2] for part in header[:500].split(","))
    return parts.get("sha256", ""), parts.get("t", "")
