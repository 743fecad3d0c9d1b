//! Command APDUs, short and extended.

/// Status words the card answers with.
pub mod sw {
    /// Done.
    pub const OK: u16 = 0x9000;
    /// End of file before Le bytes.
    pub const SHORT: u16 = 0x6282;
    /// Execution error.
    pub const EXECUTION: u16 = 0x6400;
    /// Wrong length.
    pub const LENGTH: u16 = 0x6700;
    /// Command incompatible with the file.
    pub const FILE_KIND: u16 = 0x6981;
    /// A PIN is needed first.
    pub const SECURITY: u16 = 0x6982;
    /// Locked (ISO).
    pub const LOCKED_ISO: u16 = 0x6983;
    /// Locked (what this card says).
    pub const LOCKED: u16 = 0x6984;
    /// Conditions of use.
    pub const CONDITIONS: u16 = 0x6985;
    /// No current file.
    pub const NO_FILE: u16 = 0x6986;
    /// Wrong data.
    pub const DATA: u16 = 0x6A80;
    /// File or application not found.
    pub const NOT_FOUND: u16 = 0x6A82;
    /// Record not found.
    pub const NO_RECORD: u16 = 0x6A83;
    /// Wrong P1 P2.
    pub const PARAMETERS: u16 = 0x6A86;
    /// No such secret.
    pub const NO_REFERENCE: u16 = 0x6A88;
    /// Offset past the end.
    pub const OFFSET: u16 = 0x6B00;
    /// Unknown instruction.
    pub const INSTRUCTION: u16 = 0x6D00;
    /// Unknown class.
    pub const CLASS: u16 = 0x6E00;
}

/// A parsed command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Class.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// Parameter 1.
    pub p1: u8,
    /// Parameter 2.
    pub p2: u8,
    /// Data field.
    pub data: &'a [u8],
    /// Expected length, if given.
    pub le: Option<usize>,
}

impl<'a> Command<'a> {
    /// Parses the seven forms of ISO 7816-4.
    ///
    /// # Errors
    /// The status word to answer.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, u16> {
        let [cla, ins, p1, p2, body @ ..] = bytes else {
            return Err(sw::LENGTH);
        };
        let (data, le) = match body {
            [] => (&body[..0], None),
            [le] => (&body[..0], Some(short(*le))),
            [0, a, b] => (&body[..0], Some(extended(*a, *b))),
            [0, a, b, rest @ ..] => {
                let (data, tail) = rest
                    .split_at_checked(usize::from(u16::from_be_bytes([*a, *b])))
                    .ok_or(sw::LENGTH)?;
                match tail {
                    [] => (data, None),
                    [a, b] => (data, Some(extended(*a, *b))),
                    _ => return Err(sw::LENGTH),
                }
            }
            [lc, rest @ ..] => {
                let (data, tail) = rest.split_at_checked(usize::from(*lc)).ok_or(sw::LENGTH)?;
                match tail {
                    [] => (data, None),
                    [le] => (data, Some(short(*le))),
                    _ => return Err(sw::LENGTH),
                }
            }
        };
        Ok(Self {
            cla: *cla,
            ins: *ins,
            p1: *p1,
            p2: *p2,
            data,
            le,
        })
    }
}

fn short(le: u8) -> usize {
    if le == 0 { 256 } else { usize::from(le) }
}

fn extended(a: u8, b: u8) -> usize {
    match u16::from_be_bytes([a, b]) {
        0 => 65_536,
        le => usize::from(le),
    }
}

#[cfg(test)]
mod tests;
