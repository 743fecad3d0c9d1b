//! The present phase and what comes next, for the person.

use crate::ceremony_run::{round_words, spoken};
use crate::program::Mine;
use crate::seal_run::fits;
use crate::{Board, Talk, Trustee};
use anyhow::Result;
use board::state::Phase;
use ceremony::Round;

impl Trustee {
    /// Shows the trustee's election, the ceremony, who has committed and released by name, the
    /// result, and the next step.
    ///
    /// # Errors
    /// When the board cannot be read or verified.
    pub async fn status(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let state = board.state().await?;
        let Some(mine) = self.mine(&state)? else {
            return talk.say(
                "次の操作：join（式が始まるのを待つ）",
                "no election names this trustee yet; next: join",
            );
        };
        talk.say(
            &format!(
                "投票：{}　あなた：{}",
                mine.election.setup().id,
                mine.name(mine.id)
            ),
            &format!(
                "election {}, you are trustee {}",
                mine.election.setup().id,
                mine.id
            ),
        )?;
        self.share_line(&mine, talk)?;
        if mine.election.ceremony().round() == Round::Done {
            ceremony_words(&mine, talk)?;
        } else {
            let (number, ja, en) = round_words(mine.election.ceremony().round());
            talk.say(
                &format!("鍵づくりの式：第{number}段 {ja}"),
                &format!("key ceremony, round {number}: {en}"),
            )?;
        }
        if mine.election.phase() >= Phase::Closed {
            shares(&mine, talk)?;
        }
        result(&mine, talk)?;
        let (ja, en) = next(&mine);
        talk.say(&format!("次の操作：{ja}"), &format!("next: {en}"))
    }
    fn share_line(&self, mine: &Mine<'_>, talk: &mut impl Talk) -> Result<()> {
        let setup = mine.election.setup_hash();
        if !self.folder.has_share(setup) {
            return talk.say(
                "分け前：このパソコンにはありません",
                "no share on this computer",
            );
        }
        let share = self.folder.read_share(mine.id, setup)?;
        if mine.election.ceremony().round() == Round::Done {
            fits(mine, &share)?;
        }
        talk.say("分け前：このパソコンにあります", "the share is here")
    }
}

fn ceremony_words(mine: &Mine<'_>, talk: &mut impl Talk) -> Result<()> {
    let outcome = mine.election.ceremony().outcome()?;
    talk.say(
        &format!(
            "鍵づくりの式：終わり。合言葉：{}",
            spoken(outcome.root.as_bytes())
        ),
        "the key ceremony is finished; its six words",
    )
}

/// Who has committed and whose share is good, by name: a trustee whose share the board refused
/// stays without one, and the others go on.
fn shares(mine: &Mine<'_>, talk: &mut impl Talk) -> Result<()> {
    let e = mine.election;
    for m in e.setup().roster.members() {
        let committed = e.commitment(m.id).is_some();
        let shown = e.shares().any(|(id, _)| *id == m.id);
        let late = committed && e.phase() >= Phase::Announced;
        let (ja, en) = match (committed, shown) {
            (_, true) => ("部分開票は正しい", "good share"),
            (true, false) if late => (
                "約束した部分開票が出ていない（出したものは断られた）",
                "committed, but no good share",
            ),
            (true, false) => ("約束済み", "committed"),
            (false, false) => ("約束していない", "not committed"),
        };
        talk.say(
            &format!("　{}：{ja}", mine.name(m.id)),
            &format!("{}: {en}", m.id),
        )?;
    }
    Ok(())
}

fn result(mine: &Mine<'_>, talk: &mut impl Talk) -> Result<()> {
    let (Some(result), Some(manifest)) = (mine.election.result(), mine.election.manifest()) else {
        return Ok(());
    };
    talk.say(
        &format!(
            "結果：受け付け {}、数えた票 {}",
            result.received, result.counted
        ),
        &format!(
            "result: {} received, {} counted",
            result.received, result.counted
        ),
    )?;
    for (contest, votes) in manifest.contests.iter().zip(&result.votes) {
        for (option, votes) in contest.options.iter().zip(votes) {
            talk.say(
                &format!("　{}　{}：{votes}票", option.number, option.title.ja),
                "",
            )?;
        }
    }
    Ok(())
}

fn next(mine: &Mine<'_>) -> (&'static str, &'static str) {
    let e = mine.election;
    let committed = e.commitment(mine.id).is_some();
    let released = e.shares().any(|(id, _)| *id == mine.id);
    match e.phase() {
        Phase::Setup => ("join", "join"),
        Phase::Ceremony if e.ceremony().round() != Round::Done => ("join", "join"),
        Phase::Ceremony => (
            "backup、そのあと confirm（選挙定義書に署名）",
            "backup, then confirm (sign the manifest)",
        ),
        Phase::Withdrawn => (
            "取りやめになりました。次の鍵づくりの式を待つ",
            "withdrawn; wait for the next key ceremony",
        ),
        Phase::Sealed | Phase::Open | Phase::Halted | Phase::Draining => (
            "check-share（ときどき）。締切を待つ",
            "check-share now and then; wait for the close",
        ),
        Phase::Closed | Phase::Committed if !committed => ("commit", "commit"),
        Phase::Closed | Phase::Committed => ("結果発表を待つ", "wait for the announcement"),
        Phase::Announced if committed && !released => ("release", "release"),
        Phase::Announced => ("結果を待つ", "wait for the result"),
        Phase::Result => (
            "記録に署名し、異議申出の期間のあとで destroy",
            "after the term of appeal: destroy",
        ),
    }
}
