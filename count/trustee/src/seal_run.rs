//! Signing the manifest, and the drill that shows that the share is in order.

use crate::ceremony_run::spoken;
use crate::manifest_words::parts;
use crate::program::Mine;
use crate::{Board, Refusal, Talk, Trustee};
use anyhow::{Context as _, Result, bail};
use ballot::Manifest;
use board::state::State;
use ceremony::trustee::KeyShare;
use crypto::Point;
use crypto::hash::to_hex;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use serde::Serialize;
use std::path::Path;

/// A trustee's signature under a manifest, as JSON.
#[derive(Debug, Serialize)]
struct SignatureFile {
    id: u16,
    election_hash: String,
    signature: String,
}

impl Trustee {
    /// Checks a draft manifest against the ceremony this program verified itself, shows all of it in
    /// three parts, asks after each and once more, and signs.
    ///
    /// # Errors
    /// [`Refusal::Kind`] for a practice election where a real one is meant, or the reverse;
    /// [`Refusal::Manifest`] when trustees, keys, root or network differ.
    pub async fn sign(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        draft: &Path,
        out: &Path,
    ) -> Result<()> {
        let bytes = std::fs::read(draft).with_context(|| draft.display().to_string())?;
        let manifest = Manifest::from_bytes(&bytes)?;
        let (id, signature) = self.sign_manifest(board, talk, &manifest).await?;
        let mut w = Writer::new();
        signature.write(&mut w);
        let file = SignatureFile {
            id,
            election_hash: manifest.election_hash().to_hex(),
            signature: to_hex(&w.finish()),
        };
        std::fs::write(out, serde_json::to_string_pretty(&file)?)
            .with_context(|| out.display().to_string())
    }
    /// The same for a manifest at hand: this trustee's number and signature.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub async fn sign_manifest(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        manifest: &Manifest,
    ) -> Result<(u16, crypto::schnorr::Signature)> {
        manifest.check()?;
        self.check_kind(manifest)?;
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        self.check_manifest(manifest, &mine, &state)?;
        let hash = manifest.election_hash();
        for part in parts(manifest) {
            part.put(talk)?;
        }
        talk.say(
            &format!("選挙の指紋の合言葉：{}", spoken(hash.as_bytes())),
            "six words of the election; every trustee must have the same",
        )?;
        talk.agree("この選挙定義書に署名しますか。", "sign this manifest?")?;
        let key = &self.folder.keys()?.signing;
        let signature = manifest.sign(key, &mut rand::rng());
        Ok((mine.id, signature))
    }
    fn check_manifest(&self, m: &Manifest, mine: &Mine<'_>, state: &State) -> Result<()> {
        let election = mine.election;
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
            && m.network == state.network().id();
        if !same {
            bail!(Refusal::Manifest);
        }
        let share = self.folder.read_share(mine.id, election.setup_hash())?;
        fits(mine, &share)
    }
    /// The share's drill: the file opens with the passphrase and the share is the one whose public
    /// half is on the board.
    ///
    /// # Errors
    /// [`Refusal::Share`].
    pub async fn check_share(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        let share = self
            .folder
            .read_share(mine.id, mine.election.setup_hash())?;
        fits(&mine, &share)?;
        talk.say(
            &format!(
                "分け前の点検：異常ありません（{}、{}）。",
                mine.election.setup().id,
                mine.name(mine.id)
            ),
            "the share is in order: it opens, and it belongs to the election's key",
        )
    }
}

/// Whether the share's public half is the trustee's verification key: that of the sealed manifest,
/// before the seal that of the ceremony.
pub(crate) fn fits(mine: &Mine<'_>, share: &KeyShare) -> Result<()> {
    let outcome = mine.election.ceremony().outcome()?;
    let of_ceremony = outcome.verification.get(usize::from(mine.id) - 1);
    let sealed: Option<&Point> = mine.election.manifest().and_then(|m| {
        let members = &m.trustees.members;
        members
            .iter()
            .find(|t| t.id == mine.id)
            .map(|t| &t.verification)
    });
    if of_ceremony == Some(&share.verification)
        && sealed.is_none_or(|key| *key == share.verification)
    {
        Ok(())
    } else {
        bail!(Refusal::Share)
    }
}
