"""Signatures, points and proofs already judged are not judged again: records here differ little."""

import functools
from unittest import mock

from irefuda_verify import ballot, board, ceremony, ed25519, manifest, promise, proofs, ristretto
from irefuda_verify import own_card, sound, token


def patches():
    """What has to be started."""
    schnorr = functools.lru_cache(None)(proofs.schnorr_ok)
    out = [mock.patch.object(m, "schnorr_ok", schnorr)
           for m in (ballot, board, ceremony, manifest, promise)]
    for module, name in ((ristretto, "decode"), (ed25519, "verify"), (token, "pss_ok"),
                         (own_card, "signed"), (own_card, "total"),
                         (sound, "hidden")):
        cached = functools.lru_cache(None)(getattr(module, name))
        out.append(mock.patch.object(module, name, cached))
    out.append(mock.patch.object(ballot, "batch_holds", _batches(ballot.batch_holds)))
    return out


def start():
    """Remember for the rest of the program."""
    for patch in patches():
        patch.start()


def _batches(batch_holds):
    """The batch check, without contests that held before (same points, numbers, challenges)."""
    good = set()

    def key(p):
        return (p.joint, tuple(p.halves), p.x, p.y, p.phi, p.z, tuple(p.f))

    def check(waiting):
        fresh = [p for p in waiting if key(p) not in good]
        if fresh and not batch_holds(fresh):
            return False
        good.update(map(key, fresh))
        return True
    return check


__all__ = ["patches", "start"]
