"""All checks of a record in the order of chapter 08 §2."""

from dataclasses import dataclass, field

from . import ballot, chain, evidence, manifest, views
from .board import RESULT, WITHDRAWN, Board
from .errors import RuleError
from .hashing import h
from .record import Items, load


@dataclass
class Check:
    """One line of the report."""

    name: str
    rules: str
    state: str = "ok"
    rule: str = ""
    text: str = ""


@dataclass
class Report:
    """All lines, the findings, and what is printed besides."""

    checks: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def first_failed(self):
        """The first line that failed, or None."""
        return next((c for c in self.checks if c.state == "failed"), None)

    def failed_rules(self):
        """The rule of each line that failed, in the order of checking."""
        return [c.rule for c in self.checks if c.state == "failed"]


# Longer than any entry may be: a reader need not hold more (chapter 08 §2).
MAX_ITEM = 1024 * 1024


class Stop(Exception):
    """The rest of the record cannot be judged."""


class Verifier:
    """Walks through one record."""

    def __init__(self, path, trust=None, election_hash=None):
        self.path, self.trust, self.asked = path, trust, election_hash
        self.report = Report()
        self.board = None
        self.indices = {}

    def run(self):
        """The report; record.Unreachable when there is no record."""
        try:
            self._run()
        except Stop:
            pass
        return self.report

    def _check(self, name, rules, action, fatal=False):
        line = Check(name, rules)
        self.report.checks.append(line)
        try:
            line.text = action() or ""
        except RuleError as error:
            line.state, line.rule, line.text = "failed", error.rule, error.text
            if fatal:
                raise Stop from None

    def _run(self):
        check = self._check
        check("files of the record", "R8.01", self._load, fatal=True)
        check("genesis block", "R8.02, R8.03", self._genesis, fatal=True)
        check("manifest and its seal", "R1.01-R1.08, R1.11-R1.17", self._manifest, fatal=True)
        if self.asked is not None or self.trust is not None:
            check("what was believed before", "R1.10, R8.07, R8.08, R8.13", self._believed)
        if self.trust is None:
            line = Check("trusted keys", "R1.10, R8.07, R8.08", "skipped")
            line.text = "not compared; compare the values below with a printed source"
            self.report.checks.append(line)
        check("every block, entry, proof and certificate", "R2-R7, R8.02", self._chain, fatal=True)
        check("the last block is final", "R8.04", self._final, fatal=True)
        check("the sealed manifest is on the board", "R8.05", self._sealed, fatal=True)
        check("the record ends with a result or a withdrawal", "R8.09", self._ended)
        if self.election.phase == RESULT:
            check("numbers that must fit", "R8.12, R8.15, R8.16", self._reconcile)
            self.report.findings = evidence.findings(self.election)
        check("views", "R8.06", self._views)
        self._numbers()
        if self.report.first_failed() is None:
            self.report.facts.update(views.words(self.election))

    def _load(self):
        self.files = load(self.path)
        self.entries = Items("entries.bin", self.files["entries.bin"])
        self.blocks = Items("blocks.bin", self.files["blocks.bin"])
        self.certificates = Items("finality.bin", self.files["finality.bin"])

    def _genesis(self):
        if not self.blocks.more() and not self.entries.more():
            raise RuleError("R8.03", "no block at all")
        header, items = self._block()
        if len(items) != 1:
            raise RuleError("R8.03", f"a first block of {len(items)} entries")
        try:
            self.network = chain.decode_network(items[0])
        except RuleError as error:
            raise RuleError("R8.03", f"no genesis block ({error})") from None
        if header != self.network.genesis(ballot.entry_hash(items[0])):
            raise RuleError("R8.03", "the first block is not the genesis of its network")
        self.board = Board(self.network, header)
        self._read_certificate()
        self.report.facts["network"] = self.network.id.hex()
        self.report.facts["validators"] = [v.hex() for v in self.network.term.committee]

    def _manifest(self):
        self.manifest = manifest.open_sealed(self.files["manifest.bin"])
        self.report.facts["election_hash"] = self.manifest.election_hash.hex()
        self.report.facts["authority"] = self.manifest.authority.hex()
        if self.manifest.practice:
            self.report.facts["practice"] = "試験 / REHEARSAL"

    def _believed(self):
        if self.asked not in (None, self.manifest.election_hash):
            raise RuleError("R8.13", "the record is about another election")
        if self.trust is None:
            return
        manifest.check_practice(self.manifest, self.trust["practice"])
        if self.trust["authority"] != self.manifest.authority.hex():
            raise RuleError("R8.07", "the manifest names another authority than the trust file")
        if self.trust["network"] != self.network.id.hex():
            raise RuleError("R8.08", "another network than in the trust file")
        if sorted(self.trust["validators"]) != [v.hex() for v in self.network.term.committee]:
            raise RuleError("R8.08", "other validators than in the trust file")

    def _chain(self):
        self.certified, certificates = False, 0
        try:
            while self.blocks.more():
                header, items = self._block()
                term = self.board.term
                self.board.apply(header, items)
                for index, data in enumerate(items):
                    self.indices[ballot.entry_hash(data)] = index
                certificates += self._certificate(header, term)
                if self.board.term is term:
                    continue
                if not self.certified:
                    raise RuleError("R8.04", "a hand-over in a block that is not certified")
                self.report.facts.setdefault("hand_overs", []).append(
                    {"first_block": self.board.header.height + 1,
                     "validators": [v.hex() for v in self.board.term.committee]})
            if self.entries.more():
                raise RuleError("R8.02", "entries.bin holds more than the blocks name")
        finally:
            # Proofs wait in a batch; a wrong one stands before whatever failed later.
            self.board.proofs.flush()
        return (f"{self.board.header.height + 1} blocks, {self.board.entry_count} entries, "
                f"{self.board.proofs.checked} contest proofs, {certificates} certificates")

    def _block(self):
        raw = self.blocks.take(chain.HEADER_SIZE)
        try:
            header = chain.decode_header(raw)
        except RuleError as error:
            raise RuleError("R8.02", f"no header in blocks.bin ({error})") from None
        if header.count > chain.MAX_ENTRIES:
            raise RuleError("R6.07", f"a header that counts {header.count} entries")
        entries, size = [], chain.HEADER_SIZE + 4
        for _ in range(header.count):
            entries.append(self.entries.sized(MAX_ITEM))
            size += 4 + len(entries[-1])
            if size > chain.MAX_BLOCK:
                raise RuleError("R6.07", f"a block of more than {chain.MAX_BLOCK} bytes")
        return header, entries

    def _read_certificate(self):
        self.waiting = None
        if self.certificates.more():
            data = self.certificates.sized(chain.CERTIFICATE_LIMIT)
            self.waiting = chain.decode_certificate(data)

    def _certificate(self, header, term):
        digest = header.digest()
        self.certified = self.waiting is not None and self.waiting.payload == digest
        if self.certified:
            chain.check_certificate(term, self.waiting, digest)
            self._read_certificate()
        return self.certified

    def _final(self):
        if self.waiting is not None:
            raise RuleError("R8.04", "a certificate that belongs to no block in order")
        if not self.certified:
            raise RuleError("R8.04", "the last block is not certified")

    def _sealed(self):
        self.election = self.board.elections.get(self.manifest.election_hash)
        if self.election is None or self.election.sealed != self.files["manifest.bin"]:
            raise RuleError("R8.05", "manifest.bin is not the manifest sealed on the board")
        digest = h("record", self.manifest.election_hash, self.board.header.digest())
        self.report.facts["record_digest"] = digest.hex()

    def _ended(self):
        if self.election.phase not in (RESULT, WITHDRAWN):
            raise RuleError("R8.09", f"the election is in phase {self.election.phase}")
        return "it was withdrawn before it began" if self.election.phase == WITHDRAWN else ""

    def _reconcile(self):
        evidence.need_one_that_covers(self.election)
        result = self.election.result
        for number, (c, row) in enumerate(zip(self.election.manifest.contests, result.votes)):
            if not c.k_min * result.counted <= sum(row) <= c.k_max * result.counted:
                raise RuleError("R8.12", f"{sum(row)} marks in contest {number}")

    def _views(self):
        made = {"view/counted.json": views.counted(self.election, self.indices),
                "view/election.json": views.election(self.election),
                "view/result.json": views.result(self.election)}
        for name, text in made.items():
            if self.files[name] != text.encode():
                raise RuleError("R8.06", f"{name} is not what the board gives")

    def _numbers(self):
        facts, e = self.report.facts, self.election
        facts["received"], facts["counted"] = e.received, len(e.last)
        facts["overwritten"], facts["spoiled"] = e.received - len(e.last), e.spoiled
        facts["opened"], facts["never_opened"] = e.openings, e.received - e.openings
        issued = evidence.issued(e)
        facts["issued"] = issued
        if e.phase == WITHDRAWN:  # nothing was issued, and there are no votes
            if not self.report.first_failed():  # the board's words are printed like the manifest's
                facts["withdrawn"] = e.withdrawn
            return
        facts["issued_and_not_used"] = max(0, min(issued) - len(e.last))
        if e.result:
            votes, margins = e.result.votes, evidence.margins(e.result.votes)
            if self.report.first_failed():  # without the manifest's words
                facts["votes"], facts["margin"] = votes, margins
                return
            facts["votes"] = {c.id: {o.id: v for o, v in zip(c.options, row)}
                              for c, row in zip(e.manifest.contests, votes)}
            facts["margin"] = {c.id: n for c, n in zip(e.manifest.contests, margins)}
