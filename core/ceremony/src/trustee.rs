//! The secret side: each round consumes the state of the round before.

use crate::CeremonyError;
use crate::message::Message;
use crate::public::{Ceremony, KNOWLEDGE, ROOT, commitment, knowledge_message};
use crate::seal::{self, HpkeSecret};
use crypto::schnorr::SigningKey;
use crypto::sharing::{Polynomial, evaluate_commitments};
use crypto::{Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// After round 1: the polynomial is fixed and hidden.
pub struct Committed {
    id: u16,
    polynomial: Polynomial,
    reveal: Message,
}

/// What is not revealed yet is never printed.
impl core::fmt::Debug for Committed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Committed({})", self.id)
    }
}

/// After round 2.
#[derive(Debug)]
pub struct Revealed {
    id: u16,
    polynomial: Polynomial,
}

/// After round 3.
#[derive(Debug)]
pub struct Shared {
    id: u16,
    polynomial: Polynomial,
}

/// What round 4 tells the trustee to post.
#[derive(Debug)]
pub enum Verdict {
    /// Every share fits: post [`Message::Confirm`] and go on.
    Good(Confirmed),
    /// These dealers' shares do not fit: post one [`Message::Complain`] each and ask again.
    Complaints(Shared, Vec<Message>),
}

/// After round 4: the trustee holds a share of the joint key.
#[derive(Debug)]
pub struct Confirmed {
    share: KeyShare,
}

/// A trustee's secret share x_i; wiped on drop, never printed.
#[derive(Clone)]
pub struct KeyShare {
    /// The trustee.
    pub id: u16,
    secret: Zeroizing<Scalar>,
    /// x_i·G.
    pub verification: Point,
}

impl core::fmt::Debug for KeyShare {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeyShare({}, {:?})", self.id, self.verification)
    }
}

impl KeyShare {
    /// From stored bytes; `None` when they are not a canonical non-zero scalar.
    #[must_use]
    pub fn from_bytes(id: u16, bytes: &[u8; 32]) -> Option<Self> {
        let secret: Scalar = Option::from(Scalar::from_canonical_bytes(*bytes))?;
        let verification = Point::mul_base(&secret)?;
        Some(Self {
            id,
            secret: Zeroizing::new(secret),
            verification,
        })
    }
    /// The secret, for decryption and for the sealed share file only.
    #[must_use]
    pub fn expose(&self) -> &Scalar {
        &self.secret
    }
}

/// Round 1: draws a polynomial and commits to it.
///
/// # Errors
/// [`CeremonyError::Stranger`].
pub fn commit<R: CryptoRng>(
    ceremony: &Ceremony,
    id: u16,
    rng: &mut R,
) -> Result<(Committed, Message), CeremonyError> {
    let roster = ceremony.roster();
    roster.member(id)?;
    let polynomial = Polynomial::random(usize::from(roster.t()), rng);
    let commitments = polynomial.commitments().ok_or(CeremonyError::Identity)?;
    let key = SigningKey::from_scalar(polynomial.constant()).ok_or(CeremonyError::Identity)?;
    let message = knowledge_message(ceremony.setup(), roster, id, &commitments);
    let knowledge = key.sign(KNOWLEDGE, &message, rng);
    let reveal = Message::Reveal {
        commitments,
        knowledge,
    };
    let hash = commitment(ceremony.setup(), roster, id, &reveal);
    Ok((
        Committed {
            id,
            polynomial,
            reveal,
        },
        Message::Commit(hash),
    ))
}

impl Committed {
    /// Round 2: shows what was committed, once every commitment is on the board.
    #[must_use]
    pub fn reveal(self) -> (Revealed, Message) {
        (
            Revealed {
                id: self.id,
                polynomial: self.polynomial,
            },
            self.reveal,
        )
    }
}

impl Revealed {
    /// Round 3: seals one share for each other trustee.
    ///
    /// # Errors
    /// [`CeremonyError::Shares`] when a roster key cannot be sealed to.
    pub fn deal<R: CryptoRng>(
        self,
        ceremony: &Ceremony,
        rng: &mut R,
    ) -> Result<(Shared, Message), CeremonyError> {
        let mut shares = Vec::new();
        for m in ceremony
            .roster()
            .members()
            .iter()
            .filter(|m| m.id != self.id)
        {
            let share = Zeroizing::new(self.polynomial.evaluate(m.id));
            let sealed = seal::seal(ceremony.setup(), self.id, m.id, &m.hpke, &share, rng);
            shares.push(sealed.ok_or(CeremonyError::Shares)?);
        }
        Ok((
            Shared {
                id: self.id,
                polynomial: self.polynomial,
            },
            Message::Shares(shares),
        ))
    }
}

impl Shared {
    /// Answers to open complaints against this trustee.
    #[must_use]
    pub fn answers(&self, ceremony: &Ceremony) -> Vec<Message> {
        let open = ceremony.complaints_against(self.id).into_iter();
        open.map(|c| Message::Answer {
            complainer: c,
            share: self.polynomial.evaluate(c),
        })
        .collect()
    }
    /// Round 4: opens and checks every share; names the dealers whose shares do not fit.
    ///
    /// # Errors
    /// [`CeremonyError::Round`] before round 4, [`CeremonyError::Identity`].
    pub fn check(self, ceremony: &Ceremony, key: &HpkeSecret) -> Result<Verdict, CeremonyError> {
        let mut sum = Zeroizing::new(self.polynomial.evaluate(self.id));
        let mut complaints = Vec::new();
        for dealer in ceremony
            .roster()
            .members()
            .iter()
            .filter(|m| m.id != self.id)
        {
            match self.share_from(ceremony, dealer.id, key)? {
                Some(share) => *sum += *share,
                None => complaints.push(Message::Complain { accused: dealer.id }),
            }
        }
        if !complaints.is_empty() {
            return Ok(Verdict::Complaints(self, complaints));
        }
        let verification = Point::mul_base(&sum).ok_or(CeremonyError::Identity)?;
        Ok(Verdict::Good(Confirmed {
            share: KeyShare {
                id: self.id,
                secret: sum,
                verification,
            },
        }))
    }
    fn share_from(
        &self,
        ceremony: &Ceremony,
        dealer: u16,
        key: &HpkeSecret,
    ) -> Result<Option<Zeroizing<Scalar>>, CeremonyError> {
        let commitments = ceremony
            .commitments_of(dealer)
            .ok_or(CeremonyError::Round)?;
        let expected = evaluate_commitments(commitments, self.id);
        let fits = |s: &Scalar| RistrettoPoint::mul_base(s) == expected;
        if let Some(opened) = ceremony.opened_share(dealer, self.id) {
            return Ok(fits(&opened).then(|| Zeroizing::new(opened)));
        }
        let sealed = ceremony.shares_of(dealer).ok_or(CeremonyError::Round)?;
        let mine = sealed
            .iter()
            .find(|s| s.to == self.id)
            .ok_or(CeremonyError::Shares)?;
        let share = seal::open(ceremony.setup(), dealer, key, mine);
        Ok(share.filter(|s| fits(s)))
    }
}

impl Confirmed {
    /// The share, to be written to its sealed file before anything is signed.
    #[must_use]
    pub fn share(&self) -> &KeyShare {
        &self.share
    }
    /// Round 5: signs the root after checking that the public keys are what the share says.
    ///
    /// # Errors
    /// [`CeremonyError`].
    pub fn sign<R: CryptoRng>(
        self,
        ceremony: &Ceremony,
        key: &SigningKey,
        rng: &mut R,
    ) -> Result<(KeyShare, Message), CeremonyError> {
        let keys = ceremony.keys()?;
        let public = keys
            .verification
            .get(usize::from(self.share.id).saturating_sub(1));
        if public != Some(&self.share.verification) {
            return Err(CeremonyError::Identity);
        }
        let signature = key.sign(ROOT, keys.root.as_bytes(), rng);
        Ok((self.share, Message::Sign(signature)))
    }
}
