"""Check lines in the proofs of ballots, and openings (chapters 03 §1.1, §2, §6 and 05 §4.1)."""

from irefuda_verify import entry, ristretto as rs
from irefuda_verify.ballot import entry_hash

from .make import HOUR, START, Voter, box_of, text, texts
from .stories import CLOSING, STORIES, _check, _vote, add, at, story

# -- the proof ------------------------------------------------------------------------

FIRST, LAST = 0, 1

for _where, _name in ((FIRST, "the_number"), (LAST, "the_last_option")):
    for _rule, _tweak in (
            ("R3.06", "masked sum"), ("R3.06", "mask"), ("R3.06", "carry"),
            ("R3.04", "carry of two"), ("R3.04", "carry of minus one"),
            ("R3.04", "masks not hashed"), ("R3.04", "masks in one frame"),
            ("R3.04", "f of the last carry"), ("R3.02", "scalar of the last carry"),
            ("R3.04", "exchanged"), ("R3.19", "r of both masks"),
            ("R3.03", "first half of a mask"), ("R3.03", "second half of a mask"),
            ("R3.03", "identity in a mask"), ("R3.03", "first half of a masked sum"),
            ("R3.03", "second half of a masked sum"), ("R3.03", "identity in a masked sum"),
            ("R3.19", "r of the mask"), ("R3.19", "r of the masked sum")):
        _vote(_rule, f"{_tweak} in {_name}".replace(" ", "_"), tweak=_tweak, where=_where)
_vote("R3.04", "of_other_printed_numbers", tweak="printed numbers", where=FIRST)
_vote("R3.19", "r_of_a_mask_in_two_contests", tweak="mask r of the contest before")
_vote("R3.19", "r_of_a_masked_sum_in_two_contests", tweak="masked r of the contest before")
_check("R3.06", "masked_sum", tweak="masked sum")
_check("R3.19", "r_of_both_masks", tweak="r of both masks")


@story("R3.01")
def ballot_contests_exchanged():
    """Together as long as a ballot is."""
    s = at("opened")
    voter = Voter(s.world)
    data = voter.ballot({1}, {1}, commit=False)
    first, second = _contests(s.world, data)
    s.chain.block(voter.ballot(contests=[second, first]))
    return s.files()


def _contests(w, data):
    from irefuda_verify.ballot import decode
    return decode(data).contests


@story("R3.11")
def ballot_without_check_lines():
    """The form of an earlier version."""
    s = at("opened")
    voter = Voter(s.world)
    data = voter.ballot({1}, {1}, commit=False)
    short = []
    for contest, piece in zip(s.world.manifest.contests, _contests(s.world, data)):
        lines = 1 if contest.k_max == 1 else contest.n
        short.append(piece[:64 * contest.n] + piece[64 * contest.n + 128 * lines:])
    s.chain.block(voter.ballot(contests=short))
    return s.files()


# -- openings: the honest ones ----------------------------------------------------------

def _of(voter, side=0, tweak=None, **change):
    """An opening of the last ballot of a voter of the honest story."""
    return lambda s: s.world.opening(s.last[s.voters[voter].vk], side, tweak, **change)


def _first_of(s, voter):
    """The entry hash of the first ballot of a voter who voted twice."""
    return s.last[s.voters[voter].vk][102:166]


@story(None)
def honest_with_openings():
    """Both sides, a ballot that was replaced, and two that nobody opens."""
    s = at("voted")
    s.chain.block(_of(1)(s), _of(2, 1)(s))
    s.chain.block(s.world.opening(_first_of(s, 0), 1))
    s.chain.block(_of(0)(s))
    return s.run_out().with_evidence().ended().files()


@story(None)
def honest_opening_beside_the_next_ballot():
    s = at("voted")
    opening = _of(1)(s)
    s.chain.block(opening, s.voters[1].ballot({0}, {0}), s.voters[2].check({0}, {0}))
    s.last[s.voters[1].vk] = next(e for e in s.chain.entries[-1] if e[1] == entry.BALLOT)
    s.received, s.spoiled = s.received + 1, s.spoiled + 1
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    return s.run_out().with_evidence(again=(2, 2)).ended().files()


@story(None)
def honest_openings_in_the_drain_and_in_the_close_block():
    s = at("voted")
    c = s.chain
    c.block(at=CLOSING - 5000)
    c.block(_of(1)(s), at=CLOSING + 20_000)
    c.block(_of(2)(s), at=CLOSING + 40_000)
    s.box = box_of(s.world, s.last, c.head)
    c.block(_of(3, 1)(s))
    return s.with_evidence().ended().files()


@story(None)
def honest_openings_while_halted_and_while_the_officers_drain():
    s = at("voted")
    c = s.chain
    c.block(at=CLOSING - 1000)
    c.block(_of(1)(s), at=CLOSING + 60_000)
    c.block(_of(2)(s))
    c.block(s.world.act(entry.DRAIN), _of(3)(s))
    c.block(_of(4, 1)(s))
    c.block(_of(0)(s), at=c.time + 30_000)
    s.box = box_of(s.world, s.last, c.head)
    return s.with_evidence().ended().files()


@story(None)
def honest_ballot_that_nobody_can_open():
    """Numbers above 99 pass the proof (chapter 03 §3.8)."""
    s = at("voted")
    s.cast(s.voters[1].ballot({0}, {0}, tweak="too great to be opened", where=FIRST))
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    return s.run_out().with_evidence(again=(2, 2)).ended().files()


@story("R3.20")
def opening_of_a_number_above_99_that_is_in_the_ballot():
    s = at("voted")
    s.cast(s.voters[1].ballot({0}, {0}, tweak="too great to be opened", where=FIRST))
    s.chain.block(_of(1)(s))
    return s.files()


# -- openings: their form ------------------------------------------------------------------

def _row(line, value=0, r=0):
    """A tweak: another number or another randomness in one line."""
    def tweak(rows):
        rows[line][0] ^= value
        rows[line][1] += r
    return tweak


def _number(line, value):
    """A tweak: this number in one line."""
    return lambda rows: rows[line].__setitem__(0, value)


def _swapped(rows):
    rows[1], rows[2] = rows[2], rows[1]


def _wide(k):
    """A scalar in its other encoding."""
    return (k % rs.ORDER + rs.ORDER).to_bytes(32, "little")


def refused(rule, name, make, stage="voted", **block):
    """An opening with one fault."""
    add(rule, "opening_" + name, stage, make, **block)


refused("R5.01", "of_version_1", lambda s: b"\x01" + _of(1)(s)[1:])
refused("R5.01", "that_ends_in_the_elections_name", lambda s: _of(1)(s)[:65])
refused("R5.02", "too_long", lambda s: _of(1)(s) + bytes(256 * 1024))
refused("R5.03", "of_another_election", _of(1, name=bytes(64)))
refused("R5.03", "of_another_election_and_not_canonical", _of(1, 2, name=bytes(64)))
refused("R3.20", "that_ends_behind_the_elections_name", lambda s: _of(1)(s)[:66])
refused("R3.20", "of_a_third_side", _of(1, 2))
refused("R3.20", "with_a_byte_more", lambda s: _of(1)(s) + b"\0")
refused("R3.20", "with_a_byte_less", lambda s: _of(1)(s)[:-1])
refused("R3.20", "with_a_scalar_of_the_order", _of(1, scalar=_wide))
refused("R3.20", "without_a_line", _of(1, tweak=lambda rows: rows.pop()))
refused("R3.20", "without_any_line", _of(1, tweak=lambda rows: rows.clear()))
refused("R3.20", "with_a_line_more", _of(1, tweak=lambda rows: rows.append(rows[-1])))
refused("R3.20", "with_1601_lines", _of(1, tweak=lambda rows: rows.extend(rows[:1] * 1597)))
refused("R3.20", "of_a_hundred", _of(1, tweak=_number(0, 100)))
refused("R3.20", "of_a_two_among_bits", _of(1, tweak=_number(3, 2)))
refused("R3.20", "of_another_form_in_a_wrong_phase", _of(1, 2), "finished")
refused("R3.20", "of_another_form_of_nothing", _of(1, 2, of=bytes(64)))


# -- openings: of which ballot, and when --------------------------------------------------

refused("R5.51", "of_nothing", _of(1, of=bytes(64)))
refused("R5.51", "of_nothing_and_of_other_numbers", _of(1, tweak=_row(1, 1), of=bytes(64)))
refused("R5.51", "of_a_ballot_that_was_not_cast",
        lambda s: s.world.opening(s.voters[1].ballot({2}, {2}, commit=False)))
refused("R5.51", "of_a_setup", lambda s: _of(1, of=entry_hash(s.world.setup_entry))(s))


@story("R5.51")
def opening_of_a_check_ballot():
    s = at("voted")
    check = s.voters[1].check({1}, {1})
    s.chain.block(check)
    s.chain.block(s.world.opening(check[-128:-64]))
    return s.files()


@story("R5.51")
def opening_of_a_check_ballots_own_hash():
    s = at("voted")
    check = s.voters[1].check({1}, {1})
    s.chain.block(check)
    s.chain.block(s.world.opening(check[-128:-64], of=entry_hash(check)))
    return s.files()


def _beside(behind, tweak=None):
    """An opening in the block of its ballot, which stands before it or behind it."""
    s = at("opened")
    while True:
        ballot = Voter(s.world).ballot({1}, {1})
        opening = s.world.opening(ballot, tweak=tweak)
        if (entry_hash(ballot) < entry_hash(opening)) == behind:
            s.chain.block(ballot, opening)
            return s.files()


STORIES["opening_behind_its_ballot_in_a_block"] = ("R5.51", lambda: _beside(True))
STORIES["opening_before_its_ballot_in_a_block"] = ("R5.51", lambda: _beside(False))
STORIES["opening_of_other_numbers_beside_its_ballot"] = (
    "R5.51", lambda: _beside(True, _row(1, 1)))


@story("R5.51")
def opening_of_a_ballot_of_another_election():
    """Both are open on one board; the entry names the second one and a ballot of the first."""
    s = at("voted")
    ballot, first = s.last[s.voters[1].vk], s.world
    s.world = s.chain.world = first.following()
    time, s.chain.time = s.chain.time, s.chain.time + 1000
    s.sealed().chain.block(s.open_entry())
    assert s.chain.time > time
    s.chain.block(s.world.opening(ballot))
    return s.files()


def _twice(first, *then):
    """Openings of one ballot in blocks one after the other."""
    def run():
        s = at("voted")
        for make in (first, *then):
            s.chain.block(make(s))
        return s.files()
    return run


STORIES["opening_again"] = ("R5.04", _twice(_of(1), _of(1)))
STORIES["opening_of_the_other_side"] = ("R5.52", _twice(_of(1), _of(1, 1)))
STORIES["opening_of_the_first_side_after_the_second"] = ("R5.52", _twice(_of(1, 1), _of(1)))
STORIES["opening_of_other_numbers_after_one"] = ("R5.52", _twice(_of(1), _of(1, 0, _row(1, 1))))
STORIES["opening_again_after_another_one"] = ("R5.04", _twice(_of(1), _of(2), _of(1)))
add("R5.52", "openings_of_both_sides_in_a_block", "voted", _of(1), _of(1, 1))


@story("R5.52")
def opening_of_the_other_side_of_a_replaced_ballot():
    s = at("voted")
    s.chain.block(s.world.opening(_first_of(s, 0)))
    s.chain.block(s.world.opening(_first_of(s, 0), 1))
    return s.files()


@story("R6.05")
def opening_twice_in_a_block():
    s = at("voted")
    s.chain.block(_of(1)(s), _of(1)(s))
    return s.files()


@story("R6.05")
def openings_out_of_order():
    s = at("voted")
    entries = sorted((_of(1)(s), _of(2)(s)), key=entry_hash)
    s.chain.block(*reversed(entries), sort=False)
    return s.files()


def _mixed(behind):
    """A ballot and an opening in the wrong order."""
    s = at("voted")
    opening = _of(1)(s)
    while True:
        ballot = Voter(s.world).ballot({1}, {1})
        if (entry_hash(ballot) < entry_hash(opening)) == behind:
            s.chain.block(*((opening, ballot) if behind else (ballot, opening)), sort=False)
            return s.files()


STORIES["opening_before_a_ballot_of_a_lower_hash"] = ("R6.05", lambda: _mixed(True))
STORIES["opening_behind_a_ballot_of_a_higher_hash"] = ("R6.05", lambda: _mixed(False))


@story("R6.05")
def act_after_opening():
    s = at("voted")
    s.chain.block(_of(1)(s), s.world.act(entry.NOTICE, text("n") + texts("x")), sort=False)
    return s.files()


refused("R3.21", "of_another_number", _of(1, tweak=_row(0, 1)))
refused("R3.21", "of_another_bit_in_the_last_line", _of(1, 1, _row(-1, 1)))
refused("R3.21", "of_another_r", _of(1, tweak=_row(2, r=1)))
refused("R3.21", "of_another_number_and_r", _of(1, 1, _row(2, 1, 1)))
refused("R3.21", "of_lines_exchanged", _of(1, tweak=_swapped))
refused("R3.21", "of_the_masks_as_masked_sums",
        lambda s: (lambda data: data[:130] + b"\x01" + data[131:])(_of(1)(s)))
refused("R3.21", "of_another_ballot",
        lambda s: _of(1, of=entry_hash(s.last[s.voters[2].vk]))(s))


@story("R3.21")
def opening_of_the_ballot_that_was_replaced_with_the_numbers_of_the_next():
    s = at("voted")
    s.chain.block(_of(0, of=_first_of(s, 0))(s))
    return s.files()


refused("R5.05", "before_voting",
        lambda s: s.world.opening(Voter(s.world).ballot({1}, {1})), "sealed")
refused("R5.03", "before_the_seal",
        lambda s: s.world.opening(Voter(s.world).ballot({1}, {1})), "prepare")
for _stage in ("announced", "finished"):
    refused("R5.05", "when_" + _stage, _of(1), _stage)
refused("R5.05", "of_nothing_when_finished", _of(1, of=bytes(64)), "finished")


@story("R5.03")
def opening_in_the_block_of_the_seal():
    s = at("prepare")
    s.chain.block(b"\x02\x0c" + s.world.manifest_bin,
                  s.world.opening(Voter(s.world).ballot({1}, {1})))
    return s.files()


@story("R5.05")
def opening_after_the_first_of_two_commitments():
    s = at("closed").committed(ids=(1,))
    s.chain.block(_of(1)(s))
    return s.files()


@story("R5.05")
def opening_beside_the_first_commitment():
    s = at("closed")
    s.chain.block(s.world.share_commit(1, s.box, s.world.partial(1, s.box)), _of(1)(s))
    return s.files()


@story("R5.05")
def opening_of_other_numbers_of_an_opened_ballot_when_committed():
    s = at("voted")
    s.chain.block(_of(1)(s))
    s.run_out().with_evidence().committed()
    s.chain.block(_of(1, 0, _row(1, 1))(s))
    return s.files()


@story("R5.48")
def result_that_leaves_out_a_ballot_that_was_never_opened():
    s = at("voted")
    for voter in (0, 2, 3, 4):
        s.chain.block(_of(voter)(s))
    s.run_out().with_evidence().committed()
    s.chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.chain.block(*(s.world.share(i, s.partials[i]) for i in (1, 2)))
    s.chain.block(s.result_entry(counted=4))
    return s.files()


@story("R5.20")
def ballot_beside_an_opening_while_halted():
    s = at("voted")
    s.chain.block(at=CLOSING - 1000)
    s.chain.block(_of(1)(s), Voter(s.world).ballot({1}, {1}), at=CLOSING + 60_000)
    return s.files()


# -- randomness used again ---------------------------------------------------------------

def again(rule, name, kind, other_kind, place, source=(1, 0), opened=False):
    """The randomness of a first ballot's check line in the second ballot of another voter."""
    def run():
        s = at("opened")
        w = s.world
        first = getattr(Voter(w), kind)({1}, {1})
        s.chain.block(first)
        contest, side = source
        r = w.lines[contest][0][2][side]
        if opened:
            s.chain.block(w.opening(first))
        if len(place) == 1:
            w.fixed = {place[0]: r}
        else:
            w.fixed_masks = {place: r}
        s.chain.block(getattr(Voter(w), other_kind)({1}, {1}))
        return s.files()
    STORIES["randomness_of_" + name] = (rule, run)


again("R5.25", "a_cast_mask_in_an_option", "ballot", "ballot", (0,))
again("R5.25", "a_cast_masked_sum_in_an_option", "ballot", "ballot", (0,), (0, 1))
again("R5.25", "a_cast_mask_in_a_mask", "ballot", "ballot", (1, 2, 0))
again("R5.25", "a_cast_mask_in_a_masked_sum_of_another_contest", "ballot", "ballot", (0, 0, 1))
again("R5.25", "an_opened_mask_in_an_option", "ballot", "ballot", (0,), opened=True)
again("R5.26", "a_checked_mask_in_an_option", "check", "ballot", (0,))
again("R5.26", "a_checked_masked_sum_in_a_mask", "check", "ballot", (1, 0, 0), (1, 1))
again("R5.27", "a_cast_mask_in_a_checked_option", "ballot", "check", (0,))
again("R5.27", "an_opened_mask_in_a_checked_mask", "ballot", "check", (1, 1, 1), opened=True)
again("R5.04", "a_checked_mask_in_a_checked_mask", "check", "check", (1, 2, 1))


__all__ = ["again", "refused"]
