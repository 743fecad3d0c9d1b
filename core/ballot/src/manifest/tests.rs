use super::*;
use crate::contest::Shape;
use crypto::schnorr::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

pub(crate) struct Cast {
    pub(crate) manifest: Manifest,
    pub(crate) authority: SigningKey,
    pub(crate) trustees: Vec<SigningKey>,
    pub(crate) rng: ChaCha20Rng,
}

fn text(s: &str) -> Text {
    Text::new(s, s, s)
}

/// Three different numbers that could be moduli.
const MODULI: [[u8; 256]; 3] = [[0x81; 256], [0x83; 256], [0x85; 256]];

/// A small consistent manifest with one registrar with moduli for first, again and survey.
#[expect(
    clippy::too_many_lines,
    reason = "one literal with every field of a manifest"
)]
pub(crate) fn cast(options: u16, [first, again, survey]: [[u8; 256]; 3]) -> Cast {
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let authority = SigningKey::generate(&mut rng);
    let trustees: Vec<_> = (0..3).map(|_| SigningKey::generate(&mut rng)).collect();
    let mut key = || SigningKey::generate(&mut rng).public();
    let option = |i: u16| OptionItem {
        id: format!("P{i:02}"),
        number: i,
        title: text(&format!("題{i}")),
        proposer: text("提"),
        summary: text("要"),
    };
    let officers = vec![
        Officer {
            name: text("甲"),
            key: key(),
        },
        Officer {
            name: text("乙"),
            key: key(),
        },
    ];
    let registrar = Registrar {
        name: text("登"),
        origin: "https://127.0.0.1:1".into(),
        spki: [1; 32],
        key: key(),
        first,
        again: vec![again],
        survey,
        salt_depth: 16,
        salt_root: [8; 32],
    };
    let validator = Validator {
        name: text("検"),
        engine_key: [2; 32],
        node_key: key(),
        origin: "https://127.0.0.1:2".into(),
        spki: [3; 32],
        hpke: [9; 32],
    };
    let members = (1u16..)
        .zip(&trustees)
        .map(|(id, t)| Trustee {
            id,
            name: text("信"),
            key: t.public(),
            verification: key(),
        })
        .collect();
    let manifest = Manifest {
        network: [4; 32],
        setup: Hash([5; 64]),
        id: "test".into(),
        practice: true,
        title: text("選"),
        municipality: text("市"),
        help: Help {
            telephone: "000-000-0000".into(),
            hours: text("いつでも"),
        },
        eligibility: Eligibility {
            entitled: Entitled::AnyCard,
            words: text("だれでも"),
            expected: 1_000,
        },
        bucket_bits: 0,
        contests: vec![Contest {
            id: "c".into(),
            title: text("問"),
            shape: Shape::new(options, 1, 1).unwrap(),
            options: (1..=options).map(option).collect(),
            blank: None,
        }],
        tie_rule: TieRule {
            kind: TieKind::Shared,
            words: text("すべて"),
        },
        channels: vec![ChannelHours {
            kind: Channel::Home,
            name: text("家"),
            place: text("家"),
            windows: vec![Window {
                opens: 1000,
                closes: 2000,
            }],
        }],
        places: Vec::new(),
        again_windows: vec![1000],
        close_at: 2000,
        drain_ms: 20_000,
        extend_limit: 3000,
        announce_at: 2500,
        min_counted: 1,
        trustees: Trustees {
            t: 2,
            members,
            joint: key(),
            ceremony_root: Hash([6; 64]),
        },
        registrars: vec![registrar],
        officers,
        authority: authority.public(),
        auditors: vec![[7; 32]],
        validators: vec![validator],
        epoch: 0,
        portal: "http://127.0.0.1:3".into(),
        relays: Vec::new(),
        face_required: vec![Channel::Home],
        survey: vec![Question {
            id: "Q1".into(),
            text: text("問"),
            kind: QuestionKind::Single,
            required: true,
            options: vec![AnswerOption {
                value: "a".into(),
                text: text("答"),
            }],
            max_chars: 0,
        }],
        notices: vec![Notice {
            key: "result_policy".into(),
            text: text("規"),
        }],
        releases: vec![Release {
            version: "1".into(),
            platform: "linux".into(),
            size: 9,
            sha256: [8; 32],
        }],
    };
    Cast {
        manifest,
        authority,
        trustees,
        rng,
    }
}

impl Cast {
    fn seal(&mut self, signers: &[u16]) -> SealedManifest {
        let hash = self.manifest.election_hash();
        let sign =
            |k: &SigningKey, rng: &mut ChaCha20Rng| k.sign(MANIFEST_PURPOSE, hash.as_bytes(), rng);
        SealedManifest {
            manifest: self.manifest.clone(),
            authority_signature: sign(&self.authority, &mut self.rng),
            trustee_signatures: signers
                .iter()
                .map(|i| (*i, sign(&self.trustees[usize::from(*i) - 1], &mut self.rng)))
                .collect(),
        }
    }
}

#[test]
fn a_sealed_manifest_travels_and_verifies() {
    let mut c = cast(11, MODULI);
    let sealed = c.seal(&[1, 3]);
    let bytes = sealed.to_bytes();
    assert_eq!(SealedManifest::from_bytes(&bytes), Ok(sealed.clone()));
    let hash = sealed.check().unwrap();
    assert_eq!(sealed.check_is(&hash), Ok(()));
    assert_eq!(sealed.check_is(&Hash::ZERO), Err(ManifestError::Hash));
    assert_eq!(Manifest::from_bytes(&c.manifest.to_bytes()), Ok(c.manifest));
}

#[test]
fn rejects_r1_02_bytes_cut_or_extended_anywhere() {
    let bytes = cast(3, MODULI).manifest.to_bytes();
    for n in 0..bytes.len() {
        assert!(Manifest::from_bytes(&bytes[..n]).is_err(), "{n}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    let error = Manifest::from_bytes(&longer)
        .map_err(ManifestError::from)
        .unwrap_err();
    assert_eq!(error.rule().to_string(), "R1.02");
}

#[test]
fn rejects_r1_03_thresholds_without_majority_and_ids_out_of_order() {
    for t in [0, 1, 4] {
        let mut m = cast(3, MODULI).manifest;
        m.trustees.t = t;
        assert_eq!(m.check(), Err(ManifestError::Trustees), "{t}");
    }
    let mut m = cast(3, MODULI).manifest;
    m.trustees.members.swap(0, 1);
    assert_eq!(m.check(), Err(ManifestError::Trustees));
}

#[test]
fn rejects_r1_04_windows_that_overlap_or_end_after_the_close() {
    let w = |opens, closes| Window { opens, closes };
    for windows in [
        vec![w(1000, 1000)],
        vec![w(1000, 2001)],
        vec![w(1000, 1500), w(1400, 2000)],
        vec![w(1500, 2000), w(1000, 1400)],
    ] {
        let mut m = cast(3, MODULI).manifest;
        m.channels[0].windows.clone_from(&windows);
        assert_eq!(m.check(), Err(ManifestError::Windows), "{windows:?}");
    }
    let mut m = cast(3, MODULI).manifest;
    m.channels[0].windows = vec![w(1000, 1500), w(1500, 2000)];
    assert_eq!(m.check(), Ok(()));
}

#[test]
fn rejects_r1_05_missing_parties_and_one_officer_twice() {
    let base = cast(3, MODULI).manifest;
    let mut one = base.clone();
    one.officers.pop();
    let mut twice = base.clone();
    twice.officers[1].key = twice.officers[0].key;
    let mut nobody = base.clone();
    nobody.registrars.clear();
    let mut empty = base.clone();
    empty.contests.clear();
    let mut board = base;
    board.validators.clear();
    for m in [one, twice, nobody, empty, board] {
        assert_eq!(m.check(), Err(ManifestError::Parties));
    }
}

#[test]
fn rejects_r1_05_an_auditor_to_whom_nothing_can_be_sealed() {
    let mut m = cast(3, MODULI).manifest;
    m.auditors.push([9; 32]);
    assert_eq!(m.check(), Ok(()));
    m.auditors[1] = [0; 32];
    assert_eq!(m.check(), Err(ManifestError::Parties));
    m.auditors[1] = [0xff; 32];
    assert_eq!(m.check(), Err(ManifestError::Parties));
}

#[test]
fn rejects_r1_05_a_gateway_to_which_nothing_can_be_sealed() {
    let mut m = cast(3, MODULI).manifest;
    m.validators[0].hpke = [0; 32];
    assert_eq!(m.check(), Err(ManifestError::Parties));
    m.validators[0].hpke = [0xff; 32];
    assert_eq!(m.check(), Err(ManifestError::Parties));
}

/// Another registrar and validator that share nothing with the first.
fn second(m: &Manifest) -> (Registrar, Validator) {
    let (mut r, mut v) = (m.registrars[0].clone(), m.validators[0].clone());
    r.key = m.trustees.joint;
    r.spki = [51; 32];
    r.origin = "https://127.0.0.1:51".into();
    (r.first, r.again, r.survey) = ([0x87; 256], vec![[0x89; 256]], [0x8b; 256]);
    v.engine_key = [52; 32];
    v.node_key = m.trustees.joint;
    v.hpke = [53; 32];
    (r, v)
}

#[test]
fn rejects_r1_05_issuer_keys_twice_even_or_short() {
    let base = cast(3, MODULI).manifest;
    let mut two = base.clone();
    let (registrar, _) = second(&base);
    two.registrars.push(registrar);
    assert_eq!(two.check(), Ok(()));
    type Change = fn(&mut Manifest);
    let changes: [Change; 6] = [
        |m| m.registrars[0].again[0] = m.registrars[0].first,
        |m| m.registrars[0].survey = m.registrars[0].first,
        |m| m.registrars[1].first = m.registrars[0].first,
        |m| m.registrars[1].survey = m.registrars[0].again[0],
        |m| m.registrars[1].first[255] &= 0xfe,
        |m| m.registrars[0].survey[0] = 0x7f,
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut m = two.clone();
        change(&mut m);
        assert_eq!(m.check(), Err(ManifestError::Parties), "{i}");
    }
}

#[test]
fn rejects_r1_05_two_bodies_with_one_key() {
    let mut two = cast(3, MODULI).manifest;
    let (registrar, validator) = second(&two);
    two.registrars.push(registrar);
    two.validators.push(validator);
    assert_eq!(two.check(), Ok(()));
    type Change = fn(&mut Manifest);
    let changes: [Change; 6] = [
        |m| m.registrars[1].key = m.registrars[0].key,
        |m| m.registrars[1].spki = m.registrars[0].spki,
        |m| m.registrars[1].origin = m.registrars[0].origin.clone(),
        |m| m.validators[1].engine_key = m.validators[0].engine_key,
        |m| m.validators[1].node_key = m.validators[0].node_key,
        |m| m.validators[1].hpke = m.validators[0].hpke,
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut m = two.clone();
        change(&mut m);
        assert_eq!(m.check(), Err(ManifestError::Parties), "{i}");
    }
}

#[test]
fn rejects_r1_06_times_out_of_order() {
    for (announce, limit) in [(1999, 3000), (2500, 1999)] {
        let mut m = cast(3, MODULI).manifest;
        m.announce_at = announce;
        m.extend_limit = limit;
        assert_eq!(m.check(), Err(ManifestError::Times));
    }
}

#[test]
fn rejects_r1_07_r1_08_missing_and_wrong_signatures() {
    let mut c = cast(3, MODULI);
    let good = c.seal(&[1, 2]);
    let mut s = good.clone();
    s.manifest.practice = false;
    assert_eq!(s.check(), Err(ManifestError::AuthoritySignature));
    for signers in [&[1u16][..], &[2, 1], &[1, 1]] {
        assert_eq!(
            c.seal(signers).check(),
            Err(ManifestError::TrusteeSignatures),
            "{signers:?}"
        );
    }
    let mut s = good.clone();
    s.trustee_signatures[0].0 = 4;
    assert_eq!(s.check(), Err(ManifestError::TrusteeSignatures));
    let mut s = good;
    s.trustee_signatures[1].1 = s.trustee_signatures[0].1;
    assert_eq!(s.check(), Err(ManifestError::TrusteeSignatures));
}

#[test]
fn rejects_r1_09_another_election() {
    let mut c = cast(3, MODULI);
    let sealed = c.seal(&[1, 2, 3]);
    let error = sealed.check_is(&Hash([1; 64])).unwrap_err();
    assert_eq!(error.rule().to_string(), "R1.09");
}

#[test]
fn a_27_texts_and_order_are_part_of_the_hash() {
    let base = cast(3, MODULI).manifest;
    let mut other = base.clone();
    other.contests[0].options.swap(0, 1);
    assert_ne!(base.election_hash(), other.election_hash());
    let mut other = base.clone();
    other.contests[0].options[2].title.en.push('.');
    assert_ne!(base.election_hash(), other.election_hash());
}

#[test]
fn a_50_rejects_r1_10_practice_where_a_real_election_is_meant() {
    let mut c = cast(3, MODULI);
    for practice in [true, false] {
        c.manifest.practice = practice;
        let sealed = c.seal(&[1, 2]);
        assert_eq!(sealed.manifest.check_practice(practice), Ok(()));
        let error = sealed.manifest.check_practice(!practice).unwrap_err();
        assert_eq!(error.rule().to_string(), "R1.10");
    }
}

/// A counter that opens from 1000 to 1400 and from 1500 to 2000, with one place.
fn with_counter() -> Manifest {
    let mut m = cast(3, MODULI).manifest;
    let w = |opens, closes| Window { opens, closes };
    m.channels.push(ChannelHours {
        kind: Channel::Counter,
        name: text("窓"),
        place: text("庁"),
        windows: vec![w(1000, 1400), w(1500, 2000)],
    });
    m.places.push(Place {
        id: "counter-1".into(),
        channel: Channel::Counter,
        name: text("一階"),
        address: text("市一丁目"),
        windows: vec![w(1000, 1200), w(1500, 1600), w(1600, 2000)],
    });
    m
}

#[test]
fn rejects_r1_11_places_outside_their_channel_and_channels_without_a_place() {
    assert_eq!(with_counter().check(), Ok(()));
    let w = |opens, closes| Window { opens, closes };
    let changes: [fn(&mut Manifest); 6] = [
        |m| {
            m.places[0].channel = Channel::Venue;
            m.places[0].windows.clear();
        },
        |m| m.places.clear(),
        |m| m.places[0].channel = Channel::Home,
        |m| m.places[0].channel = Channel::Venue,
        |m| m.places[0].windows.reverse(),
        |m| m.channels[1].windows.clear(),
    ];
    for change in changes {
        let mut m = with_counter();
        change(&mut m);
        assert_eq!(m.check(), Err(ManifestError::Places));
    }
    for windows in [
        vec![w(1300, 1500)],
        vec![w(900, 1100)],
        vec![w(1000, 1001), w(1000, 1400)],
        vec![w(1100, 1100)],
    ] {
        let mut m = with_counter();
        m.places[0].windows.clone_from(&windows);
        assert_eq!(m.check(), Err(ManifestError::Places), "{windows:?}");
    }
    // A counter that never opens needs no place.
    let mut m = with_counter();
    m.places.clear();
    m.channels[1].windows.clear();
    assert_eq!(m.check(), Ok(()));
}

#[test]
fn rejects_r1_12_texts_in_every_field_that_people_read() {
    let bad = || Text::new("あ", "a\u{200e}", "あ");
    let changes: [fn(&mut Manifest, Text); 20] = [
        |m, t| m.title = t,
        |m, t| m.municipality = t,
        |m, t| m.help.hours = t,
        |m, t| m.help.telephone = t.en,
        |m, t| m.eligibility.words = t,
        |m, t| m.contests[0].title = t,
        |m, t| m.contests[0].options[1].title = t,
        |m, t| m.contests[0].options[1].proposer = t,
        |m, t| m.contests[0].options[1].summary = t,
        |m, t| m.tie_rule.words = t,
        |m, t| m.channels[0].name = t,
        |m, t| m.channels[0].place = t,
        |m, t| m.places[0].name = t,
        |m, t| m.places[0].address = t,
        |m, t| m.trustees.members[2].name = t,
        |m, t| m.registrars[0].name = t,
        |m, t| m.officers[1].name = t,
        |m, t| m.validators[0].name = t,
        |m, t| m.survey[0].text = t,
        |m, t| m.notices[0].text = t,
    ];
    for change in changes {
        let mut m = with_counter();
        change(&mut m, bad());
        let error = m.check().unwrap_err();
        assert!(matches!(error, ManifestError::Text(_)), "{error:?}");
        assert_eq!(error.rule().to_string(), "R1.12");
    }
    let mut m = with_counter();
    m.survey[0].options[0].text = bad();
    assert!(matches!(m.check(), Err(ManifestError::Text(_))));
    // What may be left out is left out in all languages.
    let mut m = with_counter();
    m.contests[0].options[0].summary = Text::default();
    m.contests[0].options[0].proposer = Text::default();
    assert_eq!(m.check(), Ok(()));
    m.contests[0].options[0].summary = Text::new("あ", "", "あ");
    assert!(matches!(m.check(), Err(ManifestError::Text(_))));
}

#[test]
fn a_49_rejects_r1_12_titles_that_look_alike_in_one_language() {
    for (a, b) in [("Ａ案", "a 案"), ("同じ", "同じ")] {
        let mut m = cast(3, MODULI).manifest;
        m.contests[0].options[0].title.plain = a.into();
        m.contests[0].options[2].title.plain = b.into();
        assert_eq!(m.check(), Err(ManifestError::Titles));
    }
}

#[test]
fn rejects_r1_13_ids_and_numbers_that_are_empty_out_of_range_or_there_twice() {
    let changes: [fn(&mut Manifest); 18] = [
        |m| m.id.clear(),
        |m| m.id = "あ".into(),
        |m| m.contests[0].id = "a b".into(),
        |m| m.contests.push(m.contests[0].clone()),
        |m| m.contests[0].options[1].id = m.contests[0].options[0].id.clone(),
        |m| m.contests[0].options[1].number = m.contests[0].options[0].number,
        |m| m.contests[0].options[1].number = 100,
        |m| m.channels[1].kind = Channel::Home,
        |m| m.places.push(m.places[0].clone()),
        |m| m.survey[0].id.clear(),
        |m| {
            let twice = m.survey[0].options[0].clone();
            m.survey[0].options.push(twice);
        },
        |m| m.notices[0].key.clear(),
        |m| m.face_required.push(Channel::Home),
        |m| m.releases.push(m.releases[0].clone()),
        |m| m.releases[0].platform.clear(),
        |m| m.portal.clear(),
        |m| m.validators[0].origin.clear(),
        |m| m.eligibility.expected = 0,
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut m = with_counter();
        change(&mut m);
        let error = m.check();
        // Two channels of one kind: the counter has lost its hours, too.
        let places = i == 7 && error == Err(ManifestError::Places);
        assert!(places || error == Err(ManifestError::Ids), "{i}: {error:?}");
    }
    let mut m = cast(3, MODULI).manifest;
    m.channels.push(m.channels[0].clone());
    assert_eq!(m.check(), Err(ManifestError::Ids));
    // 0 is a number, except where it would mean "no mark"; three digits need several marks.
    let numbered = |k_min, k_max, number| {
        let mut m = cast(3, MODULI).manifest;
        m.contests[0].shape = Shape::new(3, k_min, k_max).unwrap();
        m.contests[0].options[0].number = number;
        m.check()
    };
    assert_eq!(numbered(1, 1, 0), Ok(()));
    assert_eq!(numbered(0, 1, 0), Err(ManifestError::Ids));
    assert_eq!(numbered(0, 2, 999), Ok(()));
    assert_eq!(numbered(0, 2, 1000), Err(ManifestError::Ids));
}

#[test]
fn rejects_r1_06_drains_and_announcements_out_of_bounds() {
    for (drain, good) in [
        (MIN_DRAIN_MS - 1, false),
        (MIN_DRAIN_MS, true),
        (MAX_DRAIN_MS, true),
        (MAX_DRAIN_MS + 1, false),
        (u64::MAX, false),
    ] {
        let mut m = cast(3, MODULI).manifest;
        m.drain_ms = drain;
        assert_eq!(m.check().is_ok(), good, "{drain}");
    }
    let mut m = cast(3, MODULI).manifest;
    m.announce_at = m.extend_limit + MAX_WAIT_MS;
    assert_eq!(m.check(), Ok(()));
    m.announce_at += 1;
    assert_eq!(m.check(), Err(ManifestError::Times));
    let mut m = cast(3, MODULI).manifest;
    m.extend_limit = m.close_at + MAX_WAIT_MS;
    // So long an extension needs windows, and a key for each.
    assert_eq!(m.check(), Err(ManifestError::AgainWindows));
    m.again_windows = again_windows(m.opens_at(), m.extend_limit);
    let modulus = |w: u8| {
        let mut modulus = [0x8f; 256];
        modulus[1] = w;
        modulus
    };
    m.registrars[0].again = (0..).map(modulus).take(m.again_windows.len()).collect();
    assert_eq!(m.check(), Ok(()));
    m.extend_limit += 1;
    assert_eq!(m.check(), Err(ManifestError::Times));
}

#[test]
fn rejects_r1_14_a_table_of_salts_that_is_too_small_or_too_large() {
    let with = |practice: bool, depth: u8| {
        let mut m = cast(2, MODULI).manifest;
        m.practice = practice;
        m.registrars[0].salt_depth = depth;
        m.check()
    };
    for (practice, depth) in [(true, 8), (true, 28), (false, 16), (false, 28)] {
        assert_eq!(with(practice, depth), Ok(()), "{practice} {depth}");
    }
    for (practice, depth) in [(true, 7), (true, 29), (false, 15), (false, 29), (true, 0)] {
        let refused = Err(ManifestError::Salts);
        assert_eq!(with(practice, depth), refused, "{practice} {depth}");
    }
}
