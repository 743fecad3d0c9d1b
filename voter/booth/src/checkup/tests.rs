use refusal::ErrorCode;

use super::*;

/// A machine on which everything is as it should be.
pub(crate) fn good() -> Checkup {
    Checkup {
        reach: Some(Reach {
            answered: 4,
            of: 4,
            now: Some(1_000),
            here: 1_000,
        }),
        clock_error: None,
        storage: true,
        reader: ReaderLook {
            readers: Ok(vec![reader(Content::Empty), reader(Content::Card)]),
            card: Ok(CardLook {
                pin_tries: 3,
                number_tries: 10,
                until: Some(u64::MAX),
                test_card: false,
            }),
        },
        face: Some(true),
        cameras: Some(vec![camera(CameraState::Good)]),
        now: 1_000,
    }
}

fn reader(content: Content) -> Reader {
    Reader {
        name: "Reader 1".to_owned(),
        content,
    }
}

fn camera(state: CameraState) -> Camera {
    Camera {
        name: "Camera 1".to_owned(),
        state,
    }
}

fn codes(checkup: &Checkup) -> Vec<ErrorCode> {
    checkup.rows().iter().filter_map(|row| row.code).collect()
}

#[test]
fn a_machine_that_is_ready_has_no_fault() {
    assert_eq!(good().mark(), Mark::Good);
    assert!(codes(&good()).is_empty());
    let said = |subject| good().rows().iter().any(|row| row.subject == subject);
    for subject in [
        "network",
        "clock",
        "storage",
        "reader",
        "card",
        "certificate",
        "pin",
        "number",
        "face",
        "camera",
    ] {
        assert!(said(subject), "{subject}");
    }
}

/// Every answer of the reader service has its own words.
#[test]
fn each_fault_of_the_readers_is_told_by_its_own_code() {
    for (fault, code) in [
        (Fault::ReaderService, ErrorCode::ReaderService),
        (Fault::ReaderAccess, ErrorCode::ReaderAccess),
        (Fault::NoReader, ErrorCode::NoReader),
    ] {
        let mut checkup = good();
        checkup.reader.readers = Err(fault.clone());
        checkup.reader.card = Err(fault);
        // Once: what is missing is not said of the card again.
        assert_eq!(codes(&checkup), [code]);
        assert_eq!(checkup.mark(), Mark::Bad);
    }
    for (fault, code) in [
        (Fault::NoCard, ErrorCode::NoCard),
        (Fault::WrongCard, ErrorCode::WrongCard),
        (Fault::PhoneToken, ErrorCode::PhoneToken),
        (Fault::NoCertificate, ErrorCode::NoCertificate),
    ] {
        let mut checkup = good();
        checkup.reader.card = Err(fault);
        assert_eq!(codes(&checkup), [code]);
    }
    let mut used = good();
    used.reader.readers = Ok(vec![reader(Content::InUse)]);
    assert_eq!(codes(&used), [ErrorCode::ReaderShared]);
}

#[test]
fn tries_and_dates_are_told_before_they_are_over() {
    let with = |change: fn(&mut CardLook)| {
        let mut checkup = good();
        if let Ok(card) = &mut checkup.reader.card {
            change(card);
        }
        (checkup.mark(), codes(&checkup))
    };
    assert_eq!(with(|card| card.pin_tries = 1), (Mark::Care, vec![]));
    assert_eq!(
        with(|card| card.pin_tries = 0),
        (Mark::Bad, vec![ErrorCode::PinLocked])
    );
    assert_eq!(
        with(|card| card.number_tries = 0),
        (Mark::Bad, vec![ErrorCode::SurfaceLocked])
    );
    assert_eq!(
        with(|card| card.until = Some(1_000)),
        (Mark::Bad, vec![ErrorCode::CertificateExpired])
    );
    assert_eq!(with(|card| card.until = Some(1_001)), (Mark::Care, vec![]));
    assert_eq!(with(|card| card.test_card = true), (Mark::Care, vec![]));
}

/// A broken second camera keeps nobody from voting.
#[test]
fn one_camera_that_works_is_enough() {
    let with = |states: &[CameraState]| {
        let cameras = states.iter().map(|state| camera(*state)).collect();
        let cameras = Some(cameras);
        Checkup { cameras, ..good() }.mark()
    };
    assert_eq!(with(&[CameraState::Busy, CameraState::Good]), Mark::Care);
    assert_eq!(with(&[CameraState::Busy, CameraState::Dark]), Mark::Bad);
    assert_eq!(with(&[CameraState::Forbidden]), Mark::Bad);
    assert_eq!(with(&[]), Mark::Bad);
}
