//! Confirmation codes for people, and the pictures voters pick (conventions D4).

use crypto::Hash;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Pictures a voter may pick two of: key of the string catalogue, in board order.
pub const PICTURES: [&str; 16] = [
    "sun", "moon", "star", "cloud", "mountain", "wave", "tree", "flower", "bird", "fish", "cat",
    "boat", "house", "key", "bell", "umbrella",
];

/// The first 100 bits of an entry hash in Crockford base32: `XXXXX-XXXXX-XXXXX-XXXXX`.
#[must_use]
pub fn confirmation_code(entry: &Hash) -> String {
    let mut out = String::with_capacity(23);
    let (mut acc, mut bits, mut written) = (0u32, 0u32, 0usize);
    for byte in entry.as_bytes() {
        acc = (acc << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 && written < 20 {
            bits -= 5;
            if written > 0 && written.is_multiple_of(5) {
                out.push('-');
            }
            let i = usize::try_from((acc >> bits) & 31).unwrap_or(0);
            out.push(ALPHABET.get(i).map_or('0', |c| char::from(*c)));
            written += 1;
        }
        acc &= 0xff;
    }
    out
}

/// The eight digits that fix a ballot on the board for a voter without a device (spec 09 §1):
/// the first 8 bytes of H(`board-number`, digest of its block, entry hash), big-endian, modulo 10⁸.
#[must_use]
pub fn board_number(block: &[u8; 32], entry: &Hash) -> u32 {
    let hash = crypto::hash::hash("board-number", &[block, entry.as_bytes()]);
    let first = hash.0.first_chunk().map_or(0, |b| u64::from_be_bytes(*b));
    u32::try_from(first % 100_000_000).unwrap_or(0)
}

/// A board number as people write it down: two groups of four digits.
#[must_use]
pub fn board_number_text(number: u32) -> String {
    format!("{:04} {:04}", number / 10_000, number % 10_000)
}

/// The first 100 bits of an entry hash, the rest zeros, from a confirmation code as people type it:
/// what [`confirmation_code`] was made from. None when it is no such code.
#[must_use]
pub fn code_prefix(typed: &str) -> Option<Hash> {
    let code = normalise_code(typed)?;
    let mut hash = Hash::ZERO;
    let digits = code.bytes().filter(|b| *b != b'-');
    for (digit, c) in digits.enumerate() {
        let value = ALPHABET.iter().position(|a| *a == c)?;
        for bit in 0..5usize {
            if (value >> (4 - bit)) & 1 == 1 {
                let at = 5 * digit + bit;
                *hash.0.get_mut(at / 8)? |= 0x80 >> (at % 8);
            }
        }
    }
    Some(hash)
}

/// Brings what a person typed to the canonical form: case, spaces, full-width letters, o → 0,
/// i and l → 1. None when it is not 20 Crockford characters.
#[must_use]
pub fn normalise_code(typed: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let mut out = String::with_capacity(23);
    let mut n = 0;
    for c in typed
        .nfkc()
        .filter(|c| !matches!(c, '-' | ' ' | '\u{2010}'..='\u{2015}' | 'ー' | '\u{2212}'))
    {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if !c.is_ascii() || !ALPHABET.contains(&u8::try_from(c).ok()?) {
            return None;
        }
        if n > 0 && n % 5 == 0 {
            out.push('-');
        }
        out.push(c);
        n += 1;
    }
    (n == 20).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_the_first_100_bits() {
        let mut h = Hash::ZERO;
        assert_eq!(confirmation_code(&h), "00000-00000-00000-00000");
        h.0[0] = 0xff;
        h.0[12] = 0xf0;
        assert_eq!(confirmation_code(&h), "ZW000-00000-00000-0000F");
        h.0[12] = 0x0f;
        assert_eq!(confirmation_code(&h), "ZW000-00000-00000-00000");
    }

    #[test]
    fn board_numbers_have_eight_digits_and_bind_block_and_entry() {
        let numbers: std::collections::BTreeSet<u32> = (0..50u8)
            .flat_map(|i| [([i; 32], [0; 64]), ([0; 32], [i + 1; 64])])
            .map(|(block, entry)| board_number(&block, &Hash(entry)))
            .collect();
        assert_eq!(numbers.len(), 100);
        assert!(numbers.iter().all(|n| *n < 100_000_000));
        assert_eq!(board_number_text(90_031), "0009 0031");
        assert_eq!(board_number_text(99_999_999), "9999 9999");
    }

    #[test]
    fn code_and_prefix_agree() {
        for n in 0..200u32 {
            let hash = crypto::hash::hash("test", &[&n.to_le_bytes()]);
            let prefix = code_prefix(&confirmation_code(&hash)).unwrap();
            assert_eq!(prefix.0[..12], hash.0[..12]);
            assert_eq!(prefix.0[12], hash.0[12] & 0xf0);
            assert_eq!(prefix.0[13..], [0; 51]);
        }
        assert_eq!(code_prefix("0000"), None);
    }

    #[test]
    fn typed_codes_are_forgiven() {
        let want = Some("0123A-BCDEF-GHJKM-NPQ11".to_owned());
        assert_eq!(
            normalise_code(" o123a bcdef－ghjkm npqil".replace('－', "-").as_str()),
            want
        );
        assert_eq!(normalise_code("０１２３Ａ-BCDEF-GHJKM-NPQ1L"), want);
        assert_eq!(normalise_code("0123A-BCDEF-GHJKM-NPQ1"), None);
        assert_eq!(normalise_code("0123A-BCDEF-GHJKM-NPQ1U"), None);
    }
}
