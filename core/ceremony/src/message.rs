//! What trustees post; the board entry around a message carries their signature.

use crypto::schnorr::Signature;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point, Scalar};

/// A share under HPKE (X25519, HKDF-SHA-256, ChaCha20-Poly1305): 32 bytes key, 48 bytes box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedShare {
    /// For whom.
    pub to: u16,
    /// HPKE encapsulated key.
    pub encapsulated: [u8; 32],
    /// Sealed 32-byte scalar.
    pub sealed: [u8; 48],
}

impl Wire for SealedShare {
    fn write(&self, w: &mut Writer) {
        w.u16(self.to);
        w.raw(&self.encapsulated);
        w.raw(&self.sealed);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            to: r.u16()?,
            encapsulated: r.array()?,
            sealed: r.array()?,
        })
    }
}

/// One message of one trustee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Round 1: hash of what will be revealed.
    Commit(Hash),
    /// Round 2: coefficient commitments and proof of knowledge of the constant term.
    Reveal {
        /// A_0 … A_{t−1}.
        commitments: Vec<Point>,
        /// Schnorr signature under A_0.
        knowledge: Signature,
    },
    /// Round 3: one sealed share for each other trustee, by id.
    Shares(Vec<SealedShare>),
    /// Round 4: all shares fit.
    Confirm,
    /// Round 4: the share from `accused` does not open or does not fit.
    Complain {
        /// The dealer.
        accused: u16,
    },
    /// Round 4: the accused opens the share to everyone.
    Answer {
        /// Who complained.
        complainer: u16,
        /// f_accused(complainer).
        share: Scalar,
    },
    /// Round 5: signature over the transcript root.
    Sign(Signature),
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Commit(h) => {
                w.u8(1);
                h.write(w);
            }
            Self::Reveal {
                commitments,
                knowledge,
            } => {
                w.u8(2);
                w.list(commitments);
                knowledge.write(w);
            }
            Self::Shares(shares) => {
                w.u8(3);
                w.list(shares);
            }
            Self::Confirm => w.u8(4),
            Self::Complain { accused } => {
                w.u8(5);
                w.u16(*accused);
            }
            Self::Answer { complainer, share } => {
                w.u8(6);
                w.u16(*complainer);
                share.write(w);
            }
            Self::Sign(s) => {
                w.u8(7);
                s.write(w);
            }
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(match r.u8()? {
            1 => Self::Commit(Hash::read(r)?),
            2 => Self::Reveal {
                commitments: r.list(15)?,
                knowledge: Signature::read(r)?,
            },
            3 => Self::Shares(r.list(15)?),
            4 => Self::Confirm,
            5 => Self::Complain { accused: r.u16()? },
            6 => Self::Answer {
                complainer: r.u16()?,
                share: Scalar::read(r)?,
            },
            7 => Self::Sign(Signature::read(r)?),
            t => return Err(WireError::Tag(t)),
        })
    }
}

impl TopLevel for Message {
    const TYPE: u8 = 30;
}
