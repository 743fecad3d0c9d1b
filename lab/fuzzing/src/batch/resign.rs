//! Signs a changed entry again, so that it passes the signature checks and meets the others.

use ballot::Ballot;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::check_ballot::OPEN_PURPOSE;
use board::entry::{Entry, OfficerAct};
use crypto::Point;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use rand_chacha::ChaCha20Rng;
use testkit::election::{Lab, card_step, promise};

/// Signs with the keys that the entry names; `None` when it does not decode or names nobody.
/// With `tokens` a ballot gets good tokens too.
pub(super) fn resign(
    lab: &Lab,
    bytes: &[u8],
    tokens: bool,
    rng: &mut ChaCha20Rng,
) -> Option<Vec<u8>> {
    let p = &lab.parties;
    let trustee = |id: u16| p.trustees.get(usize::from(id).checked_sub(1)?);
    let entry = match Entry::decode(bytes).ok()? {
        Entry::Setup(s) => Entry::Setup(Box::new(s.body.signed(&p.authority, rng))),
        Entry::Ceremony(c) => {
            let key = trustee(c.body.trustee)?;
            Entry::Ceremony(Box::new(c.body.signed(key, rng)))
        }
        Entry::Seal(s) => Entry::Seal(Box::new(p.seal(s.manifest, rng))),
        Entry::Act(mut a) => {
            for (officer, signature) in &mut a.signatures {
                let key = p.officers.get(usize::from(*officer))?;
                *signature = OfficerAct::sign(&a.election, &a.act, key, rng);
            }
            Entry::Act(a)
        }
        Entry::HandOver(mut h) => {
            let order = h.ordered();
            for (officer, signature) in &mut h.officers {
                let key = p.officers.get(usize::from(*officer))?;
                *signature = key.sign(board::entry::HAND_OVER_PURPOSE, &order, rng);
            }
            p.accept_hand_over(&mut h);
            p.certify_hand_over(&mut h);
            Entry::HandOver(h)
        }
        Entry::Late(mut late) => {
            for seen in &mut late.seen {
                let key = p.nodes.get(usize::from(seen.validator))?;
                let when = (seen.validator, seen.height, seen.time_ms);
                *seen = promise(key, p.network.id(), &late.entry, when, rng);
            }
            Entry::Late(late)
        }
        Entry::Evidence(e) => {
            let key = p.registrars.get(usize::from(e.body.registrar))?;
            Entry::Evidence(Box::new(e.body.signed(key, rng)))
        }
        Entry::Ballot(mut b) => {
            let key = voter(lab, &b.vk)?;
            if tokens {
                grant(lab, &mut b, rng);
            }
            b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), rng);
            Entry::Ballot(b)
        }
        Entry::CheckBallot(mut s) => {
            let key = voter(lab, &s.ballot.vk)?;
            if tokens {
                grant(lab, &mut s.ballot, rng);
            }
            s.signature = key.sign(OPEN_PURPOSE, &s.signed_bytes(), rng);
            Entry::CheckBallot(s)
        }
        Entry::Opening(o) => Entry::Opening(o),
        Entry::ShareCommit(c) => {
            let key = trustee(c.body.trustee)?;
            Entry::ShareCommit(Box::new(c.body.signed(key, rng)))
        }
        Entry::Share(s) => {
            let key = trustee(s.body.share.trustee)?;
            Entry::Share(Box::new(s.body.signed(key, rng)))
        }
        Entry::Result(r) => Entry::Result(r),
    };
    Some(entry.encode())
}

/// Tokens of the ballot's window and the signature of its voter's card.
fn grant(lab: &Lab, b: &mut Ballot, rng: &mut ChaCha20Rng) {
    b.card.window = b.card.window.min(1);
    let place = (b.seq, b.prev);
    b.tokens = lab.parties.tokens(lab.election, b.vk, place, b.card.window);
    b.card = card_step(&b.place(), &b.vk, rng);
}

fn voter<'a>(lab: &'a Lab, vk: &Point) -> Option<&'a SigningKey> {
    lab.voters
        .iter()
        .map(|v| &v.key)
        .find(|k| k.public() == *vk)
}
