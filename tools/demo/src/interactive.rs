//! The demo by hand: everything runs, a person votes with a virtual card and moves the clock.

use std::ffi::OsStr;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toolbox::output;
use toolbox::shell::on_path;

use crate::booth::Seat;
use crate::calendar::{Calendar, Proposal, show};
use crate::chart;
use crate::configs::{METRICS_PORT, NODE_PORT, REGISTRAR_PORT, RELAY_PORT};
use crate::driver::{Booth, Outcome, Person};
use crate::process::Process;
use crate::progress::Progress;
use crate::run_folder::RunFolder;
use crate::scenario::Scenario;

/// What can be typed.
const HELP: &str = "\
  booth [home|counter|venue]  start a booth with the next card, and a browser with that person as camera
  vote NUMBER                 vote for a proposal in that booth without a browser
  next                        move the clock to the next opening, close or announcement
  now                         show the clock
  count                       after the close: decrypt, announce, verify
  quit                        stop everything";
/// How often the film of a camera shows each picture.
const REPEAT: usize = 10;
/// The two pictures of a receipt that `vote` takes.
const MARKS: [u8; 2] = [3, 11];

/// Serves until the person has had enough.
///
/// # Errors
/// A program fails.
pub fn serve(run: &mut Scenario<'_>, proposals: &[Proposal]) -> Result<bool> {
    let portal = format!("http://{}/", run.run_folder.address(0));
    output::heading("everything runs");
    let (registrars, validators) = (run.report.registrars, run.report.validators);
    for (party, address) in addresses(run.run_folder, registrars, validators) {
        output::line(&format!("{party:<22} {address}"));
    }
    output::line(HELP);
    let _ = std::process::Command::new("xdg-open")
        .arg(&portal)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    let mut hand = Hand {
        proposals,
        sitting: None,
        next: 1,
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match Word::read(&line) {
            Some(Word::Quit) => break,
            Some(word) => {
                if let Err(error) = hand.obey(run, word) {
                    output::line(&format!("{error:#}"));
                }
            }
            None if line.trim().is_empty() => {}
            None => output::line(HELP),
        }
    }
    drop(hand);
    run.election.stop();
    Ok(true)
}

/// What somebody types who votes for proposal 3, lets the time pass up to the close, counts and
/// leaves: for a run without anybody at the keyboard.
pub fn script(calendar: &Calendar) -> String {
    let mut script = "now\nbooth home\nvote 3\n".to_owned();
    let mut now = calendar.opens();
    while let Some(edge) = calendar.next_boundary(now)
        && edge <= calendar.closes()
    {
        script.push_str("next\n");
        now = edge;
    }
    script.push_str("count\nquit\n");
    script
}

/// Every party with the address at which it answers.
fn addresses(run_folder: &RunFolder, registrars: u64, validators: u64) -> Vec<(String, String)> {
    let mut all = vec![
        (
            "portal".to_owned(),
            format!("http://{}/", run_folder.address(0)),
        ),
        (
            "portal, verifier".to_owned(),
            format!("http://{}/verify/", run_folder.address(0)),
        ),
    ];
    for (n, port) in (1..=registrars).zip(REGISTRAR_PORT..) {
        let address = format!("https://{}/", run_folder.address(port));
        all.push((format!("registrar-{n}"), address));
    }
    for (n, port) in (0..validators).zip(0..) {
        let address = format!("https://{}/v1/status", run_folder.address(NODE_PORT + port));
        all.push((format!("node-{n}"), address));
        let address = format!("http://{}/metrics", run_folder.address(METRICS_PORT + port));
        all.push((format!("node-{n}, figures"), address));
    }
    all.push((
        "relay".to_owned(),
        format!("https://{}/", run_folder.address(RELAY_PORT)),
    ));
    all.push((
        "authority of the cards".to_owned(),
        format!(
            "http://{}/auth.crl",
            run_folder.address(crate::cards::AUTHORITY_PORT)
        ),
    ));
    all
}

/// One line that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Booth(String),
    Vote(u16),
    Next,
    Now,
    Count,
    Quit,
}

impl Word {
    /// `None`: something else, or nothing.
    fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["booth"] => Some(Self::Booth("home".to_owned())),
            ["booth", channel @ ("home" | "counter" | "venue")] => {
                Some(Self::Booth((*channel).to_owned()))
            }
            ["vote", number] => number.parse().ok().map(Self::Vote),
            ["next"] => Some(Self::Next),
            ["now"] => Some(Self::Now),
            ["count"] => Some(Self::Count),
            ["quit" | "exit"] => Some(Self::Quit),
            _ => None,
        }
    }
}

/// A booth with somebody in it.
struct Sitting {
    /// The booth, and the browser in front of it.
    _running: Vec<Process>,
    printed: String,
    person: Person,
    channel: String,
}

struct Hand<'a> {
    proposals: &'a [Proposal],
    sitting: Option<Sitting>,
    /// Number of the next card.
    next: usize,
}

impl Hand<'_> {
    fn obey(&mut self, run: &mut Scenario<'_>, word: Word) -> Result<()> {
        match word {
            Word::Booth(channel) => self.booth(run, &channel),
            Word::Vote(number) => self.vote(number),
            Word::Next => next(run),
            Word::Now => {
                output::line(&show(run.clock.now_ms()?));
                Ok(())
            }
            Word::Count => count(run, self.proposals),
            Word::Quit => Ok(()),
        }
    }

    fn booth(&mut self, run: &mut Scenario<'_>, channel: &str) -> Result<()> {
        let persona = format!("p{:03}", self.next);
        let person = run.cards.person(&persona)?;
        self.sitting = None;
        run.cards.insert(&persona)?;
        let name = format!("hand{}", self.next);
        let (address, process) =
            run.booths
                .start(run.run_folder, channel, &name, &Seat::Released)?;
        self.next = self.next % run.cards.count() + 1;
        output::line(&format!(
            "card {persona}: PIN {}, 照合番号B {}",
            person.pin, person.number_b
        ));
        output::line(&format!("booth ({channel}): {}", address.printed));
        let mut running = vec![process];
        running.extend(browser(run.run_folder, &name, &person, &address.printed)?);
        self.sitting = Some(Sitting {
            _running: running,
            printed: address.printed,
            person,
            channel: channel.to_owned(),
        });
        Ok(())
    }

    fn vote(&mut self, number: u16) -> Result<()> {
        let sitting = self
            .sitting
            .take()
            .context("no booth is open: type booth")?;
        let known = self.proposals.iter().any(|proposal| proposal.no == number);
        anyhow::ensure!(known, "there is no proposal {number}");
        let booth = Booth::open(&sitting.printed)?;
        let outcome = match booth.identify(&sitting.person, false)? {
            Some(refused) => refused,
            None => {
                booth.choose(number, MARKS)?;
                booth.cast()?
            }
        };
        match outcome {
            Outcome::Received(code) => {
                booth.open_one(None)?;
                booth.finish(&sitting.channel)?;
                output::line(&format!("received {code}"));
            }
            Outcome::Refused(code) => output::line(&format!("refused {code}")),
        }
        Ok(())
    }
}

/// A browser in front of a booth with that person as camera; without a display only how to start it.
fn browser(
    run_folder: &RunFolder,
    name: &str,
    person: &Person,
    address: &str,
) -> Result<Option<Process>> {
    let folder = run_folder.party(&format!("browser-{name}"));
    std::fs::create_dir_all(&folder)?;
    let film = folder.join("camera.mjpeg");
    std::fs::write(&film, self::film(&person.camera)?)?;
    let words = browser_words(&folder, &film, address);
    let display = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if on_path("chromium") && (display("DISPLAY") || display("WAYLAND_DISPLAY")) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let browser = Process::start("browser", &folder, Path::new("chromium"), &words)?;
        output::line("a browser opens with that person in front of the camera");
        return Ok(Some(browser));
    }
    output::line(
        "here is no display; where there is one, this opens the booth with that person as camera:",
    );
    let quoted = words.iter().map(|word| format!("'{word}'"));
    output::line(&format!(
        "  chromium {}",
        quoted.collect::<Vec<_>>().join(" ")
    ));
    Ok(None)
}

fn browser_words(folder: &Path, film: &Path, address: &str) -> Vec<String> {
    let mut words = vec![
        format!("--user-data-dir={}", folder.join("profile").display()),
        "--no-first-run".to_owned(),
        "--use-fake-ui-for-media-stream".to_owned(),
        "--use-fake-device-for-media-stream".to_owned(),
        format!("--use-file-for-fake-video-capture={}", film.display()),
    ];
    if toolbox::shell::am_root() {
        // Chromium has no sandbox for the administrator and refuses to start with one.
        words.push("--no-sandbox".to_owned());
    }
    words.push(address.to_owned());
    words
}

/// One JPEG picture after the other: that is all a Motion JPEG file is.
fn film(pictures: &[PathBuf]) -> Result<Vec<u8>> {
    let mut film = Vec::new();
    for picture in pictures {
        let bytes = std::fs::read(picture).with_context(|| picture.display().to_string())?;
        for _ in 0..REPEAT {
            film.extend_from_slice(&bytes);
        }
    }
    anyhow::ensure!(!film.is_empty(), "no camera picture");
    Ok(film)
}

fn next(run: &mut Scenario<'_>) -> Result<()> {
    let now = run.clock.now_ms()?;
    let Some(target) = run.calendar.next_boundary(now) else {
        output::line("nothing comes after the announcement");
        return Ok(());
    };
    if target == run.calendar.closes() {
        run.pass_the_close()?;
    } else {
        run.step_to(target)?;
    }
    output::line(&show(run.clock.now_ms()?));
    Ok(())
}

/// Counts, prints the result and where it is, and what can be done with it.
fn count(run: &mut Scenario<'_>, proposals: &[Proposal]) -> Result<()> {
    let closes = run.calendar.closes();
    anyhow::ensure!(
        run.clock.now_ms()? >= closes,
        "the box is open until {}: type next until then",
        show(closes)
    );
    run.count(&mut Progress::default())?;
    let report = &run.report;
    output::heading("結果 result");
    for row in chart::table(proposals, &report.votes) {
        output::line(&row);
    }
    let out = run.run_folder.out.as_path();
    output::line("");
    for line in closing_lines(out, OsStr::new("target/debug/irefuda-verify")) {
        output::line(&line);
    }
    output::line(&format!(
        "received {} = counted {} + overwritten {}; verify exit {}",
        report.received, report.counted, report.overwritten, report.verify_exit
    ));
    Ok(())
}

fn closing_lines(out: &Path, verify: &OsStr) -> [String; 4] {
    let record = out.join("record");
    let trust = out.join("trust.json");
    [
        format!("the public record is in {}", record.display()),
        format!(
            "what the verifier said is in {}",
            out.join("verify.txt").display()
        ),
        format!(
            "check it yourself: {} {} --trust {}",
            verify.display(),
            record.display(),
            trust.display()
        ),
        "the portal shows the result now, and receipts under /verify/; quit stops everything"
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests;
