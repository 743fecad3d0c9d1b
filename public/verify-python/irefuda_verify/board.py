"""The state machine of the board (chapter 05)."""

from types import SimpleNamespace as Record

from . import ballot as ballots
from . import entry as kinds
from . import manifest as manifests
from . import ristretto as rs
from . import evidence, own_card, promise, sound, tally, terms, token
from .ceremony import Ceremony, check_roster
from .chain import MAX_ENTRIES, entries_root
from .errors import RuleError
from .hashing import h, u64
from .merkle import Log
from .proofs import schnorr_ok

HALT_GAP_MS = 60_000
RECENT_BLOCKS = 1024
MAX_CHECKS = 5
EVIDENCE_WAIT_MS = 3_600_000
LATE_MS = 30_000
RESUME_MS = 600_000
OFFICERS_WAIT_MS = 86_400_000
BATCH = 256
MAX_RELEASES = 64

CEREMONY, SEALED, WITHDRAWN, OPEN, HALTED, DRAINING, CLOSED, COMMITTED, ANNOUNCED, RESULT = (
    "ceremony", "sealed", "withdrawn", "open", "halted", "draining", "closed", "committed",
    "announced", "result")
AFTER_CLOSE = {CLOSED, COMMITTED, ANNOUNCED, RESULT}
AFTER_SEAL = {SEALED, OPEN, HALTED, DRAINING} | AFTER_CLOSE

# Where an entry may stand (R5.05). Kinds whose own rule speaks about the phase
# are listed with the phases that this rule, and not R5.05, refuses. A withdrawn
# election does not come this far (R5.71), but for its notices.
PHASES = {
    kinds.CEREMONY_ENTRY: {CEREMONY},
    kinds.SEAL: {CEREMONY},
    kinds.OPEN: {SEALED},
    kinds.OPENING: {OPEN, HALTED, DRAINING, CLOSED},
    kinds.LATE: {OPEN, DRAINING},
    kinds.EVIDENCE: AFTER_SEAL - {SEALED},
    kinds.NOTICE: AFTER_SEAL | {WITHDRAWN},
    kinds.RELEASE: {SEALED, OPEN, HALTED},
    kinds.RESUME: {HALTED},
    kinds.DRAIN: AFTER_SEAL,
    kinds.SHARE_COMMIT: {CLOSED, COMMITTED, ANNOUNCED},
    kinds.ANNOUNCE: {CLOSED, COMMITTED},
    kinds.SHARE: AFTER_SEAL - {RESULT},
    kinds.RESULT: {ANNOUNCED},
}


class Proofs:
    """Ballot proofs waiting to be checked together, in the order of the chain."""

    def __init__(self):
        self._waiting = []
        self.checked = 0

    def push(self, proof):
        """Queue one contest."""
        self._waiting.append(proof)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self):
        """Check all; when the batch fails, one by one, the first culprit is named."""
        waiting, self._waiting = self._waiting, []
        if waiting and not ballots.batch_holds(waiting):
            for proof in waiting:
                proof.check()
            raise RuleError("R3.04", "a batch fails although every contest holds")
        self.checked += len(waiting)


class Election:
    """Everything the board knows about one election."""

    def __init__(self, setup):
        self.setup, self.e0 = setup, setup.hash
        self.ceremony = Ceremony(setup.hash, setup.roster)
        self.phase = CEREMONY
        self.manifest = self.sealed = None
        self.seal_height = 0
        self.close_at = self.open_time = 0
        self.halted_since = self.draining_since = 0
        # Once resumed it is not extended; {day: when a Resume let people report it}.
        self.resumed, self.reportable = False, {}
        self.last = {}
        self.checks = {}
        self.cast, self.opened, self.shown = set(), set(), set()
        # Of accepted ballots by entry hash: (height, check lines); None once they are opened.
        self.lines = {}
        self.openings = 0
        self.received = self.spoiled = 0
        # {(registrar, day): evidence.Report}
        self.evidence = {}
        self.closed = None
        self.commitments, self.shares = {}, {}
        self.votes = None
        self.result = None
        self.salt_destroyed = set()
        self.releases = {}
        # The newest Hints, and the reason of the Withdraw.
        self.hints = self.withdrawn = None

    @property
    def portal(self):
        """The address in force of the public pages."""
        return self.hints.portal if self.hints else self.manifest.portal

    def officer_keys(self):
        """Keys of the officers by index."""
        return [o.key for o in self.manifest.officers]


class Board:
    """The state after some block, and the rules for the next one."""

    def __init__(self, network, header):
        self.network = network
        self.header = header
        self.digests, self.times = [header.digest()], [header.time]
        self.setups, self.elections = {}, {}
        self.seen = set()
        self.proofs = Proofs()
        self.entry_count = 1
        # The validators of the next block; of the one after it, when it hands over.
        self.term, self.next_term = network.term, None
        # Of the block being judged: its ballots, and the times in the Late of each named so far.
        self._ballots, self._promised = {}, {}

    # -- step 1: what an entry alone and the parent's state decide ---------

    def _stateless(self, data):
        kind = kinds.check_outside(data)
        if kind in kinds.BALLOTS:
            return self._ballot_alone(kind, data)
        if kind == kinds.OPENING:
            return self._opening_alone(data)
        e = kinds.decode(data)
        if kind == kinds.SETUP:
            self._setup_alone(e)
        elif kind == kinds.SEAL:
            if e.name not in self.elections:  # with an E it ends as R5.05, in its turn
                self._known(self.setups, e)
            manifests.check(e.manifest.fields)
            manifests.check_seal(e.manifest, e.seal, e.signatures)
        elif kind == kinds.CEREMONY_ENTRY:
            keys = self._known(self.setups, e).ceremony.keys
            self._signer(e, keys.get(e.trustee), "board-ceremony", "R2.11", "R5.09")
        else:
            self._administrative(e, self._known(self.elections, e).manifest)
        return e

    @staticmethod
    def _known(table, e):
        if e.name not in table:
            raise RuleError("R5.03", f"{kinds.NAMES[e.kind]} of an election not on the board")
        return table[e.name]

    @staticmethod
    def _signer(e, key, purpose, unknown, wrong):
        if key is None:
            raise RuleError(unknown, f"{kinds.NAMES[e.kind]} names a signer who does not exist")
        if not schnorr_ok(key, purpose, e.signed, e.signature):
            raise RuleError(wrong, f"the signature of {kinds.NAMES[e.kind]}")

    def _setup_alone(self, e):
        try:
            check_roster(e.roster)
        except RuleError as error:  # a roster that breaks R2.01 has no canonical bytes
            raise RuleError("R5.01", error.text) from None
        if e.network != self.network.id:
            raise RuleError("R5.06", "a setup for another network")
        if e.authority not in self.network.authorities:
            raise RuleError("R5.10", "a setup by an authority that the network does not list")
        keys = [o.key for o in e.officers]
        if len(keys) < 2 or len(set(keys)) != len(keys):
            raise RuleError("R5.08", "fewer than two officers, or a key twice")
        if len(e.trustee_names) != len(e.roster.members):
            raise RuleError("R5.08", "not one name per trustee")
        names = [o.name for o in e.officers] + e.trustee_names
        if not sound.is_id(e.id) or not all(sound.in_all(sound.is_line, n) for n in names):
            raise RuleError("R5.08", "an id or a name that is none")
        self._signer(e, e.authority, "board-setup", "R5.07", "R5.07")

    def _administrative(self, e, manifest):
        if e.kind == kinds.EVIDENCE:
            keys = dict(enumerate(r.key for r in manifest.registrars))
            self._signer(e, keys.get(e.registrar), "board-evidence", "R5.35", "R5.35")
            evidence.check_alone(e)
        elif e.kind in (kinds.SHARE_COMMIT, kinds.SHARE):
            keys = {m.id: m.key for m in manifest.trustees.members}
            rule = "R5.38" if e.kind == kinds.SHARE_COMMIT else "R5.46"
            purpose = "board-share-commit" if e.kind == kinds.SHARE_COMMIT else "board-share"
            self._signer(e, keys.get(e.trustee), purpose, rule, rule)
        elif e.kind in kinds.OFFICER_PURPOSE:
            self._officers(e, manifest)
            self._words(e)

    @staticmethod
    def _words(e):
        if e.kind == kinds.NOTICE:
            good = sound.is_id(e.key) and sound.in_all(sound.is_paragraph, e.text)
        elif e.kind == kinds.RELEASE:
            good = sound.is_id(e.release.version) and sound.is_id(e.release.platform)
        elif e.kind == kinds.WITHDRAW:
            good = sound.in_all(sound.is_paragraph, e.reason)
        else:
            good = True
        if not good:
            raise RuleError("R5.57", f"the words of {kinds.NAMES[e.kind]}")
        if e.kind == kinds.HINTS:
            if not all(map(sound.is_id, (e.portal, *e.hints))):
                raise RuleError("R5.72", "an address that is none")
            if not e.hints or len(set(e.hints)) != len(e.hints):
                raise RuleError("R5.72", "no hint, or one twice")

    @staticmethod
    def _officers(e, manifest):
        (first, _), (second, _) = e.officers
        if first >= second:
            raise RuleError("R5.15", f"officers {first} and {second}")
        for index, signature in e.officers:
            if index >= len(manifest.officers):
                raise RuleError("R5.15", f"an officer {index} who does not exist")
            key = manifest.officers[index].key
            if not schnorr_ok(key, kinds.OFFICER_PURPOSE[e.kind], e.signed, signature):
                raise RuleError("R5.16", f"the signature of officer {index}")

    def _opening_alone(self, data):
        if len(data) < 66:
            raise RuleError("R5.01", "an opening too short to name an election")
        election = self.elections.get(data[2:66])
        if election is None:
            raise RuleError("R5.03", "an opening of an election that is not on the board")
        opening = ballots.decode_opening(election.manifest, data)
        return Record(kind=kinds.OPENING, bytes=data, hash=ballots.entry_hash(data),
                      name=opening.election, opening=opening)

    def _ballot_alone(self, kind, data):
        inner = data if kind == kinds.BALLOT else data[2:]
        more = 0 if kind == kinds.BALLOT else 64
        if len(inner) < 66:
            raise RuleError("R5.01", "a ballot too short to name an election")
        election = self.elections.get(inner[2:66])
        if election is None:
            raise RuleError("R5.03", "a ballot of an election that is not on the board")
        manifest = election.manifest
        if len(inner) != ballots.ballot_length(manifest) + more:
            raise RuleError("R3.11", f"a ballot of {len(inner)} bytes")
        ballot = ballots.decode_check(data) if more else ballots.decode(data)
        ballots.check_structure(manifest, ballot)
        token.check_ballot(manifest, ballot)
        own_card.check_signature(ballot)
        halves, firsts = [], []
        for proof in ballots.contest_proofs(manifest, ballot):
            self.proofs.push(proof)
            halves.append(proof.halves)
            firsts += proof.first_halves
        return Record(kind=kind, bytes=data, hash=ballots.entry_hash(data), ballot=ballot,
                      name=ballot.election, halves=halves, first_halves=firsts)

    # -- step 2: the header -------------------------------------------------

    def _header(self, header, entries):
        parent = self.header
        if header.network != self.network.id:
            raise RuleError("R6.01", "a header of another network")
        if header.parent != self.digests[-1] or header.height != parent.height + 1:
            raise RuleError("R6.02", "a header that does not follow its parent")
        if header.time <= parent.time:
            raise RuleError("R6.03", "time that does not go forward")
        if len(entries) > MAX_ENTRIES:
            raise RuleError("R6.07", f"{len(entries)} entries in a block")
        if header.count != len(entries) or header.root != entries_root(e.hash for e in entries):
            raise RuleError("R6.04", "the header's root or count")

    # -- step 3: time --------------------------------------------------------

    def _time(self, header, digest):
        silence = header.time - self.header.time > HALT_GAP_MS
        for election in self.elections.values():
            drain_ms = election.manifest.drain_ms
            halts = closes = None
            if election.phase == OPEN:
                halts, closes = election.close_at, election.close_at + drain_ms
            elif election.phase == DRAINING:
                halts = closes = election.draining_since + drain_ms
            elif election.phase == COMMITTED:
                latest = max(election.manifest.announce_at, election.closed.time)
                if header.time >= latest + OFFICERS_WAIT_MS:
                    election.phase = ANNOUNCED
            if halts is None or header.time < halts:
                continue
            if silence:
                election.phase, election.halted_since = HALTED, self.header.time
            elif header.time >= closes:
                close(election, digest, header)

    # -- step 4: entries in order --------------------------------------------

    def _order(self, e, before, keys):
        voter = e.kind in kinds.VOTER_ENTRIES
        if before is not None and before.kind in kinds.VOTER_ENTRIES:
            if not voter or e.hash <= before.hash:
                raise RuleError("R6.05", "entries of a block out of order")
        if e.kind in kinds.BALLOTS:
            if (e.name, e.ballot.vk) in keys:
                raise RuleError("R6.06", "a voting key twice in a block")
            keys.add((e.name, e.ballot.vk))

    def apply(self, header, items):
        """Judge a block of raw entries and take it; RuleError names the first broken rule."""
        entries = [self._stateless(data) for data in items]
        self._header(header, entries)
        digest = header.digest()
        self._time(header, digest)
        before, keys = None, set()
        self._ballots = {e.hash: e.name for e in entries if e.kind in kinds.BALLOTS}
        self._promised = {}
        for e in entries:
            self._order(e, before, keys)
            if e.hash in self.seen:
                raise RuleError("R5.04", f"{kinds.NAMES[e.kind]} is on the board twice")
            self._take(e, header, digest)
            self.seen.add(e.hash)
            before = e
        self.entry_count += len(entries)
        self.term, self.next_term = self.next_term or self.term, None
        self.header = header
        self.digests.append(digest)
        self.times.append(header.time)

    def _take(self, e, header, digest):
        if e.kind == kinds.SETUP:
            self.setups[e.hash] = Election(e)
            return
        early = e.kind in (kinds.CEREMONY_ENTRY, kinds.SEAL) and e.name in self.setups
        election = (self.setups if early else self.elections)[e.name]
        if election.phase == WITHDRAWN and e.kind != kinds.NOTICE:
            raise RuleError("R5.71", f"{kinds.NAMES[e.kind]} in an election that was withdrawn")
        if e.kind in PHASES and election.phase not in PHASES[e.kind]:
            raise RuleError("R5.05", f"{kinds.NAMES[e.kind]} in phase {election.phase}")
        getattr(self, "_take_" + kinds.NAMES[e.kind].lower())(e, election, header, digest)

    def _take_ceremony(self, e, election, _header, _digest):
        election.ceremony.apply(e.trustee, e.message, e.message_bytes)

    def _take_seal(self, e, election, header, _digest):
        m, setup = e.manifest, election.setup
        names = [t.name for t in m.trustees.members]
        same = (m.network == setup.network and m.id == setup.id and m.authority == setup.authority
                and m.officers == setup.officers and names == setup.trustee_names
                and m.trustees.t == setup.roster.t
                and [t.key for t in m.trustees.members] == [t.key for t in setup.roster.members])
        if not same:
            raise RuleError("R5.11", "the manifest disagrees with its setup")
        ceremony = election.ceremony
        if not ceremony.complete():
            raise RuleError("R5.12", "the key ceremony is not finished")
        joint, keys = ceremony.derived()
        if (m.trustees.joint != joint or m.trustees.root != ceremony.root()
                or any(t.verification != keys[t.id] for t in m.trustees.members)):
            raise RuleError("R5.12", "other keys or another root than the ceremony gave")
        validators = sorted(m.validators, key=lambda v: v.engine)
        if validators != self.term.validators or m.epoch != self.term.epoch:
            raise RuleError("R5.13", "the manifest lists other validators or another term")
        if header.time >= m.close_at:
            raise RuleError("R5.14", "a seal at or after the close")
        election.manifest, election.sealed = m, e.sealed
        election.seal_height, election.close_at = header.height, m.close_at
        election.phase = SEALED
        self.elections[m.election_hash] = election

    def _take_open(self, e, election, header, _digest):
        parent = self.header.height
        recent = election.seal_height <= e.height <= parent and parent - e.height < RECENT_BLOCKS
        if e.count != 0 or not recent or self.digests[e.height] != e.head:
            raise RuleError("R5.17", "the box is not empty or the head is not a recent block")
        if header.time >= election.close_at:
            raise RuleError("R5.18", "opening at or after the close")
        election.phase, election.open_time = OPEN, header.time

    def _turn(self, e, election, header):
        b = e.ballot
        if election.phase not in (OPEN, DRAINING):
            over = election.phase in AFTER_CLOSE
            raise RuleError("R5.22" if over else "R5.20", f"a ballot in phase {election.phase}")
        if header.time < manifests.first_opening(election.manifest):
            raise RuleError("R5.21", "a ballot before the first opening")
        if header.time >= election.close_at - LATE_MS and e.hash not in self._promised:
            raise RuleError("R5.55", "a ballot near the close or after it that no Late names")
        last = election.last.get(b.vk)
        if b.seq != (last.ballot.seq + 1 if last else 1):
            raise RuleError("R5.23", f"ballot number {b.seq} is not the next one")
        if b.prev != (last.hash if last else bytes(64)):
            raise RuleError("R5.24", "a ballot that names another previous ballot")
        own_card.check_turn(b, last and last.ballot, election.manifest.again_windows,
                            self._promised.get(e.hash, [header.time]))

    def _take_ballot(self, e, election, header, _digest):
        self._turn(e, election, header)
        if any(a in election.opened for a in e.first_halves):
            raise RuleError("R5.26", "a ciphertext of a check ballot is cast")
        if any(a in election.cast for a in e.first_halves):
            raise RuleError("R5.25", "a ciphertext of a cast ballot again")
        election.cast.update(e.first_halves)
        e.height = header.height
        election.last[e.ballot.vk] = e
        election.lines[e.hash] = header.height, ballots.lines_of(election.manifest, e.ballot)
        election.received += 1

    def _take_opening(self, e, election, header, _digest):
        if election.commitments:
            raise RuleError("R5.05", "an opening after the first share commitment")
        of = e.opening.ballot
        if of not in election.lines:
            raise RuleError("R5.51", "an opening of no ballot on the board")
        if election.lines[of] is None:
            raise RuleError("R5.52", "a ballot that was opened before")
        height, sides = election.lines[of]
        if height >= header.height:
            raise RuleError("R5.51", "an opening beside its ballot")
        ballots.check_opening(election.manifest, e.opening, sides)
        election.lines[of] = None
        election.openings += 1

    def _take_spoiledballot(self, e, election, header, _digest):
        if any(a in election.cast for a in e.first_halves):
            raise RuleError("R5.27", "a cast ciphertext is opened as a check")
        self._turn(e, election, header)
        shown = (e.ballot.committed, e.ballot.vk)
        if shown in election.shown or any(a in election.opened for a in e.first_halves):
            raise RuleError("R5.04", "a check ballot that was opened before")
        turn = (e.ballot.vk, e.ballot.seq)
        if election.checks.get(turn, 0) >= MAX_CHECKS:
            raise RuleError("R5.28", "a sixth check ballot")
        election.checks[turn] = election.checks.get(turn, 0) + 1
        election.opened.update(e.first_halves)
        election.shown.add(shown)
        election.spoiled += 1

    def _take_notice(self, e, election, header, digest):
        """A notice changes nothing."""

    def _take_release(self, e, election, _header, _digest):
        name, sealed = sound.release_name(e.release), election.manifest.releases
        if name in election.releases or name in map(sound.release_name, sealed):
            raise RuleError("R5.56", "a booth program that was released before")
        if len(sealed) + len(election.releases) >= MAX_RELEASES:
            raise RuleError("R5.77", f"more than {MAX_RELEASES} booth programs")
        election.releases[name] = e.release

    def _take_withdraw(self, e, election, _header, _digest):
        if election.phase != SEALED:
            raise RuleError("R5.70", f"a withdrawal in phase {election.phase}")
        election.withdrawn = e.reason
        election.phase = WITHDRAWN

    def _take_hints(self, e, election, _header, _digest):
        last = election.hints.number if election.hints else 0
        if e.number != last + 1:
            raise RuleError("R5.73", f"addresses number {e.number} after number {last}")
        election.hints = e

    def _take_handover(self, e, _election, header, _digest):
        terms.check_number(self.term, e)
        if self.next_term is not None:
            raise RuleError("R5.58", "a second hand-over in a block")
        terms.check_set(self.term, e)
        terms.check_time(e, header.time)
        terms.check_acceptances(self.term, e)
        terms.check_signatures(self.term, e)
        self.next_term = terms.after(self.term, e)

    def _take_extend(self, e, election, header, _digest):
        if election.phase != OPEN or header.time >= election.close_at:
            raise RuleError("R5.31", "an extension after the close")
        if not election.close_at < e.until <= election.manifest.extend_limit:
            raise RuleError("R5.32", "an extension backwards or beyond the limit")
        if election.resumed:
            raise RuleError("R5.66", "an extension after a resumption")
        election.close_at = e.until

    def _take_resume(self, e, election, header, _digest):
        lost = election.close_at - election.halted_since
        if lost <= RESUME_MS:
            raise RuleError("R5.64", "a halt that began less than ten minutes before the close")
        if not header.time < e.until <= election.manifest.extend_limit:
            raise RuleError("R5.33", "a resumption outside its limits")
        if e.until - header.time > lost:
            raise RuleError("R5.65", f"a resumption for longer than the {lost} ms that were lost")
        for day in evidence.halted_days(election.close_at, header.time):
            election.reportable[day] = header.time
        election.close_at = e.until
        election.phase, election.resumed = OPEN, True

    def _take_drain(self, e, election, header, _digest):
        if election.phase != HALTED:
            raise RuleError("R5.34", f"officers drain in phase {election.phase}")
        election.phase, election.draining_since = DRAINING, header.time

    def _take_late(self, e, election, _header, _digest):
        if self._ballots.get(e.about) != e.name:
            raise RuleError("R5.60", "a Late about something that is no ballot of this block")
        if e.about in self._promised:
            raise RuleError("R5.60", "a second Late about one ballot")
        promise.check(self.term, e, election.close_at)
        self._promised[e.about] = [p.time for p in e.promises]

    def _take_evidence(self, e, election, header, _digest):
        if election.phase == RESULT:
            raise RuleError("R5.37", "a report after the result")
        evidence.check_day(e, election, header)
        name = (e.registrar, e.day)
        evidence.check_next(e, election.evidence.get(name))
        election.evidence[name] = evidence.taken(e, election, [*self.times, header.time])

    def _take_sharecommit(self, e, election, header, _digest):
        if e.trustee in election.commitments:
            raise RuleError("R5.39", f"a second commitment of trustee {e.trustee}")
        if e.target != election.closed.target:
            raise RuleError("R5.40", "a commitment for another box")
        if election.closed.counted < election.manifest.min_counted:
            raise RuleError("R5.41", "fewer ballots than the minimum")
        waits = header.time < election.closed.time + EVIDENCE_WAIT_MS
        if not election.commitments and waits and not evidence.reported(election):
            raise RuleError("R5.50", "a commitment before the registrars reported the close day")
        election.commitments[e.trustee] = e.commitment
        if election.phase == CLOSED and len(election.commitments) >= election.manifest.trustees.t:
            election.phase = COMMITTED

    def _take_announce(self, e, election, header, _digest):
        if len(election.commitments) < election.manifest.trustees.t:
            raise RuleError("R5.43", "an announcement with too few commitments")
        if header.time < election.manifest.announce_at:
            raise RuleError("R5.42", "an announcement before its time")
        election.phase = ANNOUNCED

    def _take_partialdecryption(self, e, election, _header, _digest):
        if election.phase != ANNOUNCED:
            raise RuleError("R5.44", f"a share in phase {election.phase}")
        if e.trustee not in election.commitments or e.trustee in election.shares:
            raise RuleError("R5.45", f"a share of trustee {e.trustee} without commitment or twice")
        m, closed = election.manifest, election.closed
        verification = {t.id: t.verification for t in m.trustees.members}[e.trustee]
        tally.check_partial(m.election_hash, e.partial_bytes, e.partial, verification, closed,
                            election.commitments[e.trustee])
        election.shares[e.trustee] = e.partial

    def _take_result(self, e, election, _header, _digest):
        t = election.manifest.trustees.t
        if len(election.shares) < t:
            raise RuleError("R5.47", f"a result with {len(election.shares)} shares")
        closed = election.closed
        try:
            shares = list(election.shares.values())[:t]
            votes = tally.combine(t, shares, closed.sums, closed.counted)
        except RuleError as error:  # R7.05: shares that give no count are no good shares
            raise RuleError("R5.47", error.text) from None
        want = (votes, election.received, election.received - closed.counted, closed.counted,
                election.spoiled, evidence.issued(election))
        if (e.votes, e.received, e.overwritten, e.counted, e.spoiled, e.issued) != want:
            raise RuleError("R5.48", "a result other than the one recomputed")
        election.result = e
        election.phase = RESULT

    def _take_saltdestroyed(self, e, election, _header, _digest):
        known = e.registrar < len(election.manifest.registrars)
        closed = election.phase in AFTER_CLOSE
        if not closed or not known or e.registrar in election.salt_destroyed:
            raise RuleError("R5.49", "salt keys destroyed too early, twice or of no registrar")
        election.salt_destroyed.add(e.registrar)


def counted_root(election_hash, last):
    """H("counted-set", E, count, Merkle root over vk ‖ entry hash in order of vk)."""
    log = Log()
    for vk in sorted(last):
        log.append(vk + last[vk].hash)
    return h("counted-set", election_hash, u64(len(last)), log.root())


def aggregate(manifest, ballot_entries):
    """Per contest and option the sums (Σa, Σb) as encodings."""
    out = []
    for c, contest in enumerate(manifest.contests):
        sums = [[rs.IDENTITY, rs.IDENTITY] for _ in range(contest.n)]
        for e in ballot_entries:
            for pair, (a, b) in zip(sums, e.halves[c]):
                pair[0] = rs.add(pair[0], rs.decode(a))
                pair[1] = rs.add(pair[1], rs.decode(b))
        out.append([(rs.encode(a), rs.encode(b)) for a, b in sums])
    return out


def close(election, digest, header):
    """Fix counted set, sums and target at the close block."""
    m = election.manifest
    root = counted_root(m.election_hash, election.last)
    sums = aggregate(m, election.last.values())
    counted = len(election.last)
    election.closed = Record(
        digest=digest, time=header.time, root=root, sums=sums, counted=counted,
        target=tally.target(m.election_hash, digest, root, counted, sums))
    election.phase = CLOSED
