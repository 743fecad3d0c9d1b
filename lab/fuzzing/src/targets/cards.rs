//! What a card answers, and what is printed on it.

use crate::property::self_delimiting;
use ballot::card_text::{CardText, CredentialText};
use card::{Application, CardSession, LastTry, NumberB, Pin, Transport, TransportError, denied};
use crypto::Hash;
use crypto::wire::{Reader, Writer};
use jpki::{AuthCertificate, RevocationList, SurfaceRecord, TrustStore};
use std::sync::LazyLock;
use zeroize::Zeroizing;

const CERTIFICATE: &[u8] = include_bytes!("../../seeds/certificate.der");
const LIST: &[u8] = include_bytes!("../../seeds/list.crl");
const RECORD: &[u8] = include_bytes!("../../seeds/record.bin");
const MUNICIPALITY: &[u8] = include_bytes!("../../seeds/municipality.bin");
const DIALOG: &[u8] = include_bytes!("../../seeds/dialog.bin");
/// The JPKI application.
const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0, 0, 0, 1];
/// An hour after the opening that the test cards were made for.
const NOW_MS: u64 = 1_800_577_800_000;

static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    TrustStore::from_json(include_str!("../../seeds/trust.json")).expect("a trust file")
});

/// One byte for the application, then a command: whatever is let through is one of the few that
/// a card session needs, and none that reaches the My Number.
pub(super) fn commands(bytes: &[u8]) -> bool {
    let Some((which, command)) = bytes.split_first() else {
        return false;
    };
    let current = match which % 4 {
        0 => None,
        1 => Some(Application::Jpki),
        2 => Some(Application::Surface),
        _ => Some(Application::Common),
    };
    if denied(current, command) {
        return false;
    }
    let short = command.get(..2).unwrap_or_default();
    let known: [&[u8]; 4] = [&[0, 0xA4], &[0, 0xB0], &[0, 0x20], &[0x80, 0x2A]];
    assert!(known.contains(&short), "an unknown command passed");
    let number = [&[0, 5], &[0, 0x13]]
        .iter()
        .any(|id| command.ends_with(*id));
    let selects = command.starts_with(&[0, 0xA4, 2, 0x0C, 2]);
    assert!(!(selects && number && current == Some(Application::Surface)));
    assert!(!selects || matches!(which % 4, 1 | 2));
    true
}

pub(super) fn commands_seeds() -> Vec<Vec<u8>> {
    let sign = [&[1, 0x80, 0x2A, 0, 0x80, 51][..], &[7; 51], &[0]].concat();
    vec![
        [&[0, 0, 0xA4, 4, 0x0C, 0x0A][..], &JPKI].concat(),
        vec![1, 0, 0xA4, 2, 0x0C, 2, 0, 0x0A],
        vec![2, 0, 0xA4, 2, 0x0C, 2, 0, 0x02],
        vec![1, 0, 0xB0, 0, 0, 0],
        vec![1, 0, 0x20, 0, 0x80],
        sign,
    ]
}

/// Answers that were recorded, each behind its length.
struct Replay<'a> {
    answers: Reader<'a>,
    secrets: usize,
}

impl Transport for Replay<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        if command.starts_with(&[0, 0x20]) && command.len() > 4 {
            self.secrets += 1;
        }
        assert!(self.secrets <= 2, "a secret was shown twice");
        let answer = self.answers.u16().ok().map(usize::from);
        let answer = answer.and_then(|n| self.answers.raw(n).ok());
        let bytes = answer.ok_or(TransportError::Removed)?;
        Ok(Zeroizing::new(bytes.to_vec()))
    }
    fn power_off(&mut self) {}
}

/// A whole session with a card that says what it likes. A session that ends well has a signature
/// that verified.
pub(super) fn dialog(bytes: &[u8]) -> bool {
    let card = Replay {
        answers: Reader::new(bytes),
        secrets: 0,
    };
    session(card).is_ok()
}

fn session(card: Replay<'_>) -> Result<(), card::CardError> {
    let mut session = CardSession::open(card)?;
    assert!(session.certificate().starts_with(&[0x30]));
    session.verify_pin(&Pin::parse("1234")?, LastTry::Agreed)?;
    let text = CardText::Credential(CredentialText {
        election: Hash::ZERO,
    });
    let signature = session.sign(&text)?;
    let known = DIALOG.windows(256).any(|w| w == &signature[..]);
    assert!(known, "another signature over the same text");
    session.read_surface(&NumberB::parse("12345678901234")?)?;
    session.sign_surface_nonce(&[7; 32])?;
    Ok(())
}

pub(super) fn dialog_seeds() -> Vec<Vec<u8>> {
    vec![DIALOG.to_vec()]
}

/// Everything in a certificate is signed: what verifies is the one we know.
pub(super) fn x509(bytes: &[u8]) -> bool {
    let Ok(certificate) = AuthCertificate::parse(bytes) else {
        return false;
    };
    self_delimiting(bytes, |b| AuthCertificate::parse(b).ok());
    let holds = certificate.verify(&TRUST, NOW_MS).is_ok();
    assert!(
        !holds || bytes == CERTIFICATE,
        "a changed certificate verifies"
    );
    true
}

pub(super) fn x509_seeds() -> Vec<Vec<u8>> {
    vec![CERTIFICATE.to_vec()]
}

pub(super) fn crl(bytes: &[u8]) -> bool {
    let good = RevocationList::verify(bytes, &TRUST).is_ok();
    assert!(!good || bytes == LIST, "a changed list verifies");
    good
}

pub(super) fn crl_seeds() -> Vec<Vec<u8>> {
    vec![LIST.to_vec()]
}

/// Record and municipality's certificate, each behind its length: what verifies has the photo
/// that was signed.
pub(super) fn surface(bytes: &[u8]) -> bool {
    let mut r = Reader::new(bytes);
    let (Ok(record), Ok(municipality)) = (r.bytes(1 << 16), r.bytes(1 << 16)) else {
        return false;
    };
    let Ok(parsed) = SurfaceRecord::parse(record) else {
        return false;
    };
    self_delimiting(record, |b| SurfaceRecord::parse(b).ok().map(|_| ()));
    let Ok(verified) = parsed.verify(municipality, &TRUST) else {
        return false;
    };
    let photo = verified.photo();
    assert!(
        RECORD.windows(photo.len()).any(|w| w == photo),
        "a changed photo verifies"
    );
    true
}

pub(super) fn surface_seeds() -> Vec<Vec<u8>> {
    let mut w = Writer::new();
    w.bytes(RECORD);
    w.bytes(MUNICIPALITY);
    vec![w.finish()]
}
