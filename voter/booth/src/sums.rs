//! What a voter notes of the ballot that was cast: both numbers of every check line (spec 09 §2).

use core::fmt;

use zeroize::Zeroizing;

/// First code of a prepared ballot, as the page shows it before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCode {
    /// Upper-case hexadecimal digits, signed by the voting key (spec 09 §1).
    pub digits: String,
    /// 控えの番号 of the same ballot.
    pub receipt_code: String,
}

/// Second code of a check ballot that is final. It gives away the choice of a ballot that is never
/// counted; wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondCode(pub Zeroizing<String>);

impl SecondCode {
    /// As it is shown.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecondCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondCode(..)")
    }
}

/// Mask and masked sum of every check line, contest by contest. Both numbers together are the vote:
/// wiped on drop, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sums(Zeroizing<Vec<[u8; 2]>>);

impl Sums {
    /// Of these lines, mask first.
    pub fn new(lines: impl IntoIterator<Item = [u8; 2]>) -> Self {
        // One allocation, so that no copy is left behind by growing.
        let lines = lines.into_iter();
        let mut own = Zeroizing::new(Vec::with_capacity(ballot::opening::MAX_LINES));
        own.extend(lines.take(ballot::opening::MAX_LINES));
        Self(own)
    }

    /// The lines in the manifest's order.
    #[must_use]
    pub fn lines(&self) -> &[[u8; 2]] {
        &self.0
    }
}

impl fmt::Debug for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sums(..)")
    }
}
