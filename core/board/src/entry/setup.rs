//! What the authority posts: a new election.

use super::kind;
use ballot::manifest::Officer;
use ballot::text::Text;
use ceremony::Roster;
use crypto::Point;
use crypto::signed::Statement;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// A new election: who holds it, who signs for it, who keeps its key. Signed by the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The network it is posted to.
    pub network: [u8; 32],
    /// Short machine name.
    pub id: String,
    /// The authority.
    pub authority: Point,
    /// Officers, as in the manifest later.
    pub officers: Vec<Officer>,
    /// Names of the trustees, by id.
    pub trustee_names: Vec<Text>,
    /// Threshold and keys of the trustees.
    pub roster: Roster,
}

impl Statement for Setup {
    const PURPOSE: &'static str = "board-setup";
    const TYPE: u8 = kind::SETUP;
}

impl Wire for Setup {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        w.text(&self.id);
        self.authority.write(w);
        w.list(&self.officers);
        w.list(&self.trustee_names);
        self.roster.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            id: r.text(64)?,
            authority: Point::read(r)?,
            officers: r.list(64)?,
            trustee_names: r.list(Roster::MAX)?,
            roster: Roster::read(r)?,
        })
    }
}
