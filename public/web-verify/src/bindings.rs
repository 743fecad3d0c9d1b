//! What JavaScript calls. Bytes and text in, JSON out; nothing is decided here.

use crate::bench::Work;
use crate::carrier::Carrier;
use crate::device::{Alarm, Device};
use crate::pins::Pins;
use crate::{receipt, record};
use crypto::Hash;
use serde::Serialize;
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

fn text<T: Serialize>(value: &T) -> Result<String, JsError> {
    Ok(serde_json::to_string(value)?)
}

/// Checks a whole record: `tar`, optionally a trust file and an election hash; `seed` is 32 fresh
/// random bytes; `progress(done, all)` is called for every block. The report as JSON.
///
/// # Errors
/// The trust file, the hash or the seed cannot be used.
#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands over ownership"
)]
pub fn check_record(
    tar: &[u8],
    trust: Option<Vec<u8>>,
    election: Option<String>,
    seed: &[u8],
    progress: &js_sys::Function,
) -> Result<String, JsError> {
    let seed = seed.try_into()?;
    let mut told = |done: u64, all: u64| {
        // A page that cannot be told is no reason to stop.
        let _ = progress.call2(
            &JsValue::NULL,
            &JsValue::from_str(&done.to_string()),
            &JsValue::from_str(&all.to_string()),
        );
    };
    let report = record::check(tar, trust.as_deref(), election.as_deref(), seed, &mut told)?;
    text(&report)
}

/// What a trust file and a manifest pin, to be compared with a printed source.
///
/// # Errors
/// Neither is there, or they do not fit together.
#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands over ownership"
)]
pub fn pinned(trust: Option<Vec<u8>>, manifest: Option<Vec<u8>>) -> Result<String, JsError> {
    text(&Pins::read(trust.as_deref(), manifest.as_deref())?.compare())
}

/// Checks one receipt against pinned keys. The report as JSON.
///
/// # Errors
/// There are no keys to check against.
#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands over ownership"
)]
pub fn check_receipt(
    trust: Option<Vec<u8>>,
    manifest: Option<Vec<u8>>,
    receipt: &[u8],
    entry: Option<Vec<u8>>,
    code: Option<String>,
) -> Result<String, JsError> {
    let pins = Pins::read(trust.as_deref(), manifest.as_deref())?;
    text(&receipt::check(
        &pins,
        receipt,
        entry.as_deref(),
        code.as_deref(),
    )?)
}

/// `{"ok": …}`, or `{"alarm": rule, "why": …}`.
fn verdict<T: Serialize>(found: Result<T, Alarm>) -> Result<String, JsError> {
    let value = match found {
        Ok(value) => json!({ "ok": value }),
        Err(alarm) => json!({
            "alarm": alarm.rule().map(|r| r.to_string()),
            "why": alarm.to_string(),
        }),
    };
    text(&value)
}

fn entry_hash(hex: &str) -> Result<Hash, JsError> {
    Hash::from_hex(hex).ok_or_else(|| JsError::new("not an entry hash"))
}

/// The second device.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Checker(Device);

#[wasm_bindgen]
impl Checker {
    /// A device that trusts these keys.
    ///
    /// # Errors
    /// There are no keys to check against.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "JavaScript hands over ownership"
    )]
    pub fn new(trust: Option<Vec<u8>>, manifest: Option<Vec<u8>>) -> Result<Self, JsError> {
        let pins = Pins::read(trust.as_deref(), manifest.as_deref())?;
        Ok(Self(Device::new(pins)))
    }
    /// What it trusts.
    ///
    /// # Errors
    /// Never in practice: the answer is plain text.
    pub fn pins(&self) -> Result<String, JsError> {
        text(&self.0.pins().compare())
    }
    /// Notes the first code.
    ///
    /// # Errors
    /// Never in practice: the answer is plain text.
    pub fn note(&mut self, code: &str) -> Result<String, JsError> {
        verdict(self.0.note(code).map_err(Alarm::from))
    }
    /// A check ballot that a node gave for a noted entry hash.
    ///
    /// # Errors
    /// Not an entry hash.
    pub fn found_check(
        &mut self,
        noted: &str,
        receipt: &[u8],
        entry: &[u8],
    ) -> Result<String, JsError> {
        let found = self.0.found_check(&entry_hash(noted)?, receipt, entry);
        verdict(found)
    }
    /// Takes the second code.
    ///
    /// # Errors
    /// Never in practice: the answer is plain text.
    pub fn open(&self, code: &str) -> Result<String, JsError> {
        verdict(self.0.open(code))
    }
    /// A ballot that a node gave for a noted entry hash, and the last receipt of its key.
    ///
    /// # Errors
    /// Not an entry hash.
    pub fn found_cast(
        &self,
        noted: &str,
        receipt: &[u8],
        entry: &[u8],
        last: &[u8],
    ) -> Result<String, JsError> {
        let found = self.0.found_cast(&entry_hash(noted)?, receipt, entry, last);
        verdict(found)
    }
    /// A ballot and its opening that a node gave for a noted entry hash. `noted_at_ms`: when this
    /// device noted it.
    ///
    /// # Errors
    /// Not an entry hash.
    pub fn found_opening(
        &self,
        noted: &str,
        noted_at_ms: f64,
        receipt: &[u8],
        entry: &[u8],
        opening_receipt: &[u8],
        opening: &[u8],
    ) -> Result<String, JsError> {
        let noted_at_ms = std::time::Duration::try_from_secs_f64(noted_at_ms / 1000.0);
        let noted_at_ms = noted_at_ms
            .map_err(|_| JsError::new("not a time"))?
            .as_millis();
        let noted_at_ms = u64::try_from(noted_at_ms).map_err(|_| JsError::new("not a time"))?;
        let (cast, opened) = ((receipt, entry), (opening_receipt, opening));
        verdict(
            self.0
                .found_opening(&entry_hash(noted)?, noted_at_ms, cast, opened),
        )
    }
}

/// A sealed question and its number.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Sealed {
    number: u32,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Sealed {
    /// Number of the question.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }
    /// What a relay gets.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

/// A node's answer.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Unsealed {
    status: u16,
    body: Vec<u8>,
}

#[wasm_bindgen]
impl Unsealed {
    /// HTTP status.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }
    /// Content.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.body.clone()
    }
}

/// Questions to nodes through relays.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Asker(Carrier);

#[wasm_bindgen]
impl Asker {
    /// For the nodes and relays of this manifest, which fits the trust file if there is one.
    ///
    /// # Errors
    /// The manifest breaks a rule or does not fit.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "JavaScript hands over ownership"
    )]
    pub fn new(trust: Option<Vec<u8>>, manifest: &[u8]) -> Result<Self, JsError> {
        Ok(Self(Carrier::new(trust.as_deref(), manifest)?))
    }
    /// `{relays, nodes}`.
    ///
    /// # Errors
    /// Never in practice: the answer is plain text.
    pub fn ways(&self) -> Result<String, JsError> {
        text(&self.0.ways())
    }
    /// Seals a look-up to the node with this place in `nodes`; `seed` is 32 fresh random bytes.
    ///
    /// # Errors
    /// No such node, or a question that cannot be sealed.
    pub fn seal(&mut self, node: u32, path: &str, seed: &[u8]) -> Result<Sealed, JsError> {
        let node = usize::try_from(node)?;
        let (number, bytes) = self.0.seal(node, path, seed.try_into()?)?;
        Ok(Sealed { number, bytes })
    }
    /// Opens the answer to a question.
    ///
    /// # Errors
    /// It is not the node's answer to this question.
    pub fn open(&mut self, number: u32, sealed: &[u8]) -> Result<Unsealed, JsError> {
        let (status, body) = self.0.open(number, sealed)?;
        Ok(Unsealed { status, body })
    }
}

/// The benchmark's work.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Prover(Work);

#[wasm_bindgen]
impl Prover {
    /// Builds the tables.
    ///
    /// # Errors
    /// Never; the shape is fixed.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Self, JsError> {
        Ok(Self(Work::new()?))
    }
    /// Encrypts and proves `times` contests.
    pub fn run(&mut self, times: u32) -> u8 {
        self.0.run(times)
    }
}
