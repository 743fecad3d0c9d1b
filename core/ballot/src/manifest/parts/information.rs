//! What the manifest tells voters besides the contests: whom to ask, where to go, who may vote and
//! what happens when two options have equally many votes.

use super::tagged::tagged;
use super::{Channel, Window};
use crate::text::Text;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// Whom a voter can ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// Telephone number as it is printed.
    pub telephone: String,
    /// When somebody answers it, in words.
    pub hours: Text,
}

impl Wire for Help {
    fn write(&self, w: &mut Writer) {
        w.text(&self.telephone);
        self.hours.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            telephone: r.text(32)?,
            hours: Text::read(r)?,
        })
    }
}

/// A room where people vote or get help with voting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Machine name.
    pub id: String,
    /// Which channel it belongs to: counter or venue.
    pub channel: Channel,
    /// Name, e.g. the building and the room.
    pub name: Text,
    /// Address and how to get there.
    pub address: Text,
    /// Hours, in order, not overlapping, each within one window of the channel.
    pub windows: Vec<Window>,
}

impl Wire for Place {
    fn write(&self, w: &mut Writer) {
        w.text(&self.id);
        self.channel.write(w);
        self.name.write(w);
        self.address.write(w);
        w.list(&self.windows);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            id: r.text(32)?,
            channel: Channel::read(r)?,
            name: Text::read(r)?,
            address: Text::read(r)?,
            windows: r.list(366)?,
        })
    }
}

/// What decides between options with equally many votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieKind {
    /// All of them win.
    Shared,
    /// A lot drawn in public.
    Lot,
    /// Another vote.
    Runoff,
}

tagged! { TieKind:
    Shared = 1 "shared",
    Lot = 2 "lot",
    Runoff = 3 "runoff",
}

/// The rule for ties, fixed before anybody votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieRule {
    /// What decides.
    pub kind: TieKind,
    /// The same in words.
    pub words: Text,
}

impl Wire for TieRule {
    fn write(&self, w: &mut Writer) {
        self.kind.write(w);
        self.words.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            kind: TieKind::read(r)?,
            words: Text::read(r)?,
        })
    }
}

/// What a registrar asks for before it gives a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entitled {
    /// A valid card, whoever's it is.
    AnyCard,
    /// A valid card and a code that the authority sent to the persons on its roll.
    Codes,
}

tagged! { Entitled:
    AnyCard = 1 "any card",
    Codes = 2 "codes",
}

/// Who may vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// What registrars ask for.
    pub entitled: Entitled,
    /// Who that is, in words.
    pub words: Text,
    /// How many voters the authority expects, at least one: sizes that depend on the crowd, never
    /// a limit.
    pub expected: u32,
}

impl Wire for Eligibility {
    fn write(&self, w: &mut Writer) {
        self.entitled.write(w);
        self.words.write(w);
        w.u32(self.expected);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            entitled: Entitled::read(r)?,
            words: Text::read(r)?,
            expected: r.u32()?,
        })
    }
}
