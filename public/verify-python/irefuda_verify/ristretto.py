"""ristretto255 (RFC 9496) on Python integers, and the Edwards curve below it.

A point is a tuple (X, Y, Z, T) in extended coordinates on
-x² + y² = 1 + d·x²·y² over GF(2²⁵⁵ − 19).  Only public data passes through
this module, so nothing here is constant-time.
"""

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
D2 = 2 * D % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

IDENTITY = (0, 1, 1, 0)


def _sqrt_ratio(u, v):
    """(was_square, r) with r = √(u/v) or √(SQRT_M1·u/v), never negative."""
    v3 = v * v % P * v % P
    v7 = v3 * v3 % P * v % P
    r = u * v3 % P * pow(u * v7 % P, (P - 5) // 8, P) % P
    check = v * r % P * r % P
    u = u % P
    neg_u = (P - u) % P
    correct = check == u
    flipped = check == neg_u
    flipped_i = check == neg_u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    if r & 1:
        r = P - r
    return correct or flipped, r


_, INVSQRT_A_MINUS_D = _sqrt_ratio(1, (-1 - D) % P)
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) * (D - 1) % P
assert SQRT_AD_MINUS_ONE * SQRT_AD_MINUS_ONE % P == (-D - 1) % P


def add(p, q):
    """p + q (complete formulas of Hisil et al. for a = −1)."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = t1 * D2 % P * t2 % P
    d = 2 * z1 * z2 % P
    e = b - a
    f = d - c
    g = d + c
    h = b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def double(p):
    """2·p."""
    x, y, z, _ = p
    a = x * x % P
    b = y * y % P
    c = 2 * z * z
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def neg(p):
    """−p."""
    return (-p[0] % P, p[1], p[2], -p[3] % P)


def sub(p, q):
    """p − q."""
    return add(p, neg(q))


def equal(p, q):
    """Equality of ristretto255 elements."""
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def is_identity(p):
    """Whether p is in the coset of the identity."""
    return p[0] % P == 0 or p[1] % P == 0


def decode(data):
    """The element of 32 canonical bytes, or None."""
    if len(data) != 32:
        return None
    s = int.from_bytes(data, "little")
    if s >= P or s & 1:
        return None
    ss = s * s % P
    u1 = (1 - ss) % P
    u2 = (1 + ss) % P
    u2_sqr = u2 * u2 % P
    v = (-(D * u1 % P * u1) - u2_sqr) % P
    was_square, inv = _sqrt_ratio(1, v * u2_sqr % P)
    den_x = inv * u2 % P
    den_y = inv * den_x % P * v % P
    x = 2 * s * den_x % P
    if x & 1:
        x = P - x
    y = u1 * den_y % P
    t = x * y % P
    if not was_square or t & 1 or y == 0:
        return None
    return (x, y, 1, t)


def encode(p):
    """The 32 canonical bytes of an element."""
    x0, y0, z0, t0 = p
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    _, inv = _sqrt_ratio(1, u1 * u2 % P * u2 % P)
    den1 = inv * u1 % P
    den2 = inv * u2 % P
    z_inv = den1 * den2 % P * t0 % P
    if t0 * z_inv % P & 1:
        x, y = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P
        den_inv = den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den_inv = x0, y0, den2
    if x * z_inv % P & 1:
        y = -y
    s = den_inv * (z0 - y) % P
    if s & 1:
        s = P - s
    return s.to_bytes(32, "little")


def _elligator(t):
    r = SQRT_M1 * t % P * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = _sqrt_ratio(u, v)
    if was_square:
        c = P - 1
    else:
        s = s * t % P
        if s & 1 == 0:
            s = -s % P
        c = r
    n = (c * (r - 1) % P * D_MINUS_ONE_SQ - v) % P
    w0 = 2 * s * v % P
    w1 = n * SQRT_AD_MINUS_ONE % P
    ss = s * s % P
    w2 = (1 - ss) % P
    w3 = (1 + ss) % P
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def from_uniform(data):
    """The one-way map of RFC 9496 §4.3.4 on 64 bytes."""
    mask = (1 << 255) - 1
    halves = (int.from_bytes(data[:32], "little"), int.from_bytes(data[32:64], "little"))
    return add(*(_elligator((h & mask) % P) for h in halves))


def mul(k, p):
    """k·p."""
    return msm(((k, p),))


def _straus(pairs):
    tables = []
    for k, p in pairs:
        row = [IDENTITY, p]
        for _ in range(14):
            row.append(add(row[-1], p))
        tables.append((k, row))
    acc = IDENTITY
    bits = max(k.bit_length() for k, _ in pairs)
    for shift in range((bits + 3) // 4 * 4 - 4, -1, -4):
        acc = double(double(double(double(acc))))
        for k, row in tables:
            digit = (k >> shift) & 15
            if digit:
                acc = add(acc, row[digit])
    return acc


def _pippenger(pairs):
    count = len(pairs)
    width = 6 if count < 200 else 8 if count < 1500 else 10
    mask = (1 << width) - 1
    bits = max(k.bit_length() for k, _ in pairs)
    acc = IDENTITY
    for shift in range((bits + width - 1) // width * width - width, -1, -width):
        for _ in range(width):
            acc = double(acc)
        buckets = [None] * (mask + 1)
        for k, p in pairs:
            digit = (k >> shift) & mask
            if digit:
                old = buckets[digit]
                buckets[digit] = p if old is None else add(old, p)
        running = total = IDENTITY
        for digit in range(mask, 0, -1):
            if buckets[digit] is not None:
                running = add(running, buckets[digit])
            total = add(total, running)
        acc = add(acc, total)
    return acc


def msm(pairs):
    """Σ k·p over (k, p); scalars are reduced mod the group order."""
    pairs = [(k % ORDER, p) for k, p in pairs]
    pairs = [(k, p) for k, p in pairs if k]
    if not pairs:
        return IDENTITY
    return _straus(pairs) if len(pairs) < 60 else _pippenger(pairs)


def _basepoint():
    y = 4 * pow(5, P - 2, P) % P
    _, x = _sqrt_ratio(y * y - 1, (D * y % P * y + 1) % P)
    return (x, y, 1, x * y % P)


BASE = _basepoint()
_BASE_ROWS = []


def mul_base(k):
    """k·G by a table of 4-bit windows."""
    if not _BASE_ROWS:
        p = BASE
        for _ in range(64):
            row = [IDENTITY]
            for _ in range(15):
                row.append(add(row[-1], p))
            _BASE_ROWS.append(row)
            p = add(row[15], p)
    k %= ORDER
    acc = IDENTITY
    for row in _BASE_ROWS:
        if k & 15:
            acc = add(acc, row[k & 15])
        k >>= 4
    return acc
