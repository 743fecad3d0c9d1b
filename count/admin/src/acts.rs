//! Acts of the officers: the office writes them down and posts them; it signs none.

use crate::actions::{Office, post};
use anyhow::{Context as _, Result, bail};
use api::act_file::{ActFile, BadAct};
use api::hex::HexBytes;
use api::registrar::ExtendRequest;
use ballot::Manifest;
use ballot::manifest::Release;
use ballot::text::Text;
use board::Receipt;
use board::entry::{Act, Entry, Hints, Order, Ordered};
use board::state::Election;
use client::Replica;
use host::http::HttpError;
use host::tls::SpkiPin;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest booth program: what is larger was not meant.
const MAX_PACKAGE: u64 = 4 * 1024 * 1024 * 1024;

/// What the office proposes to the officers.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// Open the vote; the newest block is the one both officers saw.
    Open,
    /// An act that needs nothing of the board.
    Act(Act),
    /// New addresses: portal and hints; the board's next number is theirs.
    Hints(String, Vec<String>),
    /// A hand-over to the validators of this network file.
    HandOver {
        /// Network file with all validators from then on.
        validators: PathBuf,
        /// Time at which the order ends (ms).
        until: u64,
    },
}

/// What became of an act with two signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It is on the board.
    Final,
    /// A hand-over: the present validators must certify these bytes before anybody can post them.
    ToBeCertified(Vec<u8>),
}

impl Office {
    /// Writes the unsigned act to a file for the officers.
    ///
    /// # Errors
    /// When the manifest is not sealed, the box is not empty (open), or the file exists already.
    pub async fn propose(&self, proposal: &Proposal, out: &Path) -> Result<()> {
        let (replica, _) = self.replica().await?;
        let election = self.mine(&replica)?;
        let order = Order {
            election: *election.hash().context("the manifest is not sealed yet")?,
            ordered: ordered(proposal, &replica, election)?,
        };
        let text = ActFile::unsigned(order).to_json()?;
        // An act that was shown to officers is not changed under their eyes.
        let mut file = std::fs::File::create_new(out).with_context(|| out.display().to_string())?;
        Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
    }
    /// Puts the officers' copies of one act together and posts it.
    ///
    /// # Errors
    /// When the copies differ, a signature is false, fewer than two officers signed, or the board
    /// refuses.
    pub async fn post_act(&self, copies: &[PathBuf]) -> Result<Posted> {
        let file = assemble(copies)?;
        let (replica, nodes) = self.replica().await?;
        let election = self.mine(&replica)?;
        if election.hash() != Some(&file.order.election) {
            bail!("the act is for another election");
        }
        let manifest = election
            .manifest()
            .context("the manifest is not sealed yet")?;
        file.verify(&manifest.officers)?;
        let signatures = file.two()?;
        let moves_the_close = matches!(
            file.order.ordered,
            Ordered::Act(Act::Extend { .. } | Act::Resume { .. })
        );
        let entry = file.order.signed(signatures);
        let bytes = entry.encode();
        if matches!(entry, Entry::HandOver(_)) {
            return Ok(Posted::ToBeCertified(bytes));
        }
        let receipt = post(&nodes, &bytes).await?;
        if moves_the_close {
            tell_registrars(manifest, &bytes, &receipt).await?;
        }
        Ok(Posted::Final)
    }
}

fn ordered(proposal: &Proposal, replica: &Replica, election: &Election) -> Result<Ordered> {
    Ok(match proposal {
        Proposal::Open => {
            if election.received() != 0 {
                bail!("the box is not empty");
            }
            let head = replica.head();
            Ordered::Act(Act::Open {
                count: 0,
                height: head.height,
                head: head.digest(),
            })
        }
        Proposal::Act(act) => Ordered::Act(act.clone()),
        Proposal::Hints(portal, hints) => {
            let last = election.hints().map_or(0, |h| h.number);
            let hints = if hints.is_empty() {
                vec![portal.clone()]
            } else {
                hints.clone()
            };
            Ordered::Act(Act::Hints(Hints {
                number: last.checked_add(1).context("no further addresses")?,
                portal: portal.clone(),
                hints,
            }))
        }
        Proposal::HandOver { validators, until } => {
            let (_, network) = client::read_network(validators)?;
            let epoch = replica.state().committee().epoch();
            Ordered::HandOver {
                epoch: epoch.checked_add(1).context("no further hand-over")?,
                validators: network.validators,
                until: *until,
            }
        }
    })
}

/// One act with the signatures of all its copies.
fn assemble(copies: &[PathBuf]) -> Result<ActFile> {
    let mut whole: Option<ActFile> = None;
    for path in copies {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let copy = ActFile::parse(&bytes).with_context(|| path.display().to_string())?;
        match &mut whole {
            None => whole = Some(copy),
            Some(whole) => whole.merge(copy)?,
        }
    }
    Ok(whole.ok_or(BadAct::TooFew(0))?)
}

/// A booth program's package as an act: its size and hash are computed here.
///
/// # Errors
/// When it cannot be read, or is longer than 4 GiB.
pub fn release(version: &str, platform: &str, package: &Path) -> Result<Act> {
    let at = || package.display().to_string();
    let size = std::fs::metadata(package).with_context(at)?.len();
    if size > MAX_PACKAGE {
        bail!("{}: longer than 4 GiB", at());
    }
    let file = std::fs::File::open(package).with_context(at)?;
    let sha256 = host::digest::sha256(file).with_context(at)?;
    Ok(Act::Release(Release {
        version: version.to_owned(),
        platform: platform.to_owned(),
        size,
        sha256,
    }))
}

/// Words in three languages; without a text in plain Japanese the Japanese one serves.
#[must_use]
pub fn words(ja: &str, en: &str, plain: Option<&str>) -> Text {
    Text::new(ja, en, plain.unwrap_or(ja))
}

/// A notice as an act.
#[must_use]
pub fn notice(key: &str, text: Text) -> Act {
    Act::Notice {
        key: key.to_owned(),
        text,
    }
}

/// Registrars follow no chain: they get the new close with the receipt that proves it.
async fn tell_registrars(manifest: &Manifest, entry: &[u8], receipt: &Receipt) -> Result<()> {
    let body = ExtendRequest {
        entry: HexBytes::of(entry),
        receipt: HexBytes::of(crypto::wire::TopLevel::to_bytes(receipt)),
    };
    for registrar in &manifest.registrars {
        let http = host::http::pinned_client(SpkiPin(registrar.spki), Duration::from_secs(20))?;
        let request = http
            .post(format!("{}/v1/extend", registrar.origin))
            .json(&body);
        let answer = request
            .send()
            .await
            .map_err(|e| HttpError::unreachable(&e))?;
        if !answer.status().is_success() {
            bail!(
                "{} did not take the new close: {}",
                registrar.name.ja,
                answer.status()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
