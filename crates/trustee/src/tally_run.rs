//! Signing the manifest, and after the close: commit, then release.

use crate::{Refusal, Trustee};
use anyhow::{Context as _, Result, bail};
use ballot::Manifest;
use ballot::manifest::MANIFEST_PURPOSE;
use board::entry::{ShareCommit, ShareEntry};
use board::state::{Election, Phase};
use client::Replica;
use crypto::Hash;
use crypto::hash::to_hex;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use serde::Serialize;
use std::path::Path;
use tally::PartialDecryption;

/// A trustee's signature under a manifest, as JSON.
#[derive(Debug, Serialize)]
struct SignatureFile {
    id: u16,
    election_hash: String,
    signature: String,
}

impl Trustee {
    fn election<'a>(&self, replica: &'a Replica) -> Result<&'a Election> {
        self.mine(replica)?
            .context("no election of this trustee is on the board")
    }
    /// Checks a draft manifest against the ceremony this program verified itself, and signs it.
    ///
    /// # Errors
    /// [`Refusal::Manifest`] when trustees, keys, root or network differ.
    pub async fn sign(&self, draft: &Path, out: &Path) -> Result<()> {
        let bytes = std::fs::read(draft).with_context(|| draft.display().to_string())?;
        let manifest = Manifest::from_bytes(&bytes)?;
        manifest.check()?;
        let (replica, _) = self.replica().await?;
        let election = self.election(&replica)?;
        self.check_manifest(&manifest, election, &replica)?;
        let (keys, _) = self.folder.read()?;
        let hash = manifest.election_hash();
        let signature = keys
            .signing
            .sign(MANIFEST_PURPOSE, hash.as_bytes(), &mut rand::rng());
        let mut w = Writer::new();
        signature.write(&mut w);
        let file = SignatureFile {
            id: self.id,
            election_hash: hash.to_hex(),
            signature: to_hex(&w.finish()),
        };
        std::fs::write(out, serde_json::to_string_pretty(&file)?)?;
        Ok(())
    }
    fn check_manifest(&self, m: &Manifest, election: &Election, replica: &Replica) -> Result<()> {
        let outcome = election.ceremony().outcome()?;
        let setup = election.setup();
        let members = m
            .trustees
            .members
            .iter()
            .map(|t| (t.id, t.key, t.verification));
        let expected = setup.roster.members().iter().zip(&outcome.verification);
        let same = members.eq(expected.map(|(m, v)| (m.id, m.key, *v)))
            && m.trustees.t == setup.roster.t()
            && m.trustees.joint == outcome.joint
            && m.trustees.ceremony_root == outcome.root
            && m.setup == *election.setup_hash()
            && m.authority == setup.authority
            && m.network == replica.state().network().id();
        if !same {
            bail!(Refusal::Manifest);
        }
        let share = self.folder.read_share(self.id, election.setup_hash())?;
        self.fits(m, &share)
    }
    fn fits(&self, m: &Manifest, share: &ceremony::trustee::KeyShare) -> Result<()> {
        let me = m.trustees.members.iter().find(|t| t.id == self.id);
        if me.is_some_and(|t| t.verification == share.verification) {
            Ok(())
        } else {
            bail!(Refusal::Share)
        }
    }
    /// Checks that the share on this computer fits the sealed manifest.
    ///
    /// # Errors
    /// [`Refusal::Share`].
    pub async fn check_share(&self) -> Result<()> {
        let (replica, _) = self.replica().await?;
        let election = self.election(&replica)?;
        let manifest = election
            .manifest()
            .context("the manifest is not sealed yet")?;
        let share = self.folder.read_share(self.id, election.setup_hash())?;
        self.fits(manifest, &share)
    }
    /// Recomputes the box from a chain verified here and posts the commitment (spec 07).
    ///
    /// # Errors
    /// Any [`Refusal`].
    pub async fn commit(&self) -> Result<()> {
        let (replica, nodes) = self.replica().await?;
        let election = self.election(&replica)?;
        let manifest = election
            .manifest()
            .context("the manifest is not sealed yet")?;
        if self.clock.now_ms() < election.close_at() {
            bail!(Refusal::BeforeClose);
        }
        let Some(target) = election
            .target()
            .filter(|_| election.phase() <= Phase::Announced)
        else {
            bail!(Refusal::Phase(election.phase().as_str().to_owned()));
        };
        if target.counted < u64::from(manifest.min_counted) {
            bail!(Refusal::TooFew {
                counted: target.counted,
                minimum: manifest.min_counted
            });
        }
        let share = self.folder.read_share(self.id, election.setup_hash())?;
        self.fits(manifest, &share)?;
        let partial = self.partial(target, &share)?;
        let commitment = partial.commitment(target);
        match election.commitment(self.id) {
            Some(posted) if *posted == commitment => return Ok(()),
            Some(_) => bail!(Refusal::OtherTarget),
            None => {}
        }
        let (keys, _) = self.folder.read()?;
        let entry = ShareCommit::new(target.election, self.id, target.digest(), commitment)
            .signed(&keys.signing, &mut rand::rng());
        client::finalise(&nodes, &entry.to_bytes()).await?;
        Ok(())
    }
    /// The partial decryption of this target: the kept one, or a new one that is kept first.
    fn partial(
        &self,
        target: &tally::Target,
        share: &ceremony::trustee::KeyShare,
    ) -> Result<PartialDecryption> {
        if let Some(kept) = self.folder.read_pending()? {
            let (digest, bytes) = kept.split_at_checked(64).context("partial.key")?;
            if digest != target.digest().as_bytes() {
                bail!(Refusal::OtherTarget);
            }
            return Ok(PartialDecryption::from_bytes(bytes)?);
        }
        let mut rng = rand::rng();
        let made = PartialDecryption::make(
            target,
            self.id,
            share.expose(),
            &share.verification,
            &mut rng,
        );
        let kept = [target.digest().as_bytes().as_slice(), &made.to_bytes()].concat();
        self.folder.write_pending(&zeroize::Zeroizing::new(kept))?;
        Ok(made)
    }
    /// Releases the committed share, after `Announce` only.
    ///
    /// # Errors
    /// [`Refusal::Phase`] before the announcement, [`Refusal::OtherTarget`].
    pub async fn release(&self) -> Result<()> {
        let (replica, nodes) = self.replica().await?;
        let election = self.election(&replica)?;
        if election.phase() != Phase::Announced {
            bail!(Refusal::Phase(election.phase().as_str().to_owned()));
        }
        if election.shares().any(|(id, _)| *id == self.id) {
            return Ok(());
        }
        let target = election
            .target()
            .context("an announced election has a target")?;
        let kept = self
            .folder
            .read_pending()?
            .context("no share was committed on this computer")?;
        let (digest, bytes) = kept.split_at_checked(64).context("partial.key")?;
        if digest != target.digest().as_bytes() {
            bail!(Refusal::OtherTarget);
        }
        let partial = PartialDecryption::from_bytes(bytes)?;
        let committed: Option<&Hash> = election.commitment(self.id);
        if committed != Some(&partial.commitment(target)) {
            bail!(Refusal::OtherTarget);
        }
        let (keys, _) = self.folder.read()?;
        let entry =
            ShareEntry::new(target.election, partial).signed(&keys.signing, &mut rand::rng());
        client::finalise(&nodes, &entry.to_bytes()).await?;
        Ok(())
    }
}
