//! The key ceremony as a program: post what the round asks for, wait, go on.
//!
//! The program keeps nothing between two looks at the board. The secret of the ceremony and the
//! board say what comes next, so it may be stopped and started again at any moment.

use crate::program::Mine;
use crate::{Board, Refusal, Talk, Trustee};
use anyhow::{Result, bail};
use board::entry::CeremonyEntry;
use ceremony::trustee::{self, Shared, Verdict};
use ceremony::{Ceremony, CeremonyError, Message, Round};
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use crypto::{Hash, words};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::collections::BTreeSet;

/// What was said to the person already.
#[derive(Default)]
struct Said {
    setup: Option<Hash>,
    round: Option<Round>,
    failed: BTreeSet<Hash>,
    waiting: bool,
}

/// Six words in one line.
pub(crate) fn spoken(value: &[u8]) -> String {
    words::six(value).join("　")
}

impl Trustee {
    /// Takes part until every trustee has signed the root.
    ///
    /// # Errors
    /// A [`Refusal`], or what the board refuses.
    pub async fn join(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let mut said = Said::default();
        loop {
            let state = board.state().await?;
            self.tell_failures(&state, talk, &mut said)?;
            let Some(mine) = self.mine(&state)? else {
                if !std::mem::replace(&mut said.waiting, true) {
                    talk.say(
                        "選挙管理者が式を始めるのを待っています。このまま開いておいてください。",
                        "waiting for the authority to begin the ceremony",
                    )?;
                }
                board.pause().await;
                continue;
            };
            let ceremony = mine.election.ceremony();
            if ceremony.round() == Round::Done {
                return self.finished(&mine, talk);
            }
            introduce(&mine, talk, &mut said)?;
            let messages = self.messages(&mine)?;
            for m in &messages {
                self.speak(board, &mine, m).await?;
            }
            if messages.is_empty() {
                board.pause().await;
            }
        }
    }
    async fn speak(&self, board: &mut impl Board, mine: &Mine<'_>, m: &Message) -> Result<()> {
        let keys = self.folder.keys()?;
        let entry = CeremonyEntry {
            setup: *mine.election.setup_hash(),
            trustee: mine.id,
            message: m.clone(),
        };
        let entry = entry.signed(&keys.signing, &mut rand::rng());
        match board.post(&entry.to_bytes()).await? {
            None => Ok(()),
            // Somebody was blamed, or the round moved on, since the board was read: look again.
            Some(rule) if rule == failed(0).rule() || rule == CeremonyError::Round.rule() => Ok(()),
            Some(rule) => bail!(Refusal::Board(rule)),
        }
    }
    /// Says once for each failed ceremony who is to blame.
    fn tell_failures(
        &self,
        state: &board::State,
        talk: &mut impl Talk,
        said: &mut Said,
    ) -> Result<()> {
        let key = self.folder.keys()?.signing.public();
        for e in state.elections() {
            let mut members = e.setup().roster.members().iter();
            let (Some(culprit), true) = (e.ceremony().culprit(), members.any(|m| m.key == key))
            else {
                continue;
            };
            if said.failed.insert(*e.setup_hash()) {
                let name = crate::program::name_of(e, culprit);
                talk.say(
                    &format!("式は失敗しました。規則に反したのは {name} です。この人を除いて新しい式が始まります。"),
                    &format!("the ceremony failed; trustee {culprit} broke its rules; a new one begins without them"),
                )?;
            }
        }
        Ok(())
    }
    fn finished(&self, mine: &Mine<'_>, talk: &mut impl Talk) -> Result<()> {
        let setup = mine.election.setup_hash();
        let outcome = mine.election.ceremony().outcome()?;
        let share = self.folder.read_share(mine.id, setup)?;
        let public = outcome.verification.get(usize::from(mine.id) - 1);
        if public != Some(&share.verification) {
            bail!(Refusal::Share);
        }
        self.folder.forget_ceremony(setup)?;
        self.write("ceremony-root.txt", &(outcome.root.to_hex() + "\n"))?;
        let six = spoken(outcome.root.as_bytes());
        talk.say(
            "鍵づくりの式が終わりました。",
            "the key ceremony is finished",
        )?;
        talk.say(
            &format!("声に出して読み、全員で比べてください：{six}"),
            "read these six words aloud; every trustee must have the same",
        )?;
        talk.say(
            "次に backup で紙の控えを作り、封筒に入れてください。",
            "next: make the paper backup with the command backup",
        )
    }
    /// What this trustee posts now, from the ceremony's secret and the board.
    fn messages(&self, mine: &Mine<'_>) -> Result<Vec<Message>> {
        let (c, id, setup) = (
            mine.election.ceremony(),
            mine.id,
            mine.election.setup_hash(),
        );
        let round = c.round();
        let begin = !c.has_spoken(Round::Commit, id);
        let seed = self.folder.polynomial_seed(setup, begin)?;
        let mut rng = ChaCha20Rng::from_seed(*seed);
        let (committed, commit) = trustee::commit(c, id, &mut rng)?;
        let once = |m| {
            if c.has_spoken(round, id) {
                Vec::new()
            } else {
                vec![m]
            }
        };
        if round == Round::Commit {
            return Ok(once(commit));
        }
        let (revealed, reveal) = committed.reveal();
        if round == Round::Reveal {
            return Ok(once(reveal));
        }
        if c.has_spoken(round, id) && c.complaints_against(id).is_empty() {
            return Ok(Vec::new());
        }
        let (shared, shares) = revealed.deal(c, &mut rand::rng())?;
        if round == Round::Shares {
            return Ok(once(shares));
        }
        self.judge(mine, shared)
    }
    /// Rounds 4 and 5.
    fn judge(&self, mine: &Mine<'_>, shared: Shared) -> Result<Vec<Message>> {
        let (c, keys) = (mine.election.ceremony(), self.folder.keys()?);
        let answers = shared.answers(c);
        if !answers.is_empty() {
            return Ok(answers);
        }
        if c.has_spoken(c.round(), mine.id) {
            return Ok(Vec::new());
        }
        match shared.check(c, &keys.hpke)? {
            Verdict::Complaints(_, all) => Ok(all
                .into_iter()
                .filter(|m| !complained(c, mine.id, m))
                .collect()),
            Verdict::Good(confirmed) => {
                self.folder.write_share(c.setup(), confirmed.share())?;
                if c.round() == Round::Confirm {
                    return Ok(vec![Message::Confirm]);
                }
                let (_, m) = confirmed.sign(c, &keys.signing, &mut rand::rng())?;
                Ok(vec![m])
            }
        }
    }
}

fn failed(culprit: u16) -> CeremonyError {
    CeremonyError::Failed { culprit }
}

fn complained(c: &Ceremony, id: u16, m: &Message) -> bool {
    matches!(m, Message::Complain { accused }
        if c.complaints().any(|(a, complainer, _)| (a, complainer) == (*accused, id)))
}

/// Shows who takes part before the first message, and each round when it begins.
fn introduce(mine: &Mine<'_>, talk: &mut impl Talk, said: &mut Said) -> Result<()> {
    let setup = mine.election.setup();
    if said.setup.as_ref() != Some(mine.election.setup_hash()) {
        said.setup = Some(*mine.election.setup_hash());
        said.round = None;
        let (t, n) = (setup.roster.t(), setup.roster.members().len());
        talk.say(
            &format!("鍵づくりの式：{}（{n}人のうち{t}人で開票）", setup.id),
            &format!("key ceremony of {}: {t} of {n} open the box", setup.id),
        )?;
        for m in setup.roster.members() {
            let me = if m.id == mine.id {
                "　← あなた"
            } else {
                ""
            };
            talk.say(&format!("　{}{me}", mine.name(m.id)), "")?;
        }
        talk.say(
            &format!(
                "式の番号の合言葉：{}",
                spoken(mine.election.setup_hash().as_bytes())
            ),
            "six words of this ceremony; every trustee must have the same",
        )?;
        if !mine.election.ceremony().has_spoken(Round::Commit, mine.id) {
            talk.agree(
                "この顔ぶれで式に参加しますか。",
                "take part with these people?",
            )?;
        }
    }
    let round = mine.election.ceremony().round();
    if said.round != Some(round) {
        said.round = Some(round);
        let (number, ja, en) = round_words(round);
        talk.say(
            &format!("第{number}段：{ja}"),
            &format!("round {number}: {en}"),
        )?;
    }
    Ok(())
}

pub(crate) fn round_words(round: Round) -> (u8, &'static str, &'static str) {
    match round {
        Round::Commit => (1, "約束を出す", "commit"),
        Round::Reveal => (2, "約束したものを見せる", "reveal"),
        Round::Shares => (3, "鍵の分け前を封をして配る", "deal sealed shares"),
        Round::Confirm => (4, "受け取った分け前を確かめる", "check the shares"),
        Round::Sign => (5, "全体に署名する", "sign the root"),
        Round::Done => (6, "終わり", "finished"),
    }
}
