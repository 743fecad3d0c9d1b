//! Showing an act and countersigning it.

use crate::{Line, Person, Refusal, wording};
use anyhow::{Result, bail};
use api::act_file::ActFile;
use ballot::Manifest;
use ballot::text::shown;
use board::state::{Election, State};
use crypto::schnorr::SigningKey;
use crypto::{Point, words};

/// What an officer is asked about: an act on the board as it is now.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The act and who signed it.
    pub file: &'a ActFile,
    /// The board, replayed on this computer.
    pub state: &'a State,
    /// Whether a practice election is meant.
    pub practice: bool,
    /// This computer's time (ms).
    pub now_ms: u64,
}

impl<'a> Asked<'a> {
    /// The sealed election the act is for.
    fn election(&self) -> Result<(&'a Election, &'a Manifest), Refusal> {
        let id = &self.file.order.election;
        let found = self.state.election(id).filter(|e| e.hash() == Some(id));
        let election = found.ok_or(Refusal::UnknownElection)?;
        let manifest = election.manifest().ok_or(Refusal::UnknownElection)?;
        let kind = manifest.check_practice(self.practice);
        kind.map_err(|e| Refusal::Kind(e.rule()))?;
        Ok((election, manifest))
    }
}

/// Everything an officer must know before signing. Refuses what the board would not take now and
/// signatures that are not what they say.
///
/// # Errors
/// A [`Refusal`], or what the person's terminal says.
pub fn show(asked: &Asked<'_>, person: &mut impl Person) -> Result<()> {
    let (election, manifest) = asked.election()?;
    asked
        .file
        .verify(&manifest.officers)
        .map_err(Refusal::from)?;
    let order = &asked.file.order;
    asked
        .state
        .would_take(order, asked.now_ms)
        .map_err(Refusal::board)?;
    for line in heading(election, manifest) {
        person.say(&line)?;
    }
    let wording = wording(&order.ordered, election, manifest, asked.state.validators());
    person.say(&wording.title())?;
    for line in &wording.lines {
        person.say(line)?;
    }
    person.say(&signers(asked.file, manifest))?;
    let six = spoken(board::entry_hash(&order.to_bytes()).as_bytes());
    person.say(&Line::new(
        format!("操作の合言葉：{six}"),
        "six words of this act; the other officer must have the same",
    ))
}

/// Shows the act, asks, and adds this officer's signature.
///
/// # Errors
/// A [`Refusal`]; nothing is signed then.
pub fn sign(asked: &Asked<'_>, key: &SigningKey, person: &mut impl Person) -> Result<ActFile> {
    let (election, manifest) = asked.election()?;
    let me = index(manifest, &key.public()).ok_or(Refusal::NotOfficer)?;
    if asked.file.signatures.contains_key(&me) {
        bail!(Refusal::Already);
    }
    show(asked, person)?;
    let name = manifest.officers.get(usize::from(me)).map(|o| &o.name);
    let name = name.map_or(String::new(), |n| shown(&n.ja));
    person.say(&Line::new(
        format!("あなたは {name} として署名します。"),
        "you sign as this officer",
    ))?;
    let order = &asked.file.order;
    let wording = wording(&order.ordered, election, manifest, asked.state.validators());
    person.confirm(wording.word)?;
    let mut signed = asked.file.clone();
    let signature = order.sign(key, &mut rand::rng());
    signed.signatures.insert(me, signature);
    Ok(signed)
}

/// Place of a key among the officers.
fn index(manifest: &Manifest, key: &Point) -> Option<u16> {
    let place = manifest.officers.iter().position(|o| o.key == *key)?;
    u16::try_from(place).ok()
}

pub(crate) fn spoken(value: &[u8]) -> String {
    words::six(value).join("　")
}

/// Which election it is.
fn heading(election: &Election, m: &Manifest) -> Vec<Line> {
    let mut lines = vec![Line::new(
        format!(
            "投票：{}　{}",
            shown(&m.municipality.ja),
            shown(&m.title.ja)
        ),
        format!("{} – {}", shown(&m.municipality.en), shown(&m.title.en)),
    )];
    lines.push(if m.practice {
        Line::new(
            "種類：練習。本番の投票ではありません。",
            "kind: practice, not a real vote",
        )
    } else {
        Line::new(
            "種類：本番の投票。練習ではありません。",
            "kind: a real vote, no practice",
        )
    });
    let hash = election
        .hash()
        .map_or(String::new(), |h| spoken(h.as_bytes()));
    lines.push(Line::new(
        format!("選挙の指紋の合言葉：{hash}"),
        "six words of the election",
    ));
    let (ja, en) = crate::words::phase(election.phase());
    lines.push(Line::new(
        format!("いまの段階：{ja}"),
        format!("present phase: {en}"),
    ));
    lines
}

/// Who signed so far.
fn signers(file: &ActFile, m: &Manifest) -> Line {
    let names: Vec<(String, String)> = file
        .signatures
        .keys()
        .filter_map(|i| m.officers.get(usize::from(*i)))
        .map(|o| (shown(&o.name.ja), shown(&o.name.en)))
        .collect();
    if names.is_empty() {
        return Line::new(
            "ほかに署名した人：まだいません。二人の署名で有効になります。",
            "nobody has signed yet; two officers must",
        );
    }
    let (ja, en): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    Line::new(
        format!(
            "ほかに署名した人：{}。あと一人の署名で有効になります。",
            ja.join("、")
        ),
        format!(
            "signed by {}; one more signature makes it valid",
            en.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests;
