//! Check or cast with a second device (spec 09): what the booth shows and what is recomputed.
//!
//! The booth shows [`Shown`] before the voter decides; when a check ballot is final it shows
//! [`Revealed`]. Whoever saw `Shown` first recomputes every ciphertext and names the choice.

use crate::ballot::{Ballot, NO_SIGNATURE};
use crate::check_ballot::CheckBallot;
use crate::mask::{Mask, OpenedLine, Side};
use crate::proof::{ContestBallot, Key, randomness};
use crate::validity::BallotRules;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point, Rule};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// The first code (QR-1): shown before the voter decides to check or to cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Entry hash of the complete, signed ballot.
    pub entry_hash: Hash,
    /// Its voting key: where the board keeps a check ballot.
    pub vk: Point,
    /// The two pictures the voter picked.
    pub pictures: [u8; 2],
    /// By vk, purpose [`SHOWN_PURPOSE`], over everything before it.
    pub signature: Signature,
}

/// Purpose of the signature under a first code.
pub const SHOWN_PURPOSE: &str = "ballot-shown";

impl Shown {
    /// Of a ballot that is signed and neither cast nor opened.
    pub fn of<R: CryptoRng + ?Sized>(ballot: &Ballot, key: &SigningKey, rng: &mut R) -> Self {
        let shown = Self {
            entry_hash: ballot.entry_hash(),
            vk: ballot.vk,
            pictures: ballot.pictures,
            signature: NO_SIGNATURE,
        };
        shown.signed(key, rng)
    }
    /// The same code signed by this key.
    #[must_use]
    pub fn signed<R: CryptoRng + ?Sized>(mut self, key: &SigningKey, rng: &mut R) -> Self {
        self.signature = key.sign(SHOWN_PURPOSE, &self.signed_bytes(), rng);
        self
    }
    /// The bytes the signature covers.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write_unsigned(&mut w);
        w.finish()
    }
    /// Rule R9.08.
    ///
    /// # Errors
    /// [`CheckError::Unsigned`].
    pub fn check(&self) -> Result<(), CheckError> {
        let message = self.signed_bytes();
        schnorr::verify(&self.vk, SHOWN_PURPOSE, &message, &self.signature)
            .map_err(|_| CheckError::Unsigned)
    }
    fn write_unsigned(&self, w: &mut Writer) {
        self.entry_hash.write(w);
        self.vk.write(w);
        w.raw(&self.pictures);
    }
}

impl Wire for Shown {
    fn write(&self, w: &mut Writer) {
        self.write_unsigned(w);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            entry_hash: Hash::read(r)?,
            vk: Point::read(r)?,
            pictures: r.array()?,
            signature: Signature::read(r)?,
        })
    }
}

impl TopLevel for Shown {
    const TYPE: u8 = 40;
}

/// The second code (QR-2): shown when the check ballot is final. It gives the choice away.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed {
    /// The entry hash it belongs to.
    pub entry_hash: Hash,
    /// The seed every r_i comes from.
    pub seed: Zeroizing<[u8; 32]>,
    /// The `ballot` signature that was kept off the board.
    pub withheld: Signature,
}

impl core::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Revealed({:?})", self.entry_hash)
    }
}

impl Revealed {
    /// Of a ballot that was opened as a check ballot.
    #[must_use]
    pub fn of(ballot: &Ballot, seed: &[u8; 32]) -> Self {
        Self {
            entry_hash: ballot.entry_hash(),
            seed: Zeroizing::new(*seed),
            withheld: ballot.signature,
        }
    }
}

impl Wire for Revealed {
    fn write(&self, w: &mut Writer) {
        self.entry_hash.write(w);
        w.raw(&*self.seed);
        self.withheld.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            entry_hash: Hash::read(r)?,
            seed: Zeroizing::new(r.array()?),
            withheld: Signature::read(r)?,
        })
    }
}

impl TopLevel for Revealed {
    const TYPE: u8 = 41;
}

/// A code as it appears in a QR picture or after `#` in an address: upper-case hexadecimal.
#[must_use]
pub fn to_code<T: TopLevel>(value: &T) -> String {
    crypto::hash::to_hex(&value.to_bytes()).to_ascii_uppercase()
}

/// Reads a code: alone, or a whole address with the code behind `#`; spaces do not matter.
///
/// # Errors
/// [`CheckError::Code`].
pub fn from_code<T: TopLevel>(text: &str) -> Result<T, CheckError> {
    let last = text.rsplit('#').next().unwrap_or(text);
    let digits = last.chars().filter(|c| !c.is_whitespace());
    let hex: String = digits.map(|c| c.to_ascii_lowercase()).collect();
    let bytes = crypto::hash::from_hex(&hex).map(Zeroizing::new);
    T::from_bytes(&bytes.ok_or(CheckError::Code)?).map_err(|_| CheckError::Code)
}

/// Why a second device sounds the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckError {
    /// Rule R9.01: the code is not one of ours.
    Code,
    /// Rule R9.02: a seed for an entry hash that this device did not note before.
    Unseen,
    /// Rule R9.03: the check ballot on the board is not the one that was noted.
    Other,
    /// Rule R9.04: with the withheld signature it has another entry hash.
    EntryHash,
    /// Rule R9.05: a ciphertext is not the one that the seed gives for one valid choice.
    Ciphertext {
        /// Contest, from 0.
        contest: u16,
    },
    /// Rule R9.06: the ballot on the board is not the one that was noted.
    Substituted,
    /// Rule R9.07: a later ballot of the same voting key counts instead.
    Replaced,
    /// Rule R9.08: the first code is not signed by its voting key.
    Unsigned,
    /// Rule R9.09: the entry is not an opening of the noted ballot.
    OtherOpening,
    /// Rule R9.10: the opening does not stand in a later block than its ballot.
    OpenedEarly,
    /// Rule R9.11: the ballot was on the board before it was noted.
    Older,
}

impl CheckError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Code => crate::rules::CODE,
            Self::Unseen => crate::rules::UNSEEN,
            Self::Other => crate::rules::OTHER_CHECK,
            Self::EntryHash => crate::rules::OTHER_ENTRY_HASH,
            Self::Ciphertext { .. } => crate::rules::OTHER_CIPHERTEXT,
            Self::Substituted => crate::rules::SUBSTITUTED,
            Self::Replaced => crate::rules::REPLACED,
            Self::Unsigned => crate::rules::CODE_SIGNATURE,
            Self::OtherOpening => crate::rules::OTHER_OPENING,
            Self::OpenedEarly => crate::rules::OPENED_EARLY,
            Self::Older => crate::rules::OLDER,
        }
    }
}

impl core::fmt::Display for CheckError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "check refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for CheckError {}

/// Rules R9.03–R9.05: the check ballot is the noted one, and encrypts these options and no other.
/// Per contest the indices of the marked options.
///
/// # Errors
/// [`CheckError`].
pub fn recompute(
    rules: &BallotRules,
    shown: &Shown,
    check: &CheckBallot,
    opening: &Revealed,
) -> Result<Vec<Vec<u16>>, CheckError> {
    if opening.entry_hash != shown.entry_hash {
        return Err(CheckError::Unseen);
    }
    is_the_noted(rules, shown, check)?;
    if !check.is_committed_with(&opening.withheld) {
        return Err(CheckError::EntryHash);
    }
    let contests = rules.decode(&check.ballot);
    let contests = contests.map_err(|_| CheckError::Ciphertext { contest: 0 })?;
    let pairs = rules.keys().iter().zip(&contests);
    (0u16..)
        .zip(pairs)
        .map(|(i, (key, contest))| {
            marks(key, contest, i, &opening.seed).ok_or(CheckError::Ciphertext { contest: i })
        })
        .collect()
}

/// Rule R9.03.
///
/// # Errors
/// [`CheckError::Other`].
pub fn is_the_noted(
    rules: &BallotRules,
    shown: &Shown,
    check: &CheckBallot,
) -> Result<(), CheckError> {
    let b = &check.ballot;
    let same = b.election == *rules.election()
        && b.vk == shown.vk
        && b.pictures == shown.pictures
        && check.committed == shown.entry_hash;
    if same { Ok(()) } else { Err(CheckError::Other) }
}

/// Encrypts again: the marked options, or none when any ciphertext differs, those of the masks
/// included, or their number is not allowed.
fn marks(key: &Key, c: &ContestBallot, contest: u16, seed: &[u8; 32]) -> Option<Vec<u16>> {
    let g = *Point::base().point();
    let mut marked = Vec::new();
    let mut bits = vec![0; key.shape().options()];
    for (i, (a, b)) in (0u16..).zip(c.a.iter().zip(&c.b)) {
        let r = randomness(seed, contest, u32::from(i));
        let masked = key.joint().point() * r;
        if Encoded::from(RistrettoPoint::mul_base(&r).compress()) != *a {
            return None;
        }
        if Encoded::from((masked + g).compress()) == *b {
            marked.push(i);
            if let Some(bit) = bits.get_mut(usize::from(i)) {
                *bit = 1;
            }
        } else if Encoded::from(masked.compress()) != *b {
            return None;
        }
    }
    let masks = Mask::of_contest(key.lines(), &bits, seed, contest);
    let numbers = |side| masks.iter().map(move |m| OpenedLine::of(m, side));
    let again = |side| key.encrypt_again(&numbers(side).collect::<Vec<_>>());
    let fit = |side, found: &Vec<_>| again(side) == *found;
    if !fit(Side::Mask, &c.masks) || !fit(Side::Masked, &c.masked) {
        return None;
    }
    let count = u16::try_from(marked.len()).ok()?;
    let shape = key.shape();
    (shape.k_min()..=shape.k_max())
        .contains(&count)
        .then_some(marked)
}

#[cfg(test)]
mod tests;
