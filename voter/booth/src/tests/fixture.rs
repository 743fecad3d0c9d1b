//! An election for tests: the demonstration's proposals under keys made here.

use ballot::contest::Shape;
use ballot::manifest::{
    AnswerOption, Channel, ChannelHours, Contest, Manifest, Officer, OptionItem, Question,
    QuestionKind, Registrar, SealedManifest, Trustee, Trustees, Validator, Window, again_windows,
};
use ballot::text::Text;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use serde_json::Value;
use testkit::election::{places_of, told};

use crate::election_context::ElectionContext;
use crate::trust::Trust;

/// The election with the secret keys behind it.
pub(crate) struct Fixture {
    pub(crate) sealed: SealedManifest,
    pub(crate) authority: SigningKey,
    pub(crate) trustees: Vec<SigningKey>,
    pub(crate) trust: Trust,
}

fn fresh() -> SigningKey {
    SigningKey::generate(&mut UnwrapErr(SysRng))
}

fn text(value: &Value, name: &str) -> Text {
    let of = |lang: &str| {
        let found = value
            .get(format!("{name}_{lang}"))
            .or_else(|| value.get(lang));
        found.and_then(Value::as_str).map(str::to_owned)
    };
    let ja = of("ja").unwrap_or_default();
    Text {
        en: of("en").unwrap_or_else(|| ja.clone()),
        plain: of("plain").unwrap_or_else(|| ja.clone()),
        ja,
    }
}

fn same(s: &str) -> Text {
    Text::new(s, s, s)
}

fn options(content: &Value) -> Vec<OptionItem> {
    let all = content["proposals"].as_array().unwrap();
    let option = |p: &Value| OptionItem {
        id: p["id"].as_str().unwrap().to_owned(),
        number: u16::try_from(p["no"].as_u64().unwrap()).unwrap(),
        title: text(p, "title"),
        proposer: same(p["proposer"].as_str().unwrap()),
        summary: text(p, "summary"),
    };
    all.iter().map(option).collect()
}

fn survey(content: &Value) -> Vec<Question> {
    let all = content["survey"].as_array().unwrap();
    let question = |q: &Value| Question {
        id: q["id"].as_str().unwrap().to_owned(),
        text: text(q, "text"),
        kind: match q["type"].as_str().unwrap() {
            "single" => QuestionKind::Single,
            "multi" => QuestionKind::Multi,
            _ => QuestionKind::Text,
        },
        required: q["required"].as_bool().unwrap(),
        options: q["options"]
            .as_array()
            .map(|o| {
                o.iter()
                    .map(|o| AnswerOption {
                        value: o["value"].as_str().unwrap().to_owned(),
                        text: text(o, "text"),
                    })
                    .collect()
            })
            .unwrap_or_default(),
        max_chars: 200,
    };
    all.iter().map(question).collect()
}

fn channels() -> Vec<ChannelHours> {
    let names = [
        (Channel::Home, "自宅などのパソコン", "自宅など"),
        (Channel::Counter, "期日前投票所", "市役所本庁舎1階"),
        (
            Channel::Venue,
            "最終審査会場",
            "市役所本庁舎2階 201会議室前",
        ),
    ];
    let opens = 1_800_574_200_000;
    let window = Window {
        opens,
        closes: opens + 459_000_000,
    };
    names
        .into_iter()
        .map(|(kind, name, place)| ChannelHours {
            kind,
            name: same(name),
            place: same(place),
            windows: vec![window],
        })
        .collect()
}

fn contest(content: &Value) -> Contest {
    let options = options(content);
    Contest {
        id: "c".into(),
        title: same("提案"),
        shape: Shape::new(u16::try_from(options.len()).unwrap(), 1, 1).unwrap(),
        options,
        blank: None,
    }
}

fn registrar() -> Registrar {
    Registrar {
        name: same("登録"),
        origin: "https://127.0.0.1:1".into(),
        spki: [1; 32],
        key: fresh().public(),
        first: [0xc1; 256],
        again: (0..22)
            .map(|w| [if w == 0 { 0xc3 } else { 0x81 + 2 * w }; 256])
            .collect(),
        survey: [0xc5; 256],
        salt_depth: 16,
        salt_root: [0xc7; 32],
    }
}

fn validator() -> Validator {
    Validator {
        name: same("検証"),
        engine_key: [2; 32],
        node_key: fresh().public(),
        origin: "https://127.0.0.1:2".into(),
        spki: [3; 32],
        hpke: [9; 32],
    }
}

/// A manifest whose parties are nowhere.
fn manifest(authority: &SigningKey, trustees: &[SigningKey]) -> Manifest {
    let content: Value =
        serde_json::from_str(include_str!("../../../../data/demo/election.json")).unwrap();
    let officer = |n: &str| Officer {
        name: same(n),
        key: fresh().public(),
    };
    let members = (1u16..).zip(trustees).map(|(id, key)| Trustee {
        id,
        name: same("立会人"),
        key: key.public(),
        verification: fresh().public(),
    });
    let close_at = 1_800_574_200_000 + 459_000_000;
    let (help, eligibility, tie_rule) = told();
    Manifest {
        network: [4; 32],
        setup: Hash([5; 64]),
        id: "test".into(),
        practice: true,
        title: text(&content, "title"),
        municipality: text(&content["municipality"], "name"),
        help,
        eligibility,
        bucket_bits: 0,
        contests: vec![contest(&content)],
        tie_rule,
        channels: channels(),
        places: places_of(&channels()),
        again_windows: again_windows(1_800_574_200_000, close_at + 3_600_000),
        close_at,
        drain_ms: 60_000,
        extend_limit: close_at + 3_600_000,
        announce_at: close_at + 1_800_000,
        min_counted: 1,
        trustees: Trustees {
            t: 2,
            members: members.collect(),
            joint: fresh().public(),
            ceremony_root: Hash([6; 64]),
        },
        registrars: vec![registrar()],
        officers: vec![officer("甲"), officer("乙")],
        authority: authority.public(),
        auditors: vec![[7; 32]],
        validators: vec![validator()],
        epoch: 0,
        portal: "http://127.0.0.1:3".into(),
        relays: Vec::new(),
        face_required: vec![Channel::Home],
        survey: survey(&content),
        notices: Vec::new(),
        releases: Vec::new(),
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let authority = fresh();
        let trustees = vec![fresh(), fresh(), fresh()];
        let trust = Trust {
            authority: authority.public(),
            network: [4; 32],
            validators: vec![[2; 32]],
            minimum_booth: "0.1.0".parse().unwrap(),
            practice: true,
        };
        let manifest = manifest(&authority, &trustees);
        let sealed = Self::seal(manifest, &authority, &trustees[..2]);
        Self {
            sealed,
            authority,
            trustees,
            trust,
        }
    }

    /// Signs a manifest with these keys, the trustees being the first ones.
    pub(crate) fn seal(
        manifest: Manifest,
        authority: &SigningKey,
        trustees: &[SigningKey],
    ) -> SealedManifest {
        let hash = manifest.election_hash();
        let sign = |key: &SigningKey| {
            let purpose = ballot::manifest::MANIFEST_PURPOSE;
            key.sign(purpose, hash.as_bytes(), &mut UnwrapErr(SysRng))
        };
        SealedManifest {
            manifest,
            authority_signature: sign(authority),
            trustee_signatures: (1u16..).zip(trustees.iter().map(sign)).collect(),
        }
    }

    pub(crate) fn hash(&self) -> Hash {
        self.sealed.manifest.election_hash()
    }

    pub(crate) fn place(&self) -> ElectionContext {
        ElectionContext {
            manifest: std::sync::Arc::new(self.sealed.manifest.clone()),
            election: self.hash(),
            portal: self.sealed.manifest.portal.clone(),
            channel: Channel::Home,
            station: None,
            clock: host::clock::ManualClock::new(1_800_600_000_000).wall(),
            clock_error: None,
        }
    }
}
