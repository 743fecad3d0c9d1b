//! Booths of all channels: configuration, start, and the browser in front of three of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::configs::{Station, clock, quoted};
use super::driver::{Outcome, Person};
use super::http;
use super::party::{Party, append};
use super::place::{Place, program};
use super::process::Process;
use crate::assets::Assets;
use crate::root;
use crate::shell::Shell;

/// How long a booth may take to check the election and load the face models.
const START: Duration = Duration::from_secs(60);

/// Beginning of the names of the files in which a demonstration's booth notes secrets.
pub const NOTES: &str = "canaries-";

/// Which program a voter sits down at, and how it reaches the card.
pub enum Seat {
    /// The released program; the card is behind the smart-card service.
    Released,
    /// The demonstration's program, which notes the voter's secrets to be searched for.
    Noted {
        /// The card's folder if it is inside the program and not behind the service.
        card: Option<PathBuf>,
    },
}

/// Where a booth answers.
pub struct Address {
    /// As printed, with the launch token.
    pub printed: String,
    /// Its port.
    pub port: u16,
}

/// Stations and what booths need to start.
pub struct Booths {
    stations: Vec<Station>,
    models: PathBuf,
    pki: PathBuf,
}

impl Booths {
    /// Makes the keys of the kiosks.
    ///
    /// # Errors
    /// The booth's program fails.
    pub fn prepare(place: &Place, assets: &Assets, pki: &Path) -> Result<Self> {
        let mut booths = Self {
            stations: Vec::new(),
            models: assets.models.clone(),
            pki: pki.to_owned(),
        };
        for channel in ["counter", "venue"] {
            let name = format!("{channel}-1");
            let folder = place.party(&format!("booth-{name}")).join("station");
            let key = Shell::new(&program("irefuda-station").display().to_string())
                .arg("--light")
                .arg(format!("--out={}", folder.display()))
                .arg(format!("--id={name}"))
                .arg(format!("--channel={channel}"))
                .arg(format!(
                    "--passphrase-file={}",
                    place.passphrase(&name)?.display()
                ))
                .stdout()?;
            booths.stations.push(Station {
                id: name,
                channel: channel.to_owned(),
                key: key.trim().to_owned(),
                file: folder.join("station.toml"),
            });
        }
        Ok(booths)
    }

    /// The kiosks, for the registrars.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    fn config(&self, place: &Place, url: &Path, card: Option<&Path>) -> String {
        let card = card.map_or_else(String::new, |folder| {
            format!("card = \"inprocess:{}\"\n", folder.display())
        });
        format!(
            "{card}card_trust = {cards}\nopen_browser = false\nurl_file = {url}\n{clock}\n[face]\n\
             worker = {worker}\nmodels = {models}\n\n[face.policy]\n\
             accept_unvalidated_face_model = true\n",
            cards = quoted(&self.pki.join("trust.json")),
            url = quoted(url),
            clock = clock(place),
            worker = quoted(&program("irefuda-face-worker")),
            models = quoted(&self.models),
        )
    }

    /// Starts a booth of a channel for one voter.
    ///
    /// # Errors
    /// It does not come up.
    pub fn start(
        &self,
        place: &Place,
        channel: &str,
        voter: &str,
        seat: &Seat,
    ) -> Result<(Address, Process)> {
        let station = self
            .stations
            .iter()
            .find(|station| station.channel == channel);
        let name = station.map_or_else(|| format!("booth-{voter}"), |s| format!("booth-{}", s.id));
        let url = place.party(&name).join("url");
        let _ = fs::remove_file(&url);
        let (program, card) = match seat {
            Seat::Released => ("irefuda-booth", None),
            Seat::Noted { card } => ("irefuda-booth-demo", card.as_deref()),
        };
        let party = Party::new(place, &name, program, &self.config(place, &url, card))?;
        let start = party.data().join("start.irefuda");
        let answer = http::get(place.address(0).parse()?, "/start.irefuda")?;
        if answer.status != 200 {
            bail!(
                "the portal gives no start file: {} {}",
                answer.status,
                answer.text()
            );
        }
        fs::write(&start, &answer.body)?;
        let trust = place.out.join("trust.json").display().to_string();
        let mut words = vec!["--trust".to_owned(), trust];
        if let Some(station) = station {
            words.extend(["--station".to_owned(), station.file.display().to_string()]);
        }
        if matches!(seat, Seat::Noted { .. }) {
            let file = place.out.join(format!("demo-secrets/{NOTES}{voter}"));
            words.extend(["--canaries".to_owned(), file.display().to_string()]);
        }
        words.push(start.display().to_string());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut process = party.start(&words)?;
        process.wait_until(START, || {
            fs::read(&url).is_ok_and(|text| text.contains(&b'#'))
        })?;
        let printed = fs::read_to_string(&url)?.trim().to_owned();
        let port = printed
            .strip_prefix("http://127.0.0.1:")
            .and_then(|rest| rest.split('/').next())
            .and_then(|port| port.parse().ok())
            .context("a booth's address")?;
        Ok((Address { printed, port }, process))
    }
}

/// A voter who uses the pages.
pub struct Browser {
    /// Name of the screenshots.
    pub name: String,
    /// The booth's printed address.
    pub address: String,
    /// Who votes.
    pub person: Person,
    /// Printed number of the proposal.
    pub option: u16,
    /// Two pictures.
    pub marks: [u8; 2],
    /// Channel, for the survey.
    pub channel: String,
    /// Uses the keyboard alone.
    pub keyboard: bool,
    /// What is made to go wrong: `wrong_face`, `worker_killed` or nothing.
    pub fault: &'static str,
    /// The booth's process.
    pub booth: u32,
}

impl Browser {
    /// Goes through the pages in Chromium; returns how far the voter got and what is wrong with
    /// the pages.
    ///
    /// # Errors
    /// The visit had no end.
    pub fn visit(&self, place: &Place) -> Result<(Outcome, Vec<String>)> {
        let job = json!({
            "name": self.name,
            "address": self.address,
            "pin": self.person.pin,
            "number_b": self.person.number_b,
            "camera": self.person.camera.first(),
            "option": self.option,
            "marks": self.marks,
            "channel": self.channel,
            "keyboard": self.keyboard,
            "fault": self.fault,
            "booth": self.booth,
            "errors": root::join("data/errors.toml"),
            "screens": place.out.join("screens"),
        });
        let path = place.secret(&format!("browser-{}.json", self.name), &job.to_string())?;
        let log = place.own_log("vote.mjs")?;
        let (answer, findings) = node("vote.mjs", &path.display().to_string(), Some(&log))?;
        let said = |key| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let outcome = said("code").map(Outcome::Received);
        let outcome = outcome.or_else(|| said("refused").map(Outcome::Refused));
        let outcome = outcome.with_context(|| format!("no end: {findings:?}"))?;
        Ok((outcome, findings))
    }
}

/// Runs a script of `lab/e2e/`; its last line of output is JSON with `findings`. What it prints is
/// written to `log` as well.
///
/// # Errors
/// It gives no answer.
pub fn node(script: &str, argument: &str, log: Option<&Path>) -> Result<(Value, Vec<String>)> {
    let output = Command::new("node")
        .arg(root::join("lab/e2e").join(script))
        .arg(argument)
        .stdin(Stdio::null())
        .output()
        .context("node")?;
    if let Some(log) = log {
        append(log, &output.stdout)?;
        append(log, &output.stderr)?;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    let answer: Value = serde_json::from_str(last).with_context(|| {
        format!(
            "{script}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    let findings = answer
        .get("findings")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let findings = findings
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Ok((answer, findings))
}
