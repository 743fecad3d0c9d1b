//! The key ceremony as a program: post what the round asks for, wait, go on.

use crate::Trustee;
use anyhow::{Context as _, Result, bail};
use board::entry::CeremonyEntry;
use ceremony::trustee::{Committed, Confirmed, Revealed, Shared, Verdict};
use ceremony::{Ceremony, Message, Round, trustee};
use client::{Gateway, Replica};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use std::time::Duration;

/// Pause between two looks at the board.
const PAUSE: Duration = Duration::from_millis(300);

/// The secret state between rounds.
enum Stage {
    Start,
    Committed(Committed),
    Revealed(Revealed),
    Shared(Shared),
    Confirmed(Confirmed),
    Signed,
}

impl Trustee {
    /// Takes part until every trustee has signed the root.
    ///
    /// # Errors
    /// When a rule of the ceremony is broken, naming the culprit where there is one.
    pub async fn ceremony(&self) -> Result<()> {
        let (keys, _) = self.folder.read()?;
        let (network, nodes) = self.network()?;
        let mut replica = Replica::new(&network);
        let mut stage = Stage::Start;
        loop {
            replica
                .follow(&nodes, board::network::tolerated(nodes.len()) + 1)
                .await?;
            let Some(election) = self.mine(&replica)? else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let ceremony = election.ceremony().clone();
            let setup = *election.setup_hash();
            if ceremony.round() == Round::Done {
                return self.finished(&ceremony, &stage);
            }
            let (next, messages) = self.advance(stage, &ceremony, &keys)?;
            stage = next;
            for m in &messages {
                self.post(&nodes, setup, m, &keys.signing).await?;
            }
            if messages.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    fn finished(&self, ceremony: &Ceremony, stage: &Stage) -> Result<()> {
        let outcome = ceremony.outcome()?;
        if !matches!(stage, Stage::Signed) {
            // The program was started again after the end: the share file must be there.
            self.folder.read_share(self.id, ceremony.setup())?;
        }
        std::fs::write(
            self.data.join("ceremony-root.txt"),
            outcome.root.to_hex() + "\n",
        )?;
        Ok(())
    }
    /// One step: the next secret state and what to post.
    fn advance(
        &self,
        stage: Stage,
        c: &Ceremony,
        keys: &crate::keys::Keys,
    ) -> Result<(Stage, Vec<Message>)> {
        let mut rng = rand::rng();
        Ok(match (stage, c.round()) {
            (Stage::Start, Round::Commit) if !c.has_spoken(Round::Commit, self.id) => {
                let (state, m) = trustee::commit(c, self.id, &mut rng)?;
                (Stage::Committed(state), vec![m])
            }
            (Stage::Start, _) => {
                bail!("this trustee has spoken before and the secret of that run is gone")
            }
            (Stage::Committed(s), Round::Reveal) => {
                let (state, m) = s.reveal();
                (Stage::Revealed(state), vec![m])
            }
            (Stage::Revealed(s), Round::Shares) => {
                let (state, m) = s.deal(c, &mut rng)?;
                (Stage::Shared(state), vec![m])
            }
            (Stage::Shared(s), Round::Confirm) => {
                let answers = s.answers(c);
                if !answers.is_empty() {
                    return Ok((Stage::Shared(s), answers));
                }
                match s.check(c, &keys.hpke)? {
                    Verdict::Good(state) => {
                        self.folder.write_share(c.setup(), state.share())?;
                        (Stage::Confirmed(state), vec![Message::Confirm])
                    }
                    Verdict::Complaints(state, all) => {
                        let new = all.into_iter().filter(|m| !self.complained(c, m)).collect();
                        (Stage::Shared(state), new)
                    }
                }
            }
            (Stage::Confirmed(s), Round::Sign) => {
                let (_, m) = s.sign(c, &keys.signing, &mut rng)?;
                (Stage::Signed, vec![m])
            }
            (stage, _) => (stage, Vec::new()),
        })
    }
    fn complained(&self, c: &Ceremony, m: &Message) -> bool {
        matches!(m, Message::Complain { accused } if c.complaints_against(*accused).contains(&self.id))
    }
    async fn post(
        &self,
        nodes: &[Gateway],
        setup: Hash,
        message: &Message,
        key: &crypto::schnorr::SigningKey,
    ) -> Result<()> {
        let entry = CeremonyEntry::new(setup, self.id, message.clone());
        let entry = entry.signed(key, &mut rand::rng());
        client::finalise(nodes, &entry.to_bytes())
            .await
            .context("posting to the board")?;
        Ok(())
    }
}
