//! Booths of all channels: configuration, start, and the browser in front of three of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use assets::Assets;
use serde_json::{Value, json};
use toolbox::shell::Shell;
use toolbox::{browser, root};

use crate::configs::{Station, clock, quoted};
use crate::driver::{Outcome, Person};
use crate::http;
use crate::party::Party;
use crate::process::Process;
use crate::run_folder::RunFolder;

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
    /// The page that opens the browser.
    pub page: PathBuf,
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
    pub fn prepare(run_folder: &RunFolder, assets: &Assets, pki: &Path) -> Result<Self> {
        let mut booths = Self {
            stations: Vec::new(),
            models: assets.models.clone(),
            pki: pki.to_owned(),
        };
        for channel in ["counter", "venue"] {
            let name = format!("{channel}-1");
            let folder = run_folder.party(&format!("booth-{name}")).join("station");
            let key = Shell::new(&root::program("irefuda-station").display().to_string())
                .arg("--light")
                .arg(format!("--out={}", folder.display()))
                .arg(format!("--id={name}"))
                .arg(format!("--channel={channel}"))
                .arg(format!(
                    "--passphrase-file={}",
                    run_folder.passphrase(&name)?.display()
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

    fn config(&self, run_folder: &RunFolder, url: &Path, card: Option<&Path>) -> String {
        let card = card.map_or_else(String::new, |folder| {
            format!("card = \"inprocess:{}\"\n", folder.display())
        });
        format!(
            "{card}card_trust = {cards}\nbrowser = \"/bin/true\"\nurl_file = {url}\n{clock}\n[face]\n\
             worker = {worker}\nmodels = {models}\n\n[face.policy]\n\
             accept_unvalidated_face_model = true\n",
            cards = quoted(&self.pki.join("trust.json")),
            url = quoted(url),
            clock = clock(run_folder),
            worker = quoted(&root::program("irefuda-face-worker")),
            models = quoted(&self.models),
        )
    }

    /// Starts a booth of a channel for one voter.
    ///
    /// # Errors
    /// It does not come up.
    pub fn start(
        &self,
        run_folder: &RunFolder,
        channel: &str,
        voter: &str,
        seat: &Seat,
    ) -> Result<(Address, Process)> {
        let station = self
            .stations
            .iter()
            .find(|station| station.channel == channel);
        let name = station.map_or_else(|| format!("booth-{voter}"), |s| format!("booth-{}", s.id));
        let url = run_folder.party(&name).join("url");
        let _ = fs::remove_file(&url);
        let (program, card) = match seat {
            Seat::Released => ("irefuda-booth", None),
            Seat::Noted { card } => ("irefuda-booth-demo", card.as_deref()),
        };
        let party = Party::new(
            run_folder,
            &name,
            program,
            &self.config(run_folder, &url, card),
        )?;
        let start = party.data().join("start.irefuda");
        let answer = http::get(&format!("http://{}/start.irefuda", run_folder.address(0)))?;
        if answer.status != 200 {
            bail!(
                "the portal gives no start file: {} {}",
                answer.status,
                answer.text()
            );
        }
        fs::write(&start, &answer.body)?;
        let trust = run_folder.out.join("trust.json").display().to_string();
        let mut words = vec!["--trust".to_owned(), trust];
        if let Some(station) = station {
            words.extend(["--station".to_owned(), station.file.display().to_string()]);
        }
        if matches!(seat, Seat::Noted { .. }) {
            let file = run_folder.out.join(format!("demo-secrets/{NOTES}{voter}"));
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
        let page = party.data().join("open.html");
        Ok((
            Address {
                printed,
                port,
                page,
            },
            process,
        ))
    }
}

/// A voter who uses the pages.
pub struct Browser {
    /// Name of the screenshots.
    pub name: String,
    /// The booth's address.
    pub address: Address,
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
    /// What is made to go wrong: `wrong_face`, `worker_killed`, `cheating_booth` or nothing.
    pub fault: &'static str,
    /// The booth's process.
    pub booth: u32,
    /// Where the voter's second device finds the pages: it notes the first code, tosses the coin and
    /// shows the opening.
    pub phone: Option<String>,
    /// Makes one check ballot before the vote.
    pub check: bool,
    /// The time of the second device (ms).
    pub now: u64,
    /// Firefox in place of Chromium, without a second device: the port on which it is steered.
    pub firefox: Option<u16>,
}

/// What came of a visit in a browser.
pub struct Seen {
    /// How far the voter got.
    pub outcome: Outcome,
    /// The second device showed another number than the voter had noted.
    pub caught: bool,
    /// What is wrong with the pages.
    pub findings: Vec<String>,
}

impl Browser {
    /// Goes through the pages in Chromium.
    ///
    /// # Errors
    /// The visit had no end.
    pub fn visit(&self, run_folder: &RunFolder) -> Result<Seen> {
        let job = json!({
            "name": self.name,
            "address": self.address.printed,
            "page": self.address.page,
            "pin": self.person.pin,
            "number_b": self.person.number_b,
            "camera": self.person.camera.first(),
            "option": self.option,
            "marks": self.marks,
            "channel": self.channel,
            "keyboard": self.keyboard,
            "fault": self.fault,
            "booth": self.booth,
            "phone": self.phone,
            "check": self.check,
            "now": self.now,
            "remote": self.firefox,
            "errors": root::join("data/errors.toml"),
            "screens": run_folder.out.join("screens"),
        });
        let path = run_folder.secret(&format!("browser-{}.json", self.name), &job.to_string())?;
        let script = if self.firefox.is_some() {
            "firefox.mjs"
        } else {
            "vote.mjs"
        };
        let log = run_folder.own_log(script)?;
        let (answer, findings) = browser::run(script, &path.display().to_string(), Some(&log))?;
        let said = |key| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let outcome = said("code").map(Outcome::Received);
        let outcome = outcome.or_else(|| said("refused").map(Outcome::Refused));
        let outcome = outcome.with_context(|| format!("no end: {findings:?}"))?;
        let caught = answer.get("caught").and_then(Value::as_bool) == Some(true);
        Ok(Seen {
            outcome,
            caught,
            findings,
        })
    }
}
