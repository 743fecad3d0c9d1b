//! The opening of a cast ballot on a device that the booth does not control (spec 09 §4).

use super::{Alarm, Device, Titles, number_of};
use crate::receipt::Facts;
use ballot::Side;
use ballot::check::CheckError;
use ballot::opening::Masks;
use board::receipt::Receipt;
use crypto::Hash;
use serde::Serialize;

/// A block's time may lie 30 s behind the validators' clocks, and a device's clock is not exact (ms).
const OLDER_MS: u64 = 60_000;

/// One number that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenedNumber {
    /// Title of the contest.
    pub contest: Titles,
    /// Where several marks are made: printed number and title of the option whose line it is.
    pub option: Option<(u16, Titles)>,
    /// What the sum is taken modulo.
    pub modulus: u8,
    /// The number: the voter compares it with the one that was noted.
    pub value: u8,
}

/// A cast ballot and what was opened of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenedBallot {
    /// The ballot's receipt.
    pub receipt: Facts,
    /// Which ballot of its voting key it is.
    pub seq: u32,
    /// 掲示板番号, two groups of four digits.
    pub board_number: String,
    /// `mask` (ア) or `masked` (イ).
    pub side: &'static str,
    /// Time of the opening's block (ms).
    pub opened_ms: u64,
    /// The numbers, line by line.
    pub numbers: Vec<OpenedNumber>,
}

/// A receipt and the entry it is about.
pub type Found<'a> = (&'a [u8], &'a [u8]);

impl Device {
    /// *Choose*: the noted ballot is final and not older than the note, and its opening stands in a
    /// later block and shows what is in it. Whether these are the numbers that the voter noted, only
    /// the voter can say.
    ///
    /// # Errors
    /// [`Alarm`].
    pub fn found_opening(
        &self,
        entry_hash: &Hash,
        noted_at_ms: u64,
        ballot: Found<'_>,
        opening: Found<'_>,
    ) -> Result<OpenedBallot, Alarm> {
        let (cast, b) = self.noted_ballot(entry_hash, ballot.0, ballot.1)?;
        let cast_ms = cast.time_ms().unwrap_or(0);
        if cast_ms.saturating_add(OLDER_MS) < noted_at_ms {
            return Err(CheckError::Older.into());
        }
        let known = self.known()?;
        let receipt = Receipt::decode(opening.0)?;
        receipt.verify_entry(&self.pins.committee, opening.1)?;
        // Election and ballot stand behind version and type, before the form is judged.
        let of = opening
            .1
            .get(2..130)
            .filter(|_| opening.1.get(1) == Some(&board::entry::kind::OPENING));
        if of != Some(&[known.rules.election().0, entry_hash.0].concat()[..]) {
            return Err(CheckError::OtherOpening.into());
        }
        let form = known.rules.check_opening(opening.1);
        let o = form.map_err(|e| Alarm::Form(e.rule()))?;
        if receipt.height <= cast.height {
            return Err(CheckError::OpenedEarly.into());
        }
        let contests = known.rules.decode(&b).map_err(|e| Alarm::Form(e.rule()))?;
        let shown = Masks::of(&contests).check(o.side, &known.rules.encrypt_again(&o));
        shown.map_err(|e| Alarm::Form(e.rule()))?;
        Ok(OpenedBallot {
            receipt: Facts::of(&cast, true),
            seq: b.seq,
            board_number: number_of(&cast),
            side: match o.side {
                Side::Mask => "mask",
                Side::Masked => "masked",
            },
            opened_ms: receipt.time_ms().unwrap_or(0),
            numbers: known.opened_numbers(&o),
        })
    }
}

impl crate::pins::Known {
    fn opened_numbers(&self, o: &ballot::Opening) -> Vec<OpenedNumber> {
        let mut lines = o.lines.iter();
        let mut out = Vec::with_capacity(o.lines.len());
        for (contest, key) in self.manifest.contests.iter().zip(self.rules.keys()) {
            let several = contest.shape.k_max() > 1;
            let titles = |t: &ballot::text::Text| (t.ja.clone(), t.en.clone());
            let rows = key.lines().rows().len();
            for (i, line) in lines.by_ref().take(rows).enumerate() {
                let option = contest.options.get(i).filter(|_| several);
                out.push(OpenedNumber {
                    contest: titles(&contest.title),
                    option: option.map(|o| (o.number, titles(&o.title))),
                    modulus: key.lines().modulus().number(),
                    value: line.value,
                });
            }
        }
        out
    }
}
