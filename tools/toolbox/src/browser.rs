//! Scripts that steer a browser: `lab/e2e/`, run by node.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{root, shell};

/// Runs a script of `lab/e2e/`; its last line of output is JSON with `findings`. What it prints is
/// written to `log` as well.
///
/// # Errors
/// It gives no answer.
pub fn run(script: &str, argument: &str, log: Option<&Path>) -> Result<(Value, Vec<String>)> {
    let output = Command::new("node")
        .arg(root::join("lab/e2e").join(script))
        .arg(argument)
        .stdin(Stdio::null())
        .output()
        .context("node")?;
    if let Some(log) = log {
        shell::append(log, &output.stdout)?;
        shell::append(log, &output.stderr)?;
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
