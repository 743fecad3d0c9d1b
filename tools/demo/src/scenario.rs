//! One automatic run: from the first key to the verified result.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use assets::Assets;
use serde_json::Value;

use crate::booth::{Address, Booths, Browser, Seat, Seen};
use crate::calendar::{Calendar, DAY, HOUR, MINUTE, SECOND, show_day};
use crate::capture::Capture;
use crate::cards::{AUTHORITY_PORT, Cards};
use crate::clock::Clock;
use crate::configs::{Numbers, RELAY_PORT};
use crate::driver::{Booth, Outcome};
use crate::election::Election;
use crate::plan::{Plan, PlantedFault, Visit, Voter};
use crate::process::Process;
use crate::progress::{Bar, Progress};
use crate::report::Report;
use crate::run_folder::RunFolder;
use crate::sockets::{self, Sockets};
use crate::trace::{Others, Trace};

/// On which the voter's Firefox is steered, as distance from the first port.
const FIREFOX_PORT: u16 = 95;

/// Longest step of the clock while the close is passed.
const CLOSING_STEP: u64 = 20 * SECOND;

/// Everything a run works with.
pub struct Scenario<'a> {
    /// Folders and ports.
    pub run_folder: &'a RunFolder,
    /// What is going to happen.
    pub plan: &'a Plan,
    /// The election's hours.
    pub calendar: &'a Calendar,
    /// The demo's clock.
    pub clock: Clock,
    /// Card holders and reader.
    pub cards: Cards,
    /// Booths of all channels.
    pub booths: Booths,
    /// All other parties.
    pub election: Election,
    /// What has happened.
    pub report: Report,
    /// Ports between a voter's browser and booth: cables, not network.
    pub cables: BTreeSet<u16>,
    /// Confirmation codes, in order, by voter.
    pub receipts: BTreeMap<String, Vec<String>>,
    /// What is wrong with pages, and secrets that leaked.
    pub findings: Vec<String>,
    /// The loopback traffic.
    pub capture: Option<Capture>,
    /// What is kept to be compared with another run.
    pub trace: Trace,
    /// Ballots that were made by a program that notes secrets.
    pub noted: usize,
    /// How many voters go through the smart-card service.
    pub through_pcscd: usize,
    /// What the first voter saved who claims later that the vote is missing.
    pub claim: Option<PathBuf>,
}

/// A session that was driven up to the send.
struct Waiting {
    booth: Booth,
    process: Process,
}

impl<'a> Scenario<'a> {
    /// Starts every party; the ceremony is held and the box is open at the end.
    ///
    /// # Errors
    /// A party does not come up.
    pub fn start(
        run_folder: &'a RunFolder,
        plan: &'a Plan,
        calendar: &'a Calendar,
        assets: &Assets,
        numbers: Numbers,
        progress: &mut Progress,
    ) -> Result<Self> {
        let opens = calendar.opens();
        let mut clock = Clock::start(&run_folder.clock(), opens - HOUR)?;
        let cards = progress.step("cards and reader", || {
            Cards::start(run_folder, plan, assets, opens)
        })?;
        let booths = Booths::prepare(run_folder, assets, &cards.authority())?;
        let pki = cards.authority();
        let mut election = progress.step("keys of all parties, board", || {
            Election::found(run_folder, numbers, &pki, booths.stations())
        })?;
        progress.step("key ceremony", || election.ceremony())?;
        progress.step("seal", || election.seal())?;
        progress.step("open", || {
            clock.step_to(opens)?;
            election.follow(opens)?;
            election.open()
        })?;
        let mut report = Report::of(plan);
        report.validators = numbers.validators.into();
        report.registrars = numbers.registrars.into();
        report.face_engine = "dlib 20.0.0".to_owned();
        let (cables, receipts) = (BTreeSet::new(), BTreeMap::new());
        Ok(Self {
            run_folder,
            plan,
            calendar,
            clock,
            cards,
            booths,
            election,
            report,
            cables,
            receipts,
            findings: Vec::new(),
            capture: None,
            trace: Trace::default(),
            noted: 0,
            through_pcscd: usize::MAX,
            claim: None,
        })
    }

    /// Lets everybody vote and passes the close.
    ///
    /// # Errors
    /// A program does something unexpected.
    pub fn vote(&mut self) -> Result<()> {
        let close = self.calendar.closes();
        let visits = self.plan.visits();
        let mut bar = Bar::new("votes", visits.len());
        for (voter, visit) in visits.iter().filter(|(voter, _)| !at_the_close(voter)) {
            self.step_to(visit.at_ms)?;
            let outcome = self
                .visit(voter, visit)
                .with_context(|| voter.voter.clone())?;
            bar.next(&self.note(voter, visit, &outcome));
        }
        let late: Vec<_> = visits
            .iter()
            .filter(|(voter, _)| at_the_close(voter))
            .collect();
        self.step_to(close - 2 * MINUTE)?;
        let mut waiting = Vec::new();
        for (voter, visit) in &late {
            let session = self
                .up_to_the_send(voter, visit)
                .with_context(|| voter.voter.clone())?;
            waiting.push((voter, visit, session));
        }
        waiting.sort_by_key(|(_, visit, _)| visit.at_ms);
        for (voter, visit, session) in waiting {
            self.clock.step_to(visit.at_ms)?;
            let outcome = match session {
                Ok(session) => {
                    let outcome = session.booth.cast()?;
                    drop(session.process);
                    outcome
                }
                Err(outcome) => outcome,
            };
            bar.next(&self.note(voter, visit, &outcome));
        }
        bar.finish();
        self.pass_the_close()
    }

    /// Moves the clock and waits for the board. A step over midnight waits for the registrars'
    /// reports too: the next one could follow at once and be days away, and they would be late.
    ///
    /// # Errors
    /// The board does not follow, or a registrar cannot report.
    pub fn step_to(&mut self, at_ms: u64) -> Result<()> {
        let before = self.clock.now_ms()?;
        if !self.clock.step_to(at_ms)? {
            return Ok(());
        }
        self.election.follow(at_ms)?;
        // Two runs that are compared write the same without it; nobody verifies their record.
        if show_day(before) != show_day(at_ms) && !self.trace.is_active() {
            self.election.report_what_is_due()?;
        }
        Ok(())
    }

    /// Small steps over the close and the drain, so that no gap between blocks looks like a halt.
    ///
    /// # Errors
    /// The board does not close.
    pub fn pass_the_close(&mut self) -> Result<()> {
        let began = Instant::now();
        let mut target = self.calendar.closes() - 5 * SECOND;
        loop {
            self.step_to(target)?;
            let phase = self.election.phase()?.to_lowercase();
            if phase.contains("closed") || phase.contains("tally") {
                return Ok(());
            }
            anyhow::ensure!(
                began.elapsed() < Duration::from_mins(3),
                "the board stays {phase}"
            );
            target = (target + CLOSING_STEP).max(self.clock.now_ms()?);
        }
    }

    /// Where a voter sits down. The first voters, every browser and every planted fault go
    /// through the smart-card service, the others have the card inside their booth.
    fn seat(&self, voter: &Voter, visit: &Visit) -> Seat {
        let card_fault = voter.fault.is_some_and(|fault| fault.card().is_some());
        if visit.browser || card_fault {
            return Seat::Released;
        }
        let reader = voter.fault.is_some() || voter.number() <= self.through_pcscd;
        let card = (!reader).then(|| self.cards.card(&voter.persona));
        Seat::Noted { card }
    }

    /// Starts the booth of a visit, with the card on its reader.
    fn sit_down(&mut self, voter: &Voter, visit: &Visit) -> Result<(Address, Process)> {
        let seat = self.seat(voter, visit);
        let transport = &mut self.report.card_transport;
        if matches!(seat, Seat::Noted { card: Some(_) }) {
            transport.in_process += 1;
        } else {
            transport.pcsc += 1;
            self.cards.insert(&voter.persona)?;
        }
        let (address, process) =
            self.booths
                .start(self.run_folder, &visit.channel, &voter.voter, &seat)?;
        self.cables.insert(address.port);
        Ok((address, process))
    }

    /// One visit from the card to the end.
    fn visit(&mut self, voter: &Voter, visit: &Visit) -> Result<Outcome> {
        let from = self.trace.begin(self.capture.as_ref())?;
        let watched = self.watch_the_others();
        let (address, mut process) = self.sit_down(voter, visit)?;
        let own = Sockets::watch(process.id());
        let outcome = if visit.browser {
            self.through_the_browser(voter, visit, address, process.id())
        } else {
            self.through_the_driver(voter, visit, &address.printed)
        };
        let outcome = outcome.with_context(|| process.log_end());
        let received = matches!(outcome, Ok(Outcome::Received(_)));
        let opens = visit.browser || side(voter).is_some();
        self.report.expected_opened += u64::from(received && opens);
        self.noted += usize::from(received && !visit.browser);
        let own = own.finish();
        process.stop();
        let (relay, nodes) = (self.run_folder.port(RELAY_PORT), self.election.node_ports());
        let spoke = sockets::spoke(&own, relay, &nodes, received);
        let about = |what| format!("{} {}: {what}", voter.voter, visit.channel);
        self.findings.extend(spoke.into_iter().map(about));
        self.cards.remove()?;
        let name = format!("{} {}", voter.voter, visit.channel);
        let mut others = Others {
            ports: self.cables.clone(),
            ends: watched.into_iter().flat_map(Sockets::finish).collect(),
        };
        others.ports.insert(self.run_folder.port(AUTHORITY_PORT));
        self.trace
            .end(self.capture.as_ref(), from, &name, &others)?;
        outcome
    }

    /// Whoever follows the board, so that its connections are not taken for the booth's.
    fn watch_the_others(&self) -> Vec<Sockets> {
        if !self.trace.is_active() {
            return Vec::new();
        }
        let servers = self.election.servers();
        servers.map(|server| Sockets::watch(server.id())).collect()
    }

    fn through_the_driver(
        &mut self,
        voter: &Voter,
        visit: &Visit,
        printed: &str,
    ) -> Result<Outcome> {
        let booth = Booth::open(printed)?;
        let person = self.cards.person(&voter.persona)?;
        let wrong = voter.fault == Some(PlantedFault::ThreeWrongPins);
        if let Some(outcome) = booth.identify(&person, wrong)? {
            booth.end()?;
            return Ok(outcome);
        }
        booth.choose(self.number(&visit.choice)?, marks(voter))?;
        let outcome = booth.cast()?;
        if matches!(outcome, Outcome::Received(_)) {
            booth.open_one(side(voter))?;
            if self.claim.is_none() {
                let claim = self.run_folder.out.join("claim.json");
                std::fs::write(&claim, booth.saved()?)?;
                self.claim = Some(claim);
            }
            booth.finish(&visit.channel)?;
        }
        Ok(outcome)
    }

    fn through_the_browser(
        &mut self,
        voter: &Voter,
        visit: &Visit,
        address: Address,
        booth: u32,
    ) -> Result<Outcome> {
        self.report.browsers += 1;
        let refused = voter.fault == Some(PlantedFault::WrongFace);
        let person = if refused {
            self.cards.stranger(&voter.persona)?
        } else {
            self.cards.person(&voter.persona)?
        };
        let browser = Browser {
            name: format!("{}-{}", visit.channel, voter.voter),
            address,
            person,
            option: self.number(&visit.choice)?,
            marks: marks(voter),
            channel: visit.channel.clone(),
            keyboard: visit.channel == "home" && voter.fault.is_none(),
            fault: match voter.fault {
                Some(PlantedFault::WrongFace) => "wrong_face",
                Some(PlantedFault::WorkerKilled) => "worker_killed",
                Some(PlantedFault::CheatingBooth) => "cheating_booth",
                _ => "",
            },
            booth,
            // Not in front of a booth that refuses the voter: nobody may be heard then.
            phone: (!refused).then(|| format!("http://{}", self.run_folder.address(0))),
            // One ordinary voter looks whether all is ready and makes a check ballot.
            check: visit.channel == "home" && voter.fault.is_none(),
            now: visit.at_ms,
            firefox: (visit.channel == "venue").then(|| self.run_folder.port(FIREFOX_PORT)),
        };
        // The hands of the voter, not a network.
        self.cables.extend(browser.firefox);
        let seen = if refused {
            self.unheard(&browser)?
        } else {
            self.heard(&browser)?
        };
        self.report.cheats_caught += u64::from(seen.caught);
        self.findings.extend(seen.findings);
        Ok(seen.outcome)
    }

    /// A visit during which nobody may hear of the voter: nodes, registrars and portal are held,
    /// so that whatever reaches one of their ports was sent by this booth.
    fn unheard(&self, browser: &Browser) -> Result<Seen> {
        let mut ports = self.election.registrar_ports();
        ports.extend(self.election.public_ports());
        self.election.hold(true)?;
        let seen = self.listen(&ports, || browser.visit(self.run_folder));
        self.election.hold(false)?;
        let (mut seen, heard) = seen?;
        if heard > 0 {
            let finding = format!("{}: {heard} messages left the booth", browser.name);
            seen.findings.push(finding);
        }
        Ok(seen)
    }

    /// An ordinary visit. Registrars hear from booths alone: that they do shows that
    /// [`Self::unheard`] would have noticed.
    fn heard(&self, browser: &Browser) -> Result<Seen> {
        let mut quiet = Vec::new();
        for port in self.election.registrar_ports() {
            quiet.push(BTreeSet::from([port]));
        }
        let mark = self.capture.as_ref().map(Capture::mark).transpose()?;
        let mut seen = browser.visit(self.run_folder)?;
        for ports in quiet {
            let heard = match (&self.capture, mark) {
                (Some(capture), Some(mark)) => capture.heard_since(mark, &ports)?,
                _ => 0,
            };
            if heard == 0 {
                let finding = format!("{}: no message to {ports:?} seen", browser.name);
                seen.findings.push(finding);
            }
        }
        Ok(seen)
    }

    /// Does something and says how many messages to `ports` were seen meanwhile.
    fn listen<T>(
        &self,
        ports: &BTreeSet<u16>,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<(T, usize)> {
        let capture = self.capture.as_ref().context("nothing is captured")?;
        let mark = capture.mark()?;
        let done = run()?;
        Ok((done, capture.heard_since(mark, ports)?))
    }

    /// Drives a session up to the send and takes the card away.
    fn up_to_the_send(
        &mut self,
        voter: &Voter,
        visit: &Visit,
    ) -> Result<std::result::Result<Waiting, Outcome>> {
        let (address, process) = self.sit_down(voter, visit)?;
        let booth = Booth::open(&address.printed)?;
        let refused = booth
            .identify(&self.cards.person(&voter.persona)?, false)
            .with_context(|| process.log_end())?;
        self.cards.remove()?;
        if let Some(outcome) = refused {
            return Ok(Err(outcome));
        }
        booth.choose(self.number(&visit.choice)?, marks(voter))?;
        Ok(Ok(Waiting { booth, process }))
    }

    fn number(&self, option: &str) -> Result<u16> {
        let place = self.plan.options.iter().position(|one| one == option);
        Ok(u16::try_from(place.context("an unknown option")? + 1)?)
    }

    /// Counts an outcome and says it in a line, without the choice.
    fn note(&mut self, voter: &Voter, visit: &Visit, outcome: &Outcome) -> String {
        let what = match outcome {
            Outcome::Received(code) => {
                self.receipts
                    .entry(voter.voter.clone())
                    .or_default()
                    .push(code.clone());
                format!("received {code}")
            }
            Outcome::Refused(code) => {
                *self.report.refused.entry(code.clone()).or_default() += 1;
                format!("refused {code}")
            }
        };
        let surprise = match (voter.expected_in(visit), outcome) {
            (None, Outcome::Received(_)) => "",
            (Some(expected), Outcome::Refused(code)) if expected == code => " (planted)",
            _ => "  ← not as planned",
        };
        format!(
            "{} {} {:<7} {what}{surprise}",
            visit.at, voter.voter, visit.channel
        )
    }

    /// Decrypts, announces, verifies and fills the report.
    ///
    /// # Errors
    /// A party refuses.
    pub fn count(&mut self, progress: &mut Progress) -> Result<()> {
        let announce_at = self.calendar.announce_at;
        let (election, clock) = (&self.election, &mut self.clock);
        progress.step("commit, announce, release, result", || {
            election.count(clock, announce_at)
        })?;
        let (exit, said) = progress.step("verify", || election.verify())?;
        std::fs::write(self.run_folder.out.join("verify.txt"), &said)?;
        self.report.verify_exit = exit;
        self.report.record_digest = digest(&said);
        self.report.opened = opened(&said).context("what the verifier says of openings")?;
        self.read_result()?;
        if let Some(claim) = &self.claim {
            let (exit, said) = progress.step("a dispute", || self.election.dispute(claim))?;
            std::fs::write(self.run_folder.out.join("dispute.txt"), &said)?;
            self.report.dispute_exit = exit;
        }
        let (exit, said) = progress.step("audit of the evidence", || {
            self.election.audit(&self.report.election_hash)
        })?;
        std::fs::write(self.run_folder.out.join("audit.txt"), &said)?;
        self.report.audit_exit = exit;
        for (channel, day, count) in self.election.issued()? {
            let day = show_day(day * DAY);
            *self
                .report
                .issued
                .entry(channel)
                .or_default()
                .entry(day)
                .or_default() += count;
        }
        Ok(())
    }

    fn read_result(&mut self) -> Result<()> {
        let result = self.election.result()?;
        let number = |key: &str| {
            result
                .get(key)
                .and_then(Value::as_u64)
                .with_context(|| format!("result: {key}"))
        };
        self.report.received = number("received")?;
        self.report.overwritten = number("overwritten")?;
        self.report.counted = number("counted")?;
        let hash = result.get("election_hash").and_then(Value::as_str);
        hash.context("result: election_hash")?
            .clone_into(&mut self.report.election_hash);
        let votes = result
            .get("votes")
            .and_then(Value::as_object)
            .context("result: votes")?;
        self.report.votes = votes
            .iter()
            .map(|(option, count)| Some((option.clone(), count.as_u64()?)))
            .collect::<Option<BTreeMap<_, _>>>()
            .context("result: votes")?;
        Ok(())
    }
}

fn at_the_close(voter: &Voter) -> bool {
    matches!(
        voter.fault,
        Some(PlantedFault::JustBeforeClose | PlantedFault::AtClose)
    )
}

/// Two pictures; which ones matters to nobody but the voter.
fn marks(voter: &Voter) -> [u8; 2] {
    let n = voter
        .voter
        .bytes()
        .fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    [n % 16, (n % 16 + 1 + n / 16 % 15) % 16]
}

/// ア, イ, or neither: by the voter's number, never by the choice.
fn side(voter: &Voter) -> Option<u8> {
    let [one, _] = marks(voter);
    one.checked_sub(6).map(|n| n % 2)
}

/// How many ballots the verifier says were opened.
fn opened(said: &str) -> Option<u64> {
    let (_, after) = said.split_once(" opened ")?;
    after.split_whitespace().next()?.parse().ok()
}

/// The digest in the verifier's last lines.
fn digest(said: &str) -> String {
    let line = said.lines().rev().find(|line| line.contains("digest"));
    line.and_then(|line| line.split_whitespace().last())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests;
