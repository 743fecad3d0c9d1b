//! Everybody else in a practice: authority, officers, registrar, voters – all made up on the spot.

use super::board::LocalBoard;
use crate::{Board as _, Trustee};
use ::board::entry::{Act, ChannelCount, Entry, Evidence, OfficerAct, Setup};
use ::board::network::NetworkConfig;
use ::board::state::Election;
use anyhow::{Context as _, Result, bail};
use ballot::manifest::{
    Channel, ChannelHours, Contest, Eligibility, Entitled, Help, Officer, OptionItem, Registrar,
    TieKind, TieRule, Validator, Window, again_windows,
};
use ballot::text::Text;
use ballot::token::TokenMessage;
use ballot::{BallotRules, Draft, OwnCard};
use ballot::{Manifest, SealedManifest, Selection, Shape};
use ceremony::{Member, Roster};
use crypto::Hash;
use crypto::schnorr::{Signature, SigningKey};
use crypto::signed::{Signed, Statement as _};
use crypto::wire::TopLevel as _;
use host::clock::ManualClock;
use rand::RngExt as _;
use rsa::pss;
use rsa::sha2::Sha384;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use rsa::traits::PublicKeyParts as _;

const MINUTE: u64 = 60_000;
/// The name of network, election and municipality: nothing real is called so.
const NAME: &str = "practice-renshu";
const OPTIONS: u16 = 3;

fn text(ja: &str, en: &str) -> Text {
    Text::new(ja, en, ja)
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut b = [0; N];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut b);
    b
}

/// The one registrar's key for *first* tokens: RSASSA-PSS, SHA-384, a salt of 48 bytes. Nobody is
/// identified here, so nothing is blinded; the board cannot tell.
struct Issuer(pss::SigningKey<Sha384>);

impl Issuer {
    fn new() -> Result<Self> {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048)?;
        Ok(Self(pss::SigningKey::new_with_salt_len(key, 48)))
    }
    fn modulus(&self) -> Result<[u8; 256]> {
        let bytes = self.0.as_ref().n().to_bytes_be();
        bytes.try_into().ok().context("2048 bits")
    }
    fn sign(&self, message: &[u8]) -> Result<[u8; 256]> {
        let signature = self
            .0
            .try_sign_with_rng(&mut rsa::rand_core::OsRng, message)?;
        let bytes = signature.to_bytes();
        bytes.as_ref().try_into().context("2048 bits")
    }
}

/// A modulus that signs nothing: nobody votes again in a practice.
fn unused_modulus() -> [u8; 256] {
    let mut m = bytes();
    m[0] |= 0x80;
    m[255] |= 1;
    m
}

fn contest() -> Result<Contest> {
    let option = |i: u16| OptionItem {
        id: format!("P{i}"),
        number: i,
        title: text(&format!("練習の提案{i}"), &format!("practice proposal {i}")),
        proposer: Text::default(),
        summary: Text::default(),
    };
    Ok(Contest {
        id: "practice".to_owned(),
        title: text("練習の設問", "practice question"),
        shape: Shape::new(OPTIONS, 1, 1).context("three options")?,
        options: (1..=OPTIONS).map(option).collect(),
        blank: None,
    })
}

fn officer_list(keys: &[SigningKey]) -> Vec<Officer> {
    let officer = |(i, key): (usize, &SigningKey)| Officer {
        name: text(&format!("練習の担当者{i}"), "practice officer"),
        key: key.public(),
    };
    (1..).zip(keys).map(officer).collect()
}

pub(super) struct Counterparties {
    pub(super) board: LocalBoard,
    network: NetworkConfig,
    authority: SigningKey,
    officers: [SigningKey; 2],
    registrar: SigningKey,
    issuer: Issuer,
    setup: Signed<Setup>,
    election: Hash,
    rules: Option<BallotRules>,
    /// What was cast, by option.
    pub(super) cast: Vec<u64>,
}

impl Counterparties {
    pub(super) fn new(all: &[&Trustee], t: u16, now: u64, clock: &ManualClock) -> Result<Self> {
        let rng = &mut rand::rng();
        let authority = SigningKey::generate(rng);
        let validator = Validator {
            name: text("練習の検証ノード", "practice validator"),
            engine_key: bytes(),
            node_key: SigningKey::generate(rng).public(),
            origin: "https://practice.invalid".to_owned(),
            spki: bytes(),
            hpke: [9; 32],
        };
        let network = NetworkConfig::new(NAME, vec![validator], vec![authority.public()], now)?;
        let mut members = Vec::new();
        for trustee in all {
            let keys = trustee.folder.keys()?;
            members.push(Member {
                id: trustee.id,
                key: keys.signing.public(),
                hpke: keys.hpke_public,
            });
        }
        let officers = [SigningKey::generate(rng), SigningKey::generate(rng)];
        let setup = Setup {
            network: network.id(),
            id: NAME.to_owned(),
            authority: authority.public(),
            officers: officer_list(&officers),
            trustee_names: all.iter().map(|t| text(&t.names.0, &t.names.1)).collect(),
            roster: Roster::new(t, members)?,
        };
        Ok(Self {
            board: LocalBoard::new(&network, clock),
            setup: setup.signed(&authority, rng),
            network,
            authority,
            officers,
            registrar: SigningKey::generate(rng),
            issuer: Issuer::new()?,
            election: Hash::ZERO,
            rules: None,
            cast: vec![0; usize::from(OPTIONS)],
        })
    }
    async fn post(&mut self, entry: &[u8]) -> Result<()> {
        match self.board.post(entry).await? {
            None => Ok(()),
            Some(rule) => bail!("the practice's board refuses by rule {rule}"),
        }
    }
    pub(super) async fn set_up(&mut self) -> Result<()> {
        self.post(&self.setup.to_bytes()).await
    }
    /// Asks the board about the election.
    async fn with<T>(&mut self, what: impl FnOnce(&Election) -> Result<T>) -> Result<T> {
        let state = self.board.state().await?;
        what(state.election(&self.setup_hash()).context("set up")?)
    }
    fn setup_hash(&self) -> Hash {
        ::board::entry_hash(&self.setup.to_bytes())
    }
    fn registrar(&self) -> Result<Registrar> {
        Ok(Registrar {
            name: text("練習の登録所", "practice registrar"),
            origin: "https://registrar.practice.invalid".to_owned(),
            spki: bytes(),
            key: self.registrar.public(),
            first: self.issuer.modulus()?,
            again: vec![unused_modulus()],
            survey: unused_modulus(),
            salt_depth: ballot::salt::MIN_DEPTH,
            salt_root: bytes(),
        })
    }
    /// The manifest: open for an hour, in three minutes.
    pub(super) async fn manifest(&mut self) -> Result<Manifest> {
        let outcome = self.with(|e| Ok(e.ceremony().outcome()?)).await?;
        let opens = self.board.now() + 3 * MINUTE;
        let close_at = opens + 60 * MINUTE;
        Ok(Manifest {
            network: self.network.id(),
            setup: self.setup_hash(),
            id: NAME.to_owned(),
            practice: true,
            title: text("【練習】練習用の投票", "[PRACTICE] a vote to practise with"),
            municipality: text("練習市（架空）", "Practice City (fictional)"),
            help: Help {
                telephone: "000-000-0000".into(),
                hours: text("いつでも", "any time"),
            },
            eligibility: Eligibility {
                entitled: Entitled::AnyCard,
                words: text("練習する人", "whoever practises"),
                expected: 1_000,
            },
            bucket_bits: 0,
            contests: vec![contest()?],
            tie_rule: TieRule {
                kind: TieKind::Shared,
                words: text("すべて", "all of them"),
            },
            channels: vec![ChannelHours {
                kind: Channel::Home,
                name: text("自宅", "home"),
                place: Text::default(),
                windows: vec![Window {
                    opens,
                    closes: close_at,
                }],
            }],
            places: Vec::new(),
            again_windows: again_windows(opens, close_at),
            close_at,
            drain_ms: MINUTE,
            extend_limit: close_at,
            announce_at: close_at + 10 * MINUTE,
            min_counted: 1,
            trustees: self.setup.body.trustees(&outcome),
            registrars: vec![self.registrar()?],
            officers: self.setup.body.officers.clone(),
            authority: self.setup.body.authority,
            auditors: Vec::new(),
            validators: self.network.validators.clone(),
            epoch: 0,
            portal: "https://portal.practice.invalid".to_owned(),
            relays: Vec::new(),
            face_required: Vec::new(),
            survey: Vec::new(),
            notices: Vec::new(),
            releases: Vec::new(),
        })
    }
    pub(super) async fn seal(
        &mut self,
        manifest: Manifest,
        trustee_signatures: Vec<(u16, Signature)>,
    ) -> Result<()> {
        self.election = manifest.election_hash();
        self.rules = Some(BallotRules::new(&manifest));
        let authority_signature = manifest.sign(&self.authority, &mut rand::rng());
        let sealed = SealedManifest {
            manifest,
            authority_signature,
            trustee_signatures,
        };
        self.post(&Entry::Seal(Box::new(sealed)).encode()).await
    }
    async fn act(&mut self, act: Act) -> Result<()> {
        let [a, b] = &self.officers;
        let officers = [(0, a), (1, b)];
        let act = OfficerAct::signed(self.election, act, officers, &mut rand::rng());
        self.post(&act.to_bytes()).await
    }
    pub(super) async fn open(&mut self) -> Result<()> {
        let state = self.board.state().await?;
        let (height, head) = (state.tip().height, *state.digest());
        self.act(Act::Open {
            count: 0,
            height,
            head,
        })
        .await?;
        let opens = self
            .with(|e| Ok(e.manifest().context("sealed")?.opens_at()))
            .await?;
        self.board.pass(&[opens])
    }
    /// One made-up person votes.
    pub(super) async fn cast_one(&mut self) -> Result<()> {
        let rules = self.rules.as_ref().context("sealed")?;
        let rng = &mut rand::rng();
        let key = SigningKey::generate(rng);
        let choice = rng.random_range(0..OPTIONS);
        let shape = rules.keys().first().context("one contest")?.shape();
        let selection = Selection::new(shape, &[choice]).context("a valid choice")?;
        let message = TokenMessage::for_ballot(self.election, key.public(), (1, Hash::ZERO));
        let draft = Draft {
            key: &key,
            seq: 1,
            prev: Hash::ZERO,
            pictures: [1, 2],
            tokens: vec![self.issuer.sign(&message.to_bytes())?],
            // Nobody votes twice in a practice: any key does.
            card: OwnCard::first(vec![SigningKey::generate(rng).public()]),
        };
        let ballot = draft
            .seal(rules, &[selection], &bytes(), rng)
            .context("one contest")?;
        self.post(&ballot.to_bytes()).await?;
        if let Some(count) = self.cast.get_mut(usize::from(choice)) {
            *count += 1;
        }
        Ok(())
    }
    pub(super) async fn close(&mut self) -> Result<()> {
        let (close, drained) = self.with(|e| Ok((e.close_at(), e.drained_at()))).await?;
        self.board
            .pass(&[close - 1000, close, close + 30_000, drained])?;
        let day = self.with(|e| Ok(u32::try_from(e.close_day())?)).await?;
        let first = u32::try_from(self.cast.iter().sum::<u64>())?;
        let count = ChannelCount::unattended(Channel::Home, first, 0);
        // A practice has no cards: its leaves name no records.
        let leaf = |i: u32| {
            let mut leaf = [0; 32];
            leaf[..4].copy_from_slice(&i.to_be_bytes());
            leaf
        };
        let evidence = Evidence {
            election: self.election,
            registrar: 0,
            day,
            counts: vec![count],
            incidents: 0,
            part: 0,
            leaves: (0..first).map(leaf).collect(),
        };
        for part in evidence.divided() {
            let part = part.signed(&self.registrar, &mut rand::rng());
            self.post(&part.to_bytes()).await?;
        }
        Ok(())
    }
    pub(super) async fn announce(&mut self) -> Result<()> {
        let at = self
            .with(|e| Ok(e.manifest().context("sealed")?.announce_at))
            .await?;
        self.board.pass(&[at])?;
        self.act(Act::Announce).await
    }
    /// Posts the result and reads it from the board.
    pub(super) async fn result(&mut self) -> Result<Vec<u64>> {
        let result = self
            .with(|e| e.expected_result().context("t good shares"))
            .await?;
        self.post(&result.to_bytes()).await?;
        self.with(|e| {
            let result = e.result().context("the result")?;
            Ok(result.votes.iter().flatten().copied().collect())
        })
        .await
    }
}
