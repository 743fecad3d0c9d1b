//! The two steps: an auditor makes partial openings for another, and that one checks.

use crate::card::{Cards, Found, Kind, Proven, check as check_record};
use crate::fault::Fault;
use crate::person_keys::PersonKeys;
use crate::persons::{Persons, compare};
use crate::public::PublicRecord;
use crate::report::{Audited, Faults, Report, name};
use crate::sample::draw;
use crate::vault::{Vault, VaultError};
use ballot::manifest::Channel;
use board::entry::{ChannelCount, Leaf};
use evidence::{AuditorKey, Partial, PartialError, Record, Sealed, Share, threshold};
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};

/// Which records are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every one.
    Whole,
    /// So many of each registrar, drawn by the record's own digests.
    Sample(usize),
}

/// What both steps work on: the record, every registrar's files, the own key.
#[derive(Debug)]
pub struct Audit<'a> {
    /// The public record.
    pub record: &'a PublicRecord,
    /// One vault for each registrar, in the manifest's order.
    pub vaults: &'a [Vault],
    /// The own key.
    pub key: &'a AuditorKey,
    /// Which records.
    pub extent: Extent,
}

impl Audit<'_> {
    /// The own place in the manifest's list of auditors, from 1.
    fn own_place(&self) -> Result<u16, AuditError> {
        let auditors = &self.record.manifest.auditors;
        let place = auditors.iter().position(|key| key == self.key.public());
        let place = place.and_then(|at| u16::try_from(at.saturating_add(1)).ok());
        place.ok_or(AuditError::NoAuditor)
    }
    fn registrars(&self) -> Result<Vec<(u16, &Vault)>, AuditError> {
        if self.vaults.len() == self.record.manifest.registrars.len() {
            Ok((0u16..).zip(self.vaults).collect())
        } else {
            Err(AuditError::Vaults)
        }
    }
    fn drawn(&self, registrar: u16) -> BTreeSet<Leaf> {
        match self.extent {
            Extent::Whole => self.record.leaves(registrar).into_keys().collect(),
            Extent::Sample(size) => draw(self.record, registrar, size),
        }
    }
    fn own_share(
        &self,
        vault: &Vault,
        leaf: &Leaf,
        place: u16,
    ) -> Result<Option<Share>, AuditError> {
        let sealed = vault.get(leaf)?;
        let sealed = sealed.as_deref().and_then(|bytes| Sealed::read(bytes).ok());
        Ok(sealed.and_then(|sealed| self.key.share(&sealed, place).ok()))
    }
}

/// Makes a partial opening of every registrar's records for the auditor at place `to`.
///
/// # Errors
/// [`AuditError`].
pub fn release<R: CryptoRng>(
    audit: &Audit<'_>,
    to: u16,
    rng: &mut R,
) -> Result<Vec<Partial>, AuditError> {
    let from = audit.own_place()?;
    let auditors = &audit.record.manifest.auditors;
    let at = usize::from(to).checked_sub(1);
    let reader = at.and_then(|at| auditors.get(at));
    let reader = reader.filter(|_| to != from).ok_or(AuditError::Reader)?;
    let mut out = Vec::new();
    for (registrar, vault) in audit.registrars()? {
        let mut shares = BTreeMap::new();
        for leaf in audit.drawn(registrar) {
            shares.insert(leaf, audit.own_share(vault, &leaf, from)?);
        }
        let about = (audit.record.election, registrar);
        out.push(Partial::seal(about, (from, to), reader, &shares, rng)?);
    }
    Ok(out)
}

/// The others' shares of one registrar's records.
type Shares = BTreeMap<Leaf, Vec<Share>>;

/// Opens what the others' partial openings and the own key open, and checks it.
///
/// # Errors
/// [`AuditError`].
pub fn check(audit: &Audit<'_>, cards: &Cards, partials: &[Partial]) -> Result<Report, AuditError> {
    let own = audit.own_place()?;
    let record = audit.record;
    let mut audited = Vec::new();
    let mut persons = Vec::new();
    let mut keys = PersonKeys::default();
    for (registrar, vault) in audit.registrars()? {
        let others = shares_of(audit, own, registrar, partials)?;
        let mut one = One {
            audit,
            cards,
            registrar,
            vault,
            own,
            persons: Persons::default(),
            faults: Faults::new(),
            counts: BTreeMap::new(),
            proven: 0,
        };
        one.run(&others, &mut keys)?;
        let (of, about) = one.finish();
        audited.push(of);
        persons.push(about);
    }
    for of in &mut audited {
        let changed = keys.changed(of.registrar);
        of.changed_keys = changed.persons;
        of.changed_records = changed.records.iter().map(name).collect();
    }
    let whole = audit.extent == Extent::Whole;
    Ok(Report {
        election: record.election.to_hex(),
        sample: match audit.extent {
            Extent::Whole => None,
            Extent::Sample(size) => Some(size),
        },
        registrars: audited,
        compared: whole.then(|| compare(&persons)),
        counted: record.counted,
        overwritten: record.overwritten,
    })
}

/// Everybody's shares of one registrar's drawn records, from as many auditors as are needed.
fn shares_of(
    audit: &Audit<'_>,
    own: u16,
    registrar: u16,
    partials: &[Partial],
) -> Result<Shares, AuditError> {
    let record = audit.record;
    let drawn = audit.drawn(registrar);
    let mut shares = Shares::new();
    let mut helpers = BTreeSet::new();
    let meant = partials.iter().filter(|p| {
        p.election == record.election && p.registrar == registrar && p.to == own && p.from != own
    });
    for partial in meant {
        if !drawn.iter().eq(&partial.leaves) {
            return Err(AuditError::OtherRecords(partial.from));
        }
        if !helpers.insert(partial.from) {
            continue;
        }
        for (leaf, share) in partial.open(audit.key)? {
            shares.entry(leaf).or_default().extend(share);
        }
    }
    let needed = threshold(record.manifest.auditors.len());
    if helpers.len().saturating_add(1) < needed {
        return Err(AuditError::TooFew { registrar, needed });
    }
    Ok(shares)
}

/// The check of one registrar's records.
struct One<'a> {
    audit: &'a Audit<'a>,
    cards: &'a Cards,
    registrar: u16,
    vault: &'a Vault,
    own: u16,
    persons: Persons,
    faults: Faults,
    counts: BTreeMap<(u32, Channel), (u32, u32)>,
    proven: u64,
}

impl One<'_> {
    fn run(&mut self, others: &Shares, keys: &mut PersonKeys) -> Result<(), AuditError> {
        let mut good: Vec<(Proven, Leaf)> = Vec::new();
        let days = self.audit.record.leaves(self.registrar);
        for leaf in self.audit.drawn(self.registrar) {
            let day = days.get(&leaf).copied().unwrap_or(0);
            let opened = self.opened(&leaf, others.get(&leaf))?;
            let at = Found {
                record: self.audit.record,
                registrar: self.registrar,
                day,
            };
            let proven = opened.and_then(|record| {
                let signed = check_record(self.cards, &record, at)?;
                // Before anything else can be wrong with it: the others' signatures are good.
                keys.take(signed.proven(), &leaf);
                signed.granted(&record, at)
            });
            match proven {
                Ok(proven) => good.push((proven, leaf)),
                Err(fault) => self.fault(fault, &leaf),
            }
        }
        good.sort_by_key(|(proven, _)| (proven.day, proven.kind));
        let whole = self.audit.extent == Extent::Whole;
        for (proven, leaf) in &good {
            match self.persons.take(proven, whole) {
                Ok(()) => self.count(proven),
                Err(fault) => self.fault(fault, leaf),
            }
        }
        Ok(())
    }
    fn fault(&mut self, fault: Fault, leaf: &Leaf) {
        self.faults.entry(fault).or_default().push(name(leaf));
    }
    fn count(&mut self, proven: &Proven) {
        self.proven += 1;
        let (first, again) = self.counts.entry((proven.day, proven.channel)).or_default();
        match proven.kind {
            Kind::First => *first += 1,
            Kind::Again => *again += 1,
        }
    }
    /// The record behind a leaf, or why there is none.
    fn opened(
        &self,
        leaf: &Leaf,
        others: Option<&Vec<Share>>,
    ) -> Result<Result<Record, Fault>, AuditError> {
        let Some(bytes) = self.vault.get(leaf)? else {
            return Ok(Err(Fault::Missing));
        };
        let Ok(sealed) = Sealed::read(&bytes) else {
            return Ok(Err(Fault::Form));
        };
        if sealed.auditors() != self.audit.record.manifest.auditors.len() {
            return Ok(Err(Fault::OtherAuditors));
        }
        let own = self.audit.key.share(&sealed, self.own).ok();
        let shares: Vec<&Share> = own.iter().chain(others.into_iter().flatten()).collect();
        Ok(evidence::open(&sealed, &shares).map_err(|_| Fault::NotOpened))
    }
    /// Days of which the reported counts are not those of the records.
    fn miscounted(&self) -> Vec<u32> {
        let (from, until) = ((self.registrar, 0), (self.registrar, u32::MAX));
        let reports = self.audit.record.reports.range(from..=until);
        let differs = |day: u32, row: &ChannelCount| {
            let found = self.counts.get(&(day, row.channel)).copied();
            found.unwrap_or_default() != (row.first, row.again)
        };
        let wrong = reports.filter(|((_, day), r)| r.counts.iter().any(|row| differs(*day, row)));
        wrong.map(|((_, day), _)| *day).collect()
    }
    fn finish(self) -> (Audited, Persons) {
        let record = self.audit.record;
        let reported = record.leaves(self.registrar);
        let name = record
            .manifest
            .registrars
            .get(usize::from(self.registrar))
            .map(|r| r.name.clone());
        let name = name.unwrap_or_else(|| ballot::text::Text::new("", "", ""));
        // A faulty record is no reason to say the same of the counts of its day.
        let whole = self.audit.extent == Extent::Whole && self.faults.is_empty();
        let own = self.vault.leaves();
        let audited = Audited {
            registrar: self.registrar,
            ja: name.ja,
            en: name.en,
            reported: reported.len() as u64,
            drawn: self.audit.drawn(self.registrar).len() as u64,
            proven: self.proven,
            unreported: own.filter(|leaf| !reported.contains_key(*leaf)).count() as u64,
            miscounted: if whole { self.miscounted() } else { Vec::new() },
            changed_keys: 0,
            changed_records: Vec::new(),
            crowded: self.persons.crowded(),
            faults: self.faults,
        };
        (audited, self.persons)
    }
}

/// Why an audit cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The own key is not in the manifest.
    #[error("this folder's key is none of the auditors' in the manifest")]
    NoAuditor,
    /// The other auditor.
    #[error("there is no other auditor at this place in the manifest")]
    Reader,
    /// Not one folder of evidence for each registrar.
    #[error("one folder of evidence is needed for each registrar of the manifest")]
    Vaults,
    /// Too few auditors took part.
    #[error("registrar {registrar}: {needed} auditors are needed, with the one who checks")]
    TooFew {
        /// Whose records.
        registrar: u16,
        /// How many are needed.
        needed: usize,
    },
    /// A partial opening of other records than those that are checked.
    #[error(
        "the partial opening of auditor {0} is of other records: use the same record and sample"
    )]
    OtherRecords(u16),
    /// A partial opening.
    #[error(transparent)]
    Partial(#[from] PartialError),
    /// A registrar's files.
    #[error(transparent)]
    Vault(#[from] VaultError),
}
