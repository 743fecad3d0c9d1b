//! Who takes part, fixed in the `Setup` entry before the first message.

use crate::CeremonyError;
use crypto::Point;
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::x25519::is_sealable;

/// One trustee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// 1…n.
    pub id: u16,
    /// Schnorr key: signs board entries and the transcript root.
    pub key: Point,
    /// X25519 key shares are sealed to.
    pub hpke: [u8; 32],
}

impl Wire for Member {
    fn write(&self, w: &mut Writer) {
        w.u16(self.id);
        self.key.write(w);
        w.raw(&self.hpke);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            id: r.u16()?,
            key: Point::read(r)?,
            hpke: r.array()?,
        })
    }
}

/// All trustees and the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    t: u16,
    members: Vec<Member>,
}

impl Roster {
    /// Most trustees.
    pub const MAX: usize = 15;

    /// Rule R2.01.
    ///
    /// # Errors
    /// [`CeremonyError::Roster`].
    pub fn new(t: u16, members: Vec<Member>) -> Result<Self, CeremonyError> {
        let n = members.len();
        let ids = members.iter().zip(1u16..).all(|(m, id)| m.id == id);
        let keys: std::collections::BTreeSet<_> = members.iter().map(|m| m.key).collect();
        let boxes: std::collections::BTreeSet<_> = members.iter().map(|m| m.hpke).collect();
        let fits = ids && n <= Self::MAX && usize::from(t) <= n && 2 * usize::from(t) > n;
        let sealable = members.iter().all(|m| is_sealable(&m.hpke));
        if fits && t >= 1 && keys.len() == n && boxes.len() == n && sealable {
            Ok(Self { t, members })
        } else {
            Err(CeremonyError::Roster)
        }
    }
    /// How many must take part in a decryption.
    #[must_use]
    pub fn t(&self) -> u16 {
        self.t
    }
    /// All trustees.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }
    /// One trustee.
    ///
    /// # Errors
    /// [`CeremonyError::Stranger`].
    pub fn member(&self, id: u16) -> Result<&Member, CeremonyError> {
        self.members
            .iter()
            .find(|m| m.id == id)
            .ok_or(CeremonyError::Stranger)
    }
}

impl Wire for Roster {
    fn write(&self, w: &mut Writer) {
        w.u16(self.t);
        w.list(&self.members);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let t = r.u16()?;
        Self::new(t, r.list(Self::MAX)?).map_err(|_| WireError::Range)
    }
}
