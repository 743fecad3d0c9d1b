"""What a reader believes beforehand: the trust file and an election hash (chapter 08 §2)."""

import json
import re

from . import ristretto as rs

MEMBERS = {"authority", "network", "validators", "minimum_booth", "practice"}


def digits(text, size):
    """The bytes of lower-case hexadecimal of exactly this many bytes, or None."""
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{%d}" % (2 * size), text):
        return None
    return bytes.fromhex(text)


def _once(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def parse(text):
    """The members of a trust file; ValueError when it is not one."""
    trust = json.loads(text, object_pairs_hook=_once)
    if not isinstance(trust, dict) or set(trust) != MEMBERS:
        raise ValueError(f"not exactly {', '.join(sorted(MEMBERS))}")
    point = rs.decode(digits(trust["authority"], 32) or b"")
    if point is None or rs.is_identity(point):
        raise ValueError("authority is not a public key")
    if digits(trust["network"], 32) is None:
        raise ValueError("network is not 32 bytes in hexadecimal")
    keys = trust["validators"]
    if not isinstance(keys, list) or not keys or any(digits(k, 32) is None for k in keys):
        raise ValueError("validators are not keys of 32 bytes in hexadecimal")
    if len(set(keys)) != len(keys):
        raise ValueError("a validator twice")
    version = trust["minimum_booth"]
    if (not isinstance(version, str) or not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version)
            or any(int(part) >= 2**32 for part in version.split("."))):
        raise ValueError("minimum_booth is not a version")
    if not isinstance(trust["practice"], bool):
        raise ValueError("practice is not true or false")
    return trust
