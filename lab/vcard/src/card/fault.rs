//! Faults a test can plant in a card.

/// What goes wrong, and when. Counting starts when the fault is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlantedFault {
    /// Nothing.
    #[default]
    None,
    /// The card leaves the reader instead of answering the n-th command from now (1 = next).
    RemoveAt(u32),
    /// The n-th command from now is answered with this status word.
    StatusAt(u32, u16),
    /// Every command with this instruction is answered with this status word.
    StatusOn(u8, u16),
    /// Files are read with their lengths damaged.
    Garbage,
    /// READ BINARY returns at most this many bytes and warns with 6282.
    ShortReads(u16),
    /// Extended length is refused with 6700, as old readers and cards do.
    NoExtended,
    /// A signature comes back with one bit wrong.
    BadSignature,
}

impl PlantedFault {
    /// Parses the words after `fault` of the control protocol.
    ///
    /// # Errors
    /// A sentence about what was expected.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let number = |word: &str| {
            word.parse::<u32>()
                .map_err(|_| format!("{word} is no number"))
        };
        let status = |word: &str| {
            u16::from_str_radix(word, 16).map_err(|_| format!("{word} is no status word"))
        };
        match words {
            ["none"] => Ok(Self::None),
            ["remove-at", n] => Ok(Self::RemoveAt(number(n)?)),
            ["sw-at", n, sw] => Ok(Self::StatusAt(number(n)?, status(sw)?)),
            ["sw-on", ins, sw] => {
                let ins = match *ins {
                    "verify" => 0x20,
                    "read" => 0xB0,
                    "sign" => 0x2A,
                    "select" => 0xA4,
                    other => return Err(format!("{other} is not verify, read, sign or select")),
                };
                Ok(Self::StatusOn(ins, status(sw)?))
            }
            ["garbage-tlv"] => Ok(Self::Garbage),
            ["short-reads", n] => {
                let most = u16::try_from(number(n)?).map_err(|_| "too many bytes".to_owned())?;
                Ok(Self::ShortReads(most.max(1)))
            }
            ["no-extended"] => Ok(Self::NoExtended),
            ["bad-signature"] => Ok(Self::BadSignature),
            _ => Err(
                "fault none | remove-at N | sw-at N SW | sw-on verify|read|sign|select SW | \
                      garbage-tlv | short-reads N | no-extended | bad-signature"
                    .to_owned(),
            ),
        }
    }
}
