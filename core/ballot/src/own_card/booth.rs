//! The booth's half: blinds the persons' keys, asks the registrars, and makes the signature.

use super::{OwnCard, OwnCardError, Place, derived, sum};
use crate::credential::Secret;
use crypto::group::{Encoded, Point, random_scalar};
use crypto::{Hash, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// W of every registrar with the factors h that blind them: X = h·W. Factors wiped on drop; never
/// printed.
pub struct CardKeys {
    factors: Zeroizing<Vec<Scalar>>,
    person: Vec<Point>,
    blinded: Vec<Point>,
}

impl core::fmt::Debug for CardKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Not even X: it stands in the ballot.
        f.write_str("CardKeys(…)")
    }
}

impl CardKeys {
    /// h_i = scalar of H(`again-blind`, s, E, u16 i, u32 counter), the first that is not zero;
    /// `person` is W of every registrar in the manifest's order.
    ///
    /// # Errors
    /// [`OwnCardError::Registrars`] without a registrar or when the keys cancel each other.
    pub fn new(secret: &Secret, election: &Hash, person: &[Point]) -> Result<Self, OwnCardError> {
        let mut factors = Zeroizing::new(Vec::with_capacity(person.len()));
        let mut blinded = Vec::with_capacity(person.len());
        for (i, key) in (0u16..).zip(person) {
            let index = i.to_le_bytes();
            let fields = [secret.expose().as_slice(), election.as_bytes(), &index];
            let h = derived("again-blind", fields);
            blinded.push(Point::new(key.point() * *h).ok_or(OwnCardError::Registrars)?);
            factors.push(*h);
        }
        sum(&blinded).ok_or(OwnCardError::Registrars)?;
        Ok(Self {
            factors,
            person: person.to_vec(),
            blinded,
        })
    }
    /// X of every registrar, for the ballot.
    #[must_use]
    pub fn blinded(&self) -> &[Point] {
        &self.blinded
    }
    /// Rule R4.06: these are the keys in the ballots of this voting key on the board. If not, either
    /// a registrar now says another W or the first session was false; the signed answers show which.
    ///
    /// # Errors
    /// [`OwnCardError`] with the first registrar whose key differs.
    pub fn fit(&self, on_board: &[Point]) -> Result<(), OwnCardError> {
        if on_board.len() != self.blinded.len() {
            return Err(OwnCardError::Registrars);
        }
        let mut pairs = (0u16..).zip(self.blinded.iter().zip(on_board));
        match pairs.find(|(_, (ours, theirs))| ours != theirs) {
            None => Ok(()),
            Some((i, _)) => Err(OwnCardError::OtherKey(i)),
        }
    }
    /// Blinds the challenge for this place; `nonces` is K of every registrar.
    ///
    /// # Errors
    /// [`OwnCardError::Registrars`] when there is not one nonce of each.
    pub fn ask<R: CryptoRng + ?Sized>(
        self,
        nonces: &[Point],
        place: &Place<'_>,
        rng: &mut R,
    ) -> Result<Asked, OwnCardError> {
        if nonces.len() != self.person.len() {
            return Err(OwnCardError::Registrars);
        }
        let alpha = Zeroizing::new(random_scalar(rng));
        let beta = Zeroizing::new(random_scalar(rng));
        let key = sum(&self.blinded).ok_or(OwnCardError::Registrars)?;
        let blinded = self.factors.iter().zip(nonces).map(|(h, k)| k.point() * h);
        let r = RistrettoPoint::mul_base(&alpha)
            + blinded.sum::<RistrettoPoint>()
            + key.point() * *beta;
        let r = Encoded::from(r.compress());
        Ok(Asked {
            challenge: Zeroizing::new(place.challenge(&self.blinded, &r) + *beta),
            keys: self,
            nonces: nonces.to_vec(),
            alpha,
            r,
            window: place.window,
        })
    }
}

/// A card step that waits for the registrars' answers. Factors, α and c' wiped on drop; never printed.
pub struct Asked {
    keys: CardKeys,
    nonces: Vec<Point>,
    alpha: Zeroizing<Scalar>,
    challenge: Zeroizing<Scalar>,
    r: Encoded,
    window: u8,
}

impl core::fmt::Debug for Asked {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Asked(…)")
    }
}

impl Asked {
    /// c' = c + β: what every registrar is asked.
    #[must_use]
    pub fn challenge(&self) -> Scalar {
        *self.challenge
    }
    /// Rule R4.05: the answer of registrar number `index` fits its nonce and key, s·G = K + c'·W.
    ///
    /// # Errors
    /// [`OwnCardError::Response`].
    pub fn check(&self, index: u16, answer: &Scalar) -> Result<(), OwnCardError> {
        let i = usize::from(index);
        let (Some(k), Some(w)) = (self.nonces.get(i), self.keys.person.get(i)) else {
            return Err(OwnCardError::Registrars);
        };
        if RistrettoPoint::mul_base(answer) == k.point() + w.point() * *self.challenge {
            Ok(())
        } else {
            Err(OwnCardError::Response(index))
        }
    }
    /// z = α + Σh_i·s_i: what the ballot carries. The factors and α are gone afterwards.
    ///
    /// # Errors
    /// [`OwnCardError::Response`] with the first registrar whose answer does not fit.
    pub fn finish(self, answers: &[Scalar]) -> Result<OwnCard, OwnCardError> {
        if answers.len() != self.nonces.len() {
            return Err(OwnCardError::Registrars);
        }
        for (i, answer) in (0u16..).zip(answers) {
            self.check(i, answer)?;
        }
        let answered = self.keys.factors.iter().zip(answers).map(|(h, s)| h * s);
        Ok(OwnCard {
            z: *self.alpha + answered.sum::<Scalar>(),
            r: self.r,
            window: self.window,
            keys: self.keys.blinded,
        })
    }
}
