//! What registrars sign blindly: one kind of message per issuer key (protocol §4).

use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point};

/// Bytes of an RSA-2048 signature, blinded message or modulus.
pub const RSA_BYTES: usize = 256;

/// Which issuer key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The one credential of a person.
    First,
    /// A further ballot of the same credential.
    Again,
    /// One anonymous survey answer.
    Survey,
}

impl Kind {
    /// The word used in messages and API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Again => "again",
            Self::Survey => "survey",
        }
    }
}

/// The message a token signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenMessage {
    /// vk may cast ballot seq 1.
    First {
        /// The election.
        election: Hash,
        /// The voting key.
        vk: Point,
    },
    /// vk may replace exactly this ballot with the one of this seq (≥ 2).
    Again {
        /// The election.
        election: Hash,
        /// The voting key.
        vk: Point,
        /// The ballot's sequence number.
        seq: u32,
        /// Entry hash of the ballot that it replaces.
        prev: Hash,
    },
    /// One survey answer; `serial` is random and is spent by the answer.
    Survey {
        /// The election.
        election: Hash,
        /// 32 random bytes.
        serial: [u8; 32],
    },
}

impl TokenMessage {
    /// The message that a ballot's token signs, by the ballot's place: number and predecessor.
    #[must_use]
    pub fn for_ballot(election: Hash, vk: Point, (seq, prev): (u32, Hash)) -> Self {
        if seq <= 1 {
            Self::First { election, vk }
        } else {
            Self::Again {
                election,
                vk,
                seq,
                prev,
            }
        }
    }
    /// Which issuer key signs this message.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::First { .. } => Kind::First,
            Self::Again { .. } => Kind::Again,
            Self::Survey { .. } => Kind::Survey,
        }
    }
}

impl Wire for TokenMessage {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::First { election, vk } => {
                w.u8(1);
                election.write(w);
                vk.write(w);
            }
            Self::Again {
                election,
                vk,
                seq,
                prev,
            } => {
                w.u8(2);
                election.write(w);
                vk.write(w);
                w.u32(*seq);
                prev.write(w);
            }
            Self::Survey { election, serial } => {
                w.u8(3);
                election.write(w);
                w.raw(serial);
            }
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let tag = r.u8()?;
        let election = Hash::read(r)?;
        match tag {
            1 => Ok(Self::First {
                election,
                vk: Point::read(r)?,
            }),
            2 => Ok(Self::Again {
                election,
                vk: Point::read(r)?,
                seq: r.u32()?,
                prev: Hash::read(r)?,
            }),
            3 => Ok(Self::Survey {
                election,
                serial: r.array()?,
            }),
            t => Err(WireError::Tag(t)),
        }
    }
}

impl TopLevel for TokenMessage {
    const TYPE: u8 = 5;
}
