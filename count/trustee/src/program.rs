//! One trustee on one computer, and which election on the board is this trustee's.

use crate::keys::{KeyFolder, Keys};
use crate::{Config, Refusal};
use anyhow::{Context as _, Result, bail};
use ballot::Manifest;
use board::state::{Election, Phase, State};
use ceremony::Round;
use host::WallClock;
use host::passphrase::Passphrase;
use std::path::{Path, PathBuf};

/// One trustee on one computer.
#[derive(Debug)]
pub struct Trustee {
    pub(crate) id: u16,
    pub(crate) names: (String, String),
    pub(crate) data: PathBuf,
    pub(crate) folder: KeyFolder,
    pub(crate) practice: bool,
    pub(crate) appeal_days: u64,
    pub(crate) clock: WallClock,
}

/// The trustee's election and number in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mine<'a> {
    pub(crate) election: &'a Election,
    pub(crate) id: u16,
}

impl Mine<'_> {
    /// A trustee's name in Japanese, from the board.
    pub(crate) fn name(&self, id: u16) -> String {
        name_of(self.election, id)
    }
}

/// A trustee's name in Japanese, from the board's roster.
pub(crate) fn name_of(election: &Election, id: u16) -> String {
    let names = &election.setup().trustee_names;
    let name = usize::from(id).checked_sub(1).and_then(|i| names.get(i));
    name.map_or_else(|| format!("{id}番"), |n| format!("{id}番 {}", n.ja))
}

impl Trustee {
    /// The trustee of this configuration with its keys under `data`.
    ///
    /// # Errors
    /// When the clock cannot be read.
    pub fn new(config: &Config, data: &Path, passphrase: Passphrase) -> Result<Self> {
        Ok(Self {
            id: config.id,
            names: (config.name_ja.clone(), config.name_en.clone()),
            data: data.to_owned(),
            folder: KeyFolder::new(&data.join("keys"), passphrase, config.light),
            practice: config.practice,
            appeal_days: config.appeal_days,
            clock: config.clock.open()?,
        })
    }
    /// The same trustee with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: WallClock) -> Self {
        self.clock = clock;
        self
    }
    /// Makes the keys and writes `public.json`.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn init(&self) -> Result<()> {
        let public = self.folder.init(self.id, (&self.names.0, &self.names.1))?;
        self.write("public.json", &serde_json::to_string_pretty(&public)?)
    }
    /// This trustee's key files.
    #[must_use]
    pub fn folder(&self) -> &KeyFolder {
        &self.folder
    }
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.data.join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())
    }
    /// The one election this trustee belongs to. The roster holds both its keys and nobody was
    /// found to cheat, and nobody withdrew it while there is another. A share from a finished
    /// ceremony decides; before there is one, a newer setup of the same authority for the same election replaces an older one that did not finish.
    /// Anything else with the same keys is an attack or a mistake, and nothing is done; nor with a
    /// sealed election of the other kind (rule R1.10).
    pub(crate) fn mine<'a>(&self, state: &'a State) -> Result<Option<Mine<'a>>> {
        let mine = self.named(state)?;
        if let Some(manifest) = mine.and_then(|m| m.election.manifest()) {
            self.check_kind(manifest)?;
        }
        Ok(mine)
    }
    /// Rule R1.10: practice or real, as the configuration says.
    pub(crate) fn check_kind(&self, manifest: &Manifest) -> Result<()> {
        let kind = manifest.check_practice(self.practice);
        kind.map_err(|e| Refusal::Kind(e.rule()).into())
    }
    fn named<'a>(&self, state: &'a State) -> Result<Option<Mine<'a>>> {
        let keys = self.folder.keys()?;
        let named: Vec<Mine<'a>> = state
            .elections()
            .filter_map(|election| {
                let id = number(election, keys)?;
                Some(Mine { election, id })
            })
            .collect();
        if named
            .iter()
            .any(|m| m.election.ceremony().culprit() == Some(m.id))
        {
            bail!(Refusal::Culprit);
        }
        let running = named
            .into_iter()
            .filter(|m| m.election.ceremony().culprit().is_none());
        // An election that is not held ties nobody: the next ceremony has the same keys.
        let (gone, running): (Vec<_>, Vec<_>) =
            running.partition(|m| m.election.phase() == Phase::Withdrawn);
        if running.is_empty() {
            return newest(state, &gone);
        }
        let (held, open): (Vec<_>, Vec<_>) = running.into_iter().partition(|m| {
            m.election.ceremony().round() == Round::Done
                && self.folder.has_share(m.election.setup_hash())
        });
        match held.as_slice() {
            [one] => return Ok(Some(*one)),
            [] => {}
            _ => bail!(Refusal::Ambiguous),
        }
        newest(state, &open)
    }
    pub(crate) fn my_election<'a>(&self, state: &'a State) -> Result<Mine<'a>> {
        Ok(self.mine(state)?.ok_or(Refusal::NoElection)?)
    }
}

/// The number under which the roster has both keys.
fn number(election: &Election, keys: &Keys) -> Option<u16> {
    let members = election.setup().roster.members().iter();
    let mut mine = members.filter(|m| m.key == keys.signing.public() && m.hpke == keys.hpke_public);
    mine.next().map(|m| m.id)
}

fn newest<'a>(state: &'a State, open: &[Mine<'a>]) -> Result<Option<Mine<'a>>> {
    let mut parties = open.iter().map(|m| {
        let setup = m.election.setup();
        (setup.authority, &setup.id)
    });
    let first = parties.next();
    if parties.any(|p| Some(p) != first) {
        bail!(Refusal::Ambiguous);
    }
    let place = |m: &Mine<'a>| {
        let place = state.find(m.election.setup_hash());
        place.map(|p| (p.height, p.index))
    };
    let newest = open.iter().max_by_key(|m| place(m)).copied();
    let finished = |m: &Mine<'a>| m.election.ceremony().round() == Round::Done;
    // A finished ceremony whose share is not here is not silently replaced by another one.
    if open.len() > 1 && open.iter().any(finished) {
        bail!(Refusal::Ambiguous);
    }
    Ok(newest)
}
