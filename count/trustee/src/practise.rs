//! A practice: a whole made-up election in one process, from the key to the result.
//!
//! The person does exactly what the real thing asks for, with the same code. What could be taken
//! for the real thing is different: the network and the election exist only in this process and are
//! named 練習, key files are of another kind and do not open as real ones, and every line says so.

mod board;
mod counterparties;

use crate::keys::KeyFolder;
use crate::terminal::{Practice, Silent};
use crate::{Board as _, Talk, Trustee};
use anyhow::{Context as _, Result, bail};
use counterparties::Counterparties;
use host::clock::ManualClock;
use host::passphrase::Passphrase;
use std::path::Path;
use zeroize::Zeroizing;

/// Ballots of made-up voters.
const VOTERS: usize = 12;

/// How a practice ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practised {
    /// What the made-up voters cast, by option.
    pub cast: Vec<u64>,
    /// What the trustees opened.
    pub opened: Vec<u64>,
}

/// Who practises and where.
#[derive(Debug)]
pub struct Rehearsal<'a> {
    /// Folder of its own; must not exist.
    pub folder: &'a Path,
    /// The person's passphrase for this practice.
    pub passphrase: Passphrase,
    /// Trustees, the person included.
    pub n: u16,
    /// How many open the box.
    pub t: u16,
    /// The practice's clock starts here (ms).
    pub now_ms: u64,
}

fn trustee(folder: &Path, id: u16, passphrase: Passphrase, clock: &ManualClock) -> Result<Trustee> {
    let data = folder.join(format!("trustee-{id}"));
    std::fs::create_dir_all(&data)?;
    let trustee = Trustee {
        id,
        names: (format!("練習 {id}"), format!("practice {id}")),
        folder: KeyFolder::practice(&data.join("keys"), passphrase),
        data,
        practice: true,
        appeal_days: 0,
        clock: clock.wall(),
    };
    trustee.init()?;
    Ok(trustee)
}

/// A passphrase nobody needs to know.
fn nobody() -> Passphrase {
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    Passphrase::new(Zeroizing::new(crypto::hash::to_hex(&bytes)))
}

impl Rehearsal<'_> {
    /// Goes all the way.
    ///
    /// # Errors
    /// When the person says no, or the folder exists.
    pub async fn run(self, talk: &mut impl Talk) -> Result<Practised> {
        let talk = &mut Practice(talk);
        if self.folder.exists() {
            bail!("{} があります / exists", self.folder.display());
        }
        talk.say(
            "練習用の投票で、鍵づくりから開票までを一通り行います。数分で終わります。ここで作る鍵は本番では使えません。",
            "a throw-away election from the key to the result, in a few minutes; nothing of it is real",
        )?;
        let clock = ManualClock::new(self.now_ms);
        let me = trustee(self.folder, 1, self.passphrase, &clock)?;
        let others: Vec<Trustee> = (2..=self.n)
            .map(|id| trustee(self.folder, id, nobody(), &clock))
            .collect::<Result<_>>()?;
        talk.say("1. あなたの鍵を作りました。", "your keys are made")?;
        let all: Vec<&Trustee> = std::iter::once(&me).chain(&others).collect();
        let mut parties = Counterparties::new(&all, self.t, self.now_ms, &clock)?;
        ceremony(&me, &others, &mut parties, talk).await?;
        seal(&me, &all, &mut parties, talk).await?;
        let paper = self.folder.join("backup-practice.html");
        me.backup(&mut parties.board, talk, &paper, true).await?;
        vote(&mut parties, talk).await?;
        open(&me, &others, &mut parties, talk).await?;
        let opened = parties.result().await?;
        let done = Practised {
            cast: parties.cast.clone(),
            opened,
        };
        for (i, (cast, opened)) in done.cast.iter().zip(&done.opened).enumerate() {
            talk.say(
                &format!("　選択肢{}：{opened}票（投票した人は{cast}人）", i + 1),
                &format!("option {}: {opened} opened, {cast} cast", i + 1),
            )?;
        }
        talk.say(
            "練習はこれで終わりです。本番も同じ手順です。",
            "this is the end of the practice; the real thing is the same",
        )?;
        Ok(done)
    }
}

async fn ceremony(
    me: &Trustee,
    others: &[Trustee],
    parties: &mut Counterparties,
    talk: &mut impl Talk,
) -> Result<()> {
    talk.say("2. 鍵づくりの式", "the key ceremony")?;
    parties.set_up().await?;
    let mut mine = parties.board.clone();
    let robots = others.iter().map(|o| {
        let mut board = parties.board.clone();
        async move { o.join(&mut board, &mut Silent).await }
    });
    // The others would wait for ever when the person says no.
    futures::try_join!(
        me.join(&mut mine, talk),
        futures::future::try_join_all(robots)
    )?;
    Ok(())
}

async fn seal(
    me: &Trustee,
    all: &[&Trustee],
    parties: &mut Counterparties,
    talk: &mut impl Talk,
) -> Result<()> {
    talk.say("3. 選挙定義書に署名", "sign the manifest")?;
    let manifest = parties.manifest().await?;
    let mut signatures = Vec::new();
    for trustee in all {
        let signed = if trustee.id == me.id {
            trustee
                .sign_manifest(&mut parties.board, talk, &manifest)
                .await?
        } else {
            trustee
                .sign_manifest(&mut parties.board, &mut Silent, &manifest)
                .await?
        };
        signatures.push(signed);
    }
    parties.seal(manifest, signatures).await?;
    me.check_share(&mut parties.board, talk).await
}

async fn vote(parties: &mut Counterparties, talk: &mut impl Talk) -> Result<()> {
    parties.open().await?;
    for _ in 0..VOTERS {
        parties.cast_one().await?;
    }
    talk.say(
        &format!("4. 架空の{VOTERS}人が投票しました。時計を締切まで進めます。"),
        &format!("{VOTERS} made-up people voted; the clock goes to the close"),
    )?;
    parties.close().await
}

async fn open(
    me: &Trustee,
    others: &[Trustee],
    parties: &mut Counterparties,
    talk: &mut impl Talk,
) -> Result<()> {
    talk.say("5. 箱を確かめて約束する", "check the box and commit")?;
    me.commit(&mut parties.board, talk).await?;
    for o in others {
        o.commit(&mut parties.board, &mut Silent).await?;
    }
    parties.announce().await?;
    talk.say(
        "6. 結果発表です。部分開票を出します。",
        "the announcement: release the shares",
    )?;
    me.release(&mut parties.board, talk).await?;
    for o in others {
        o.release(&mut parties.board, &mut Silent).await?;
    }
    let state = parties.board.state().await?;
    state
        .elections()
        .next()
        .and_then(|e| e.expected_result())
        .context("the shares do not open the box")
        .map(drop)
}

#[cfg(test)]
mod tests;
