"""One honest election, and many ways to spoil it: name, expected rule, record files.

Where a story is judged with a trust file, it stands under the same name in TRUST; where findings
are expected, as (rule, registrar) in FINDINGS.

Every forgery re-signs whatever its forger could re-sign (all keys are known
here), so that exactly the named rule is left to object.
"""

import copy

from irefuda_verify import entry, evidence, ristretto as rs, token, views
from irefuda_verify.ballot import entry_hash
from irefuda_verify.verify import Verifier

from .make import (HOUR, START, Chain, Voter, World, blob, box_of, channel, items, modulus, place,
                   salts, text, texts, u16, u32, u64, u8)

OPENING, CLOSING = START + HOUR, START + 4 * HOUR
CLOSE_DAY = evidence.close_day(CLOSING)


class Story:
    """The honest election step by step; a forgery replaces or adds a step."""

    def __init__(self, seed=1):
        self.world = _world(seed)
        self.chain = Chain(self.world)
        self.last = {}
        self.received = self.spoiled = 0

    def prepare(self):
        """Up to the seal."""
        w, c = self.world, self.chain
        c.block(w.setup_entry)
        for messages in w.rounds:
            c.block(*messages)
        return self

    def sealed(self):
        """With the seal."""
        self.prepare().chain.block(b"\x02\x0c" + self.world.manifest_bin)
        return self

    def open_entry(self, **change):
        """An Open entry on the present head."""
        c = self.chain
        height = change.pop("height", len(c.headers) - 1)
        body = u64(change.pop("count", 0)) + u64(height) + change.pop("head", c.head)
        return self.world.act(entry.OPEN, body, **change)

    def opened(self):
        """With the opening and time at the first window."""
        self.sealed().chain.block(self.open_entry())
        self.chain.block(at=OPENING)
        return self

    def voted(self):
        """Five voters; one votes twice, one checks twice."""
        self._vote([({0}, {0, 1}), ({1}, set()), ({1}, {2}), ({4}, {0}), ({2}, {1, 2})])
        self.votes = [[0, 2, 1, 1, 1], [2, 1, 2]]
        return self

    def voted_clearly(self):
        """The same, with margins of 3 and 5."""
        self._vote([({0}, {0, 1})] + 4 * [({1}, {0})])
        self.votes = [[0, 4, 0, 1, 0], [5, 0, 0]]
        return self

    def _vote(self, picks):
        self.opened()
        w, c = self.world, self.chain
        self.voters = [Voter(w) for _ in range(5)]
        for voter, pick in zip(self.voters, picks):
            voter.pick = pick
        self.cast(*(v.ballot(*v.pick) for v in self.voters[:3]))
        self.cast(self.voters[0].ballot({3}, {0}), self.voters[3].ballot(*picks[3]),
                  self.voters[4].check({0}, {0}))
        c.block(self.voters[4].check({1}, {0}))
        self.spoiled += 1
        self.cast(self.voters[4].ballot(*picks[4]))

    def cast(self, *entries, **more):
        """A block of ballots and check ballots."""
        self.chain.block(*entries, **more)
        for data in entries:
            if data[1] == 15:
                self.last[data[66:98]] = data
                self.received += 1
            else:
                self.spoiled += 1

    def with_evidence(self, first=(5, 5), again=(1, 1), **block):
        """The reports of the close day, in one block."""
        self.issued = list(first)
        self.chain.block(*(self.world.evidence(r, CLOSE_DAY, [(1, f, a), (3, 0, 0)])
                           for r, (f, a) in enumerate(zip(first, again))), **block)
        return self

    def shut(self):
        """Ticks to the close block."""
        return self.voted().run_out()

    def closed(self):
        """With the reports."""
        return self.shut().with_evidence()

    def run_out(self, at=CLOSING):
        """Time passes the close and the drain."""
        self.chain.block(at=at - 5000)
        self.chain.block(at=at + 20_000)
        self.chain.block(at=at + 40_000)
        self.box = box_of(self.world, self.last, self.chain.head)
        return self

    def committed(self, ids=(1, 2, 3), tweak=None):
        """Share commitments."""
        self.partials = {i: self.world.partial(i, self.box, tweak) for i in ids}
        self.chain.block(*(self.world.share_commit(i, self.box, p)
                           for i, p in self.partials.items()))
        return self

    def announced(self):
        """The announcement."""
        self.closed().committed()
        self.chain.block(self.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
        return self

    def shared(self):
        """Two shares."""
        self.announced()
        self.chain.block(self.world.share(3, self.partials[3]))
        self.chain.block(self.world.share(1, self.partials[1]))
        return self

    def result_entry(self, **change):
        """The right Result, with changes."""
        fields = dict(votes=self.votes, received=self.received, counted=len(self.last),
                      spoiled=self.spoiled, issued=self.issued)
        fields.update(change)
        return self.world.result(**fields)

    def ended(self, *last, at=START + 7 * HOUR):
        """From the commitments to the result, beside it last entries."""
        self.committed().chain.block(self.world.act(entry.ANNOUNCE), at=at)
        self.chain.block(*(self.world.share(i, self.partials[i]) for i in (1, 2)))
        self.chain.block(*last, self.result_entry())
        return self

    def finished(self):
        """The honest end."""
        self.shared().chain.block(self.result_entry())
        return self

    def files(self, unfinished=False):
        """The record with the views that our own board gives, if it has an end (or always)."""
        files = self.chain.files()
        ends = (entry.RESULT, entry.WITHDRAW)
        ended = any(e[1] in ends for block in self.chain.entries for e in block)
        if not ended and not unfinished:
            return files
        verifier = _Memory(files)
        verifier.run()
        if getattr(verifier, "election", None):
            e = verifier.election
            files["view/counted.json"] = views.counted(e, verifier.indices).encode()
            files["view/election.json"] = views.election(e).encode()
            files["view/result.json"] = views.result(e).encode()
        return files


class _Memory(Verifier):
    """A verifier of files in memory."""

    def __init__(self, files, trust=None):
        super().__init__("", trust)
        self._given = files

    def _load(self):
        from irefuda_verify.record import Items
        self.files = self._given
        self.entries = Items("entries.bin", self.files["entries.bin"])
        self.blocks = Items("blocks.bin", self.files["blocks.bin"])
        self.certificates = Items("finality.bin", self.files["finality.bin"])


def judge(files, trust=None):
    """The rules of the lines that failed for a record in memory."""
    return report_of(files, trust).failed_rules()


def report_of(files, trust=None):
    """The report on a record in memory."""
    return _Memory(files, trust).run()


_WORLDS, _STAGES = {}, {}


def at(stage):
    """A fresh copy of the honest story at a stage."""
    if stage not in _STAGES:
        _STAGES[stage] = getattr(Story(), stage)()
    return copy.deepcopy(_STAGES[stage])


def _world(seed):
    if seed not in _WORLDS:
        _WORLDS[seed] = World(seed)
    return copy.copy(_WORLDS[seed])


STORIES, TRUST, FINDINGS = {}, {}, {}


def story(rule, name=None):
    """Registers a forgery: a function that gives record files."""
    def register(make):
        STORIES[name or make.__name__] = (rule, make)
        return make
    return register


def _broken(data):
    """An entry with one bit of its signature's z flipped, which stays a scalar."""
    return data[:-32] + bytes((data[-32] ^ 1,)) + data[-31:]


def _then(stage, *make, unfinished=False, **block):
    """A story that goes to a stage and posts entries in one more block."""
    def run():
        s = at(stage)
        s.chain.block(*(m(s) for m in make), **block)
        return s.files(unfinished)
    return run


def add(rule, name, stage, *make, **block):
    """A forgery of one more block after an honest stage."""
    STORIES[name] = (rule, _then(stage, *make, **block))


@story(None)
def honest():
    return at("finished").files()


@story(None)
def honest_extended_halted_resumed():
    s = at("voted")
    w, c = s.world, s.chain
    c.block(w.act(entry.NOTICE, text("n") + texts("we extend")))
    c.block(w.act(entry.EXTEND, u64(CLOSING + HOUR)))
    c.block(at=CLOSING)
    c.block(w.act(entry.RESUME, u64(CLOSING + 2 * HOUR)), at=CLOSING + HOUR + 70_000)
    s.cast(s.voters[1].ballot({0}, {0}))
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    s.run_out(CLOSING + 2 * HOUR).with_evidence(again=(2, 2)).committed()
    c.block(w.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    c.block(w.share(2, s.partials[2]), w.share(3, s.partials[3]), w.share(1, s.partials[1]))
    c.block(w.act(entry.SALT_DESTROYED, u16(0)), s.result_entry(),
            w.act(entry.SALT_DESTROYED, u16(1)))
    return s.files()


# -- chain ------------------------------------------------------------------

add("R6.01", "header_of_another_network", "opened", tweak={"network": bytes(32)})
add("R6.02", "header_without_parent", "opened", tweak={"parent": bytes(32)})
add("R6.02", "header_skips_a_height", "opened", tweak={"height": 99})
add("R6.03", "header_same_time", "opened", at=OPENING)
add("R6.03", "header_goes_back", "opened", at=OPENING - 1)
add("R6.04", "header_other_root", "opened", tweak={"root": bytes(32)})
add("R6.23", "certificate_too_few", "opened", signers=(0, 1))
add("R6.24", "certificate_wrong_signature", "opened", wrong=1)
add("R6.24", "certificate_one_wrong_of_four", "opened", signers=(0, 1, 2, 3), wrong=2)
add("R6.21", "certificate_other_committee", "opened", size=5)
add("R8.04", "last_block_not_certified", "opened", certify=False)


@story("R6.20")
def certificate_long_varint():
    s = at("opened")
    c = s.chain.certificates.pop()
    s.chain.certificates.append(b"\x80\x00" + c[1:])
    return s.files()


@story("R6.20")
def certificate_signer_outside():
    s = at("opened")
    c = bytearray(s.chain.certificates.pop())
    c[1 + 2 + 2 + 32 + 8] |= 0x80
    s.chain.certificates.append(bytes(c))
    return s.files()


@story("R8.02")
def certificates_one_byte_more():
    files = at("finished").files()
    files["finality.bin"] += b"\x00"
    return files


@story("R6.20")
def certificates_a_broken_one_more():
    files = at("finished").files()
    files["finality.bin"] += blob(b"\x80\x00")
    return files


@story("R8.02")
def certificates_one_too_long_more():
    files = at("finished").files()
    files["finality.bin"] += blob(bytes(5000))
    return files


@story("R6.20")
def first_certificate_broken():
    """It is read before the manifest is looked at."""
    files = at("finished").files()
    files["finality.bin"] = blob(b"\x80\x00")
    files["manifest.bin"] = b""
    return files


@story("R8.04")
def certificate_of_the_genesis_block():
    s = at("opened")
    s.chain.certificates.insert(0, s.chain.certificate(s.chain.headers[0].digest()))
    return s.files()


@story("R8.04")
def certificate_left_over():
    s = at("finished")
    s.chain.certificates.append(s.chain.certificates[-1])
    return s.files()


@story("R8.02")
def entries_end_inside():
    files = at("finished").files()
    files["entries.bin"] = files["entries.bin"][:-1]
    return files


@story("R8.02")
def blocks_end_inside():
    files = at("finished").files()
    files["blocks.bin"] = files["blocks.bin"][:-1]
    return files


@story("R8.02")
def entries_left_over():
    files = at("finished").files()
    files["entries.bin"] += blob(b"\x02\x11")
    return files


def _first_header(place, mask):
    files = at("finished").files()
    blocks = bytearray(files["blocks.bin"])
    blocks[place] ^= mask
    files["blocks.bin"] = bytes(blocks)
    return files


STORIES["genesis_header_of_another_type"] = ("R8.02", lambda: _first_header(1, 1))
STORIES["genesis_header_counts_more_than_are_left"] = ("R8.02", lambda: _first_header(115, 8))
STORIES["genesis_header_counts_two"] = ("R8.03", lambda: _first_header(114, 3))
STORIES["genesis_header_counts_too_many"] = ("R6.07", lambda: _first_header(115, 0x80))


@story("R6.07")
def block_of_too_many_bytes():
    files = at("finished").files()
    blocks, entries = bytearray(files["blocks.bin"]), files["entries.bin"]
    blocks[2 * 118 - 4:2 * 118] = u32(2)
    first = 4 + int.from_bytes(entries[:4], "little")
    files["blocks.bin"] = bytes(blocks)
    files["entries.bin"] = entries[:first] + 2 * (u32(1 << 20) + bytes(1 << 20))
    return files


@story("R8.03")
def genesis_of_another_time():
    files = at("finished").files()
    files["blocks.bin"] = files["blocks.bin"][:80] + b"\x01" + files["blocks.bin"][81:]
    return files


# -- manifest ---------------------------------------------------------------

def manifest_story(rule, name, board_rule=None, signers=(1, 3), authority=None, **change):
    """A manifest with one fault, in manifest.bin; and the same one on the board, but for ""."""
    def run(on_board):
        s = at("prepare")
        w = s.world
        fields = {k: (v(w) if callable(v) else v) for k, v in change.items()}
        sealed = w.sealed(w.manifest_body(**fields), signers, authority and authority(w))
        s.chain.block(b"\x02\x0c" + sealed)
        if not on_board:
            w.manifest_bin = sealed
        return s.files(unfinished=rule == "R8.09")
    if rule:
        STORIES["manifest_" + name] = (rule, lambda: run(False))
    if board_rule != "":
        STORIES["seal_" + name] = (board_rule or rule, lambda: run(True))


def _shape(n, low, high):
    option = text("P") + u16(1) + texts("o") * 3
    return items([text("c") + texts("t") + u16(n) + u16(low) + u16(high) + option * n + u8(0)])


def _hours(*windows):
    return items([channel(1, "h", *windows)])


manifest_story("R1.02", "shape", "R5.01", contests=_shape(3, 2, 1))
manifest_story("R1.02", "shape_one_option", "R5.01", contests=_shape(1, 0, 1))
manifest_story("R1.02", "shape_all_forced", "R5.01", contests=_shape(3, 3, 3))
manifest_story("R1.02", "not_nfc", "R5.01", portal=blob("か\u3099".encode()))
manifest_story("R1.02", "long_id", "R5.01", id=text("x" * 65))
manifest_story("R1.02", "practice_byte", "R5.01", practice=u8(2))
manifest_story("R1.02", "unknown_channel", "R5.01", face_required=items([u8(4)]))
manifest_story("R1.04", "windows_overlap", channels=_hours((1, 3), (2, 4)))
manifest_story("R1.04", "window_empty", channels=_hours((1, 1)))
manifest_story("R1.04", "window_after_close", channels=_hours((1, 5)))
manifest_story("R1.05", "no_contest", contests=items([]))
manifest_story("R1.05", "no_registrar", registrars=items([]))
manifest_story("R1.05", "one_officer", officers=lambda w: items([texts("o") + w.joint]))
manifest_story("R1.06", "close_after_announcement", announce_at=u64(START + 4 * HOUR - 1))
manifest_story("R1.06", "close_after_limit", extend_limit=u64(START + 4 * HOUR - 1))
manifest_story("R1.07", "authority_signature", authority=lambda w: w.officers[0])
manifest_story("R1.08", "one_trustee", signers=(2,))
manifest_story("R1.08", "trustee_twice", signers=(2, 2))
manifest_story("R1.08", "trustees_out_of_order", signers=(3, 1))
manifest_story(None, "other_network", "R5.11", network=bytes(32))
manifest_story(None, "other_id", "R5.11", id=text("other"))
manifest_story(None, "other_ceremony_root", "R5.12",
               trustees=lambda w: w.manifest_trustees(root=bytes(64)))
manifest_story(None, "other_validators", "R5.13", validators=lambda w: items(w.validators[:3]))
manifest_story(None, "after_close", "R5.14", close_at=u64(START + 7000), announce_at=u64(START + 7 * HOUR),
               channels=_hours((0.0003, 0.0006)), places=items([]))


# -- setup and ceremony ------------------------------------------------------

def _setup(w, network=None, officers=None, roster=None, names=None, key=None, ident="other"):
    body = (b"\x02\x0a" + (network or w.network.id) + text(ident)
            + rs.encode(rs.mul_base(w.authority)) + (officers or w.officer_list)
            + items(names or [texts("t")] * 3) + (roster or w.roster))
    return body + w.schnorr(key or w.authority, "board-setup", body)


add(None, "second_setup", "finished", lambda s: _setup(s.world))
add("R5.06", "setup_other_network", "prepare", lambda s: _setup(s.world, network=bytes(32)))
add("R5.07", "setup_signature", "prepare", lambda s: _setup(s.world, key=5))
add("R5.08", "setup_one_officer", "prepare",
    lambda s: _setup(s.world, officers=items([texts("o") + s.world.joint])))
add("R5.01", "setup_roster_threshold", "prepare",
    lambda s: _setup(s.world, roster=u16(1) + s.world.roster[2:]))
add("R5.08", "setup_names", "prepare", lambda s: _setup(s.world, names=[texts("t")] * 2))
add("R5.04", "setup_twice", "prepare", lambda s: s.world.setup_entry)
add("R2.03", "ceremony_out_of_round", "prepare", lambda s: s.world.ceremony_entry(1, u8(4)))
add("R5.05", "ceremony_after_seal", "sealed", lambda s: s.world.ceremony_entry(1, u8(4)))
add("R5.05", "seal_twice", "sealed", lambda s: b"\x02\x0c" + s.world.sealed())
add("R5.01", "unknown_entry", "opened", lambda s: b"\x02\x1f")
add("R5.01", "ceremony_message_as_an_entry", "opened", lambda s: b"\x02\x1e" + u8(4))
add("R5.01", "entry_of_type_34", "opened", lambda s: b"\x02\x22")
add("R5.01", "network_again", "opened", lambda s: s.world.network_entry)
add("R5.02", "entry_too_long", "opened", lambda s: b"\x02\x11" + bytes(256 * 1024))
add("R5.01", "seal_as_long_as_it_may_be", "opened", lambda s: b"\x02\x0c" + bytes(1024 * 1024 - 2))
add("R8.02", "seal_longer_than_any_item", "opened", lambda s: b"\x02\x0c" + bytes(1024 * 1024 - 1))
add("R5.05", "seal_names_an_election", "sealed",
    lambda s: b"\x02\x0c" + s.world.sealed(s.world.manifest_body(setup=s.world.name)))
add("R1.07", "seal_names_an_election_and_is_not_signed", "sealed",
    lambda s: b"\x02\x0c" + s.world.sealed(s.world.manifest_body(setup=s.world.name), authority=5))


def _ceremony(rule, name, upto, trustee, message, key=None):
    def run():
        s = Story()
        w, c = s.world, s.chain
        c.block(w.setup_entry)
        for messages in w.rounds[:upto]:
            c.block(*messages)
        made = message(w)
        body = b"\x02\x0b" + w.e0 + u16(trustee) + made
        c.block(body + w.schnorr(key or w.trustees.get(trustee, 5), "board-ceremony", body))
        return s.files()
    STORIES["ceremony_" + name] = (rule, run)


_ceremony("R2.11", "unknown_sender", 0, 4, lambda w: w.messages[0][1])
_ceremony("R5.09", "signature", 0, 1, lambda w: w.messages[0][1], key=5)
_ceremony("R2.03", "early", 0, 1, lambda w: w.messages[1][1])
_ceremony("R2.04", "reveal_other", 1, 1, lambda w: w.messages[1][2])
_ceremony("R2.07", "shares_out_of_order", 2, 1, lambda w: u8(3) + items([u16(3) + bytes(80), u16(2) + bytes(80)]))
_ceremony("R2.09", "root", 4, 1, lambda w: u8(7) + w.schnorr(w.trustees[1], "ceremony-root", bytes(64)))
_ceremony("R5.01", "unknown_tag", 0, 1, lambda w: u8(8))


def _complained(*then):
    """Trustee 1 complains about trustee 2; then further messages (sender, body)."""
    s = Story()
    w, c = s.world, s.chain
    c.block(w.setup_entry)
    for messages in w.rounds[:3]:
        c.block(*messages)
    c.block(w.ceremony_entry(1, u8(5) + u16(2)))
    for sender, body in then:
        c.block(w.ceremony_entry(sender, body))
    return s.files()


STORIES["ceremony_confirm_with_open_complaint"] = ("R2.03", lambda: _complained((1, u8(4))))
STORIES["ceremony_complaint_about_nobody"] = ("R2.11", lambda: _complained((1, u8(5) + u16(9))))
STORIES["ceremony_complaint_about_nobody_after_the_own_confirmation"] = (
    "R2.03", lambda: _complained((3, u8(4)), (3, u8(5) + u16(9))))
STORIES["ceremony_complaint_twice"] = ("R2.03", lambda: _complained((1, u8(5) + u16(2))))
STORIES["ceremony_answer_to_no_complaint"] = (
    "R2.03", lambda: _complained((3, u8(6) + u16(1) + bytes(32))))
STORIES["ceremony_after_a_wrong_answer"] = (
    "R2.12", lambda: _complained((2, u8(6) + u16(1) + bytes(32)), (3, u8(4))))


@story("R5.12")
def seal_before_the_ceremony_ends():
    s = Story()
    s.chain.block(s.world.setup_entry)
    s.chain.block(b"\x02\x0c" + s.world.manifest_bin)
    return s.files()


@story("R5.03")
def seal_without_setup():
    s = Story()
    s.chain.block(b"\x02\x0c" + s.world.manifest_bin)
    return s.files()


# -- officers -----------------------------------------------------------------

add("R5.17", "open_not_empty", "sealed", lambda s: s.open_entry(count=1))
add("R5.17", "open_other_head", "sealed", lambda s: s.open_entry(head=bytes(32)))
add("R5.17", "open_before_seal", "sealed", lambda s: s.open_entry(height=3, head=s.chain.headers[3].digest()))
add("R5.17", "open_future", "sealed", lambda s: s.open_entry(height=99))
add("R5.18", "open_after_close", "sealed", lambda s: s.open_entry(), at=CLOSING)
add("R5.15", "one_officer_twice", "sealed", lambda s: s.open_entry(by=(1, 1)))
add("R5.15", "officers_out_of_order", "sealed", lambda s: s.open_entry(by=(2, 0)))
add("R5.15", "officer_unknown", "sealed", lambda s: s.open_entry(by=(0, 3), keys=(0, 2)))
add("R5.16", "officer_signature_before_an_unknown_officer", "sealed",
    lambda s: s.open_entry(by=(0, 3), keys=(1, 2)))
add("R5.16", "officer_signature", "sealed", lambda s: s.open_entry(by=(0, 1), keys=(0, 2)))
add("R5.03", "act_on_unknown_election", "sealed", lambda s: s.open_entry(name=bytes(64)))
add("R5.05", "open_twice", "opened", lambda s: s.open_entry())
add("R5.32", "extend_backwards", "opened", lambda s: s.world.act(entry.EXTEND, u64(CLOSING)))
add("R5.32", "extend_beyond", "opened", lambda s: s.world.act(entry.EXTEND, u64(START + 6 * HOUR + 1)))
add("R5.31", "extend_halted", "opened", lambda s: s.world.act(entry.EXTEND, u64(CLOSING + HOUR)), at=CLOSING)
add("R5.05", "resume_open", "opened", lambda s: s.world.act(entry.RESUME, u64(CLOSING + HOUR)))
add("R5.33", "resume_past", "opened", lambda s: s.world.act(entry.RESUME, u64(CLOSING)), at=CLOSING)
add("R5.33", "resume_beyond", "opened", lambda s: s.world.act(entry.RESUME, u64(START + 6 * HOUR + 1)), at=CLOSING)
add("R5.03", "notice_unknown", "prepare", lambda s: s.world.act(entry.NOTICE, text("n") + texts("x")))


@story("R5.31")
def extend_in_the_drain():
    s = at("opened")
    s.chain.block(at=CLOSING - 1000)
    s.chain.block(s.world.act(entry.EXTEND, u64(CLOSING + HOUR)), at=CLOSING + 1000)
    return s.files()


# -- ballots ------------------------------------------------------------------

def _vote(rule, name, **change):
    add(rule, "ballot_" + name, "opened", lambda s: Voter(s.world).ballot({1}, {1}, **change))


for _rule, _tweak in (("R3.02", "scalar"), ("R3.03", "point"), ("R3.03", "identity"),
                      ("R3.04", "phi"), ("R3.05", "z"), ("R3.05", "A'"), ("R3.06", "B'"),
                      ("R3.04", "bits")):
    _vote(_rule, "proof_" + _tweak.replace("'", "1"), tweak=_tweak)
_vote("R3.19", "one_randomness_twice_in_a_contest", tweak="r twice")
_vote("R3.19", "one_randomness_in_two_contests", tweak="r of the contest before")
_vote("R5.03", "other_election", election=bytes(64))
_vote("R3.13", "mark", mark=bytes((3, 16)))
_vote("R3.17", "seq_zero", seq=0, token_seq=1)
_vote("R3.17", "first_with_prev", prev=b"\x01" * 64)
_vote("R3.17", "second_without_prev", seq=2)
_vote("R5.23", "second_first", seq=2, prev=b"\x01" * 64)
_vote("R4.01", "token_of_another_seq", token_seq=2)
_vote("R4.01", "token_garbage", tokens=[bytes(256)] * 2)
_vote("R3.11", "one_token", tokens=[bytes(256)])
add("R3.11", "ballot_longer", "opened", lambda s: Voter(s.world).ballot({1}, {1}) + b"\x00")
add("R3.16", "ballot_signature", "opened",
    lambda s: _broken(Voter(s.world).ballot({1}, {1})))
add("R5.20", "ballot_before_open", "sealed", lambda s: Voter(s.world).ballot({1}, {1}))
add("R5.21", "ballot_before_window", "sealed", lambda s: s.open_entry(), lambda s: Voter(s.world).ballot({1}, {1}))
add("R5.20", "ballot_after_drain", "voted", lambda s: Voter(s.world).ballot({1}, {1}), at=CLOSING + 30_000)
add("R5.22", "ballot_after_close", "closed", lambda s: Voter(s.world).ballot({1}, {1}))
add("R5.23", "ballot_seq_skipped", "voted", lambda s: s.voters[0].ballot({1}, {1}, seq=4))
add("R5.24", "ballot_other_prev", "voted", lambda s: s.voters[0].ballot({1}, {1}, prev=b"\x01" * 64))
add("R5.04", "ballot_twice", "voted", lambda s: s.last[s.voters[1].vk])
add("R6.06", "voting_key_twice", "voted",
    lambda s: s.voters[0].check({1}, {1}), lambda s: s.voters[0].check({1}, {2}))


def _last(s, voter=0):
    """The entry hash of a voter's last ballot."""
    return s.voters[voter].prev


def _earlier(s):
    """The entry hash of the first voter's first ballot, which the second one names."""
    return s.last[s.voters[0].vk][102:166]


def _made(s, kind, *fields, vk=None):
    """Both registrars' tokens over other fields than a ballot has."""
    w = s.world
    message = token.message(kind, w.name, vk or s.voters[0].vk, *fields)
    return [w.pss(key, message) for key in (
        w.first if kind == token.FIRST else [row[w.window] for row in w.again])]


def _again(rule, name, **change):
    """The first voter's third ballot, and a check ballot of that number."""
    for kind in ("ballot", "check"):
        add(rule, f"{kind}_with_{name}", "voted", lambda s, kind=kind: getattr(s.voters[0], kind)(
            {1}, {1}, **{k: v(s) if callable(v) else v for k, v in change.items()}),
            unfinished=rule == "R8.09")


_again("R8.09", "a_token_for_the_ballot_it_replaces", token_prev=_last)
_again("R4.01", "a_token_for_an_earlier_ballot", token_prev=_earlier)
_again("R4.01", "a_token_for_no_ballot", token_prev=bytes(64))
_again("R4.01", "a_token_for_an_unknown_ballot", token_prev=b"\x01" * 64)
_again("R4.01", "a_token_for_the_ballot_of_another", token_prev=lambda s: _last(s, 1))
_again("R4.01", "a_token_for_a_last_byte_of_another",
       token_prev=lambda s: _last(s)[:-1] + bytes((_last(s)[-1] ^ 1,)))
_again("R4.01", "a_token_for_the_ballot_before_and_its_seq", token_prev=_earlier, token_seq=2)
_again("R4.01", "a_token_of_the_seq_before_for_the_ballot_it_replaces", token_seq=2)
_again("R4.01", "a_token_of_the_next_seq_for_the_ballot_it_replaces", token_seq=4)
_again("R4.01", "a_first_token", token_seq=1)
_again("R4.01", "a_token_for_the_right_ballot_that_names_an_earlier_one",
       prev=_earlier, token_prev=_last)
_again("R4.01", "a_token_for_the_right_ballot_that_names_an_unknown_one",
       prev=b"\x01" * 64, token_prev=_last)
_again("R5.24", "a_token_for_the_earlier_ballot_that_it_names", prev=_earlier)
_again("R4.01", "a_token_without_a_predecessor",
       tokens=lambda s: _made(s, token.AGAIN, u32(3)))
_again("R4.01", "a_token_with_its_predecessor_before_the_seq",
       tokens=lambda s: _made(s, token.AGAIN, _last(s), u32(3)))
_again("R4.01", "a_token_with_half_of_its_predecessor",
       tokens=lambda s: _made(s, token.AGAIN, u32(3), _last(s)[:32]))
_again("R4.01", "a_token_of_another_voter_for_its_predecessor",
       tokens=lambda s: _made(s, token.AGAIN, u32(3), _last(s), vk=s.voters[1].vk))
_again("R4.01", "a_token_for_an_earlier_ballot_of_the_first_registrar", tokens=lambda s: [
    _made(s, token.AGAIN, u32(3), _earlier(s))[0], _made(s, token.AGAIN, u32(3), _last(s))[1]])
_again("R4.01", "a_token_for_an_earlier_ballot_of_the_second_registrar", tokens=lambda s: [
    _made(s, token.AGAIN, u32(3), _last(s))[0], _made(s, token.AGAIN, u32(3), _earlier(s))[1]])
# What is judged before and behind a token.
_again("R3.17", "a_token_for_the_right_ballot_that_names_none", prev=bytes(64), token_prev=_last)
_again("R3.17", "a_token_for_no_ballot_that_names_none", prev=bytes(64))
_again("R4.01", "a_token_for_an_earlier_ballot_and_a_wrong_proof", token_prev=_earlier, tweak="z")
_again("R3.05", "a_token_for_the_ballot_it_replaces_and_a_wrong_proof", tweak="z")
_again("R4.01", "a_token_for_an_earlier_ballot_and_a_seq_skipped", token_prev=_earlier, seq=4)
add("R3.16", "ballot_with_a_token_for_an_earlier_ballot_and_a_wrong_signature", "voted",
    lambda s: _broken(s.voters[0].ballot({1}, {1}, token_prev=_earlier(s))))
# A first token names no ballot, whatever came before it.
for _kind in ("ballot", "check"):
    add("R8.09", _kind + "_first_whose_token_was_made_for_a_predecessor", "opened",
        lambda s, kind=_kind: getattr(Voter(s.world), kind)({1}, {1}, token_prev=b"\x01" * 64),
        unfinished=True)
for _name, _fields in (("a_predecessor", (bytes(64),)), ("its_seq", (u32(1),)),
                       ("its_seq_and_a_predecessor", (u32(1), bytes(64)))):
    add("R4.01", f"ballot_first_whose_token_names_{_name}", "voted", lambda s, fields=_fields:
        (lambda v: v.ballot({1}, {1}, tokens=_made(s, token.FIRST, *fields, vk=v.vk)))(
            Voter(s.world)))


@story(None)
def honest_with_one_token_for_check_and_cast():
    """Checks of the second and third number; then the same tokens on the ballots that count."""
    s = at("voted")
    voter = s.voters[1]
    for choice in (2, 0):
        tokens = _made(s, token.AGAIN, u32(voter.seq + 1), voter.prev, vk=voter.vk)
        s.cast(voter.check({3}, {2}, tokens=tokens))
        s.cast(voter.ballot({choice}, {0}, tokens=tokens))
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    s.run_out().with_evidence(again=(3, 3)).ended()
    return s.files()


@story("R4.01")
def token_of_a_ballot_on_the_next_one():
    """Spent once, it names a ballot that is not the last any more."""
    s = at("voted")
    voter = s.voters[1]
    tokens = _made(s, token.AGAIN, u32(2), voter.prev, vk=voter.vk)
    s.cast(voter.ballot({2}, {0}, tokens=tokens))
    s.chain.block(voter.ballot({3}, {0}, tokens=tokens))
    return s.files()


@story("R6.05")
def ballots_out_of_order():
    s = at("opened")
    entries = sorted((Voter(s.world).ballot({1}, {1}) for _ in range(2)), key=entry_hash)
    s.chain.block(*reversed(entries), sort=False)
    return s.files()


@story("R6.05")
def act_after_ballot():
    s = at("opened")
    s.chain.block(Voter(s.world).ballot({1}, {1}),
                  s.world.act(entry.NOTICE, text("n") + texts("x")), sort=False)
    return s.files()


def _replayed(kind, other_kind):
    """The same randomness (the world's generator is rewound) under the same key."""
    s = at("opened")
    voter = Voter(s.world)
    state = s.world.rng.getstate()
    first = getattr(voter, kind)({1}, {1})
    s.world.rng.setstate(state)
    voter = copy.copy(voter)
    second = getattr(voter, other_kind)({2}, {1})
    s.chain.block(first)
    s.chain.block(second)
    return s.files()


STORIES["cast_again"] = ("R5.25", lambda: _replayed("ballot", "ballot"))
STORIES["checked_then_cast"] = ("R5.26", lambda: _replayed("check", "ballot"))
STORIES["cast_then_checked"] = ("R5.27", lambda: _replayed("ballot", "check"))


def _mixed():
    """Ciphertexts of a cast ballot and of a check ballot in a third one: R5.26 comes first."""
    s = at("opened")
    w = s.world
    s.chain.block(Voter(w).ballot({1}, {1}))
    used = {0: w.firsts[0]}
    s.chain.block(Voter(w).check({1}, {1}))
    used[1] = w.firsts[0]
    w.fixed = used
    s.chain.block(Voter(w).ballot({1}, {1}))
    return s.files()


STORIES["checked_and_cast_then_cast"] = ("R5.26", _mixed)


@story("R5.28")
def sixth_check():
    s = at("opened")
    voter = Voter(s.world)
    for _ in range(6):
        s.chain.block(voter.check({1}, {1}))
    return s.files()


@story("R3.05")
def second_proof_in_a_block_is_wrong_before_a_wrong_header():
    s = at("opened")
    s.chain.block(Voter(s.world).ballot({1}, {1}), Voter(s.world).ballot({1}, {1}, tweak="z"),
                  tweak={"root": bytes(32)})
    return s.files()


# -- after the close -------------------------------------------------------------

add("R5.35", "evidence_unknown_registrar", "opened", lambda s: s.world.evidence(2, 1, [(1, 1, 1)], key=5))
add("R5.35", "evidence_signature", "opened", lambda s: s.world.evidence(1, 1, [(1, 1, 1)], key=5))
def _commit(rule, name, make):
    add(rule, "commit_" + name, "closed", make)


_commit("R5.40", "other_target", lambda s: s.world.share_commit(1, s.box, b"", target=bytes(64)))
_commit("R5.38", "signature", lambda s: _broken(s.world.share_commit(1, s.box, b"")))
add("R5.43", "announce_without_commitments", "closed", lambda s: s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
add("R5.43", "announce_early_without_commitments", "closed", lambda s: s.world.act(entry.ANNOUNCE))
add("R5.42", "announce_early", "closed", lambda s: s.committed().world.act(entry.ANNOUNCE))
add("R5.44", "share_before_announcement", "closed", lambda s: s.world.share(1, s.world.partial(1, s.box)))
add("R5.05", "commit_while_open", "opened",
    lambda s: s.world.share_commit(1, box_of(s.world, {}, bytes(32)), b""))
add("R5.05", "result_before_announcement", "closed", lambda s: s.result_entry())


@story("R5.41")
def too_few_ballots():
    s = Story(seed=2)
    if s.world.min_counted < 100:
        _WORLDS[2] = World(2, min_counted=100)
        s = Story(seed=2)
    s.closed().committed()
    return s.files()


@story("R5.39")
def commitment_twice():
    s = at("closed")
    for _ in range(2):
        s.chain.block(s.world.share_commit(1, s.box, s.world.partial(1, s.box)))
    return s.files()


@story("R5.45")
def share_twice():
    s = at("shared")
    other = s.world.partial(1, s.box)
    s.chain.block(s.world.share(1, other))
    return s.files()


@story("R5.45")
def share_without_commitment():
    s = at("closed").committed(ids=(1, 2))
    s.chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.chain.block(s.world.share(3, s.world.partial(3, s.box)))
    return s.files()


@story("R5.05")
def commit_after_result():
    """A trustee who steps in after the announcement is heard, one who comes after the result is not."""
    s = at("closed").committed(ids=(1, 2))
    s.chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.chain.block(s.world.share(1, s.partials[1]))
    late = s.world.partial(3, s.box)
    s.chain.block(s.world.share_commit(3, s.box, late))
    s.chain.block(s.world.share(3, late))
    s.chain.block(s.result_entry())
    s.chain.block(s.world.share_commit(2, s.box, s.world.partial(2, s.box)))
    return s.files()


add("R5.46", "share_signature", "announced", lambda s: s.world.share(1, s.partials[1], key=5))
add("R7.03", "share_not_committed", "announced", lambda s: s.world.share(1, s.world.partial(1, s.box)))


@story("R7.02")
def share_proof():
    s = at("closed").committed(tweak="proof")
    s.chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.chain.block(s.world.share(1, s.partials[1]))
    return s.files()


add("R7.01", "share_missing", "announced", lambda s: s.world.share(1, s.world.partial(1, s.box, "few")))
add("R5.47", "result_without_shares", "announced", lambda s: s.result_entry())
add("R5.48", "result_other_votes", "shared", lambda s: s.result_entry(votes=[[1, 1, 1, 1, 1], [2, 1, 2]]))
add("R5.48", "result_other_count", "shared", lambda s: s.result_entry(received=99))
add("R5.48", "result_other_issued", "shared", lambda s: s.result_entry(issued=[5, 6]))
add("R5.49", "salt_of_nobody", "finished", lambda s: s.world.act(entry.SALT_DESTROYED, u16(2)))
add("R5.49", "salt_before_close", "opened", lambda s: s.world.act(entry.SALT_DESTROYED, u16(0)))
add("R5.05", "ballot_in_result_act", "finished", lambda s: s.world.act(entry.ANNOUNCE))
add("R5.05", "share_after_result", "finished", lambda s: s.world.share(2, s.partials[2]))


@story("R5.49")
def salt_twice():
    s = at("finished")
    s.chain.block(s.world.act(entry.SALT_DESTROYED, u16(0)))
    s.chain.block(s.world.act(entry.SALT_DESTROYED, u16(0), by=(0, 1)))
    return s.files()


# -- the record ---------------------------------------------------------------------

@story("R8.09")
def no_result():
    return at("shared").files(unfinished=True)


@story("R8.09")
def no_close():
    """The views of an election that is open list its ballots, too: R8.06 does not object."""
    return at("voted").files(unfinished=True)


@story("R8.05")
def manifest_not_on_the_board():
    files = at("finished").files()
    files["manifest.bin"] = _world(1).sealed(signers=(1, 2, 3))
    return files


@story("R8.06")
def view_changed():
    files = at("finished").files()
    files["view/result.json"] = files["view/result.json"].replace(b"2", b"3", 1)
    return files


# -- check ballots, authorities, keys ------------------------------------------

def _check(rule, name, **change):
    add(rule, "check_" + name, "opened", lambda s: Voter(s.world).check({1}, {1}, **change))


_check("R3.18", "signed_by_another_key", key=5)
_check("R3.11", "one_token", tokens=[bytes(256)])
_check("R5.23", "second_first", seq=2, prev=b"\x01" * 64)
_check("R3.05", "proof", tweak="z")
_check("R3.19", "one_randomness_twice", tweak="r twice")
add("R3.11", "check_with_ballot_signature", "opened",
    lambda s: b"\x02\x10" + Voter(s.world).ballot({1}, {1}))
add("R3.16", "check_turned_into_ballot", "voted",
    lambda s: (lambda c: c[2:-128] + c[-64:])(s.voters[0].check({1}, {1})))
add("R5.10", "setup_of_another_authority", "prepare", lambda s: _foreign(s.world))
STORIES["check_opened_again"] = ("R5.04", lambda: _replayed("check", "check"))


@story("R5.04")
def check_entry_hash_again():
    s = at("opened")
    voter = Voter(s.world)
    for choice in (1, 2):
        s.chain.block(voter.check({choice}, {1}, entry_hash=b"\x07" * 64))
    return s.files()


def _foreign(w):
    body = (b"\x02\x0a" + w.network.id + text("other") + rs.encode(rs.mul_base(6))
            + w.officer_list + items([texts("t")] * 3) + w.roster)
    return body + w.schnorr(6, "board-setup", body)


def _own(moduli, _index):
    return moduli


def _registrars(first=None, last=None, spki=None, origin=None, key=None, name=None,
                depths=(8, 8), root=None, again=None):
    """The registrars with other fields; again takes a registrar's moduli of *again* and its index and gives others."""
    def make(w):
        rows = []
        for i, (x, a, b) in enumerate(zip(w.registrars, w.first, w.again)):
            rows.append((name or texts(f"registrar-{i}")) + text(origin or f"https://r{i}.example")
                        + (spki or bytes((i,)) * 32) + rs.encode(rs.mul_base(key or x))
                        + (first or modulus(a))
                        + items((again or _own)(list(map(modulus, b)), i))
                        + (last or b"\xff" * 255 + bytes((2 * i + 1,)))
                        + salts(depths[i], i if root is None else root))
        return items(rows)
    return make


manifest_story("R1.05", "one_modulus_twice", registrars=_registrars(last=b"\xff" * 256))
manifest_story("R1.05", "even_modulus", registrars=_registrars(first=b"\xff" * 255 + b"\xfe"))
manifest_story("R1.05", "short_modulus", registrars=_registrars(first=b"\x7f" + b"\xff" * 255))
manifest_story("R1.05", "one_spki", registrars=_registrars(spki=bytes(32)))
manifest_story("R1.05", "one_origin", registrars=_registrars(origin="https://r.example"))
manifest_story("R1.05", "one_registrar_key", registrars=_registrars(key=9))


__all__ = ["FINDINGS", "STORIES", "Story", "TRUST", "judge", "report_of"]
