"""Which 32 bytes may stand as an X25519 public key (R1.05, R2.01, R5.58)."""

P = 2**255 - 19
# The two u of order 8: doubled they give u = 1, that gives u = 0, and that the point at infinity.
_ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
_SMALL = frozenset((0, 1, P - 1, *_ORDER_8))


def sealable(key):
    """Canonical, and of an order that does not divide 8."""
    u = int.from_bytes(key, "little")
    return u < P and u not in _SMALL


__all__ = ["sealable"]
