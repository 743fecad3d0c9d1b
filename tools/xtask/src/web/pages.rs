//! The pages in Chromium, in front of a board in memory.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use toolbox::shell::Shell;
use toolbox::{Counts, browser, output, root};

/// Where the records, receipts and screenshots of the test go.
const WORK: &str = "target/web-test";

/// A board in memory that serves the pages; stopped when it is dropped.
pub struct Lab {
    child: Child,
    origin: String,
    work: PathBuf,
}

impl Lab {
    /// Builds the pages and starts the board.
    ///
    /// # Errors
    /// A build fails, or it does not start.
    pub fn start() -> Result<Self> {
        let pages = root::join(root::PAGES);
        super::bundle(&pages)?;
        let built = Shell::new("cargo build --locked -p web-verify --example lab").tee()?;
        ensure!(built.ok, "the board in memory does not build");
        let work = root::join(WORK);
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        let mut child = Command::new(root::join("target/debug/examples/lab"))
            .arg(&pages)
            .arg(&work)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the board in memory")?;
        let mut origin = String::new();
        let said = child.stdout.take().context("its output")?;
        BufReader::new(said).read_line(&mut origin)?;
        let lab = Self {
            child,
            origin: origin.trim().to_owned(),
            work,
        };
        ensure!(!lab.origin.is_empty(), "the board in memory did not start");
        Ok(lab)
    }

    /// Lets a script of `lab/e2e/` work on it with these values besides `origin` and `work`.
    ///
    /// # Errors
    /// The browser cannot be started.
    pub fn run(&self, script: &str, mut values: Value) -> Result<(Value, Vec<String>)> {
        if let Some(map) = values.as_object_mut() {
            map.insert("origin".to_owned(), json!(self.origin));
            map.insert("work".to_owned(), json!(self.work));
        }
        let job = self.work.join("job.json");
        fs::write(&job, values.to_string())?;
        browser::run(script, &job.display().to_string(), None)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The step of `cargo xtask test`.
///
/// # Errors
/// Something cannot be built or started.
pub fn step() -> Result<Counts> {
    let lab = Lab::start()?;
    let screens = lab.work.join("screens");
    let (answer, findings) = lab.run("verify.mjs", json!({ "screens": screens }))?;
    for finding in &findings {
        output::line(&format!("  {finding}"));
    }
    let passed = answer.get("passed").and_then(Value::as_u64).unwrap_or(0);
    let first = answer.get("firstPage").and_then(Value::as_u64).unwrap_or(0);
    output::line(&format!(
        "{passed} checks passed in Chromium; first page {first} bytes, screenshots in {}",
        screens.display()
    ));
    drop(lab);
    let mut counts = Counts {
        passed,
        failed: u64::try_from(findings.len()).unwrap_or(u64::MAX),
    };
    if relayed()? {
        counts.passed += 1;
    } else {
        counts.failed += 1;
    }
    Ok(counts)
}

/// The same pages in front of real nodes and a real relay.
fn relayed() -> Result<bool> {
    let built = Shell::new("cargo build --locked -p relay").tee()?;
    ensure!(built.ok, "the relay does not build");
    let test = "cargo test --locked -p node --test real -- --ignored --nocapture page::";
    Ok(Shell::new(test).tee()?.ok)
}
