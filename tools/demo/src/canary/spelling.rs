//! How a secret is written: as it is, in hexadecimal, base64, decimal digits, UTF-16.

use std::collections::BTreeSet;

/// Length of a pattern. Longer secrets are cut into pieces, so that a part is found too.
pub const PIECE: usize = 16;
/// Below this length a secret is only searched as a number standing alone.
pub const SHORT: usize = 8;
/// Longest secret that is a key or a number and not a picture.
pub const KEY: usize = 64;
/// Pieces of a picture searched in hexadecimal and base64: every second, third … one.
const MAX_PIECES: usize = 256;

/// A spelling's name and its bytes.
pub type Spelled = (&'static str, Vec<u8>);

/// What is searched as bytes, whatever is around it. Pieces of a picture as they are, are
/// not among them: they are searched where they lie.
pub fn patterns(secret: &[u8]) -> Vec<Spelled> {
    let mut all = Vec::new();
    let small = secret.len() <= KEY;
    if small && secret.iter().all(u8::is_ascii_graphic) {
        both_widths(&mut all, ["UTF-16LE", "UTF-16BE"], secret);
    }
    if secret.len() < SHORT {
        all.push(("hex", hex(secret, false)));
        return all;
    }
    if small {
        all.push(("decimal", decimal(secret)));
        let backwards: Vec<u8> = secret.iter().rev().copied().collect();
        all.push(("decimal", decimal(&backwards)));
    }
    let mut text = |spelling, wide: &'static str, bytes: Vec<u8>| {
        if small {
            both_widths(&mut all, [wide; 2], &bytes);
        }
        all.push((spelling, bytes));
    };
    let pieces: Vec<&[u8]> = secret
        .chunks(PIECE)
        .filter(|piece| piece.len() >= SHORT && (small || telling(piece)))
        .collect();
    let step = pieces.len().div_ceil(MAX_PIECES).max(1);
    for piece in pieces.iter().step_by(step) {
        let short = piece.get(..SHORT).unwrap_or(piece);
        text("hex", "hex in UTF-16", hex(short, false));
        text("HEX", "hex in UTF-16", hex(short, true));
        for shift in 0..3 {
            for url in [false, true] {
                let letters = base64_inside(piece, shift, url);
                text("base64", "base64 in UTF-16", letters);
            }
        }
        if small {
            text("raw", "raw in UTF-16", piece.to_vec());
        }
    }
    all.retain(|(_, bytes)| bytes.len() >= SHORT);
    all
}

/// What is searched standing alone in readable text: a secret of few bytes.
pub fn words(secret: &[u8]) -> Vec<Spelled> {
    if secret.len() >= SHORT {
        return Vec::new();
    }
    let mut padded = secret.to_vec();
    padded.resize(secret.len().next_multiple_of(3), 0);
    let mut letters = base64_inside(&padded, 0, false);
    letters.truncate((secret.len() * 8).div_ceil(6));
    vec![("text", secret.to_vec()), ("base64", letters)]
}

/// Not the same few values again and again, as in a picture's even parts.
pub fn telling(piece: &[u8]) -> bool {
    let different: BTreeSet<&u8> = piece.iter().collect();
    different.len() * 2 >= piece.len()
}

fn both_widths(all: &mut Vec<Spelled>, [little, big]: [&'static str; 2], text: &[u8]) {
    all.push((little, utf16(text, true)));
    all.push((big, utf16(text, false)));
}

pub fn utf16(text: &[u8], little: bool) -> Vec<u8> {
    let pair = |byte: &u8| if little { [*byte, 0] } else { [0, *byte] };
    text.iter().flat_map(pair).collect()
}

pub fn hex(bytes: &[u8], upper: bool) -> Vec<u8> {
    let digits: &[u8; 16] = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    let digit = |n: u8| digits.get(usize::from(n)).copied().unwrap_or(b'0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The letters of base64 that depend on these bytes alone, when `shift` bytes come before them.
pub fn base64_inside(bytes: &[u8], shift: usize, url: bool) -> Vec<u8> {
    let tail: &[u8; 2] = if url { b"-_" } else { b"+/" };
    let letter = |n: u8| match n {
        0..=25 => b'A' + n,
        26..=51 => b'a' + n - 26,
        52..=61 => b'0' + n - 52,
        62 => tail[0],
        _ => tail[1],
    };
    let whole = bytes.get((3 - shift) % 3..).unwrap_or_default();
    let mut out = Vec::new();
    for group in whole.chunks_exact(3) {
        let &[a, b, c] = group else { continue };
        out.push(letter(a >> 2));
        out.push(letter((a & 3) << 4 | b >> 4));
        out.push(letter((b & 15) << 2 | c >> 6));
        out.push(letter(c & 63));
    }
    out
}

/// A big-endian number in decimal digits.
pub fn decimal(bytes: &[u8]) -> Vec<u8> {
    let mut digits = vec![0u8];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) * 256;
            *digit = u8::try_from(carry % 10).unwrap_or(0);
            carry /= 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or(0));
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| b'0' + digit).collect()
}
