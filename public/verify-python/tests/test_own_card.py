"""Windows, buckets, relays, and the voter's own card (chapters 01 §4, 03 §5, 04 §3–4, 05 §4)."""

import unittest

from irefuda_verify import ballot as ballots
from irefuda_verify import manifest, own_card, ristretto as rs, second_device, sound, token
from irefuda_verify.errors import RuleError
from irefuda_verify.hashing import Transcript, h, u16, u64
from irefuda_verify.merkle import root_of

from .make import Maker, Record, Voter, public, s32, u8
from .stories import at
from .test_device import PICTURES, first_code

SIX, MINUTE = 21_600_000, 60_000


class Rules(unittest.TestCase):
    def refused(self, rule, action, *args, **more):
        with self.assertRaises(RuleError) as caught:
            action(*args, **more)
        self.assertEqual(caught.exception.rule, rule)


class Manifests(Rules):
    def fields(self, begins, counts=None, opens=(50, 40), close=99, limit=100 + SIX):
        counts = counts or [len(begins)] * 2
        return Record(
            again_windows=begins, close_at=close, extend_limit=limit,
            channels=[Record(windows=[(t, t + 1)]) for t in opens] + [Record(windows=[])],
            registrars=[Record(again=list(range(n))) for n in counts])

    def test_good_windows(self):
        for begins in ([40, 100], [0, 100, 101], [40, 40 + SIX], [40, 40 + SIX, 99 + SIX]):
            for close in (51, 99, 100, 100 + SIX):  # the close does not matter
                manifest.check_again(self.fields(begins, close=close))
        manifest.check_again(self.fields([40], limit=40 + SIX))
        manifest.check_again(self.fields([40], limit=99))

    def test_rejects_r1_15(self):
        for begins in ([], [41, 100], [40], [0], [40, 40, 100], [40, 100, 99], [99, 40, 100],
                       [40, 100 + SIX], [40, 101 + SIX], [40, 99], [40, 2**64 - 1],
                       [39, 40 + SIX], [40, 100 + SIX, 100]):
            for close in (51, 99, 100, 100 + SIX):
                self.refused("R1.15", manifest.check_again, self.fields(begins, close=close))
        for limit in (40, 39, 0, 41 + SIX):
            self.refused("R1.15", manifest.check_again, self.fields([40], limit=limit))
        for counts in ((1, 2), (2, 1), (3, 2), (2, 3), (0, 0), (1, 1), (3, 3)):
            self.refused("R1.15", manifest.check_again, self.fields([40, 100], counts))

    def test_rejects_r1_16(self):
        for practice, least in ((True, 4), (False, 16_384)):
            for bits in range(256):
                for expected in (1, least, (least << min(bits, 16)) - 1, least << min(bits, 16),
                                 2**32 - 1):
                    if expected >= 2**32:
                        continue
                    f = Record(practice=practice, bucket_bits=bits,
                               eligibility=Record(expected=expected))
                    if bits == 0 or bits <= 16 and expected // 2**bits >= least:
                        manifest.check_bucket(f)
                    else:
                        self.refused("R1.16", manifest.check_bucket, f)

    def test_addresses_without_what_follows_the_host(self):
        for address, host in (
                ("https://a.b", "https://a.b"), ("https://a.b/", "https://a.b"),
                ("https://a.b:4/c/d", "https://a.b:4"), ("a.b/c", "a.b"), ("a.b", "a.b"),
                ("/c", ""), ("https:///c", "https://"), ("https://", "https://"),
                ("a://b://c/d", "a://b:"), ("a.b/c://d", "a.b/c://d"), ("https:/a/b", "https:"),
                ("https://a?x=/", "https://a?x="), ("://a/b", "://a")):
            self.assertEqual(sound.host(address), host, address)

    def test_rejects_r1_17(self):
        def fields(*relays, portal="https://p"):
            rows = [Record(origin=o, spki=p) for o, p in relays]
            return Record(relays=rows, portal=portal,
                          registrars=[Record(origin="https://r/x", spki=b"r")],
                          validators=[Record(origin="https://v", spki=b"v")])

        for good in ((), [("https://a", b"a")], [("https://a", b"a"), ("https://b", b"b")],
                     [("http://r", b"a")], [("https://P", b"a")]):
            sound.check_relays(fields(*good))
        for bad in ([("https://r", b"a")], [("https://v/y", b"a")], [("https://p/z", b"a")],
                    [("https://a", b"r")], [("https://a", b"v")],
                    [("https://a", b"a"), ("https://a/1", b"b")],
                    [("https://a", b"a"), ("https://b", b"a")]):
            self.refused("R1.17", sound.check_relays, fields(*bad))
        self.refused("R1.17", sound.check_relays,
                     fields(("https://a", b"a"), portal="https://a/vote"))


class Cards(Rules):
    """R and z as registrars and booth make them, and every field that they are about."""

    def setUp(self):
        self.maker = Maker(7)
        self.card = [(self.maker.secret(), self.maker.secret()) for _ in range(3)]
        self.ballot = Record(
            election=b"e" * 64, keys=[public(a * b) for a, b in self.card], vk=public(3), seq=2,
            prev=b"p" * 64, window=4, tokens=[bytes((n,)) * 256 for n in range(3)])
        self.ballot.nonce, self.ballot.z = self.maker.own_card(self.card, self.ballot)

    def changed(self, **change):
        return Record(**{**vars(self.ballot), **change})

    def test_a_good_one(self):
        own_card.check_fields(self.ballot, 3)
        own_card.check_signature(self.ballot)
        again = self.changed()
        again.nonce, again.z = self.maker.own_card(self.card, again)
        self.assertNotEqual(again.nonce, self.ballot.nonce)
        own_card.check_signature(again)

    def test_rejects_r4_02(self):
        b = self.ballot
        for change in (
                {"election": bytes(64)}, {"keys": b.keys[::-1]}, {"keys": [*b.keys[:2], public(9)]},
                {"vk": public(4)}, {"seq": 3}, {"seq": 2 + 2**16}, {"prev": bytes(64)},
                {"window": 5}, {"window": 0}, {"tokens": b.tokens[::-1]},
                {"tokens": [*b.tokens[:2], b.tokens[2][:-1] + b"x"]}, {"tokens": b.tokens[:2]},
                {"nonce": public(5)}, {"nonce": b"\xff" * 32}, {"z": b.z + 1}, {"z": -b.z}):
            self.refused("R4.02", own_card.check_signature, self.changed(**change))
        for j in range(3):  # without one registrar's part
            card = [(a, b if i != j else 1) for i, (a, b) in enumerate(self.card)]
            forged = self.changed()
            forged.nonce, forged.z = self.maker.own_card(card, forged)
            self.refused("R4.02", own_card.check_signature, forged)

    def test_a_first_ballot_has_no_signature_to_check(self):
        own_card.check_signature(self.changed(seq=1, nonce=bytes(32), z=0))

    def test_rejects_r3_22(self):
        minus = [rs.encode(rs.mul(-(a * b) % rs.ORDER, rs.BASE)) for a, b in self.card[:2]]
        nothing = {"nonce": bytes(32), "z": 0, "window": 0}
        own_card.check_fields(self.changed(seq=1, **nothing), 3)
        own_card.check_fields(self.changed(window=0), 3)
        for change in ({}, {**nothing, "window": 4}, {**nothing, "z": 1},
                       {**nothing, "nonce": public(5)}, {**nothing, "nonce": b"\xff" * 32}):
            self.refused("R3.22", own_card.check_fields, self.changed(seq=1, **change), 3)
        for change in ({"z": 0}, {"nonce": bytes(32)}, nothing,
                       {"keys": [self.ballot.keys[0], minus[0]]}):
            count = len(change.get("keys", self.ballot.keys))
            self.refused("R3.22", own_card.check_fields, self.changed(**change), count)
        keys = [self.ballot.keys[0], self.ballot.keys[1], minus[0], minus[1]]
        self.refused("R3.22", own_card.check_fields, self.changed(keys=keys), 4)
        for count in (0, 2, 4):
            self.refused("R3.22", own_card.check_fields, self.ballot, count)

    def test_rejects_r5_53_before_r5_54(self):
        begins, last = [0, 100, 200], self.changed()
        own_card.check_turn(self.changed(window=0), last, begins, [5])
        for keys in (last.keys[::-1], last.keys[:2], [*last.keys[:2], public(9)]):
            self.refused("R5.53", own_card.check_turn, self.changed(window=0, keys=keys), last,
                         begins, [10**9])

    def test_rejects_r5_54(self):
        begins, last, half = [10, 100, 200], self.changed(), 30 * MINUTE
        for window, goods, bads in (
                (0, (10, 99, 100, 100 + half - 1), (9, 0, 100 + half, 2**64 - 1)),
                (1, (100, 200 + half - 1), (99, 200 + half)), (2, (200, 2**64 - 1), (199, 0))):
            ballot = self.changed(window=window)
            own_card.check_turn(ballot, last, begins, list(goods))
            for bad in bads:
                self.refused("R5.54", own_card.check_turn, ballot, last, begins, [*goods, bad])
                self.refused("R5.54", own_card.check_turn, ballot, last, begins, [bad])
        own_card.check_turn(self.changed(seq=1, window=0), None, begins, [0])

    def test_rejects_r4_01_windows(self):
        w = at("opened").world
        voter = Voter(w)
        voter.ballot({1}, {1})
        data = voter.ballot({1}, {1})
        ballot = ballots.decode(data)
        token.check_ballot(w.manifest, ballot)
        for window in (1, 2, 255):
            ballot.window = window
            self.refused("R4.01", token.check_ballot, w.manifest, ballot)

    def test_what_a_device_looks_at(self):
        """Form and R3.22, neither tokens nor the card's signature (chapter 09 §4)."""
        s = at("opened")
        w, c = s.world, s.chain
        device, voter = second_device.Device(w.manifest), Voter(w)
        w.vk_of = {voter.x: voter.vk}
        c.block(voter.ballot({1}, {1}))
        for rule, change in ((None, {"z": 1}), (None, {"window": 7, "token_window": 0}),
                             ("R3.22", {"z": 0}), ("R3.22", {"nonce": bytes(32)})):
            data = voter.ballot({1}, {1}, commit=False, **change)
            c.block(data)
            device.note(first_code(w, data, voter.x), c.time)
            receipt = c.receipt(data, PICTURES)
            found = (device.found_cast, ballots.entry_hash(data), receipt, data, receipt)
            if rule:
                self.refused(rule, *found)
            else:
                self.assertEqual(found[0](*found[1:]).seq, 2)


class Answers(Rules):
    """A registrar's answer to *auth*, which booths and auditors judge."""

    def setUp(self):
        self.maker = Maker(8)
        self.key, self.person = self.maker.secret(), self.maker.secret()
        self.digest, self.leaf = h("certificate", b"card"), root_of([b"u" * 64])
        self.session = (b"e" * 64, 1, b"n" * 32, public(4), self.digest)
        self.card = (b"e" * 64, 1, self.digest)

    def image(self, card=None, person=None):
        """V, an encoding."""
        return rs.encode(rs.mul(person or self.person, own_card.second_base(*card or self.card)))

    def proof(self, card=None, person=None, transcript=None, base=None):
        """π; transcript and base are others than those of the card."""
        card = card or self.card
        return self.maker.equality(transcript or own_card.key_transcript(*card),
                                   person or self.person,
                                   rs.encode(base or own_card.second_base(*card)))

    def answer(self, exists=1, nonce=None, session=None, **change):
        """(statement, signature)."""
        election, registrar, fresh, e, digest = session or self.session
        card = (election, registrar, digest)
        data = (b"\x02\x08" + election + u16(registrar) + fresh + e + digest
                + change.get("leaf", self.leaf) + change.get("person", public(self.person))
                + change.get("image", self.image(card)) + (change.get("proof") or self.proof(card))
                + u8(exists) + (u8(1) + nonce if nonce else u8(0)) + change.get("more", b""))
        return data, self.maker.schnorr(self.key, change.get("purpose", "auth-answer"), data)

    def judged(self, answer, session=None, leaf=None, key=None):
        return own_card.check_answer(*answer, key or public(self.key), session or self.session,
                                     leaf or self.leaf)

    def test_good_ones(self):
        for exists, nonce in ((0, None), (1, None), (1, public(6))):
            answer = self.judged(self.answer(exists, nonce))
            self.assertEqual((answer.exists, answer.nonce_key), (exists == 1, nonce))
            self.assertEqual((answer.person, answer.image), (public(self.person), self.image()))

    def test_two_answers_about_one_card(self):
        """Both are good alone, with one W and with two: who has both sees the second W."""
        other = self.maker.secret()
        lie = self.answer(person=public(other), image=self.image(person=other),
                          proof=self.proof(person=other))
        self.assertNotEqual(self.judged(lie).person, self.judged(self.answer()).person)

    def test_bases_belong_to_election_registrar_and_card(self):
        cards = [self.card, (b"f" * 64, *self.card[1:]), (b"e" * 64, 0, self.digest),
                 (b"e" * 64, 257, self.digest), (*self.card[:2], h("certificate", b"another"))]
        bases = {rs.encode(own_card.second_base(*card)) for card in cards}
        self.assertEqual(len(bases), len(cards))
        self.assertFalse(bases & {bytes(32), rs.encode(rs.BASE)})
        for card in cards:
            for about in cards:
                for base in cards:
                    proof = self.proof(transcript=own_card.key_transcript(*about),
                                       base=own_card.second_base(*base))
                    self.assertEqual(own_card.key_proved(
                        card, public(self.person), self.image(base), proof), card == about == base)

    def test_a_nonce_of_the_proof_depends_on_everything(self):
        random, card = b"r" * 64, self.card
        given = [(random, 5, *card), (bytes(64), 5, *card), (random, 6, *card),
                 (random, 5, b"f" * 64, *card[1:]), (random, 5, card[0], 2, card[2]),
                 (random, 5, *card[:2], bytes(64))]
        self.assertEqual(len({own_card.proof_nonce(*fields) for fields in given}), len(given))

    def test_rejects_r4_04(self):
        other = (b"f" * 64, 2, b"m" * 32, public(5), h("certificate", b"another"))
        for i in range(5):
            mixed = (*self.session[:i], other[i], *self.session[i + 1:])
            self.refused("R4.04", self.judged, self.answer(), mixed)
            self.refused("R4.04", self.judged, self.answer(session=mixed))
            self.judged(self.answer(session=mixed), mixed)
        for change in (
                {"exists": 0, "nonce": public(6)}, {"nonce": bytes(32)}, {"exists": 2},
                {"nonce": b"\xff" * 32}, {"purpose": "again-key"}, {"more": b"\0"},
                {"leaf": root_of([b"v" * 64])}):
            self.refused("R4.04", self.judged, self.answer(**change))
        data, signature = self.answer()
        self.refused("R4.04", self.judged, (data[:-1], signature))
        self.refused("R4.04", self.judged, (b"\x01" + data[1:], signature))
        self.refused("R4.04", self.judged, (data, self.answer(1, public(6))[1]))
        self.refused("R4.04", self.judged, (data, signature), key=public(9))
        self.refused("R4.04", self.judged, (data, signature), leaf=bytes(32))

    def test_rejects_r4_04_keys_that_are_not_proved(self):
        other, key, base = self.maker.secret(), public(self.person), own_card.second_base(*self.card)
        for change in (
                {"person": public(other)}, {"person": bytes(32)}, {"person": b"\xff" * 32},
                {"image": self.image(person=other)}, {"image": bytes(32)},
                {"image": b"\xff" * 32}, {"image": key},
                {"person": self.image(), "image": key},
                {"person": public(other), "image": self.image(person=other)},
                {"proof": self.proof(person=other)},
                {"person": public(other), "proof": self.proof(person=other)},
                {"image": self.image(person=other), "proof": self.proof(person=other)},
                # another base: G, and those of another election, registrar and card
                {"image": key, "proof": self.proof(base=rs.BASE)},
                *({"image": self.image(card), "proof": self.proof(card)} for card in (
                    (b"f" * 64, 1, self.digest), (b"e" * 64, 0, self.digest),
                    (b"e" * 64, 1, h("certificate", b"another")))),
                # what version 2 had before: a signature under W alone
                {"proof": self.maker.schnorr(self.person, "again-key",
                                             b"e" * 64 + u16(1) + self.digest)},
                {"proof": self.maker.schnorr(self.person, "again-key",
                                             b"e" * 64 + u16(1) + self.digest) + bytes(32)}):
            self.refused("R4.04", self.judged, self.answer(**change))
        for edit in (lambda t: t.number(0), lambda t: t.add(b""), lambda t: t.points(key)):
            t = own_card.key_transcript(*self.card)
            edit(t)
            self.refused("R4.04", self.judged, self.answer(proof=self.proof(transcript=t)))
        for purpose, fields in (
                ("auth-answer", [b"e" * 64, u64(1), self.digest]),
                ("again-key", [b"e" * 64, u16(1), self.digest]),
                ("again-key", [self.digest, u64(1), b"e" * 64]),
                ("again-key", [b"e" * 64 + u64(1) + self.digest]), ("again-key", [])):
            t = Transcript(purpose)
            for field in fields:
                t.add(field)
            self.refused("R4.04", self.judged, self.answer(proof=self.proof(transcript=t)))
        proof = self.proof()
        z = int.from_bytes(proof[64:], "little")
        for wrong in (
                bytes(96), b"\xff" * 96, proof[:64] + s32(z + 1), proof[:64] + s32(-z),
                proof[:64] + (z + rs.ORDER).to_bytes(32, "little"),
                proof[32:64] + proof[:32] + proof[64:], proof[:32] + b"\xff" * 32 + proof[64:],
                b"\xff" * 32 + proof[32:]):
            self.refused("R4.04", self.judged, self.answer(proof=wrong))
        # One half of the equation holds: V of another w, and W of another w.
        for x, y in ((self.person, other), (other, self.person)):
            for right in (x, y):
                w, t = self.maker.secret(), own_card.key_transcript(*self.card)
                image, t1, t2 = self.image(person=y), public(w), rs.encode(rs.mul(w, base))
                t.points(public(x), rs.encode(base), image)
                t.points(t1, t2)
                half = t1 + t2 + s32(w + t.challenge("dleq") * right)
                self.refused("R4.04", self.judged, self.answer(
                    person=public(x), image=image, proof=half))


if __name__ == "__main__":
    unittest.main()
