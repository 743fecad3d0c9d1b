//! Everybody's keys, the manifest, and the key ceremony.

use super::{IssuerKey, Kind as ContestKind, Lab, MINUTE, Options, issuer_keys};
use ballot::BallotRules;
use ballot::manifest::{
    Channel, ChannelHours, Contest, Eligibility, Entitled, Help, Officer, OptionItem, Place,
    Registrar, TieKind, TieRule, Validator, Window, again_windows,
};
use ballot::text::Text;
use ballot::token::{Kind, TokenMessage};
use ballot::{Manifest, SealedManifest, Shape};
use board::NetworkConfig;
use board::entry::{CeremonyEntry, Entry, Setup};
use ceremony::trustee::{self, KeyShare, Verdict};
use ceremony::{HpkeSecret, Member, Message, Outcome, Roster};
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;

/// Keys of every party.
#[derive(Debug)]
pub struct Parties {
    /// The network.
    pub network: NetworkConfig,
    /// Engine keys in committee order.
    pub validators: Vec<ed25519_dalek::SigningKey>,
    /// Node keys in committee order.
    pub nodes: Vec<SigningKey>,
    /// Hand-overs so far.
    pub epoch: u64,
    /// The authority.
    pub authority: SigningKey,
    /// Officers.
    pub officers: Vec<SigningKey>,
    /// Trustees' signing keys.
    pub trustees: Vec<SigningKey>,
    /// Trustees' HPKE keys.
    pub boxes: Vec<HpkeSecret>,
    /// Who takes part in the ceremony.
    pub roster: Roster,
    /// Trustees' shares, after the ceremony.
    pub shares: Vec<KeyShare>,
    /// Registrars' signing keys.
    pub registrars: Vec<SigningKey>,
    /// First, again, survey of each registrar.
    pub issuers: Vec<IssuerKey>,
}

fn name(kind: &str, i: usize) -> Text {
    Text::new(
        &format!("{kind}{i}"),
        &format!("{kind} {i}"),
        &format!("{kind}{i}"),
    )
}

/// A validator and its node key.
pub(super) fn validator(
    i: usize,
    key: &ed25519_dalek::SigningKey,
    rng: &mut ChaCha20Rng,
) -> (Validator, SigningKey) {
    let node = SigningKey::generate(rng);
    let validator = Validator {
        name: name("検証者", i + 1),
        engine_key: key.verifying_key().to_bytes(),
        node_key: node.public(),
        origin: format!("https://node{}.example", i + 1),
        spki: [u8::try_from(i).expect("few"); 32],
        hpke: crypto::x25519::public(&[u8::try_from(i).expect("few"); 32]),
    };
    (validator, node)
}

impl Parties {
    pub(super) fn new(o: &Options, rng: &mut ChaCha20Rng) -> Self {
        let mut validators: Vec<_> = (1..=o.validators)
            .map(|i| ed25519_dalek::SigningKey::from_bytes(&[i; 32]))
            .collect();
        validators.sort_by_key(|k| k.verifying_key().to_bytes());
        let (entries, nodes) = validators
            .iter()
            .enumerate()
            .map(|(i, k)| validator(i, k, rng))
            .unzip();
        let mut keys =
            |n: usize| -> Vec<SigningKey> { (0..n).map(|_| SigningKey::generate(rng)).collect() };
        let authority = keys(1).remove(0);
        let genesis = o.opens - 60 * MINUTE;
        let authorities = vec![authority.public()];
        let network = NetworkConfig::new("test network", entries, authorities, genesis)
            .expect("different keys");
        let (officers, trustees) = (keys(3), keys(usize::from(o.n)));
        let registrars = keys(o.registrars);
        let pairs: Vec<_> = (0..o.n).map(|_| HpkeSecret::generate(rng)).collect();
        let members = (1u16..)
            .zip(trustees.iter().zip(&pairs))
            .map(|(id, (k, b))| Member {
                id,
                key: k.public(),
                hpke: b.1,
            });
        let roster = Roster::new(o.t, members.collect()).expect("a sound roster");
        Self {
            network,
            validators,
            nodes,
            epoch: 0,
            authority,
            officers,
            trustees,
            boxes: pairs.into_iter().map(|b| b.0).collect(),
            roster,
            shares: Vec::new(),
            registrars,
            issuers: issuer_keys(),
        }
    }
    /// The issuer key of a registrar for one kind of token.
    #[must_use]
    pub fn issuer(&self, registrar: usize, kind: Kind) -> &IssuerKey {
        let of_kind = match kind {
            Kind::First => 0,
            Kind::Again => 1,
            Kind::Survey => 2,
        };
        &self.issuers[3 * registrar + of_kind]
    }
    /// The issuer key of a registrar for tokens of this kind in this window; there are two.
    #[must_use]
    pub fn issuer_in(&self, registrar: usize, kind: Kind, window: u8) -> &IssuerKey {
        match (kind, window) {
            (Kind::Again, 1) => &self.issuers[6 + registrar],
            (Kind::Again, 2..) => panic!("no test issuer has a key for window {window}"),
            _ => self.issuer(registrar, kind),
        }
    }
    /// One token of each registrar for this ballot, in this window.
    #[must_use]
    pub fn tokens(
        &self,
        election: Hash,
        vk: Point,
        place: (u32, Hash),
        window: u8,
    ) -> Vec<[u8; 256]> {
        let message = TokenMessage::for_ballot(election, vk, place);
        let bytes = message.to_bytes();
        (0..self.registrars.len())
            .map(|r| self.issuer_in(r, message.kind(), window).sign(&bytes))
            .collect()
    }
    /// The officers as manifest and setup list them.
    #[must_use]
    pub fn officer_list(&self) -> Vec<Officer> {
        let list = self.officers.iter().enumerate();
        list.map(|(i, k)| Officer {
            name: name("担当者", i + 1),
            key: k.public(),
        })
        .collect()
    }
    fn trustee_names(&self) -> Vec<Text> {
        (1..=self.trustees.len())
            .map(|i| name("開票管理者", i))
            .collect()
    }
    /// An unsealed setup.
    #[must_use]
    pub fn setup(&self) -> Setup {
        Setup {
            network: self.network.id(),
            id: "test-election".to_owned(),
            authority: self.authority.public(),
            officers: self.officer_list(),
            trustee_names: self.trustee_names(),
            roster: self.roster.clone(),
        }
    }
    fn registrar_list(&self) -> Vec<Registrar> {
        let list = self.registrars.iter().enumerate();
        list.map(|(i, k)| Registrar {
            name: name("登録機関", i + 1),
            origin: format!("https://registrar{}.example", i + 1),
            spki: [100 + u8::try_from(i).expect("few"); 32],
            key: k.public(),
            first: self.issuer(i, Kind::First).modulus,
            again: (0..2)
                .map(|window| self.issuer_in(i, Kind::Again, window).modulus)
                .collect(),
            survey: self.issuer(i, Kind::Survey).modulus,
            salt_depth: ballot::salt::MIN_DEPTH,
            salt_root: [120 + u8::try_from(i).expect("few"); 32],
        })
        .collect()
    }
    /// The manifest after the ceremony.
    #[must_use]
    pub fn manifest(&self, setup: Hash, outcome: &Outcome, o: &Options) -> Manifest {
        let close_at = o.opens + 120 * MINUTE;
        let (help, eligibility, tie_rule) = told();
        Manifest {
            network: self.network.id(),
            setup,
            id: "test-election".into(),
            practice: true,
            title: name("投票", 1),
            municipality: name("市", 1),
            help,
            eligibility,
            bucket_bits: 0,
            contests: contests(o),
            tie_rule,
            channels: vec![ChannelHours {
                kind: Channel::Home,
                name: name("自宅", 1),
                place: Text::default(),
                windows: vec![Window {
                    opens: o.opens,
                    closes: close_at,
                }],
            }],
            places: Vec::new(),
            again_windows: vec![o.opens, o.opens + 60 * MINUTE],
            close_at,
            drain_ms: MINUTE,
            extend_limit: close_at + 60 * MINUTE,
            announce_at: close_at + 30 * MINUTE,
            min_counted: o.min_counted,
            trustees: self.setup().trustees(outcome),
            registrars: self.registrar_list(),
            officers: self.officer_list(),
            authority: self.authority.public(),
            auditors: vec![[3; 32]],
            validators: self.network.validators.clone(),
            epoch: 0,
            portal: "https://portal.example".into(),
            relays: vec![],
            face_required: vec![],
            survey: vec![],
            notices: vec![],
            releases: vec![],
        }
    }
    /// Signs a manifest with authority and t trustees.
    pub fn seal(&self, manifest: Manifest, rng: &mut ChaCha20Rng) -> SealedManifest {
        let authority_signature = manifest.sign(&self.authority, rng);
        let t = usize::from(self.roster.t());
        let trustee_signatures = (1u16..)
            .zip(self.trustees.iter().take(t))
            .map(|(id, k)| (id, manifest.sign(k, rng)))
            .collect();
        SealedManifest {
            manifest,
            authority_signature,
            trustee_signatures,
        }
    }
}

/// What a test manifest tells voters: whom to ask, who may vote, what decides a tie.
#[must_use]
pub fn told() -> (Help, Eligibility, TieRule) {
    let help = Help {
        telephone: "000-000-0000".into(),
        hours: name("いつでも", 1),
    };
    let eligibility = Eligibility {
        entitled: Entitled::AnyCard,
        words: name("だれでも", 1),
        expected: 1_000,
    };
    let tie_rule = TieRule {
        kind: TieKind::Shared,
        words: name("すべて", 1),
    };
    (help, eligibility, tie_rule)
}

/// Windows of the *again* keys for the hours and the extension limit this manifest now has: as many as it takes. Registrars
/// keep the moduli they have; those of further windows are numbers that sign nothing.
pub fn fit_windows(manifest: &mut Manifest) {
    let windows = again_windows(manifest.opens_at(), manifest.extend_limit);
    for (i, registrar) in (0u8..).zip(&mut manifest.registrars) {
        let filler = |w: usize| {
            let mut modulus = [0xfb; 256];
            modulus[1..4].copy_from_slice(&[i, u8::try_from(w).expect("few windows"), 0]);
            modulus
        };
        let held = registrar.again.len();
        registrar.again.truncate(windows.len());
        registrar.again.extend((held..windows.len()).map(filler));
    }
    manifest.again_windows = windows;
}

/// One room for every counter and venue, open as long as its channel.
#[must_use]
pub fn places_of(channels: &[ChannelHours]) -> Vec<Place> {
    let rooms = channels.iter().filter(|c| c.kind != Channel::Home);
    rooms
        .map(|c| Place {
            id: format!("{}-1", c.kind.as_str()),
            channel: c.kind,
            name: name("部屋", 1),
            address: name("住所", 1),
            windows: c.windows.clone(),
        })
        .collect()
}

fn item(i: u16) -> OptionItem {
    OptionItem {
        id: format!("P{i:02}"),
        // Two digits do for a hundred options: the last one has the number 0.
        number: i % 100,
        title: name("提案", usize::from(i)),
        proposer: Text::default(),
        summary: Text::default(),
    }
}

fn contests(o: &Options) -> Vec<Contest> {
    let first = ContestKind {
        options: o.options,
        k_min: 1,
        k_max: 1,
        blank: None,
    };
    let kinds = std::iter::once(&first).chain(o.more);
    let contest = |(i, k): (usize, &ContestKind)| Contest {
        id: format!("c{i}"),
        title: name("設問", i),
        shape: Shape::new(k.options, k.k_min, k.k_max).expect("a valid shape"),
        options: (1..=k.options).map(item).collect(),
        blank: k.blank,
    };
    (1..).zip(kinds).map(contest).collect()
}

impl Lab {
    /// Posts the setup.
    pub fn set_up(&mut self) {
        let setup = self
            .parties
            .setup()
            .signed(&self.parties.authority, &mut self.rng);
        let entry = Entry::Setup(Box::new(setup));
        self.setup = board::entry_hash(&entry.encode());
        self.post_one(&entry);
    }
    /// A signed ceremony message.
    pub fn ceremony_entry(&mut self, id: u16, message: Message) -> Entry {
        let key = &self.parties.trustees[usize::from(id) - 1];
        let entry = CeremonyEntry {
            setup: self.setup,
            trustee: id,
            message,
        };
        Entry::Ceremony(Box::new(entry.signed(key, &mut self.rng)))
    }
    fn say(&mut self, messages: Vec<Message>) {
        let entries: Vec<Vec<u8>> = (1u16..)
            .zip(messages)
            .map(|(id, m)| self.ceremony_entry(id, m).encode())
            .collect();
        self.post(&entries);
    }
    /// Runs all five rounds.
    pub fn run_ceremony(&mut self) {
        let ids = 1..=self.options.n;
        let c = self.on_board().ceremony().clone();
        let (states, messages): (Vec<_>, Vec<_>) = ids
            .map(|id| trustee::commit(&c, id, &mut self.rng).expect("on the roster"))
            .unzip();
        self.say(messages);
        let (states, messages): (Vec<_>, Vec<_>) =
            states.into_iter().map(trustee::Committed::reveal).unzip();
        self.say(messages);
        let c = self.on_board().ceremony().clone();
        let dealt = states
            .into_iter()
            .map(|s| s.deal(&c, &mut self.rng).expect("good keys"));
        let (states, messages): (Vec<_>, Vec<_>) = dealt.unzip();
        self.say(messages);
        let c = self.on_board().ceremony().clone();
        let checked = states.into_iter().zip(&self.parties.boxes);
        let confirmed: Vec<_> = checked
            .map(|(s, key)| match s.check(&c, key).expect("round 4") {
                Verdict::Good(confirmed) => confirmed,
                Verdict::Complaints(..) => panic!("an honest share does not fit"),
            })
            .collect();
        self.say(vec![Message::Confirm; usize::from(self.options.n)]);
        let c = self.on_board().ceremony().clone();
        let keys = &self.parties.trustees;
        let signed = confirmed.into_iter().zip(keys);
        let (shares, messages): (Vec<_>, Vec<_>) = signed
            .map(|(s, key)| s.sign(&c, key, &mut self.rng).expect("good keys"))
            .unzip();
        self.parties.shares = shares;
        self.say(messages);
    }
    /// The manifest this election would be sealed with.
    #[must_use]
    pub fn draft_manifest(&self) -> Manifest {
        let outcome = self
            .on_board()
            .ceremony()
            .outcome()
            .expect("a finished ceremony");
        self.parties.manifest(self.setup, &outcome, &self.options)
    }
    /// Seals and posts the manifest.
    pub fn seal(&mut self) {
        self.seal_as(self.draft_manifest());
    }
    /// Seals and posts this manifest.
    pub fn seal_as(&mut self, manifest: Manifest) {
        let sealed = self.parties.seal(manifest, &mut self.rng);
        self.election = sealed.manifest.election_hash();
        self.rules = Some(Arc::new(BallotRules::new(&sealed.manifest)));
        self.manifest = Some(sealed.clone());
        self.post_one(&Entry::Seal(Box::new(sealed)));
    }
}
