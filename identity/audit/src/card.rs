//! One opened record: whether a real card asked for this token (no name leaves this file).

use crate::fault::Fault;
use crate::public::PublicRecord;
use api::registrar::{Asked, Heard, PURPOSE_TOKEN, token_message};
use ballot::card_text::{AuthText, origin_hash};
use ballot::day::{japan_day_start_ms, utc_day};
use ballot::manifest::Channel;
use ballot::own_card::{MAX_REGISTRARS, certificate_hash};
use crypto::Point;
use crypto::schnorr::{self, Signature};
use crypto::wire::{Reader, TopLevel as _, Wire as _};
use evidence::Record;
use jpki::{AuthCertificate, JpkiError, TrustStore};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// The authorities of the cards.
#[derive(Debug)]
pub struct Cards {
    trust: TrustStore,
}

impl Cards {
    /// Reads the pinned authorities: the file that the registrars use. Test cards are taken for a
    /// practice election only, and real ones for a real election only.
    ///
    /// # Errors
    /// [`CardsError`].
    pub fn read(path: &Path, practice: bool) -> Result<Self, CardsError> {
        let text = std::fs::read_to_string(path).map_err(|source| CardsError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, practice)
    }
    /// [`Self::read`] from the file's text.
    ///
    /// # Errors
    /// [`CardsError`].
    pub fn parse(text: &str, practice: bool) -> Result<Self, CardsError> {
        let trust = TrustStore::from_json(text)?;
        if trust.is_test() == practice {
            Ok(Self { trust })
        } else {
            Err(CardsError::Policy)
        }
    }
}

/// Why the authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardsError {
    /// The file cannot be read.
    #[error("cannot read the authorities {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file's content.
    #[error(transparent)]
    Content(#[from] JpkiError),
    /// Test authorities for a real election or the reverse.
    #[error("test cards belong to practice elections and real cards to real ones")]
    Policy,
}

/// First ballot or further one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    First,
    Again,
}

/// A number for a person that exists in this process only and is never shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Person([u8; 32]);

/// What a good record says.
#[derive(Clone)]
pub(crate) struct Proven {
    pub(crate) person: Person,
    pub(crate) kind: Kind,
    pub(crate) channel: Channel,
    pub(crate) day: u32,
    /// The registrar's nonce that the card signed.
    pub(crate) nonce: [u8; 32],
    /// SHA-256 of the blinded request.
    pub(crate) request: [u8; 32],
    /// The person key that each registrar signed, in the manifest's order.
    pub(crate) keys: Vec<Point>,
}

/// Where a record was found.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) record: &'a PublicRecord,
    pub(crate) registrar: u16,
    pub(crate) day: u32,
}

/// A record in which everything is signed by those who should have: card, session key, registrars.
/// What it says of person keys holds, whatever its own registrar did wrong when it granted the token.
pub(crate) struct Signed {
    proven: Proven,
    text: AuthText,
    heard: Vec<Heard>,
}

impl Signed {
    /// The person keys, signed by each registrar.
    pub(crate) fn proven(&self) -> &Proven {
        &self.proven
    }
    /// Whether the registrar was allowed to grant the token.
    pub(crate) fn granted(self, opened: &Record, at: Found<'_>) -> Result<Proven, Fault> {
        let manifest = &at.record.manifest;
        let passed = matches!(opened.face.as_str(), "match" | "staff");
        if manifest.face_required.contains(&self.proven.channel) && !passed {
            return Err(Fault::Face);
        }
        check_window(self.proven.kind, opened.window, at)?;
        check_expiry(&self.text, at)?;
        check_offer(self.proven.kind, &self.heard, at)?;
        Ok(self.proven)
    }
}

/// Checks the signatures of one opened record, cheap things first.
pub(crate) fn check(cards: &Cards, opened: &Record, at: Found<'_>) -> Result<Signed, Fault> {
    let manifest = &at.record.manifest;
    if opened.election != at.record.election || opened.day != at.day {
        return Err(Fault::OtherPlace);
    }
    let kind = match opened.kind.as_str() {
        "first" => Kind::First,
        "again" => Kind::Again,
        _ => return Err(Fault::Form),
    };
    let channel = Channel::parse(&opened.channel).ok_or(Fault::Form)?;
    if manifest.channels.iter().all(|c| c.kind != channel) {
        return Err(Fault::Form);
    }
    let text = AuthText::from_bytes(&opened.auth_text).map_err(|_| Fault::Form)?;
    check_text(&text, at)?;
    let person = check_card(cards, opened, at)?;
    let heard = read_heard(opened)?;
    check_request(opened, &text, &heard)?;
    let keys = check_heard(opened, &text, &heard, at)?;
    let proven = Proven {
        person,
        kind,
        channel,
        day: at.day,
        nonce: text.nonce,
        request: Sha256::digest(&opened.request).into(),
        keys,
    };
    Ok(Signed {
        proven,
        text,
        heard,
    })
}

/// The text that the card signed is for this election and this registrar.
fn check_text(text: &AuthText, at: Found<'_>) -> Result<(), Fault> {
    let registrars = &at.record.manifest.registrars;
    let registrar = registrars
        .get(usize::from(at.registrar))
        .ok_or(Fault::OtherPlace)?;
    if text.election != at.record.election || text.origin != origin_hash(&registrar.origin) {
        return Err(Fault::OtherPlace);
    }
    Ok(())
}

/// The text that the card signed is for this day.
fn check_expiry(text: &AuthText, at: Found<'_>) -> Result<(), Fault> {
    let (from, until) = day_ms(at.day);
    let days = utc_day(from)..=utc_day(until).saturating_add(1);
    if days.contains(&u64::from(text.expiry_day)) {
        Ok(())
    } else {
        Err(Fault::TextExpired)
    }
}

/// A *first* has no window; the key of an *again* signs from its window's beginning until the board
/// takes its ballots no more. A registrar keeps no time, so some moment of the day must do.
fn check_window(kind: Kind, window: u8, at: Found<'_>) -> Result<(), Fault> {
    let manifest = &at.record.manifest;
    let begins = manifest.again_windows.get(usize::from(window));
    let signs = |begins: &u64| {
        let (from, until) = day_ms(at.day);
        *begins <= until && manifest.takes_again_window(window, from.max(*begins))
    };
    let fits = match kind {
        Kind::First => window == 0,
        Kind::Again => begins.is_some_and(signs),
    };
    if fits { Ok(()) } else { Err(Fault::Window) }
}

/// First and last millisecond of a day in Japan.
fn day_ms(day: u32) -> (u64, u64) {
    let day = u64::from(day);
    let next = japan_day_start_ms(day.saturating_add(1));
    (japan_day_start_ms(day), next.saturating_sub(1))
}

/// Profile, path and dates of the certificate, and its signature. A registrar keeps no time, so the
/// certificate must have been valid at some moment of the day on which the vote was open.
fn check_card(cards: &Cards, opened: &Record, at: Found<'_>) -> Result<Person, Fault> {
    let opens = at.record.manifest.opens_at();
    let certificate =
        AuthCertificate::parse(&opened.certificate).map_err(|_| Fault::Certificate)?;
    if jpki::issued_after_opening(&certificate, opens) {
        return Err(Fault::CertificateLate);
    }
    let (from, _) = day_ms(at.day);
    let verified = certificate
        .verify(&cards.trust, from.max(opens))
        .map_err(|_| Fault::Certificate)?;
    let certificate = verified.certificate();
    certificate
        .check_signature(&opened.auth_text, &opened.card_signature)
        .map_err(|_| Fault::CardSignature)?;
    let person = Sha256::digest(certificate.issuer_and_serial());
    Ok(Person(person.into()))
}

/// What the booth heard of all registrars.
fn read_heard(opened: &Record) -> Result<Vec<Heard>, Fault> {
    let mut r = Reader::new(&opened.heard);
    let heard = r.list(MAX_REGISTRARS).map_err(|_| Fault::Form)?;
    r.end().map_err(|_| Fault::Form)?;
    Ok(heard)
}

/// The session key that the card named signed exactly this request.
fn check_request(opened: &Record, text: &AuthText, heard: &[Heard]) -> Result<(), Fault> {
    let asked = Asked {
        kind: &opened.kind,
        window: opened.window,
        blinded: &opened.request,
        heard,
    };
    let message = token_message(&text.election, &text.origin, &text.nonce, &asked);
    let mut r = Reader::new(&opened.request_signature);
    let signature = Signature::read(&mut r).map_err(|_| Fault::Request)?;
    schnorr::verify(&text.session_key, PURPOSE_TOKEN, &message, &signature)
        .map_err(|_| Fault::Request)
}

/// Rule R4.04: every registrar signed what it said in this sitting, this one in this session. Gives
/// the person key of each.
fn check_heard(
    opened: &Record,
    text: &AuthText,
    heard: &[Heard],
    at: Found<'_>,
) -> Result<Vec<Point>, Fault> {
    let registrars = &at.record.manifest.registrars;
    let own = heard.get(usize::from(at.registrar));
    if heard.len() != registrars.len() || own.is_none_or(|own| own.nonce.0 != text.nonce) {
        return Err(Fault::Heard);
    }
    let card = certificate_hash(&opened.certificate);
    for ((place, listed), heard) in (0u16..).zip(registrars).zip(heard) {
        heard
            .statement(&text.election, place, &text.session_key, &card)
            .verify(&listed.key, &heard.signature.0)
            .map_err(|_| Fault::Heard)?;
    }
    Ok(heard.iter().map(|heard| heard.person_key.0).collect())
}

/// An *again* is granted in the session that got K only, and K is for somebody with a *first* token:
/// so the registrar's own answer in this sitting has both. What others answered is theirs.
fn check_offer(kind: Kind, heard: &[Heard], at: Found<'_>) -> Result<(), Fault> {
    let own = heard.get(usize::from(at.registrar));
    let offered = own.is_some_and(|own| own.exists && own.card_nonce.is_some());
    if kind == Kind::First || offered {
        Ok(())
    } else {
        Err(Fault::NotOffered)
    }
}
