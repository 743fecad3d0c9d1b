//! Making the paper, and bringing keys and share back from it.

use super::sheet::{Caption, page};
use super::{Backup, BackupError, LINES, QR_PREFIX};
use crate::ceremony_run::spoken;
use crate::keys::{Keys, erase};
use crate::{Board, Refusal, Talk, Trustee};
use anyhow::{Context as _, Result, bail};
use board::state::{Election, State};
use ceremony::trustee::KeyShare;
use host::keyfile::write_private;
use std::path::Path;
use zeroize::Zeroizing;

impl Trustee {
    /// The backup of keys and share.
    ///
    /// # Errors
    /// When there is no share yet.
    pub async fn paper(&self, board: &mut impl Board) -> Result<Backup> {
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        let setup = mine.election.setup_hash();
        let share = self.folder.read_share(mine.id, setup)?;
        crate::seal_run::fits(&mine, &share)?;
        let short = setup.as_bytes().first_chunk::<8>().context("64 bytes")?;
        Ok(Backup {
            id: mine.id,
            setup: *short,
            seed: self.folder.keys()?.seed().clone(),
            share: Zeroizing::new(share.expose().to_bytes()),
        })
    }
    /// Writes the page to print, waits until it is printed, and removes the file again unless it is
    /// to be kept.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub async fn backup(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        out: &Path,
        keep: bool,
    ) -> Result<()> {
        let backup = self.paper(board).await?;
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        let root = mine.election.ceremony().outcome()?.root;
        let caption = Caption {
            election: mine.election.setup().id.clone(),
            trustee: mine.name(mine.id),
            six: spoken(root.as_bytes()),
            practice: self.folder.is_practice(),
        };
        let html = page(&backup, &caption)?;
        write_private(out, html.as_bytes()).with_context(|| out.display().to_string())?;
        talk.say(
            &format!(
                "控えの紙を作りました：{}　印刷して封筒に入れてください。",
                out.display()
            ),
            "print this page and put it into an envelope",
        )?;
        if keep {
            return Ok(());
        }
        let printed = talk.agree(
            "印刷できましたか。「はい」でこのファイルを消します（紙だけが残ります）。",
            "printed? then the file is removed and only the paper remains",
        );
        erase(out)?;
        printed
    }
    /// Asks for the twelve lines one by one; a line that does not fit is asked for again.
    ///
    /// # Errors
    /// When the input ends.
    pub fn read_paper(talk: &mut impl Talk) -> Result<Backup> {
        let mut all = Zeroizing::new(String::with_capacity(8192));
        for line in 1..=LINES {
            loop {
                let typed = talk.line(&format!("{line}行目"), &format!("line {line}"))?;
                let typed = typed.ok_or(BackupError::Lines { found: line - 1 });
                let typed = typed.map_err(Refusal::from)?;
                if line == 1 && typed.trim().starts_with(QR_PREFIX) {
                    return Ok(Backup::parse(&typed).map_err(Refusal::from)?);
                }
                match Backup::check_line(line, &typed) {
                    Ok(()) => {
                        all.push_str(typed.trim());
                        all.push('\n');
                        break;
                    }
                    Err(e) => talk.say(&e.to_string(), "")?,
                }
            }
        }
        Ok(Backup::parse(&all).map_err(Refusal::from)?)
    }
    /// Puts keys and share from the paper on this computer, after comparing both with the board.
    ///
    /// # Errors
    /// [`Refusal::KeysExist`], [`Refusal::Backup`].
    pub async fn restore(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        backup: &Backup,
    ) -> Result<()> {
        if self.folder.exists() {
            bail!(Refusal::KeysExist);
        }
        let state = board.state().await?;
        let (election, share) = belongs(&state, backup).map_err(Refusal::from)?;
        self.folder
            .restore(&backup.seed, election.setup_hash(), &share)?;
        self.init()?;
        talk.say(
            &format!(
                "鍵と分け前を戻しました（{}、{}）。",
                election.setup().id,
                crate::program::name_of(election, share.id)
            ),
            "keys and share are back, and they belong to the election's key",
        )
    }
    /// Compares the paper with what is on this computer; changes nothing.
    ///
    /// # Errors
    /// [`Refusal::Share`] when they differ.
    pub async fn check_paper(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        typed: &Backup,
    ) -> Result<()> {
        let kept = self.paper(board).await?;
        if *kept.bytes() != *typed.bytes() {
            bail!(Refusal::Share);
        }
        talk.say("紙の控えは正しいです。", "the paper is right")
    }
}

/// The finished ceremony on the board that both halves of the backup belong to.
fn belongs<'a>(state: &'a State, backup: &Backup) -> Result<(&'a Election, KeyShare), BackupError> {
    let keys = Keys::from_seed(&backup.seed).ok_or(BackupError::Election)?;
    let share = KeyShare::from_bytes(backup.id, &backup.share).ok_or(BackupError::Election)?;
    let found = state.elections().find(|e| {
        let member = e.setup().roster.member(backup.id);
        e.setup_hash().as_bytes().starts_with(&backup.setup)
            && member.is_ok_and(|m| m.key == keys.signing.public())
            && e.ceremony().outcome().is_ok_and(|o| {
                let key = o.verification.get(usize::from(backup.id).wrapping_sub(1));
                key == Some(&share.verification)
            })
    });
    Ok((found.ok_or(BackupError::Election)?, share))
}
