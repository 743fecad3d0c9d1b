use host::problem::{Problem, Refused};
use refusal::Refusal as _;
use ui::{Lang, wareki};

use super::*;
use crate::tests::fixture::Fixture;
use crate::text::message;

fn refused(status: u16, body: impl Into<Vec<u8>>) -> Fault {
    fault_of(&HttpError::Refused(Refused::new(status, body.into())))
}

fn said(refusal: Refusal) -> Fault {
    let body = serde_json::to_vec(&Problem::from(refusal)).unwrap();
    refused(refusal.status(), body)
}

/// As a registrar writes it. The times used to arrive under names that nobody read.
#[test]
fn the_registrars_times_are_in_the_sentence() {
    let time = 1_566_734_400_000_u64;
    let date = wareki::month_day(Lang::Ja, time);
    for (status, code, reason, member) in [
        (403, "E-01", "not_open", "next_opening_ms"),
        (403, "E-02", "closed", "closed_ms"),
        (403, "E-08", "certificate_expired", "not_after_ms"),
        (429, "E-27", "again_too_often", "retry_ms"),
    ] {
        let body = serde_json::json!({
            "status": status, "code": code, "title": "x", "vote": "not_sent",
            "reason": reason, member: time,
        });
        let fault = refused(status, body.to_string());
        assert_eq!(fault.code().as_str(), code);
        let text = message(&fault, Lang::Ja);
        assert!(text.contains(&date), "{reason}: {text}");
    }
}

#[test]
fn the_voter_is_not_told_which_check_could_not_be_made() {
    for refusal in [
        Refusal::TicketUnchecked,
        Refusal::RevocationUnknown,
        Refusal::AgainPending,
        Refusal::DayOver,
    ] {
        assert_eq!(said(refusal), Fault::RevocationUnknown);
    }
    assert_eq!(
        said(Refusal::CertificateProfile),
        said(Refusal::CardSignature)
    );
    assert_eq!(said(Refusal::StationProof), said(Refusal::StationUnknown));
}

#[test]
fn an_answer_that_is_no_refusal_says_nothing_about_the_voter() {
    assert_eq!(refused(502, "<html>"), Fault::RegistrarUnreachable);
    assert_eq!(refused(403, "<html>"), Fault::Internal("registrar"));
    assert_eq!(refused(409, "{}"), Fault::Internal("registrar"));
    // A code that does not belong to the reason.
    let body = r#"{"status":403,"code":"E-09","title":"x","vote":"not_sent","reason":"closed","closed_ms":1}"#;
    assert_eq!(refused(403, body), Fault::Internal("registrar"));
}

/// A registrar that lies about a salt is named, and nothing is sent to anybody.
#[test]
fn a_53_rejects_r4_03_a_salt_that_is_not_the_certificates_leaf() {
    let election = Hash([7; 64]);
    let seed = zeroize::Zeroizing::new([1; 64]);
    let table = salt::SaltTable::generate(&seed, 8);
    let (certificate, index) = (b"certificate".as_slice(), 1);
    let mut listed = Fixture::new().sealed.manifest.registrars.remove(0);
    (listed.salt_depth, listed.salt_root) = (8, table.root());
    let registrar = Registrar::new(index, &listed).unwrap();
    let of = |registrar| salt::index(&election, registrar, certificate, 8);
    let check = |x| {
        let salt = table.salt(x).unwrap();
        registrar.check_salt(&election, certificate, &salt.leaf, &salt.path)
    };
    assert_eq!(check(of(index)), Ok(()));
    let fault = check(of(index) ^ 1).unwrap_err();
    assert_eq!(fault, Fault::FalseAnswer { registrar: 1 });
    assert!(
        message(&fault, Lang::Ja).contains("（2番）"),
        "the second one in the manifest"
    );
    assert_ne!(of(0), of(index));
    assert_eq!(
        check(of(0)),
        Err(fault),
        "the leaf of another registrar's index"
    );
}
