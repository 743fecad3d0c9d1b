//! A voter's hands: an HTTP client of a real booth process, over the same `/api` its pages use.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use refusal::ErrorCode;
use serde_json::{Value, json};

use crate::http;

/// Longest call: a cast waits for its receipt.
const WAIT: Duration = Duration::from_secs(90);
/// How long a reader may need for a card that was just put on it.
const READER: Duration = Duration::from_secs(30);
/// Unclear pictures sent before the driver gives up.
const UNCLEAR: usize = 5;

/// What a voter brings.
#[derive(Clone, Debug)]
pub struct Person {
    /// Four digits.
    pub pin: String,
    /// 照合番号B.
    pub number_b: String,
    /// What the camera sees, one JPEG picture a frame.
    pub camera: Vec<PathBuf>,
}

/// How far a voter got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The ballot is in the box; confirmation code.
    Received(String),
    /// The booth stopped with an error code.
    Refused(String),
}

/// A booth that is being operated.
pub struct Booth {
    address: SocketAddr,
    origin: String,
    token: String,
}

/// What the booth says after a request.
#[derive(Debug)]
struct State(Value);

impl State {
    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }
    fn step(&self) -> &str {
        self.text("step")
    }
    fn code(&self) -> Option<ErrorCode> {
        self.text("code").parse().ok()
    }
    fn ok(&self) -> bool {
        self.0.get("ok").and_then(Value::as_bool) == Some(true)
    }
    fn refused(&self) -> Option<Outcome> {
        (self.step() == "stopped").then(|| refused(self))
    }
}

impl Booth {
    /// Takes over a booth from the address it printed, `http://127.0.0.1:PORT/#LAUNCH`.
    ///
    /// # Errors
    /// The address has another form, or the launch token was used before.
    pub fn open(printed: &str) -> Result<Self> {
        let (origin, launch) = printed
            .trim()
            .split_once("/#")
            .context("not a booth's address")?;
        let address: SocketAddr = origin
            .strip_prefix("http://")
            .context("not a booth's address")?
            .parse()?;
        let mut booth = Self {
            address,
            origin: origin.to_owned(),
            token: String::new(),
        };
        let state = booth.send(
            "/api/start",
            "irefuda-launch",
            launch,
            "application/json",
            b"{}",
        )?;
        state.text("token").clone_into(&mut booth.token);
        if booth.token.is_empty() {
            bail!("the booth gave no token: {:?}", state.0);
        }
        Ok(booth)
    }

    fn send(
        &self,
        path: &str,
        header: &str,
        secret: &str,
        kind: &str,
        body: &[u8],
    ) -> Result<State> {
        let headers = [
            ("Origin", self.origin.as_str()),
            (header, secret),
            ("Content-Type", kind),
        ];
        let answer = http::post(self.address, path, &headers, body, WAIT)?;
        let value: Value = answer.json()?;
        if let Some(rule) = value.get("refused") {
            bail!("{path}: refused by rule {rule}");
        }
        Ok(State(value))
    }

    fn post(&self, path: &str, body: &Value) -> Result<State> {
        let body = body.to_string();
        self.send(
            path,
            "irefuda-token",
            &self.token,
            "application/json",
            body.as_bytes(),
        )
    }

    fn frame(&self, picture: &Path) -> Result<State> {
        let bytes = fs::read(picture).with_context(|| picture.display().to_string())?;
        self.send(
            "/api/face/frame",
            "irefuda-token",
            &self.token,
            "image/jpeg",
            &bytes,
        )
    }

    /// Card, PIN, face, registrars. `None` means: the voter may choose.
    ///
    /// # Errors
    /// The booth does something unexpected.
    pub fn identify(&self, person: &Person, wrong_pins: bool) -> Result<Option<Outcome>> {
        let state = self.read_card()?;
        if state.step() != "pin" {
            return Ok(Some(state.refused().unwrap_or_else(|| refused(&state))));
        }
        let state = if wrong_pins {
            self.wrong_pins(person)?
        } else {
            self.pin(person)?
        };
        if let Some(outcome) = state.refused() {
            return Ok(Some(outcome));
        }
        let state = if state.step() == "consent" {
            self.face(person)?
        } else {
            state
        };
        if state.step() != "authorize" {
            return Ok(Some(refused(&state)));
        }
        let mut state = self.post("/api/authorize", &json!({}))?;
        if state.step() == "pending" {
            state = self.post("/api/pending", &json!({ "go": false }))?;
        }
        Ok((state.step() != "choose").then(|| refused(&state)))
    }

    /// The reader may need a moment after a card was put on it.
    fn read_card(&self) -> Result<State> {
        let began = Instant::now();
        while began.elapsed() < READER {
            let state = self.post("/api/card/read", &json!({}))?;
            let waits = matches!(
                state.code(),
                Some(
                    ErrorCode::NoReader
                        | ErrorCode::NoCard
                        | ErrorCode::CardRemoved
                        | ErrorCode::CardRead
                )
            );
            if !waits {
                return Ok(state);
            }
            std::thread::sleep(Duration::from_millis(250));
        }
        bail!("no card on the reader")
    }

    fn pin(&self, person: &Person) -> Result<State> {
        self.post("/api/pin", &json!({ "pin": person.pin }))
    }

    fn wrong_pins(&self, person: &Person) -> Result<State> {
        let right: u16 = person.pin.parse().context("PIN")?;
        let mut state = State(Value::Null);
        for n in 1..=3 {
            let wrong = format!("{:04}", (right + n) % 10_000);
            state = self.post("/api/pin", &json!({ "pin": wrong, "last": n == 3 }))?;
        }
        Ok(state)
    }

    fn face(&self, person: &Person) -> Result<State> {
        self.post("/api/consent", &json!({}))?;
        let state = self.post("/api/surface", &json!({ "number": person.number_b }))?;
        if state.step() != "face" {
            return Ok(state);
        }
        let mut unclear = 0;
        for picture in person.camera.iter().cycle() {
            let state = self.frame(picture)?;
            if state.step() != "face" || state.code() == Some(ErrorCode::FaceEngine) {
                return Ok(state);
            }
            if state.code() == Some(ErrorCode::FaceUnclear) {
                unclear += 1;
            }
            if unclear > UNCLEAR {
                return Ok(state);
            }
        }
        bail!("no camera picture")
    }

    /// From the list of proposals to the point where only the send is missing.
    ///
    /// # Errors
    /// The booth does something unexpected.
    pub fn choose(&self, number: u16, marks: [u8; 2]) -> Result<()> {
        let [one, two] = marks.map(|mark| format!("{mark:02}"));
        self.post("/api/choose", &json!({ "option": format!("{number:03}") }))?;
        self.post("/api/mark", &json!({ "marks": [one, two] }))?;
        let state = self.post("/api/confirm", &json!({ "go": true }))?;
        if state.step() != "code" {
            bail!(
                "the confirm page led to {} {}",
                state.step(),
                state.text("code")
            );
        }
        let state = self.post("/api/ready", &json!({ "go": true }))?;
        if state.step() != "sending" {
            bail!(
                "the first code led to {} {}",
                state.step(),
                state.text("code")
            );
        }
        Ok(())
    }

    /// Sends the ballot; again while the answer is open.
    ///
    /// # Errors
    /// The booth does something unexpected.
    pub fn cast(&self) -> Result<Outcome> {
        let mut state = self.post("/api/cast", &json!({}))?;
        for _ in 0..3 {
            if !matches!(
                state.code(),
                Some(ErrorCode::SendFailed | ErrorCode::Waiting)
            ) {
                break;
            }
            std::thread::sleep(Duration::from_secs(1));
            state = self.post("/api/cast", &json!({}))?;
        }
        if !state.ok() || !matches!(state.step(), "slip" | "note") {
            return Ok(refused(&state));
        }
        let code = state.0.pointer("/receipt/code").and_then(Value::as_str);
        Ok(Outcome::Received(
            code.context("a receipt without a code")?.to_owned(),
        ))
    }

    /// The file a voter saves to have a dispute decided with.
    ///
    /// # Errors
    /// The booth has none.
    pub fn saved(&self) -> Result<String> {
        let url = format!("{}/api/receipt", self.origin);
        let headers = [
            ("Origin", self.origin.as_str()),
            ("irefuda-token", self.token.as_str()),
        ];
        let answer: Value = http::get_with(&url, &headers)?.json()?;
        let file = answer.get("json").and_then(Value::as_str);
        Ok(file.context("nothing to save")?.to_owned())
    }

    /// Note, choose, open: a side, or neither. Only a voter in front of the pages can note numbers.
    ///
    /// # Errors
    /// The booth does something unexpected.
    pub fn open_one(&self, side: Option<u8>) -> Result<()> {
        let Some(side) = side else {
            let state = self.post("/api/closed", &json!({}))?;
            return at(&state, "done");
        };
        // Only a kiosk has a slip; at home this changes nothing.
        self.post("/api/slip", &json!({}))?;
        at(&self.post("/api/noted", &json!({}))?, "side")?;
        let body = json!({ "side": side.to_string() });
        at(&self.post("/api/side", &body)?, "opening")?;
        let mut state = self.post("/api/open", &json!({}))?;
        for _ in 0..3 {
            if state.step() != "opening" {
                break;
            }
            std::thread::sleep(Duration::from_secs(1));
            state = self.post("/api/open", &json!({}))?;
        }
        at(&state, "done")
    }

    /// Answers the survey and ends the session.
    ///
    /// # Errors
    /// The booth does something unexpected.
    pub fn finish(&self, channel: &str) -> Result<()> {
        self.post("/api/questions", &json!({}))?;
        let answer =
            |question: &str, value: &str| json!({ "question": question, "values": [value] });
        let answers = json!([
            answer("Q1", channel),
            answer("Q2", "4"),
            answer("Q5", "sure")
        ]);
        let state = self.post("/api/survey", &json!({ "answers": answers }))?;
        if state.step() != "end" {
            bail!("the survey led to {} {}", state.step(), state.text("code"));
        }
        Ok(())
    }

    /// Ends the session wherever it is.
    ///
    /// # Errors
    /// The booth does not answer.
    pub fn end(&self) -> Result<()> {
        self.post("/api/end", &json!({})).map(|_| ())
    }
}

/// Whether a request led to this step.
fn at(state: &State, step: &str) -> Result<()> {
    if state.step() != step {
        bail!("{} {} instead of {step}", state.step(), state.text("code"));
    }
    Ok(())
}

fn refused(state: &State) -> Outcome {
    Outcome::Refused(match state.code() {
        Some(code) => code.to_string(),
        None => format!("step {}", state.step()),
    })
}

#[cfg(test)]
mod tests;
