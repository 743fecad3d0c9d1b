//! A real election on a cluster: ceremony, manifest, opening, and ballots with real tokens and
//! proofs. Only the registrar is a bare RSA key here.

use crate::cluster::Node;
use ballot::blind::{self, Blinding, PublicKey};
use ballot::contest::{Selection, Shape};
use ballot::manifest::{
    Channel, ChannelHours, Contest, MANIFEST_PURPOSE, Manifest, Officer, OptionItem, Registrar,
    Relay, SealedManifest, Trustee, Trustees, Window,
};
use ballot::own_card::Place;
use ballot::text::Text;
use ballot::token::{Kind, TokenMessage};
use ballot::{BallotRules, Draft, Opening, Side};
use board::entry::{Act, CeremonyEntry, Entry, OfficerAct, Setup};
use board::header::Header;
use board::network::NetworkConfig;
use ceremony::trustee::{self, Verdict};
use ceremony::{Ceremony, HpkeSecret, Member, Message, Roster};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use testkit::election::{card_step, fit_windows, places_of, told};

/// Windows and limits of a test election (ms).
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// First opening.
    pub opens: u64,
    /// Close.
    pub close: u64,
    /// Drain.
    pub drain: u64,
}

/// An open election.
pub struct Election {
    /// Rules of its ballots.
    pub rules: BallotRules,
    /// Its hash.
    pub hash: Hash,
    /// Its manifest.
    pub manifest: Manifest,
    /// The same, sealed, as a portal gives it.
    pub sealed: Vec<u8>,
    issuers: Issuers,
    officers: Vec<SigningKey>,
}

/// Keys for first, again and survey tokens.
type Issuers = [RsaPrivateKey; 3];

fn modulus(issuer: &RsaPrivateKey) -> [u8; 256] {
    issuer.n().to_bytes_be().try_into().unwrap()
}

/// The authority that every network of these tests lists.
pub fn authority() -> SigningKey {
    SigningKey::generate(&mut ChaCha20Rng::seed_from_u64(0x6175_7468))
}

struct Cast {
    network: NetworkConfig,
    authority: SigningKey,
    officers: Vec<SigningKey>,
    trustees: Vec<(SigningKey, (HpkeSecret, [u8; 32]))>,
    issuers: Issuers,
    rng: ChaCha20Rng,
}

fn text(s: &str) -> Text {
    Text::new(s, s, s)
}

async fn put(node: &Node, entry: &[u8]) {
    let (status, body) = node.post(entry).await.expect("the node answers");
    assert!(matches!(status, 200 | 202), "{status} {body:?}");
    assert!(node.receipt(entry, 30).await.is_some(), "no receipt");
}

/// At home, all the time.
fn home(times: Times) -> ChannelHours {
    ChannelHours {
        kind: Channel::Home,
        name: text("家"),
        place: text("家"),
        windows: vec![Window {
            opens: times.opens,
            closes: times.close,
        }],
    }
}

impl Cast {
    fn new(network: NetworkConfig, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let trustees = (0..3)
            .map(|_| {
                (
                    SigningKey::generate(&mut rng),
                    HpkeSecret::generate(&mut rng),
                )
            })
            .collect();
        Self {
            network,
            authority: authority(),
            officers: (0..2).map(|_| SigningKey::generate(&mut rng)).collect(),
            trustees,
            issuers: std::array::from_fn(|_| {
                RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap()
            }),
            rng,
        }
    }

    fn officers(&self) -> Vec<Officer> {
        self.officers
            .iter()
            .map(|k| Officer {
                name: text("職員"),
                key: k.public(),
            })
            .collect()
    }

    async fn set_up(&mut self, node: &Node) -> Hash {
        let members = (1u16..)
            .zip(&self.trustees)
            .map(|(id, (k, b))| Member {
                id,
                key: k.public(),
                hpke: b.1,
            })
            .collect();
        let names = self.trustees.iter().map(|_| text("立会人")).collect();
        let roster = Roster::new(2, members).unwrap();
        let (id, key) = (self.network.id(), self.authority.public());
        let setup = Setup {
            network: id,
            id: "test".to_owned(),
            authority: key,
            officers: self.officers(),
            trustee_names: names,
            roster,
        }
        .signed(&self.authority, &mut self.rng)
        .to_bytes();
        put(node, &setup).await;
        crypto::hash::entry_hash(&setup)
    }

    /// All rounds; each round's messages are final before the next begins.
    async fn ceremony(&mut self, node: &Node, setup: Hash) -> Ceremony {
        let members = (1u16..)
            .zip(&self.trustees)
            .map(|(id, (k, b))| Member {
                id,
                key: k.public(),
                hpke: b.1,
            })
            .collect();
        let mut c = Ceremony::new(setup, Roster::new(2, members).unwrap());
        let (mut committed, mut revealed, mut shared, mut confirmed) =
            (vec![], vec![], vec![], vec![]);
        let (mut messages, at) = (vec![], c.clone());
        for id in 1..=3 {
            let (s, m) = trustee::commit(&at, id, &mut self.rng).unwrap();
            committed.push(s);
            messages.push(m);
        }
        self.round(node, &mut c, std::mem::take(&mut messages))
            .await;
        for s in committed {
            let (s, m) = s.reveal();
            revealed.push(s);
            messages.push(m);
        }
        self.round(node, &mut c, std::mem::take(&mut messages))
            .await;
        let at = c.clone();
        for s in revealed {
            let (s, m) = s.deal(&at, &mut self.rng).unwrap();
            shared.push(s);
            messages.push(m);
        }
        self.round(node, &mut c, std::mem::take(&mut messages))
            .await;
        for (s, (_, (key, _))) in shared.into_iter().zip(&self.trustees) {
            let Verdict::Good(s) = s.check(&c, key).unwrap() else {
                unreachable!("all are honest")
            };
            confirmed.push(s);
            messages.push(Message::Confirm);
        }
        self.round(node, &mut c, std::mem::take(&mut messages))
            .await;
        for (s, (key, _)) in confirmed.into_iter().zip(&self.trustees) {
            messages.push(s.sign(&c, key, &mut self.rng).unwrap().1);
        }
        self.round(node, &mut c, messages).await;
        c
    }

    async fn round(&mut self, node: &Node, c: &mut Ceremony, messages: Vec<Message>) {
        for (id, m) in (1u16..).zip(messages) {
            c.apply(id, &m).unwrap();
            let key = self.trustees[usize::from(id) - 1].0.clone();
            let entry = CeremonyEntry {
                setup: *c.setup(),
                trustee: id,
                message: m,
            }
            .signed(&key, &mut self.rng);
            put(node, &entry.to_bytes()).await;
        }
    }

    fn registrar(&mut self) -> Registrar {
        let [first, again, survey] = self.issuers.each_ref().map(modulus);
        Registrar {
            name: text("登録"),
            origin: "https://127.0.0.1:1".into(),
            spki: [1; 32],
            key: SigningKey::generate(&mut self.rng).public(),
            first,
            again: vec![again],
            survey,
            salt_depth: 16,
            salt_root: [2; 32],
        }
    }

    fn manifest(
        &mut self,
        setup: Hash,
        c: &Ceremony,
        times: Times,
        channels: Vec<ChannelHours>,
    ) -> Manifest {
        let outcome = c.outcome().unwrap();
        let members = (1u16..)
            .zip(self.trustees.iter().zip(&outcome.verification))
            .map(|(id, ((k, _), v))| Trustee {
                id,
                name: text("立会人"),
                key: k.public(),
                verification: *v,
            })
            .collect();
        let option = |i: u16| OptionItem {
            id: format!("P{i:02}"),
            number: i,
            title: text(&format!("提案{i}")),
            proposer: text("提案者"),
            summary: text("あらまし"),
        };
        let (help, eligibility, tie_rule) = told();
        Manifest {
            network: self.network.id(),
            setup,
            id: "test".into(),
            practice: true,
            title: text("試験"),
            municipality: text("ひばり野市"),
            help,
            eligibility,
            bucket_bits: 0,
            contests: vec![Contest {
                id: "c".into(),
                title: text("提案を一つ"),
                shape: Shape::new(11, 1, 1).unwrap(),
                options: (1..=11).map(option).collect(),
                blank: None,
            }],
            tie_rule,
            places: places_of(&channels),
            channels,
            again_windows: Vec::new(),
            close_at: times.close,
            drain_ms: times.drain,
            extend_limit: times.close,
            announce_at: times.close,
            min_counted: 1,
            trustees: Trustees {
                t: 2,
                members,
                joint: outcome.joint,
                ceremony_root: outcome.root,
            },
            registrars: vec![self.registrar()],
            officers: self.officers(),
            authority: self.authority.public(),
            auditors: vec![[7; 32]],
            validators: self.network.validators.clone(),
            epoch: 0,
            portal: "http://127.0.0.1:1".into(),
            relays: vec![],
            face_required: vec![],
            survey: vec![],
            notices: vec![],
            releases: vec![],
        }
    }

    fn seal(&mut self, manifest: Manifest) -> SealedManifest {
        let hash = manifest.election_hash();
        let authority_signature =
            self.authority
                .sign(MANIFEST_PURPOSE, hash.as_bytes(), &mut self.rng);
        let trustee_signatures = (1u16..)
            .zip(&self.trustees)
            .map(|(id, (k, _))| (id, k.sign(MANIFEST_PURPOSE, hash.as_bytes(), &mut self.rng)))
            .collect();
        SealedManifest {
            manifest,
            authority_signature,
            trustee_signatures,
        }
    }

    async fn open(&mut self, node: &Node, election: Hash) {
        let (_, body) = node.get("/v1/head").await.unwrap();
        let head = api::node::Head::from_bytes(&body).unwrap();
        let header = Header::from_bytes(&head.header).unwrap();
        let act = Act::Open {
            count: 0,
            height: header.height,
            head: header.digest(),
        };
        let mut sign =
            |i: usize| OfficerAct::sign(&election, &act, &self.officers[i], &mut self.rng);
        let signatures = [(0, sign(0)), (1, sign(1))];
        let entry = OfficerAct {
            election,
            act: act.clone(),
            signatures,
        };
        put(node, &entry.to_bytes()).await;
    }
}

impl Election {
    /// Brings an election on the board of these nodes and opens it.
    pub async fn open(network: &NetworkConfig, node: &Node, seed: u64, times: Times) -> Self {
        Self::open_with(network, node, seed, times, vec![home(times)]).await
    }

    /// The same with these hours, of which the first opening and the last close are `times`.
    pub async fn open_with(
        network: &NetworkConfig,
        node: &Node,
        seed: u64,
        times: Times,
        channels: Vec<ChannelHours>,
    ) -> Self {
        let way = (channels, Vec::new());
        Self::open_over(network, node, seed, times, way).await
    }

    /// The same, at any time of the home channel, with these relays in the manifest.
    pub async fn open_through(
        network: &NetworkConfig,
        node: &Node,
        seed: u64,
        times: Times,
        relays: Vec<Relay>,
    ) -> Self {
        let way = (vec![home(times)], relays);
        Self::open_over(network, node, seed, times, way).await
    }

    async fn open_over(
        network: &NetworkConfig,
        node: &Node,
        seed: u64,
        times: Times,
        (channels, relays): (Vec<ChannelHours>, Vec<Relay>),
    ) -> Self {
        let mut cast = Cast::new(network.clone(), seed);
        let setup = cast.set_up(node).await;
        let ceremony = cast.ceremony(node, setup).await;
        let mut manifest = cast.manifest(setup, &ceremony, times, channels);
        fit_windows(&mut manifest);
        manifest.relays = relays;
        let rules = BallotRules::new(&manifest);
        let hash = manifest.election_hash();
        let sealed = cast.seal(manifest.clone());
        let bytes = sealed.to_bytes();
        put(node, &Entry::Seal(Box::new(sealed)).encode()).await;
        cast.open(node, hash).await;
        Self {
            rules,
            hash,
            manifest,
            sealed: bytes,
            issuers: cast.issuers,
            officers: cast.officers,
        }
    }

    /// An act of its officers.
    pub fn act(&self, act: &Act) -> Vec<u8> {
        let sign =
            |i: usize| OfficerAct::sign(&self.hash, act, &self.officers[i], &mut rand::rng());
        let signatures = [(0, sign(0)), (1, sign(1))];
        let entry = OfficerAct {
            election: self.hash,
            act: act.clone(),
            signatures,
        };
        entry.to_bytes()
    }

    fn token(&self, message: &TokenMessage) -> [u8; 256] {
        let [first, again, survey] = &self.issuers;
        let issuer = match message.kind() {
            Kind::First => first,
            Kind::Again => again,
            Kind::Survey => survey,
        };
        let key = PublicKey::from_modulus(&modulus(issuer)).unwrap();
        let blinding = Blinding::fresh(&key, &[3; 64], "test", Kind::First).unwrap();
        let bytes = message.to_bytes();
        let blinded = blind::blind(&key, &bytes, &blinding).unwrap();
        let signed = BigUint::from_bytes_be(&blinded).modpow(issuer.d(), issuer.n());
        let mut out = [0u8; 256];
        let be = signed.to_bytes_be();
        out[256 - be.len()..].copy_from_slice(&be);
        blind::finalize(&key, &bytes, &out, &blinding).unwrap()
    }

    /// The right to one answer to the survey: tokens for this serial.
    pub fn survey_token(&self, serial: [u8; 32]) -> [u8; 256] {
        let message = TokenMessage::Survey {
            election: self.hash,
            serial,
        };
        self.token(&message)
    }

    /// The voting key of voter number `n`.
    pub fn voter(&self, n: u64) -> SigningKey {
        SigningKey::generate(&mut ChaCha20Rng::seed_from_u64(0x766f_7465_0000 + n))
    }

    /// A ballot of voter `n` for option `choice`.
    pub fn ballot(&self, n: u64, choice: u16, seq: u32, prev: Hash) -> Vec<u8> {
        let mut seed = [0u8; 32];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut seed);
        self.ballot_from(n, choice, (seq, prev), &seed)
    }

    /// The same from a chosen seed.
    pub fn ballot_from(
        &self,
        n: u64,
        choice: u16,
        (seq, prev): (u32, Hash),
        seed: &[u8; 32],
    ) -> Vec<u8> {
        let key = self.voter(n);
        let message = TokenMessage::for_ballot(self.hash, key.public(), (seq, prev));
        let tokens = vec![self.token(&message)];
        let vk = key.public();
        let place = Place {
            election: &self.hash,
            vk: &vk,
            seq,
            prev: &prev,
            window: 0,
            tokens: &tokens,
        };
        let card = card_step(&place, &vk, &mut rand::rng());
        let draft = Draft {
            key: &key,
            seq,
            prev,
            pictures: [1, 15],
            tokens,
            card,
        };
        let selection = Selection::new(self.rules.keys()[0].shape(), &[choice]).unwrap();
        draft
            .seal(&self.rules, &[selection], seed, &mut rand::rng())
            .unwrap()
            .to_bytes()
    }

    /// One side of the ballot with this entry hash, which was made for `choice` from `seed`.
    pub fn opening(&self, ballot: Hash, choice: u16, seed: &[u8; 32], side: Side) -> Vec<u8> {
        let selection = Selection::new(self.rules.keys()[0].shape(), &[choice]).unwrap();
        Opening::make(&self.rules, ballot, &[selection], seed, side).to_bytes()
    }
}
