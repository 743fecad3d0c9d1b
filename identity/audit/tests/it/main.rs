//! Audits of evidence that real (test) cards signed, of honest and of lying registrars.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod process;
mod world;

use audit::{Audit, AuditError, Cards, CardsError, Extent, Fault};
use ballot::manifest::Channel;
use evidence::Record;
use host::exit::Exit;
use std::collections::BTreeSet;
use world::{Filed, Row, Town, Visit, card, trust_json};

#[test]
fn honest_evidence_proves_a_card_behind_every_token() {
    let mut town = Town::closed();
    let rows = town.honest();
    let report = town.reported(&rows).audit(Extent::Whole);
    for of in &report.registrars {
        assert_eq!((of.reported, of.drawn, of.proven), (4, 4, 4));
        assert!(of.faults.is_empty() && of.miscounted.is_empty());
    }
    let all = report.compared.unwrap();
    assert_eq!((all.with_all, all.with_some, all.again_with_all), (3, 0, 1));
    assert_eq!((report.counted, report.overwritten), (3, 1));
    assert_eq!(report.exit(), Exit::Ok, "{}", report.to_text());
}

/// How one record is changed.
type Change = fn(&mut Record);

/// One record of registrar 0 is changed before it is sealed; the audit names it.
#[track_caller]
fn finds(fault: Fault, change: impl FnOnce(&mut Town, &mut Vec<Row>)) {
    let mut town = Town::closed();
    let mut rows = town.honest();
    change(&mut town, &mut rows);
    let report = town.reported(&rows).audit(Extent::Whole);
    let faults: Vec<_> = report.registrars[0].faults.keys().copied().collect();
    assert_eq!(faults, [fault], "{}", report.to_text());
    assert_eq!(report.registrars[0].faults[&fault].len(), 1);
    assert!(report.registrars[1].faults.is_empty());
    assert_eq!(report.exit(), Exit::CheckFailed);
}

#[test]
fn a_23_a_record_without_a_real_card_is_found() {
    let changes: [(Fault, Change); 16] = [
        (Fault::CardSignature, |r| r.card_signature[9] ^= 1),
        (Fault::Certificate, |r| r.certificate[300] ^= 1),
        (Fault::Certificate, |r| r.certificate.clear()),
        (Fault::Request, |r| r.request[100] ^= 1),
        (Fault::Request, |r| r.request_signature.clear()),
        (Fault::Request, |r| r.window = 1),
        (Fault::Request, |r| r.heard[200] ^= 1),
        (Fault::Form, |r| r.heard.truncate(100)),
        (Fault::Form, |r| r.heard.push(0)),
        (Fault::Form, |r| r.kind = "survey".to_owned()),
        (Fault::Form, |r| r.channel = "post".to_owned()),
        (Fault::Form, |r| r.auth_text.truncate(100)),
        (Fault::OtherPlace, |r| r.day -= 1),
        (Fault::OtherPlace, |r| r.election = crypto::Hash([1; 64])),
        (Fault::Face, |r| r.face = "not_done".to_owned()),
        (Fault::Face, |r| r.face = "exhausted".to_owned()),
    ];
    for (fault, change) in changes {
        finds(fault, |_, rows| change(&mut rows[1].record));
    }
}

/// Registrar 1 signed another key for a person than before. The proof lies in the records of
/// registrar 0, too: what the booth heard goes to both.
#[test]
fn a_65_a_person_key_that_changed_is_a_finding_and_names_the_registrar() {
    let mut town = Town::closed();
    let mut rows = town.honest();
    let again = rows
        .iter()
        .position(|r| r.registrar == 0 && r.record.kind == "again");
    rows[again.unwrap()] = town.row_with_changed_key(0, &card("p001"), 1);
    let report = town.reported(&rows).audit(Extent::Whole);
    let changed: Vec<u64> = report.registrars.iter().map(|of| of.changed_keys).collect();
    assert_eq!(changed, [0, 1]);
    // One record of each key is named: whoever reads the two has both signatures.
    let named = &report.registrars[1].changed_records;
    let apart: BTreeSet<&String> = named.iter().collect();
    assert_eq!((named.len(), apart.len()), (2, 2));
    assert!(report.registrars[0].changed_records.is_empty());
    assert!(named.iter().all(|leaf| report.to_text().contains(leaf)));
    assert_eq!(report.exit(), Exit::Findings, "{}", report.to_text());
    assert!(
        report
            .to_text()
            .contains("1 persons got more than one person key")
    );
}

/// Registrar 0 granted a token that it should not have granted. That registrar 1 signed another key in
/// this record convicts registrar 1 all the same.
#[test]
fn a_65_a_changed_key_in_a_record_that_breaks_another_rule_is_a_finding() {
    type Wrong = (Fault, fn(&mut Visit), Change);
    let wrong: [Wrong; 3] = [
        (Fault::Window, |visit| visit.window = 0, |_| {}),
        (
            Fault::NotOffered,
            |visit| visit.offered = (true, false),
            |_| {},
        ),
        (Fault::Face, |_| {}, |r| r.face = "not_done".to_owned()),
    ];
    for (fault, visit, record) in wrong {
        let mut town = Town::closed();
        let mut rows = town.honest();
        let usual = town.visit;
        visit(&mut town.visit);
        let mut changed = town.row_with_changed_key(0, &card("p001"), 1);
        town.visit = usual;
        record(&mut changed.record);
        let again = rows
            .iter()
            .position(|r| r.registrar == 0 && r.record.kind == "again");
        rows[again.unwrap()] = changed;
        let report = town.reported(&rows).audit(Extent::Whole);
        let faults: Vec<_> = report.registrars[0].faults.keys().copied().collect();
        assert_eq!(faults, [fault]);
        let changed: Vec<u64> = report.registrars.iter().map(|of| of.changed_keys).collect();
        assert_eq!(changed, [0, 1], "{fault:?}");
    }
}

/// The further record of registrar 0 is replaced by one of this visit.
#[track_caller]
fn finds_visit(fault: Fault, change: fn(&mut Visit)) {
    finds(fault, |town, rows| {
        let at = rows
            .iter()
            .position(|r| r.registrar == 0 && r.record.kind == "again");
        let mut visit = town.visit;
        change(&mut visit);
        rows[at.unwrap()] = town.row_at(0, &card("p001"), "again", visit);
    });
}

/// Everything is signed by everybody, and the key of that window did not sign on that day.
#[test]
fn a_73_a_window_that_does_not_fit_the_day_is_found() {
    finds_visit(Fault::Window, |visit| visit.window = 0);
    finds_visit(Fault::Window, |visit| visit.window = 255);
    // The window in which midnight lies is one of both days.
    let mut town = Town::closed();
    let mut rows = town.honest();
    let visit = Visit {
        window: 2,
        ..town.visit
    };
    rows[3] = town.row_at(0, &card("p001"), "again", visit);
    let report = town.reported(&rows).audit(Extent::Whole);
    assert!(
        report.registrars[0].faults.is_empty(),
        "{}",
        report.to_text()
    );
}

/// The registrar itself signed in this sitting that there is no credential, or gave no K.
#[test]
fn a_72_a_further_token_that_the_registrar_did_not_offer_is_found() {
    finds_visit(Fault::NotOffered, |visit| visit.offered = (false, false));
    finds_visit(Fault::NotOffered, |visit| visit.offered = (true, false));
    finds_visit(Fault::NotOffered, |visit| visit.offered = (false, true));
}

/// The day before, the person was at the counter.
#[test]
fn a_54_a_further_ballot_from_home_after_a_station_is_found() {
    let at_counter = |town: &Town| Visit {
        day: town.visit.day - 1,
        channel: Channel::Counter,
        ..town.visit
    };
    finds(Fault::HomeAfterStation, |town, rows| {
        rows[0] = town.row_at(0, &card("p001"), "first", at_counter(town));
    });
    // On one day nobody can say which came first, and at the counter again it is right.
    for same_day in [true, false] {
        let mut town = Town::closed();
        let mut rows = town.honest();
        let mut visit = at_counter(&town);
        if same_day {
            visit.day += 1;
        } else {
            let again = Visit {
                channel: Channel::Counter,
                ..town.visit
            };
            rows[3] = town.row_at(0, &card("p001"), "again", again);
        }
        rows[0] = town.row_at(0, &card("p001"), "first", visit);
        let report = town.reported(&rows).audit(Extent::Whole);
        assert!(
            report.registrars[0].faults.is_empty(),
            "{}",
            report.to_text()
        );
    }
}

/// Six on one day are a finding, five are not: the registrar may be configured otherwise.
#[test]
fn more_further_tokens_of_one_day_than_usual_are_a_finding() {
    for (more, crowded, exit) in [(4, 0, Exit::Ok), (5, 1, Exit::Findings)] {
        let mut town = Town::closed();
        let mut rows = town.honest();
        for registrar in 0..2 {
            for _ in 0..more {
                rows.push(town.row(registrar, &card("p001"), "again"));
            }
        }
        let report = town.reported(&rows).audit(Extent::Whole);
        let of: Vec<u64> = report.registrars.iter().map(|of| of.crowded).collect();
        assert_eq!(of, [crowded; 2]);
        assert_eq!(report.exit(), exit, "{}", report.to_text());
    }
}

/// The registrars spoke of another card, or in another sitting.
#[test]
fn a_65_rejects_r4_04_what_nobody_signed_in_this_sitting() {
    for foreign in ["p002", "p003"] {
        finds(Fault::Heard, |town, rows| {
            rows[1] = town.row_with_keys_of(0, &card("p002"), &card(foreign), foreign == "p002");
        });
    }
}

/// A card signature that was made for registrar 1 is no evidence of registrar 0.
#[test]
fn evidence_of_another_registrar_is_found() {
    finds(Fault::OtherPlace, |town, rows| {
        let mut foreign = town.row(1, &card("p002"), "first");
        foreign.registrar = 0;
        rows[1] = foreign;
    });
}

#[test]
fn cards_of_another_authority_or_issued_too_late_are_found() {
    finds(Fault::Certificate, |town, rows| {
        rows[1] = town.row(0, &card("rogue-authority-1"), "first");
    });
    finds(Fault::CertificateLate, |town, rows| {
        rows[1] = town.row(0, &card("issued-after-opening-1"), "first");
    });
    finds(Fault::Certificate, |town, rows| {
        rows[1] = town.row(0, &card("expired-1"), "first");
    });
}

#[test]
fn a_23_a_phantom_made_of_a_real_voters_evidence_is_found() {
    finds(Fault::FirstTwice, |town, rows| {
        rows.push(town.row(0, &card("p001"), "first"));
    });
    // The same record sealed once more.
    finds(Fault::SignatureTwice, |_, rows| rows.push(rows[0].clone()));
    finds(Fault::AgainWithoutFirst, |town, rows| {
        rows.push(town.row(0, &card("p004"), "again"));
    });
}

#[test]
fn records_that_are_missing_or_sealed_to_others_are_found() {
    let mut town = Town::closed();
    let strangers = [*evidence::AuditorKey::generate(&mut rand::rng()).public(); 3];
    let auditors = town.auditors();
    let rows = town.honest();
    let mut filed: Vec<_> = rows.iter().map(|row| Filed::new(row, &auditors)).collect();
    filed[0] = Filed::new(&rows[0], &strangers);
    filed[1] = Filed::new(&rows[1], &auditors[..2]);
    filed[2].sealed = vec![1, 2, 3];
    let city = town.filed(&filed);
    let path = city.path("evidence-1").join(format!("{}.bin", city.day));
    let mut file = std::fs::read(&path).unwrap();
    let one = 4 + usize::try_from(u32::from_le_bytes(file[..4].try_into().unwrap())).unwrap();
    file.drain(..one);
    std::fs::write(&path, file).unwrap();
    let report = city.audit(Extent::Whole);
    let faults = |n: usize| {
        report.registrars[n]
            .faults
            .keys()
            .copied()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        faults(0),
        [Fault::NotOpened, Fault::OtherAuditors, Fault::Form]
            .into_iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .chain([Fault::AgainWithoutFirst])
            .collect::<Vec<_>>()
    );
    assert!(faults(1).contains(&Fault::Missing));
}

#[test]
fn records_that_were_never_reported_and_counts_that_differ_are_found() {
    let mut town = Town::closed();
    let rows = town.honest();
    let city = town.reported(&rows);
    let path = city.path("evidence-0").join(format!("{}.bin", city.day));
    let mut file = std::fs::read(&path).unwrap();
    file.extend_from_slice(&[2, 0, 0, 0, 1, 1]);
    std::fs::write(&path, file).unwrap();
    let report = city.audit(Extent::Whole);
    assert_eq!(report.registrars[0].unreported, 1);
    assert_eq!(report.exit(), Exit::CheckFailed);

    let mut town = Town::closed();
    let rows = town.honest();
    let auditors = town.auditors();
    // Reported as first ballots, all of them.
    let filed = rows.iter().map(|row| Filed {
        again: false,
        ..Filed::new(row, &auditors)
    });
    let city = town.filed(&filed.collect::<Vec<_>>());
    let report = city.audit(Extent::Whole);
    assert_eq!(report.registrars[0].miscounted, [city.day]);
    assert_eq!(report.exit(), Exit::CheckFailed);
}

/// Registrar 1 never saw the third person: a difference. With it only two persons stand behind three
/// counted ballots, and that is more than a difference.
#[test]
fn a_23_registrars_are_compared_person_by_person() {
    let mut town = Town::closed();
    let mut rows = town.honest();
    rows.push(town.row(0, &card("p004"), "first"));
    let report = town.reported(&rows).audit(Extent::Whole);
    let all = report.compared.unwrap();
    assert_eq!((all.with_all, all.with_some), (3, 1));
    assert_eq!(report.exit(), Exit::Findings, "{}", report.to_text());

    let mut town = Town::closed();
    let mut rows = town.honest();
    rows[6] = town.row(1, &card("p004"), "first");
    let report = town.reported(&rows).audit(Extent::Whole);
    let all = report.compared.unwrap();
    assert_eq!((all.with_all, all.with_some), (2, 2));
    assert!(report.is_exceeded());
    assert_eq!(report.exit(), Exit::CheckFailed);
}

#[test]
fn a_sample_is_the_same_for_everybody_and_says_so() {
    let mut town = Town::closed();
    let rows = town.honest();
    let city = town.reported(&rows);
    let report = city.audit(Extent::Sample(2));
    assert!(
        report
            .registrars
            .iter()
            .all(|of| of.drawn == 2 && of.proven == 2)
    );
    assert!(report.compared.is_none());
    assert_eq!(report.exit(), Exit::Ok, "{}", report.to_text());
    assert!(report.to_text().contains("抽出"));
}

#[test]
fn a_57_one_auditor_alone_opens_nothing_and_other_samples_do_not_fit() {
    let mut town = Town::closed();
    let rows = town.honest();
    let city = town.reported(&rows);
    let (record, vaults) = (city.record(), city.vaults());
    let of = |n: usize, extent| Audit {
        record: &record,
        vaults: &vaults,
        key: &city.town.keys[n],
        extent,
    };
    let cards = Cards::parse(&trust_json(), true).unwrap();
    let alone = audit::check(&of(1, Extent::Whole), &cards, &[]);
    assert!(matches!(alone, Err(AuditError::TooFew { needed: 2, .. })));
    // What 1 made for 2 is nothing to 3, nor to 1 again.
    let rng = &mut rand::rng();
    let for_two = audit::release(&of(0, Extent::Whole), 2, rng).unwrap();
    for n in [0, 2] {
        let other = audit::check(&of(n, Extent::Whole), &cards, &for_two);
        assert!(matches!(other, Err(AuditError::TooFew { .. })));
    }
    let sample = audit::check(&of(1, Extent::Sample(1)), &cards, &for_two);
    assert!(matches!(sample, Err(AuditError::OtherRecords(1))));
    for to in [0, 1, 4] {
        let made = audit::release(&of(0, Extent::Whole), to, rng);
        assert!(matches!(made, Err(AuditError::Reader)), "{to}");
    }
    let stranger = evidence::AuditorKey::generate(rng);
    let made = audit::release(
        &Audit {
            key: &stranger,
            ..of(0, Extent::Whole)
        },
        2,
        rng,
    );
    assert!(matches!(made, Err(AuditError::NoAuditor)));
}

#[test]
fn test_cards_prove_nothing_in_a_real_election() {
    let refused = Cards::parse(&trust_json(), false);
    assert!(matches!(refused, Err(CardsError::Policy)));
}

/// Neither lines nor JSON hold anything of a card.
#[test]
fn a_report_names_no_person() {
    let mut town = Town::closed();
    let mut rows = town.honest();
    rows[1].record.card_signature[0] ^= 1;
    let certificate = jpki::AuthCertificate::parse(&rows[1].record.certificate).unwrap();
    let serial = crypto::hash::to_hex(&certificate.issuer_and_serial());
    let secrets = [
        crypto::hash::to_hex(&rows[1].record.certificate[..40]),
        crypto::hash::to_hex(&rows[1].record.card_signature[..20]),
        serial[serial.len() - 16..].to_owned(),
    ];
    let report = town.reported(&rows).audit(Extent::Whole);
    let (text, json) = (report.to_text(), serde_json::to_string(&report).unwrap());
    for secret in secrets {
        assert!(!text.contains(&secret) && !json.contains(&secret));
    }
}
