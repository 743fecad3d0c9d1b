//! The end: keys and share are destroyed, and the trustee signs that they were.

use crate::program::name_of;
use crate::{Board, Refusal, Talk, Trustee};
use anyhow::{Context as _, Result, bail};
use board::state::Phase;
use crypto::Point;
use crypto::hash::{from_hex, to_hex};
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::{Reader, Wire as _, Writer};
use host::clock::DAY_MS;

/// Purpose of the signature under a statement.
const PURPOSE: &str = "trustee-statement";
const SIGNED: &str = "署名 / signature: ";

/// A text a trustee signed: the text, then one line with the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    text: String,
    signature: Signature,
}

impl Statement {
    /// Signs a text.
    #[must_use]
    pub fn sign(text: &str, key: &SigningKey) -> Self {
        let text = format!("{}\n", text.trim_end());
        let signature = key.sign(PURPOSE, text.as_bytes(), &mut rand::rng());
        Self { text, signature }
    }
    /// The file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut w = Writer::new();
        self.signature.write(&mut w);
        format!("{}{SIGNED}{}\n", self.text, to_hex(&w.finish()))
    }
    /// Reads a file; `None` when it is not a statement.
    #[must_use]
    pub fn parse(file: &str) -> Option<Self> {
        let (text, signature) = file.rsplit_once(SIGNED)?;
        let bytes = from_hex(signature.strip_suffix('\n')?)?;
        let mut r = Reader::new(&bytes);
        let signature = Signature::read(&mut r).ok()?;
        r.end().ok()?;
        let text = text.to_owned();
        text.ends_with('\n').then_some(Self { text, signature })
    }
    /// Whether this key signed exactly this text.
    #[must_use]
    pub fn verify(&self, key: &Point) -> bool {
        crypto::schnorr::verify(key, PURPOSE, self.text.as_bytes(), &self.signature).is_ok()
    }
}

impl Trustee {
    /// Destroys every key on this computer after the term of appeal and leaves `destroyed.txt`, a
    /// text this trustee signed.
    ///
    /// # Errors
    /// [`Refusal::Phase`] before the result, [`Refusal::Appeal`] before the term is over.
    pub async fn destroy(&self, board: &mut impl Board, talk: &mut impl Talk) -> Result<()> {
        let state = board.state().await?;
        let mine = self.my_election(&state)?;
        let e = mine.election;
        let (Phase::Result, Some(manifest), Some(hash)) = (e.phase(), e.manifest(), e.hash())
        else {
            bail!(Refusal::Phase(e.phase().as_str().to_owned()));
        };
        let over = manifest
            .announce_at
            .saturating_add(self.appeal_days.saturating_mul(DAY_MS));
        let now = self.clock.now_ms();
        if now < over {
            let days = (over - now).div_ceil(DAY_MS);
            bail!(Refusal::Appeal { days });
        }
        talk.agree(
            "鍵と分け前をこのパソコンから消します。元に戻せません。紙の控えも裁断しましたか。",
            "the keys and the share are destroyed for good; is the paper backup shredded, too?",
        )?;
        let text = format!(
            "開票管理者の陳述 / Statement of a trustee\n\
             投票 / election: {} {}\n選挙の指紋 / election hash: {}\n開票管理者 / trustee: {}\n\
             このパソコンの時刻 / time (ms since 1970): {now}\n\
             私は、結果発表の前に部分開票をだれにも見せませんでした。発表された箱のほかには何も復号していません。\n\
             I showed my partial decryption to nobody before the announcement, and opened nothing but the announced sum.\n\
             異議申出の期間が終わったので、私の鍵と分け前を、このパソコンと紙の控えの両方とも破棄しました。\n\
             The term of appeal is over; I have destroyed my keys and my share, on this computer and on paper.",
            e.setup().id,
            manifest.title.ja,
            hash.to_hex(),
            name_of(e, mine.id),
        );
        let statement = Statement::sign(&text, &self.folder.keys()?.signing);
        self.write("destroyed.txt", &statement.to_text())?;
        let count = self.folder.destroy()?;
        talk.say(
            &format!(
                "{count}個の鍵ファイルを消しました。destroyed.txt を選挙管理者に渡してください。"
            ),
            "the key files are gone; hand destroyed.txt to the authority",
        )
    }
    /// Checks a statement against the keys on the board: who signed it.
    ///
    /// # Errors
    /// When no trustee of any election on the board signed this text.
    pub async fn check_statement(
        &self,
        board: &mut impl Board,
        talk: &mut impl Talk,
        file: &str,
    ) -> Result<()> {
        let statement = Statement::parse(file).context("not a statement")?;
        let state = board.state().await?;
        for e in state.elections() {
            let mut members = e.setup().roster.members().iter();
            if let Some(m) = members.find(|m| statement.verify(&m.key)) {
                let name = name_of(e, m.id);
                return talk.say(
                    &format!("署名は正しいです：{}、{name}", e.setup().id),
                    "the signature is this trustee's",
                );
            }
        }
        bail!("署名がどの開票管理者のものでもありません / no trustee on the board signed this text")
    }
}

#[cfg(test)]
mod tests;
