//! Tries the search before a run believes it: writes every secret into a scratch text in each
//! promised spelling, where the search must find it. The code that writes is not the code that
//! prepares the patterns.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::spelling::{KEY, PIECE, SHORT, Spelled, telling};
use super::{Canary, Search};

impl Search {
    /// Plants every secret in every promised spelling. Returns how many were planted, and those
    /// that the search does not find.
    pub fn planted(&self) -> (usize, Vec<String>) {
        let mut count = 0;
        let mut missed = Vec::new();
        for canary in &self.canaries {
            let planted = plantings(&canary.secret);
            if planted.is_empty() {
                missed.push(format!("{}: nothing of it can be searched", canary.name));
            }
            for (spelling, bytes) in planted {
                count += 1;
                if !self.finds(canary, spelling, &bytes) {
                    missed.push(format!("{} planted ({spelling}) is not found", canary.name));
                }
            }
        }
        (count, missed)
    }

    fn finds(&self, canary: &Canary, spelling: &str, bytes: &[u8]) -> bool {
        let scratch = [b"planted here: ".as_slice(), bytes, b" and no further\n"].concat();
        self.bytes("scratch", &scratch)
            .iter()
            .any(|finding| finding.name == canary.name && finding.spelling == spelling)
    }
}

/// A secret as it would be written; of a picture a part around its first telling piece.
fn plantings(secret: &[u8]) -> Vec<Spelled> {
    if secret.len() < SHORT {
        return short(secret);
    }
    if secret.len() > KEY {
        let pieces = secret.chunks_exact(PIECE);
        let first = pieces.enumerate().find(|(_, piece)| telling(piece));
        let Some((first, _)) = first else {
            return Vec::new();
        };
        let from = first.saturating_sub(1) * PIECE;
        let to = secret.len().min((first + 2) * PIECE);
        return spelled(secret.get(from..to).unwrap_or_default());
    }
    let mut all = spelled(secret);
    let narrow = all.clone();
    let wider = narrow.iter().flat_map(|(spelling, text)| {
        let name = match *spelling {
            "raw" => "raw in UTF-16",
            "base64" => "base64 in UTF-16",
            _ => "hex in UTF-16",
        };
        [(name, wide(text, 0)), (name, wide(text, 1))]
    });
    all.extend(wider);
    let backwards: Vec<u8> = secret.iter().rev().copied().collect();
    all.extend([secret, &backwards].map(|number| ("decimal", decimal(number))));
    if secret.iter().all(u8::is_ascii_graphic) {
        all.push(("UTF-16LE", wide(secret, 0)));
        all.push(("UTF-16BE", wide(secret, 1)));
    }
    all
}

fn short(secret: &[u8]) -> Vec<Spelled> {
    vec![
        ("text", secret.to_vec()),
        ("hex", digits(secret).into_bytes()),
        ("base64", STANDARD.encode(secret).into_bytes()),
        ("UTF-16LE", wide(secret, 0)),
        ("UTF-16BE", wide(secret, 1)),
    ]
}

fn spelled(bytes: &[u8]) -> Vec<Spelled> {
    let mut all = vec![
        ("raw", bytes.to_vec()),
        ("hex", digits(bytes).into_bytes()),
        ("HEX", digits(bytes).to_uppercase().into_bytes()),
    ];
    for before in 0..3 {
        let whole = [&[0x5a; 3][..before], bytes, &[0x5a; 3]].concat();
        all.push(("base64", STANDARD.encode(&whole).into_bytes()));
        all.push(("base64", URL_SAFE.encode(&whole).into_bytes()));
    }
    all
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every byte followed (`zero` 0) or preceded (1) by a zero byte.
fn wide(text: &[u8], zero: usize) -> Vec<u8> {
    let mut out = vec![0; text.len() * 2];
    for (place, byte) in out.iter_mut().skip(zero).step_by(2).zip(text) {
        *place = *byte;
    }
    out
}

/// Decimal digits by repeated division.
fn decimal(number: &[u8]) -> Vec<u8> {
    let mut rest = number.to_vec();
    let mut text = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let mut over = 0;
        for byte in &mut rest {
            let value = over * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or_default();
            over = value % 10;
        }
        text.push(b'0' + u8::try_from(over).unwrap_or_default());
    }
    text.reverse();
    text
}
