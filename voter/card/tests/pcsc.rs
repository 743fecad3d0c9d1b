//! The card client over the real reader service.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ballot::card_text::{CardText, CredentialText};
use card::{
    CardError, CardSession, Content, LastTry, NumberB, PcscTransport, Pin, TransportError,
    card_present, readers, readers_with_card,
};
use crypto::Hash;
use vcard::card::fault::PlantedFault;
use vcard::control::Slot;
use vcard::pcsc_host::{Pcscd, in_private_namespace, vpcd};
use vcard::persona::{Listed, list};
use vcard::{PersonaKind, fixture};

struct Bench {
    dir: tempfile::TempDir,
    slot: Slot,
    _pcscd: Pcscd,
}

impl Bench {
    fn new(kinds: &[PersonaKind]) -> Self {
        let dir = tempfile::tempdir().expect("folder");
        fixture::make(dir.path(), kinds).expect("cards");
        let pcscd = Pcscd::start(&dir.path().join("host")).expect("pcscd");
        let slot = Slot::new(dir.path().join("personas"), vpcd());
        Self {
            dir,
            slot,
            _pcscd: pcscd,
        }
    }
    fn person(&self, id: &str) -> Listed {
        let all = list(self.dir.path()).expect("list");
        all.into_iter()
            .find(|one| one.persona.id == id)
            .expect("person")
    }
    fn insert(&mut self, id: &str) {
        self.slot.insert(id).expect("insert");
        wait(|| card_present() == Ok(true));
    }
}

fn wait(mut until: impl FnMut() -> bool) {
    let started = Instant::now();
    while !until() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "nothing happened in ten seconds"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn open() -> Result<CardSession<PcscTransport>, CardError> {
    CardSession::open(PcscTransport::connect()?)
}

fn text() -> CardText {
    CardText::Credential(CredentialText {
        election: Hash::ZERO,
    })
}

fn step(person: &Listed) -> Result<Vec<u8>, CardError> {
    let mut session = open()?;
    let surface = session.read_surface(&NumberB::parse(&person.persona.pin_b)?)?;
    assert!(surface.record.len() > 2000);
    session.sign_surface_nonce(&[1; 32])?;
    session.verify_pin(&Pin::parse(&person.persona.pin)?, LastTry::NotAgreed)?;
    let signature = session.sign(&text())?.to_vec();
    session.close();
    Ok(signature)
}

#[test]
fn real_whole_card_step() {
    if !in_private_namespace("real_whole_card_step").expect("namespace") {
        return;
    }
    let mut bench = Bench::new(&[PersonaKind::PhoneToken, PersonaKind::Foreign]);
    assert_eq!(card_present(), Ok(false));
    assert_eq!(open().map(|_| ()), Err(CardError::NoCard));
    bench.insert("p001");
    let person = bench.person("p001");
    let started = Instant::now();
    let first = step(&person).expect("step");
    let took = started.elapsed();
    assert_eq!(step(&person).expect("again"), first);
    assert!(took < Duration::from_secs(5), "{took:?}");
    let status = bench.slot.status();
    assert!(status.contains("my-number 0"), "{status}");
    let words: Vec<&str> = status.split(' ').collect();
    let commands: u32 = words[3].parse().expect("number");
    assert!(commands <= 80, "{commands} commands for two steps");
    let der = std::fs::read(bench.dir.path().join(&person.certificate)).expect("certificate");
    let certificate = jpki::AuthCertificate::parse(&der).expect("certificate");
    certificate
        .check_signature(&text().to_bytes(), &first)
        .expect("signature");
    bench.insert("p002");
    assert_ne!(step(&bench.person("p002")).expect("other card"), first);
    bench.insert("phone-token-1");
    assert_eq!(open().map(|_| ()), Err(CardError::PhoneToken));
    bench.insert("foreign-1");
    assert_eq!(open().map(|_| ()), Err(CardError::WrongCard));
}

#[test]
fn real_removal_sharing_and_no_service() {
    if !in_private_namespace("real_removal_sharing_and_no_service").expect("namespace") {
        return;
    }
    assert_eq!(card_present(), Err(TransportError::Service));
    assert_eq!(open().map(|_| ()), Err(CardError::Service));
    let mut bench = Bench::new(&[]);
    bench.insert("p001");
    let person = bench.person("p001");
    // Pulled out in the middle of the step: first by the card, then by hand.
    for command in [5, 12, 20] {
        bench.slot.fault(PlantedFault::RemoveAt(command));
        assert_eq!(step(&person), Err(CardError::Removed), "command {command}");
        bench.insert("p001");
    }
    let mut session = open().expect("session");
    bench.slot.remove();
    assert_eq!(session.pin_tries(), Err(CardError::Removed));
    bench.insert("p001");
    // The old handle is dead, a new one works.
    assert_eq!(session.pin_tries(), Err(CardError::Removed));
    session.close();
    step(&person).expect("new session");
    // Held by another program for longer than three seconds, then for one.
    let holder = open().expect("first");
    let started = Instant::now();
    assert_eq!(open().map(|_| ()), Err(CardError::Shared));
    assert!(started.elapsed() >= Duration::from_secs(3));
    let let_go = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&let_go);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(1));
        flag.store(true, Ordering::SeqCst);
        holder.close();
    });
    open().expect("second");
    assert!(let_go.load(Ordering::SeqCst));
    thread.join().expect("thread");
}

#[test]
fn real_pin_does_not_stay_open_for_the_next_program() {
    if !in_private_namespace("real_pin_does_not_stay_open_for_the_next_program").expect("namespace")
    {
        return;
    }
    let mut bench = Bench::new(&[]);
    bench.insert("p001");
    let person = bench.person("p001");
    let mut session = open().expect("session");
    session
        .verify_pin(
            &Pin::parse(&person.persona.pin).expect("pin"),
            LastTry::NotAgreed,
        )
        .expect("right");
    session.sign(&text()).expect("signature");
    drop(session);
    let mut next = PcscTransport::connect().expect("next program");
    let mut send = |command: &[u8]| card::Transport::transmit(&mut next, command).expect("answer");
    send(&[&[0, 0xA4, 4, 0x0C, 10][..], &vcard::card::files::JPKI].concat());
    send(&[0, 0xA4, 2, 0x0C, 2, 0, 0x17]);
    let answer = send(&[0x80, 0x2A, 0, 0x80, 3, 1, 2, 3, 0]);
    assert_eq!(answer.as_slice(), [0x69, 0x82]);
}

/// The virtual reader has two slots, which the service lists as two readers.
#[test]
fn real_two_readers_are_told_apart() {
    if !in_private_namespace("real_two_readers_are_told_apart").expect("namespace") {
        return;
    }
    let mut bench = Bench::new(&[PersonaKind::Foreign]);
    bench.insert("foreign-1");
    let mut address = vpcd();
    address.set_port(address.port() + 1);
    let mut second = Slot::new(bench.dir.path().join("personas"), address);
    second.insert("p001").expect("insert");
    wait(|| readers_with_card().is_ok_and(|all| all.len() == 2));
    let opened: Vec<_> = readers_with_card()
        .expect("readers")
        .into_iter()
        .map(|reader| CardSession::open(PcscTransport::connect_to(reader)?).map(|_| ()))
        .collect();
    assert_eq!(opened, [Err(CardError::WrongCard), Ok(())]);
    // While one program has the card, another sees that it is in use.
    let all = readers_with_card().expect("readers");
    let held = PcscTransport::connect_to(all[1].clone()).expect("held");
    wait(|| readers().is_ok_and(|now| now[1].content == Content::InUse));
    drop(held);
    second.remove();
    wait(|| readers().is_ok_and(|now| now[1].content == Content::Empty));
}
