//! After the close: commit, then release (spec 07).

use crate::ceremony_run::spoken;
use crate::program::Mine;
use crate::seal_run::fits;
use crate::{Board, Refusal, Talk, Trustee};
use anyhow::{Context as _, Result, bail};
use board::entry::{ShareCommit, ShareEntry};
use board::state::Phase;
use ceremony::trustee::KeyShare;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use tally::{PartialDecryption, Target};
use zeroize::Zeroizing;

fn phase(mine: &Mine<'_>) -> Refusal {
    Refusal::Phase(mine.election.phase().as_str().to_owned())
}

impl Trustee {
    /// Recomputes the box from a chain verified here, asks, and posts the commitment.
    ///
    /// # Errors
    /// Any [`Refusal`].
    pub async fn commit(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        let target = self.target(&mine)?;
        let share = self
            .folder
            .read_share(mine.id, mine.election.setup_hash())?;
        fits(&mine, &share)?;
        show(&mine, target, talk)?;
        let posted = mine.election.commitment(mine.id);
        if posted.is_none() {
            talk.agree(
                "六つの言葉は全員同じですか。この箱を開ける約束をしますか（あとで変えられません）。",
                "are the six words the same for everybody? commit to opening this box (cannot be changed later)?",
            )?;
        }
        let partial = self.partial(&mine, target, &share)?;
        let commitment = partial.commitment(target);
        match posted {
            Some(posted) if *posted == commitment => return Ok(()),
            Some(_) => bail!(Refusal::OtherTarget),
            None => {}
        }
        let entry = ShareCommit {
            election: target.election,
            trustee: mine.id,
            target: target.digest(),
            commitment,
        }
        .signed(&self.folder.keys()?.signing, &mut rand::rng());
        if let Some(rule) = board.post(&entry.to_bytes()).await? {
            bail!(Refusal::Board(rule));
        }
        talk.say(
            "約束を掲示板に出しました。結果発表のあとで release を行ってください。",
            "the commitment is on the board; after the announcement use release",
        )
    }
    /// The one thing that may be decrypted, after every reason to refuse was looked at.
    fn target<'a>(&self, mine: &Mine<'a>) -> Result<&'a Target> {
        let election = mine.election;
        let manifest = election.manifest().ok_or_else(|| phase(mine))?;
        if self.clock.now_ms() < election.close_at() {
            bail!(Refusal::BeforeClose);
        }
        let Some(target) = election
            .target()
            .filter(|_| election.phase() <= Phase::Announced)
        else {
            bail!(phase(mine));
        };
        if target.counted < u64::from(manifest.min_counted) {
            bail!(Refusal::TooFew {
                counted: target.counted,
                minimum: manifest.min_counted
            });
        }
        Ok(target)
    }
    /// The partial decryption of this target: the kept one, or a new one that is kept first.
    fn partial(
        &self,
        mine: &Mine<'_>,
        target: &Target,
        share: &KeyShare,
    ) -> Result<PartialDecryption> {
        let setup = mine.election.setup_hash();
        if let Some(kept) = self.kept(mine, target)? {
            return Ok(kept);
        }
        if mine.election.commitment(mine.id).is_some() {
            // Committed from another computer, or the file is gone: a second one would not match.
            bail!(Refusal::OtherTarget);
        }
        let mut rng = rand::rng();
        let made = PartialDecryption::make(
            target,
            mine.id,
            share.expose(),
            &share.verification,
            &mut rng,
        );
        let kept = [target.digest().as_bytes().as_slice(), &made.to_bytes()].concat();
        self.folder.write_pending(setup, &Zeroizing::new(kept))?;
        Ok(made)
    }
    fn kept(&self, mine: &Mine<'_>, target: &Target) -> Result<Option<PartialDecryption>> {
        let Some(kept) = self.folder.read_pending(mine.election.setup_hash())? else {
            return Ok(None);
        };
        let (digest, bytes) = kept.split_at_checked(64).context("partial decryption")?;
        if digest != target.digest().as_bytes() {
            bail!(Refusal::OtherTarget);
        }
        Ok(Some(PartialDecryption::from_bytes(bytes)?))
    }
    /// Releases the committed share, after `Announce`, or a day after the announced time without it.
    /// Nothing else in this program releases: a person gives this command, and no command waits for
    /// the moment at which it may.
    ///
    /// # Errors
    /// [`Refusal::Phase`] and [`Refusal::BeforeAnnouncement`] before the announcement,
    /// [`Refusal::OtherTarget`].
    pub async fn release(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        if mine.election.shares().any(|(id, _)| *id == mine.id) {
            return talk.say(
                "この開票管理者の部分開票は、もう掲示板にあります。",
                "this trustee's share is on the board already",
            );
        }
        if mine.election.phase() != Phase::Announced {
            bail!(phase(&mine));
        }
        let announce_at = mine.election.manifest().map_or(u64::MAX, |m| m.announce_at);
        if self.clock.now_ms() < announce_at {
            bail!(Refusal::BeforeAnnouncement);
        }
        let partial = self.committed(&mine)?;
        if !mine.election.officers_announced() {
            talk.say(
                "担当者2人の発表はありません。発表の時刻と締切ブロックから一日たったので、掲示板は部分開票を受け取ります。理由を確かめてから決めてください。",
                "the officers have not announced; a day has passed, so the board takes shares without them: ask why before you decide",
            )?;
        }
        talk.agree(
            "部分開票を出しますか（取り消せません）。",
            "release the share (cannot be undone)?",
        )?;
        let election = mine.election.hash().copied().ok_or_else(|| phase(&mine))?;
        let entry = ShareEntry {
            election,
            share: partial,
        }
        .signed(&self.folder.keys()?.signing, &mut rand::rng());
        if let Some(rule) = board.post(&entry.to_bytes()).await? {
            bail!(Refusal::Board(rule));
        }
        talk.say(
            "部分開票を出しました。お疲れさまでした。",
            "the share is on the board; thank you",
        )
    }
    fn committed(&self, mine: &Mine<'_>) -> Result<PartialDecryption> {
        let target = mine.election.target().ok_or_else(|| phase(mine))?;
        let partial = self.kept(mine, target)?.ok_or(Refusal::OtherTarget)?;
        if mine.election.commitment(mine.id) != Some(&partial.commitment(target)) {
            bail!(Refusal::OtherTarget);
        }
        Ok(partial)
    }
}

fn show(mine: &Mine<'_>, target: &Target, talk: &mut impl Talk) -> Result<()> {
    let received = mine.election.received();
    talk.say(
        &format!(
            "箱：受け付け {received} 票、数える票 {}、上書きされた票 {}",
            target.counted,
            received.saturating_sub(target.counted)
        ),
        &format!("the box: {received} received, {} counted", target.counted),
    )?;
    talk.say(
        &format!(
            "締切ブロックの六つの言葉（声に出して比べてください）：{}",
            spoken(&target.close_block)
        ),
        "six words of the close block: read them aloud; every trustee must have the same",
    )
}
