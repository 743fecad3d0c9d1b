"""The peers' job with ElectionGuard: encrypt, verify and count N ballots of twelve options.

python guard.py N -> one line of JSON. CPU seconds of this process and its children,
because the library adds up with a pool of processes.
"""
import dataclasses
import inspect
import json
import logging
import os
import sys
from datetime import datetime, timezone

# The library was written for Python 3.9: it gives dataclass fields defaults that can be changed.
# Python 3.11 refuses more of them than 3.10 did; this brings back the older rule.
SOURCE = inspect.getsource(dataclasses._get_field)
OLDER = SOURCE.replace("f.default.__class__.__hash__ is None",
                       "isinstance(f.default, (list, dict, set))")
exec(OLDER, dataclasses.__dict__)

from electionguard.ballot import PlaintextBallot, PlaintextBallotContest
from electionguard.ballot_box import cast_ballot
from electionguard.ballot_validator import ballot_is_valid_for_election
from electionguard.decryption_mediator import DecryptionMediator
from electionguard.election import make_ciphertext_election_context
from electionguard.encrypt import encrypt_ballot, selection_from
from electionguard.group import rand_q
from electionguard.guardian import Guardian
from electionguard.key_ceremony import CeremonyDetails
from electionguard.key_ceremony_mediator import KeyCeremonyMediator
from electionguard.manifest import (
    BallotStyle, Candidate, ContestDescription, ElectionType, GeopoliticalUnit, InternalManifest,
    InternationalizedText, Language, Manifest, Party, ReportingUnitType, SelectionDescription,
    SpecVersion, VoteVariationType)
from electionguard.serialize import to_raw
from electionguard.tally import CiphertextTally

OPTIONS = 12


def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def text(value):
    return InternationalizedText([Language(value, "en")])


def manifest():
    names = [f"option-{i}" for i in range(OPTIONS)]
    selections = [SelectionDescription(f"selection-{i}", i, name) for i, name in enumerate(names)]
    contest = ContestDescription(
        "contest", 0, "city", VoteVariationType.one_of_m, 1, 1, "contest", selections,
        text("contest"), text("contest"))
    day = datetime(2026, 1, 1, tzinfo=timezone.utc)
    return Manifest(
        "bench", SpecVersion.EG1_0, ElectionType.special, day, day.replace(day=2),
        [GeopoliticalUnit("city", "city", ReportingUnitType.city)],
        [Party("party", text("party"))],
        [Candidate(name, text(name), "party") for name in names], [contest],
        [BallotStyle("style", ["city"])], text("bench"))


def plain(number, contest):
    chosen = contest.ballot_selections[number % OPTIONS]
    selections = [selection_from(chosen, False, True)]
    return PlaintextBallot(f"ballot-{number}", "style",
                           [PlaintextBallotContest(contest.object_id, selections)])


def main(count):
    public = manifest()
    assert public.is_valid(), "the manifest"
    internal = InternalManifest(public)
    guardian = Guardian.from_nonce("1", 1, 1, 1)
    ceremony = KeyCeremonyMediator("ceremony", CeremonyDetails(1, 1))
    ceremony.announce(guardian.share_key())
    joint = ceremony.publish_joint_key()
    assert joint, "the joint key"
    context = make_ciphertext_election_context(
        1, 1, joint.joint_public_key, joint.commitment_hash, public.crypto_hash())
    contest = internal.contests[0]

    began = cpu()
    code = rand_q()
    ballots = []
    for number in range(count):
        ballot = encrypt_ballot(plain(number, contest), internal, context, code)
        assert ballot, "encryption"
        code = ballot.code
        ballots.append(ballot)
    encrypted = cpu()
    for ballot in ballots:
        assert ballot_is_valid_for_election(ballot, internal, context, True), "a good ballot"
    verified = cpu()

    cast = [cast_ballot(ballot) for ballot in ballots]
    counting = cpu()
    tally = CiphertextTally("tally", internal, context)
    assert tally.batch_append([(ballot.object_id, ballot) for ballot in cast], False), "the sum"
    mediator = DecryptionMediator("decryption", context)
    mediator.announce(guardian.share_key(), guardian.compute_tally_share(tally, context))
    result = mediator.get_plaintext_tally(tally, public)
    counted = cpu()
    votes = [s.tally for s in result.contests["contest"].selections.values()]
    assert sorted(votes) == sorted(
        sum(1 for n in range(count) if n % OPTIONS == i) for i in range(OPTIONS)), votes

    print(json.dumps({
        "encrypt": (encrypted - began) / count,
        "verify": (verified - encrypted) / count,
        "tally": (counted - counting) / count,
        "bytes": len(to_raw(cast[0])),
    }))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(int(sys.argv[1]))
