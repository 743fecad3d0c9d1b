//! Puts a manifest together from the content file, the parties' public parts and the ceremony.

use crate::config::AdminConfig;
use crate::content::Content;
use crate::keys::PublicPart;
use anyhow::{Context as _, Result, bail, ensure};
use api::hex::Hex;
use ballot::Manifest;
use ballot::manifest::{Channel, Officer, Registrar, Relay, again_windows};
use ballot::text::Text;
use board::entry::Setup;
use board::network::NetworkConfig;
use board::state::{Election, State};
use ceremony::{Member, Outcome, Roster, Round};
use crypto::{Hash, Point};
use host::site::Site;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The public part of a trustee as its program writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrusteePublic {
    id: u16,
    name_ja: String,
    name_en: String,
    key: Hex<Point>,
    hpke: Hex<[u8; 32]>,
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Reads the trustees' public parts; `beside` resolves relative paths.
///
/// # Errors
/// When a file cannot be read.
pub fn trustees(
    config: &AdminConfig,
    beside: impl Fn(&PathBuf) -> PathBuf,
) -> Result<Vec<TrusteePublic>> {
    let mut all: Vec<TrusteePublic> = config
        .trustees
        .iter()
        .map(|p| json(&beside(p)))
        .collect::<Result<_>>()?;
    all.sort_by_key(|t| t.id);
    Ok(all)
}

fn officer(path: &Path) -> Result<Officer> {
    let o: api::officer::PublicPart = json(path)?;
    Ok(Officer {
        name: Text::new(&o.name_ja, &o.name_en, &o.name_ja),
        key: o.key.0,
    })
}

fn relay(path: &Path) -> Result<Relay> {
    let r: api::relay::PublicPart = json(path)?;
    Ok(Relay {
        name: Text::new(&r.name_ja, &r.name_en, &r.name_ja),
        origin: r.origin,
        spki: r.spki.0,
    })
}

fn auditor(path: &Path) -> Result<[u8; 32]> {
    let a: api::auditor::PublicPart = json(path)?;
    Ok(a.key.0)
}

/// The unsigned `Setup` entry.
///
/// # Errors
/// When a public part or the roster is wrong.
pub fn setup(
    config: &AdminConfig,
    content: &Content,
    public: &PublicPart,
    trustees: &[TrusteePublic],
    network: &NetworkConfig,
) -> Result<Setup> {
    let members = trustees
        .iter()
        .map(|t| {
            Ok(Member {
                id: t.id,
                key: t.key.0,
                hpke: t.hpke.0,
            })
        })
        .collect::<Result<_>>()?;
    let roster = Roster::new(content.threshold().0, members)?;
    let names = trustees
        .iter()
        .map(|t| Text::new(&t.name_ja, &t.name_en, &t.name_ja))
        .collect();
    let officers = config.officers.iter().map(|p| officer(p));
    let officers = officers.collect::<Result<_>>()?;
    Ok(Setup {
        network: network.id(),
        id: content.id.to_owned(),
        authority: public.authority.0,
        officers,
        trustee_names: names,
        roster,
    })
}

/// The unsigned `Setup` of a ceremony that begins anew without some trustees of this one.
///
/// # Errors
/// When the ceremony is finished without a culprit, when a number is not on its roster, or when the
/// smaller roster breaks rule R2.01 (2t > n).
pub fn without(election: &Election, gone: &[u16], threshold: Option<u16>) -> Result<Setup> {
    let (old, ceremony) = (election.setup(), election.ceremony());
    if ceremony.round() == Round::Done && ceremony.culprit().is_none() {
        bail!("the key ceremony is finished; it does not begin anew");
    }
    for id in gone {
        old.roster.member(*id)?;
    }
    let all = old.roster.members().iter().zip(&old.trustee_names);
    let (mut members, mut names) = (Vec::new(), Vec::new());
    for ((member, name), id) in all.filter(|(m, _)| !gone.contains(&m.id)).zip(1u16..) {
        members.push(Member {
            id,
            ..member.clone()
        });
        names.push(name.clone());
    }
    let t = threshold.unwrap_or(old.roster.t());
    Ok(Setup {
        network: old.network,
        id: old.id.to_owned(),
        authority: old.authority,
        officers: old.officers.clone(),
        trustee_names: names,
        roster: Roster::new(t, members)?,
    })
}

fn registrar(path: &Path) -> Result<Registrar> {
    let p: api::registrar::PublicPart = json(path)?;
    Ok(Registrar {
        name: Text::new(&p.name_ja, &p.name_en, &p.name_ja),
        origin: p.origin.clone(),
        spki: p.spki.0,
        key: p.key.0,
        first: p.first.0,
        again: p.again.iter().map(|modulus| modulus.0).collect(),
        survey: p.survey.0,
        salt_depth: p.salt_depth,
        salt_root: p.salt_root.0,
    })
}

/// What the manifest is made of besides configuration and content.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The board: its network, and the validators in office.
    pub board: &'a State,
    /// Entry hash of the setup.
    pub setup_hash: Hash,
    /// The setup.
    pub setup: &'a Setup,
    /// The finished ceremony.
    pub outcome: &'a Outcome,
}

/// The manifest, checked.
///
/// # Errors
/// When a part does not fit; the message names it.
pub fn build(
    config: &AdminConfig,
    content: &Content,
    parts: &Parts<'_>,
    beside: impl Fn(&PathBuf) -> PathBuf,
) -> Result<Manifest> {
    let channels = content.channels()?;
    let closes = channels
        .iter()
        .flat_map(|c| c.windows.iter().map(|w| w.closes));
    let close_at = closes.max().context("no channel has hours")?;
    let face = config.face_required.iter();
    let relays = config.relays.iter().map(|p| relay(&beside(p)));
    let relays = relays.collect::<Result<_>>()?;
    let openings = channels.iter().flat_map(|c| &c.windows).map(|w| w.opens);
    let extend_limit = close_at.saturating_add(config.extend_ms);
    let windows = again_windows(openings.min().unwrap_or(close_at), extend_limit);
    let mut registrars = config
        .registrars
        .iter()
        .map(|p| registrar(&beside(p)))
        .collect::<Result<Vec<_>>>()?;
    for r in &mut registrars {
        let (made, needed) = (r.again.len(), windows.len());
        if made < needed {
            bail!(
                "{}: {made} keys for further votes, {needed} windows",
                r.origin
            );
        }
        r.again.truncate(needed);
    }
    let manifest = Manifest {
        network: parts.board.network().id(),
        setup: parts.setup_hash,
        id: content.id.clone(),
        practice: content.practice(),
        title: content.title(),
        municipality: content.municipality(),
        help: content.help(),
        eligibility: content.eligibility()?,
        bucket_bits: 0,
        contests: vec![content.contest()?],
        tie_rule: content.tie_rule()?,
        places: content.places()?,
        channels,
        again_windows: windows,
        close_at,
        drain_ms: config.drain_ms,
        extend_limit,
        announce_at: content.announce_at()?,
        min_counted: config.min_counted,
        trustees: parts.setup.trustees(parts.outcome),
        registrars,
        officers: parts.setup.officers.clone(),
        authority: parts.setup.authority,
        auditors: config
            .auditors
            .iter()
            .map(|p| auditor(&beside(p)))
            .collect::<Result<_>>()?,
        validators: parts.board.validators().to_vec(),
        epoch: parts.board.committee().epoch(),
        portal: config.portal.clone(),
        relays,
        face_required: face
            .map(|c| Channel::parse(c).with_context(|| format!("channel {c}")))
            .collect::<Result<_>>()?,
        survey: content.survey()?,
        notices: content.notices(),
        releases: Vec::new(),
    };
    manifest.check()?;
    can_be_asked(&manifest)?;
    Ok(manifest)
}

/// Whether programs and pages can ask portal and relays at these addresses, and whether what relays
/// carry holds a ballot and a survey answer: no rule says so, and nobody could vote.
fn can_be_asked(manifest: &Manifest) -> Result<()> {
    let portal = Site::at(&manifest.portal)
        .context("the portal's address is not https://NAME, or http on this machine")?;
    ensure!(
        manifest.practice || !portal.is_plain(),
        "the portal of a real election is asked through https"
    );
    for relay in &manifest.relays {
        let origin = &relay.origin;
        ensure!(
            Site::is_origin(origin) && origin.starts_with("https:"),
            "{origin}: not an origin as browsers write it (small letters, no :443, no / at the end)"
        );
    }
    client::Relays::of(manifest)?;
    Ok(())
}

#[cfg(test)]
mod tests;
