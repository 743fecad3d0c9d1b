//! A finished election whose registrars hold real evidence: cards of the test authority signed for it.

use api::hex::Hex;
use api::registrar::{Asked, Heard};
use audit::{Audit, Cards, Extent, PublicRecord, RecordFolder, Vault};
use ballot::card_text::{AuthText, origin_hash};
use ballot::manifest::Channel;
use ballot::own_card::certificate_hash;
use ballot::own_card::key_proof::Owner;
use ballot::own_card::registrar::{Nonce, PersonKey};
use ballot::own_card::statement::AuthStatement;
use board::entry::{ChannelCount, Entry, Evidence};
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use evidence::{AuditorKey, Record};
use rsa::pkcs1v15;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::election::{Lab, MINUTE, Options, fit_windows, places_of, save};
use vcard::persona::make::{Order, make};
use vcard::{PersonaKind, TestPki};

/// 2019-08-23 08:30 in Japan: after the test cards were issued.
pub const OPENS: u64 = 1_566_516_600_000;

/// A card as a registrar gets to know it.
pub struct Card {
    certificate: Vec<u8>,
    key: pkcs1v15::SigningKey<sha2_10::Sha256>,
}

/// The folder of test cards, made once and kept between runs.
fn cards() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("audit-cards-1");
    let dir = base.join("data");
    fs::create_dir_all(&base).unwrap();
    // Tests run in processes of their own: one makes the cards, the others wait.
    let lock = fs::File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    if !base.join("done").exists() {
        let photos = base.join("photos");
        fs::create_dir_all(&photos).unwrap();
        fs::write(photos.join("a.jp2"), b"a photo nobody looks at here").unwrap();
        let kinds = [
            PersonaKind::Expired,
            PersonaKind::IssuedAfterOpening,
            PersonaKind::RogueAuthority,
        ];
        make(&Order {
            data: dir.clone(),
            seed: 8,
            count: 4,
            opening_ms: OPENS,
            photo_dir: photos,
            extra: kinds
                .into_iter()
                .map(|k| (k, 1))
                .collect::<BTreeMap<_, _>>(),
            cache: Some(base.join("keys")),
        })
        .unwrap();
        fs::write(base.join("done"), b"").unwrap();
    }
    dir
}

pub fn card(id: &str) -> Card {
    let dir = cards().join("personas").join(id);
    let key = fs::read(dir.join("auth.p8")).unwrap();
    let key = rsa::RsaPrivateKey::from_pkcs8_der(&key).unwrap();
    Card {
        certificate: fs::read(dir.join("auth.der")).unwrap(),
        key: pkcs1v15::SigningKey::new(key),
    }
}

pub fn trust_json() -> String {
    let pki = TestPki::load(&cards().join("pki")).unwrap();
    pki.trust_json().unwrap()
}

/// What a registrar would seal.
#[derive(Clone)]
pub struct Row {
    pub registrar: u16,
    /// The day for which it is reported.
    pub day: u32,
    pub record: Record,
}

/// A sealed record as a registrar reports it.
pub struct Filed {
    pub registrar: u16,
    pub day: u32,
    pub again: bool,
    pub channel: Channel,
    pub sealed: Vec<u8>,
}

impl Filed {
    pub fn new(row: &Row, auditors: &[[u8; 32]]) -> Self {
        Self {
            registrar: row.registrar,
            day: row.day,
            again: row.record.kind == "again",
            channel: Channel::parse(&row.record.channel).unwrap_or(Channel::Home),
            sealed: evidence::seal(&row.record, auditors, &mut rand::rng()).unwrap(),
        }
    }
}

/// Where and when a card was used.
#[derive(Clone, Copy)]
pub struct Visit {
    pub day: u32,
    pub channel: Channel,
    pub window: u8,
    /// Whether its registrar said that there is a *first* token, and gave K.
    pub offered: (bool, bool),
}

/// An election that is closed and not reported yet.
pub struct Town {
    pub lab: Lab,
    pub keys: Vec<AuditorKey>,
    /// The visit of the next row.
    pub visit: Visit,
    nonces: u64,
    /// The registrar that says another person key than before.
    changed: Option<u16>,
    /// The certificate of which registrars speak, and whether in another session.
    other: Option<(Vec<u8>, bool)>,
}

/// A list of heard keys as it stands in a record.
pub fn written(heard: &[Heard]) -> Vec<u8> {
    let mut w = Writer::new();
    w.list(heard);
    w.finish()
}

impl Town {
    /// Voters 0, 1, 2 cast; voter 0 casts again. Two registrars, three auditors; home and a counter are
    /// open for a day and two hours.
    pub fn closed() -> Self {
        let mut lab = Lab::new(Options {
            opens: OPENS,
            registrars: 2,
            ..Options::small()
        });
        let keys: Vec<_> = (1..=3u8)
            .map(|n| AuditorKey::from_bytes(&[n; 32]).unwrap())
            .collect();
        lab.set_up();
        lab.run_ceremony();
        let mut manifest = lab.draft_manifest();
        manifest.auditors = keys.iter().map(|key| *key.public()).collect();
        manifest.face_required = vec![Channel::Home];
        let close_at = OPENS + 26 * 60 * MINUTE;
        manifest.channels[0].windows[0].closes = close_at;
        let mut counter = manifest.channels[0].clone();
        counter.kind = Channel::Counter;
        manifest.channels.push(counter);
        manifest.places = places_of(&manifest.channels);
        manifest.close_at = close_at;
        (manifest.extend_limit, manifest.announce_at) = (close_at, close_at);
        fit_windows(&mut manifest);
        lab.seal_as(manifest);
        lab.open_box();
        for voter in [0, 1, 2, 0] {
            lab.cast(voter, 1);
        }
        lab.close();
        let window = manifest_of(&lab).again_window_at(lab.close_at());
        let visit = Visit {
            day: lab.close_day(),
            channel: Channel::Home,
            window: window.unwrap(),
            offered: (true, true),
        };
        Self {
            lab,
            keys,
            visit,
            nonces: 0,
            changed: None,
            other: None,
        }
    }
    fn manifest(&self) -> &ballot::Manifest {
        manifest_of(&self.lab)
    }
    pub fn auditors(&self) -> Vec<[u8; 32]> {
        self.keys.iter().map(|key| *key.public()).collect()
    }
    /// What a registrar keeps of a request in this visit.
    pub fn row_at(&mut self, registrar: u16, card: &Card, kind: &str, visit: Visit) -> Row {
        let usual = std::mem::replace(&mut self.visit, visit);
        let row = self.row(registrar, card, kind);
        self.visit = usual;
        row
    }
    /// What a registrar keeps of an honest request with this card.
    pub fn row(&mut self, registrar: u16, card: &Card, kind: &str) -> Row {
        let own = &self.manifest().registrars[usize::from(registrar)];
        let origin = origin_hash(&own.origin);
        let (visit, rng) = (self.visit, &mut rand::rng());
        let window = if kind == "first" { 0 } else { visit.window };
        let day = visit.day;
        self.nonces += 1;
        let mut nonce = [7; 32];
        nonce[..8].copy_from_slice(&self.nonces.to_le_bytes());
        let session = SigningKey::generate(rng);
        let text = AuthText {
            election: self.lab.election,
            origin,
            nonce,
            session_key: session.public(),
            expiry_day: day,
        };
        let mut request = vec![9; 256];
        request[..8].copy_from_slice(&self.nonces.to_le_bytes());
        let heard = self.heard(&text, card, registrar);
        let asked = Asked {
            kind,
            window,
            blinded: &request,
            heard: &heard,
        };
        let message = api::registrar::token_message(&text.election, &origin, &nonce, &asked);
        let mut signature = Writer::new();
        session
            .sign(api::registrar::PURPOSE_TOKEN, &message, rng)
            .write(&mut signature);
        let auth_text = text.to_bytes();
        let record = Record {
            election: self.lab.election,
            kind: kind.to_owned(),
            channel: visit.channel.as_str().to_owned(),
            day,
            certificate: card.certificate.clone(),
            card_signature: card.key.sign(&auth_text).to_vec(),
            auth_text,
            face: "match".to_owned(),
            face_reason: String::new(),
            window,
            request,
            heard: written(&heard),
            request_signature: signature.finish(),
        };
        Row {
            registrar,
            day,
            record,
        }
    }
    /// What both registrars say and sign in this sitting.
    pub fn heard(&self, text: &AuthText, card: &Card, registrar: u16) -> Vec<Heard> {
        (0..2)
            .map(|other| {
                let mut nonce = text.nonce;
                nonce[31] ^= u8::from(other != registrar);
                let label: &[u8] = if self.changed == Some(other) {
                    b"changed"
                } else {
                    b"key"
                };
                self.said_by(text, card, (other, nonce), label)
            })
            .collect()
    }
    /// What registrar `other` says, with a person key made from `label`.
    pub fn said_by(
        &self,
        text: &AuthText,
        card: &Card,
        (other, nonce): (u16, [u8; 32]),
        label: &[u8],
    ) -> Heard {
        let (der, stale) = match &self.other {
            Some((der, stale)) => (der, *stale),
            None => (&card.certificate, false),
        };
        let certificate = certificate_hash(der);
        let nonce = nonce.map(|byte| if stale { !byte } else { byte });
        let secret = crypto::hash::hash("k", &[label, &other.to_le_bytes()]).0;
        let key = PersonKey::derive(&secret, &text.election, &certificate).unwrap();
        let rng = &mut rand::rng();
        let owner = Owner {
            election: &text.election,
            registrar: other,
            certificate: &certificate,
        };
        let statement = AuthStatement {
            election: text.election,
            registrar: other,
            nonce,
            session_key: text.session_key,
            certificate,
            salt: [3; 32],
            person_key: key.public(),
            proof: key.prove(&owner, rng).unwrap(),
            exists: self.visit.offered.0,
            card_nonce: self.visit.offered.1.then(|| Nonce::draw(rng).1),
        };
        let signer = &self.lab.parties.registrars[usize::from(other)];
        Heard {
            nonce: Hex(nonce),
            salt: Hex(statement.salt),
            person_key: Hex(statement.person_key),
            proof: Hex(statement.proof),
            exists: statement.exists,
            card_nonce: statement.card_nonce.map(Hex),
            signature: Hex(statement.sign(signer, rng)),
        }
    }
    /// A *first* row in which the registrars speak of another card, or (`stale`) for this card in
    /// another session; everything else is in order.
    pub fn row_with_keys_of(&mut self, registrar: u16, card: &Card, of: &Card, stale: bool) -> Row {
        self.other = Some((of.certificate.clone(), stale));
        let row = self.row(registrar, card, "first");
        self.other = None;
        row
    }
    /// The row of an honest request in which registrar `other` said another person key than before.
    pub fn row_with_changed_key(&mut self, registrar: u16, card: &Card, other: u16) -> Row {
        self.changed = Some(other);
        let row = self.row(registrar, card, "again");
        self.changed = None;
        row
    }
    /// Three persons with a credential of both registrars, the first with a further ballot.
    pub fn honest(&mut self) -> Vec<Row> {
        let mut rows = Vec::new();
        for registrar in 0..2 {
            for n in 1..=3 {
                let card = card(&format!("p{n:03}"));
                rows.push(self.row(registrar, &card, "first"));
            }
            let card = card("p001");
            rows.push(self.row(registrar, &card, "again"));
        }
        rows
    }
    /// The registrars seal, report and export these rows; the trustees count.
    pub fn reported(self, rows: &[Row]) -> City {
        let auditors = self.auditors();
        let filed: Vec<_> = rows.iter().map(|row| Filed::new(row, &auditors)).collect();
        self.filed(&filed)
    }
    /// The same with sealed records.
    pub fn filed(mut self, filed: &[Filed]) -> City {
        let folder = tempfile::tempdir().unwrap();
        let last = self.lab.close_day();
        for registrar in 0..2 {
            let dir = folder.path().join(format!("evidence-{registrar}"));
            fs::create_dir(&dir).unwrap();
            for day in [last - 1, last] {
                let of_day = |f: &&Filed| f.registrar == registrar && f.day == day;
                let own: Vec<&Filed> = filed.iter().filter(of_day).collect();
                self.report(registrar, day, &own);
                let mut file = Vec::new();
                for one in own {
                    let length = u32::try_from(one.sealed.len()).unwrap();
                    file.extend_from_slice(&length.to_le_bytes());
                    file.extend_from_slice(&one.sealed);
                }
                fs::write(dir.join(format!("{day}.bin")), file).unwrap();
            }
        }
        self.lab.advance_to(self.lab.now + 61 * MINUTE);
        self.lab.tally();
        save(&self.lab.record(), &folder.path().join("record"));
        City {
            town: self,
            folder,
            day: last,
        }
    }
    fn report(&mut self, registrar: u16, day: u32, own: &[&Filed]) {
        let leaf = |f: &&Filed| evidence::leaf(&self.lab.election, registrar, day, &f.sealed);
        let count = |channel: Channel| {
            let of = |again: bool| {
                let like = |f: &&&Filed| f.channel == channel && f.again == again;
                u32::try_from(own.iter().filter(like).count()).unwrap()
            };
            ChannelCount::unattended(channel, of(false), of(true))
        };
        let report = Evidence {
            election: self.lab.election,
            registrar,
            day,
            counts: [Channel::Home, Channel::Counter].map(count).to_vec(),
            incidents: 0,
            part: 0,
            leaves: own.iter().map(leaf).collect(),
        };
        let key = &self.lab.parties.registrars[usize::from(registrar)];
        let report = report.divided().remove(0).signed(key, &mut self.lab.rng);
        self.lab.post_one(&Entry::Evidence(Box::new(report)));
    }
}

fn manifest_of(lab: &Lab) -> &ballot::Manifest {
    &lab.manifest.as_ref().unwrap().manifest
}

/// A counted election with files for the auditors.
pub struct City {
    pub town: Town,
    pub folder: TempDir,
    pub day: u32,
}

impl City {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    pub fn record(&self) -> PublicRecord {
        let source = RecordFolder(self.path("record"));
        PublicRecord::read(&source, &self.town.lab.election, &mut rand::rng()).unwrap()
    }
    pub fn vaults(&self) -> Vec<Vault> {
        let open = |registrar| {
            let folder = self.path(&format!("evidence-{registrar}"));
            Vault::open(&folder, &self.town.lab.election, registrar).unwrap()
        };
        (0..2).map(open).collect()
    }
    /// Auditor 1 releases for auditor 2, who checks.
    pub fn audit(&self, extent: Extent) -> audit::Report {
        let (record, vaults) = (self.record(), self.vaults());
        let of = |n: usize| Audit {
            record: &record,
            vaults: &vaults,
            key: &self.town.keys[n],
            extent,
        };
        let partials = audit::release(&of(0), 2, &mut rand::rng()).unwrap();
        let cards = Cards::parse(&trust_json(), true).unwrap();
        audit::check(&of(1), &cards, &partials).unwrap()
    }
}
