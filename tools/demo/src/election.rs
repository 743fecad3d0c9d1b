//! The parties of a run, from their first keys to the result, each over its own program.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use api::node::Status;
use serde_json::Value;
use toolbox::root;

use crate::clock::Clock;
use crate::configs::{self, NODE_PORT, Numbers, PEER_PORT, REGISTRAR_PORT, RELAY_PORT, Station};
use crate::http;
use crate::party::Party;
use crate::process::Process;
use crate::run_folder::RunFolder;

/// How long a party may take to come up.
const START: Duration = Duration::from_secs(40);
/// How long the board may take to follow a step of the clock.
const FOLLOW: Duration = Duration::from_secs(60);

/// All parties but the voters.
pub struct Election {
    run_folder: RunFolder,
    nodes: Vec<Process>,
    servers: Vec<Process>,
    admin: Party,
    relay: Party,
    officers: Vec<Party>,
    trustees: Vec<Party>,
    registrars: Vec<Party>,
    auditors: Vec<Party>,
    /// The pinned authorities of the cards.
    cards: PathBuf,
}

impl Election {
    /// Makes every party's keys and starts the board.
    ///
    /// # Errors
    /// A program fails or does not come up.
    pub fn found(
        run_folder: &RunFolder,
        numbers: Numbers,
        pki: &Path,
        stations: &[Station],
    ) -> Result<Self> {
        let admin = Party::new(
            run_folder,
            "admin",
            "irefuda-admin",
            &configs::admin(run_folder, numbers)?,
        )?;
        admin.command(&["init"])?;
        let public: Value = serde_json::from_slice(&fs::read(admin.file("public.json"))?)?;
        let authority = public
            .get("authority")
            .and_then(Value::as_str)
            .context("authority")?;
        let nodes = start_nodes(run_folder, numbers.validators, authority)?;
        let relay = configs::relay(run_folder)?;
        let relay = Party::new(run_folder, "relay", "irefuda-relay", &relay)?;
        relay.command(&["init"])?;
        let registrar = |n| {
            let config = configs::registrar(run_folder, n, pki, stations)?;
            let name = format!("registrar-{}", n + 1);
            let party = Party::new(run_folder, &name, "irefuda-registrar", &config)?;
            party.command(&["init"]).map(|_| party)
        };
        let member = |kind: &str, n, config: String| {
            let party = Party::new(
                run_folder,
                &format!("{kind}-{n}"),
                &format!("irefuda-{}", if kind == "auditor" { "audit" } else { kind }),
                &config,
            )?;
            party.command(&["init"]).map(|_| party)
        };
        let auditor = |n| member("auditor", n, configs::auditor(run_folder, n)?);
        let officer = |n| member("officer", n, configs::officer(run_folder, n)?);
        let trustee = |n| member("trustee", n, configs::trustee(run_folder, n)?);
        Ok(Self {
            officers: (1..=configs::OFFICERS)
                .map(officer)
                .collect::<Result<_>>()?,
            run_folder: run_folder.clone(),
            nodes,
            servers: Vec::new(),
            admin,
            relay,
            trustees: (1..=numbers.trustees).map(trustee).collect::<Result<_>>()?,
            registrars: (0..numbers.registrars)
                .map(registrar)
                .collect::<Result<_>>()?,
            auditors: (1..=configs::AUDITORS)
                .map(auditor)
                .collect::<Result<_>>()?,
            cards: pki.join("trust.json"),
        })
    }

    /// The trustees' key ceremony, all of them at the same time.
    ///
    /// # Errors
    /// A trustee refuses.
    pub fn ceremony(&self) -> Result<()> {
        self.admin.command(&["setup"])?;
        let results: Vec<Result<String>> = std::thread::scope(|scope| {
            let running: Vec<_> = self
                .trustees
                .iter()
                .map(|trustee| scope.spawn(|| trustee.command(&["join", "--yes"])))
                .collect();
            running
                .into_iter()
                .map(|one| {
                    one.join()
                        .unwrap_or_else(|_| bail!("a trustee's thread ended"))
                })
                .collect()
        });
        results
            .into_iter()
            .try_for_each(|result| result.map(|_| ()))
    }

    /// Manifest, trustees' signatures, seal; then registrars and portal can start.
    ///
    /// # Errors
    /// A party refuses.
    pub fn seal(&mut self) -> Result<()> {
        let draft = self.admin.file("draft.bin");
        self.admin.command(&["manifest", "--out", &draft])?;
        let mut words = vec!["seal".to_owned(), "--manifest".to_owned(), draft.clone()];
        for trustee in &self.trustees {
            let signature = trustee.file("signature.json");
            trustee.command(&[
                "confirm",
                "--yes",
                "--manifest",
                &draft,
                "--out",
                &signature,
            ])?;
            words.extend(["--signature".to_owned(), signature]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.admin.command(&words)?;
        fs::copy(
            self.admin.file("manifest.bin"),
            self.run_folder.out.join("run/manifest.bin"),
        )?;
        fs::copy(
            self.admin.file("trust.json"),
            self.run_folder.out.join("trust.json"),
        )?;
        self.start_servers()
    }

    fn start_servers(&mut self) -> Result<()> {
        let mut process = self.relay.start(&["run"])?;
        let origin = format!("https://{}", self.run_folder.address(RELAY_PORT));
        process.wait_until(START, || http::healthy(&origin))?;
        self.servers.push(process);
        for (n, registrar) in (0..).zip(&self.registrars) {
            registrar.command(&["seal-check"])?;
            let mut process = registrar.start(&["run"])?;
            let origin = format!("https://{}", self.run_folder.address(REGISTRAR_PORT + n));
            process.wait_until(START, || http::healthy(&origin))?;
            self.servers.push(process);
        }
        let portal = Party::new(
            &self.run_folder,
            "portal",
            "irefuda-portal",
            &configs::portal(&self.run_folder),
        )?;
        let mut process = portal.start(&[])?;
        let origin = format!("http://{}", self.run_folder.address(0));
        process.wait_until(START, || http::healthy(&origin))?;
        self.servers.push(process);
        Ok(())
    }

    /// Two officers show that the box is empty and open it.
    ///
    /// # Errors
    /// The board refuses.
    pub fn open(&self) -> Result<()> {
        self.act(&["open"])
    }

    /// The office proposes an act, every officer countersigns it on a computer of their own – the
    /// second one gets the file that the first one signed –, the office posts it. All again until
    /// the board takes it: it may still be a block behind the clock.
    fn act(&self, act: &[&str]) -> Result<()> {
        let began = Instant::now();
        loop {
            match self.act_once(act) {
                Err(error) if began.elapsed() > FOLLOW => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(300)),
                Ok(()) => return Ok(()),
            }
        }
    }

    fn act_once(&self, act: &[&str]) -> Result<()> {
        let mut file = self.admin.file("act.json");
        // The last try's act, if there was one.
        let _ = fs::remove_file(&file);
        self.admin
            .command(&[&["propose", "--out", &file], act].concat())?;
        for officer in &self.officers {
            let signed = officer.file("signed.json");
            officer.command(&["sign", "--yes", "--act", &file, "--out", &signed])?;
            file = signed;
        }
        self.admin.command(&["post", "--act", &file]).map(|_| ())
    }

    /// What the first node says of itself.
    ///
    /// # Errors
    /// It does not answer.
    pub fn status(&self) -> Result<Status> {
        let node = self.run_folder.address(NODE_PORT);
        http::get(&format!("https://{node}/v1/status"))?.json()
    }

    /// Waits until the board's last block is not older than `at_ms`.
    ///
    /// # Errors
    /// It stays behind.
    pub fn follow(&self, at_ms: u64) -> Result<()> {
        let began = Instant::now();
        loop {
            let status = self.status()?;
            if status.block_time_ms >= at_ms {
                return Ok(());
            }
            if began.elapsed() > FOLLOW {
                bail!("the board does not follow the clock: {status:?}");
            }
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    /// The first election's phase on the board.
    ///
    /// # Errors
    /// The node does not answer.
    pub fn phase(&self) -> Result<String> {
        let first = self.status()?.elections.into_iter().next();
        Ok(first.map(|election| election.phase).unwrap_or_default())
    }

    /// Registrars report every day that is over.
    ///
    /// # Errors
    /// One of them refuses.
    pub fn report_what_is_due(&self) -> Result<()> {
        for registrar in &self.registrars {
            registrar.command_within(&["report"], FOLLOW)?;
        }
        Ok(())
    }

    /// Registrars report their last day, trustees commit, officers announce, trustees release, the result is posted.
    ///
    /// # Errors
    /// A party refuses.
    pub fn count(&self, clock: &mut Clock, announce_at: u64) -> Result<()> {
        self.report_what_is_due()?;
        for trustee in &self.trustees {
            trustee.command_within(&["commit", "--yes"], FOLLOW)?;
        }
        clock.step_to(announce_at)?;
        self.follow(announce_at)?;
        self.act(&["announce"])?;
        for trustee in &self.trustees {
            trustee.command_within(&["release", "--yes"], FOLLOW)?;
        }
        self.admin.command_within(&["result"], FOLLOW)?;
        fs::copy(
            self.admin.file("result.json"),
            self.run_folder.out.join("result.json"),
        )?;
        Ok(())
    }

    /// `result.json`, read from the board by the officers' tool.
    ///
    /// # Errors
    /// It is missing or not JSON.
    pub fn result(&self) -> Result<Value> {
        let path = self.run_folder.out.join("result.json");
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Downloads the public record and has the verifier look at it. Returns its exit status and
    /// what it printed.
    ///
    /// # Errors
    /// The record cannot be had or the verifier cannot be started.
    pub fn verify(&self) -> Result<(i32, String)> {
        let record = self.record()?;
        verify(&record, &self.run_folder.out.join("trust.json"))
    }

    /// A voter claims that a vote is missing: decided from what the booth saved and the record that
    /// was downloaded. Returns the exit status and what was said.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn dispute(&self, claim: &Path) -> Result<(i32, String)> {
        let out = &self.run_folder.out;
        run_verify(&[
            OsStr::new("dispute"),
            claim.as_os_str(),
            out.join("record").as_os_str(),
            OsStr::new("--trust"),
            out.join("trust.json").as_os_str(),
        ])
    }

    /// The registrars hand their sealed evidence out, two auditors open and check all of it against
    /// the record that was downloaded. Returns the exit status and what was said.
    ///
    /// # Errors
    /// A program cannot be started, or one before the last step fails.
    pub fn audit(&self, election: &str) -> Result<(i32, String)> {
        let mut evidence = Vec::new();
        for registrar in &self.registrars {
            let out = registrar.file("evidence");
            let _ = fs::remove_dir_all(&out);
            registrar.command(&["export-evidence", "--out", &out])?;
            evidence.push(out);
        }
        let [first, second, ..] = self.auditors.as_slice() else {
            bail!("two auditors at least");
        };
        let record = self.run_folder.out.join("record").display().to_string();
        let mut about = vec!["--record", &record, "--election", election];
        for folder in &evidence {
            about.extend(["--evidence", folder]);
        }
        let out = first.file("for-2");
        let _ = fs::remove_dir_all(&out);
        let with = ["--for", "2", "--out", &out];
        first.command(&[&["release"], about.as_slice(), &with].concat())?;
        let cards = self.cards.display().to_string();
        let with = ["--partial", &out, "--cards", &cards];
        second.status(&[&["check"], about.as_slice(), &with].concat())
    }

    /// Downloads the public record as it is now. Returns its folder.
    ///
    /// # Errors
    /// It cannot be had.
    pub fn record(&self) -> Result<PathBuf> {
        let record = self.run_folder.out.join("record");
        let _ = fs::remove_dir_all(&record);
        self.admin
            .command(&["record", "--out", &record.display().to_string()])?;
        Ok(record)
    }

    /// Relay, registrars and portal.
    pub fn servers(&self) -> impl Iterator<Item = &Process> {
        self.servers.iter()
    }

    /// Credentials issued per channel and day, summed over all registrars' first answers.
    ///
    /// # Errors
    /// A registrar does not answer.
    pub fn issued(&self) -> Result<Vec<(String, u64, u64)>> {
        let first = self.registrars.first().context("no registrar")?;
        let text = first.command(&["counts"])?;
        let start = text.find('{').context("counts")?;
        let value: Value = serde_json::from_str(text.get(start..).unwrap_or_default())?;
        let rows = value
            .get("issued")
            .and_then(Value::as_array)
            .context("counts")?;
        let row = |row: &Value| -> Option<(String, u64, u64)> {
            let number = |key| row.get(key).and_then(Value::as_u64);
            let first = row.get("kind")?.as_str()? == "first";
            let channel = row.get("channel")?.as_str()?.to_owned();
            first.then_some((channel, number("day")?, number("count")?))
        };
        Ok(rows.iter().filter_map(row).collect())
    }

    /// Holds every node, registrar and the portal where they are, or lets them go on. While they
    /// are held, whatever is sent to them comes from somebody else.
    ///
    /// # Errors
    /// One of them is gone.
    pub fn hold(&self, held: bool) -> Result<()> {
        let signal = if held { "STOP" } else { "CONT" };
        let mut all = self.nodes.iter().chain(&self.servers);
        all.try_for_each(|process| process.signal(signal))
    }

    /// Ports of the registrars.
    pub fn registrar_ports(&self) -> BTreeSet<u16> {
        let count = u16::try_from(self.registrars.len()).unwrap_or(0);
        (0..count)
            .map(|n| self.run_folder.port(REGISTRAR_PORT + n))
            .collect()
    }

    /// Ports at which nodes answer voters.
    pub fn node_ports(&self) -> BTreeSet<u16> {
        let count = u16::try_from(self.nodes.len()).unwrap_or(0);
        let nodes = (0..count).map(|n| NODE_PORT + n);
        nodes.map(|n| self.run_folder.port(n)).collect()
    }

    /// Ports of nodes, relay and portal.
    pub fn public_ports(&self) -> BTreeSet<u16> {
        let count = u16::try_from(self.nodes.len()).unwrap_or(0);
        let nodes = (0..count).flat_map(|n| [NODE_PORT + n, PEER_PORT + n]);
        nodes
            .chain([0, RELAY_PORT])
            .map(|n| self.run_folder.port(n))
            .collect()
    }

    /// Stops all processes, readers first.
    pub fn stop(&mut self) {
        self.servers.clear();
        self.nodes.clear();
    }
}

/// Runs the verifier on a record.
///
/// # Errors
/// It cannot be started.
pub fn verify(record: &Path, trust: &Path) -> Result<(i32, String)> {
    run_verify(&[record.as_os_str(), OsStr::new("--trust"), trust.as_os_str()])
}

fn run_verify(args: &[&OsStr]) -> Result<(i32, String)> {
    let output = std::process::Command::new(root::program("irefuda-verify"))
        .args(args)
        .stdin(std::process::Stdio::null())
        .output()
        .context("irefuda-verify")?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok((output.status.code().unwrap_or(-1), text))
}

fn start_nodes(run_folder: &RunFolder, count: u16, authority: &str) -> Result<Vec<Process>> {
    let mut network = format!("name = \"hibarino-demo\"\nauthorities = [\"{authority}\"]\n");
    let mut parties = Vec::new();
    for n in 0..count {
        let name = format!("node-{n}");
        let party = Party::new(
            run_folder,
            &name,
            "irefuda-node",
            &configs::node(run_folder, n)?,
        )?;
        party.command(&["init"])?;
        network.push_str("\n[[validators]]\n");
        let public: Value = serde_json::from_slice(&fs::read(party.file("public.json"))?)?;
        for (key, value) in public.as_object().context("a node's public.json")? {
            network.push_str(&format!("{key} = {value}\n"));
        }
        parties.push(party);
    }
    fs::write(run_folder.out.join("run/network.toml"), network)?;
    let mut running = Vec::new();
    for party in &parties {
        running.push(party.start(&["run"])?);
    }
    for (n, process) in (0..).zip(&mut running) {
        let origin = format!("https://{}", run_folder.address(NODE_PORT + n));
        process.wait_until(START, || http::healthy(&origin))?;
    }
    Ok(running)
}
