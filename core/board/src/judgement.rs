//! What a node says at once about an entry, under its key (spec 05 §7, conventions D14): `Seen`, a
//! promise to bring the entry on the board, or a refusal by a rule. The board itself reads the
//! promises in a `Late`, so the bytes that a voter keeps are the ones that it checks.

use crypto::signed::{Signed, Statement};
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::{Hash, Rule};

/// Type byte of [`Answer`].
pub const TYPE_ANSWER: u8 = 0x60;

/// What a node says at once about an entry: seen, or refused by a rule.
///
/// A signed "seen" that is not on the board within 60 s of block time is public proof against the
/// node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The board the node serves.
    pub network: [u8; 32],
    /// Entry hash.
    pub entry: Hash,
    /// The rule that refuses the entry; none when it was seen.
    pub rule: Option<Rule>,
    /// Height of the last final block when the node answered.
    pub height: u64,
    /// The node's time when it judged the entry, ms.
    pub time_ms: u64,
}

/// A [`Judgement`] under the node's key.
pub type Answer = Signed<Judgement>;

impl Statement for Judgement {
    const PURPOSE: &'static str = "node-answer";
    const TYPE: u8 = TYPE_ANSWER;

    /// The body without version and type; the purpose takes their place.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.write(&mut w);
        w.finish()
    }
}

impl Wire for Judgement {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        self.entry.write(w);
        // No rule has the number 0.
        w.u16(self.rule.map_or(0, |rule| rule.0));
        w.u64(self.height);
        w.u64(self.time_ms);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            entry: Hash::read(r)?,
            rule: Some(Rule(r.u16()?)).filter(|rule| rule.0 != 0),
            height: r.u64()?,
            time_ms: r.u64()?,
        })
    }
}
