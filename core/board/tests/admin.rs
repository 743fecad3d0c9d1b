//! Every rule about administrative entries refuses something.

use ballot::manifest::MANIFEST_PURPOSE;
use board::Phase;
use board::entry::{Act, CeremonyEntry, Entry, OfficerAct};
use ceremony::Message;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, MINUTE, OPENS, Options};

fn small() -> Options {
    Options::small()
}

#[test]
fn rejects_r5_01_bytes_that_are_no_entry() {
    let mut lab = Lab::new(small());
    assert_eq!(lab.refused(&[2]), "R5.01");
    assert_eq!(lab.refused(&[2, 99, 0]), "R5.01");
    assert_eq!(lab.refused(&[1, 10]), "R5.01");
    // The network's configuration stands in the genesis block only.
    let genesis = lab.chain[0].block.entries[0].clone();
    assert_eq!(lab.refused(&genesis), "R5.01");
}

#[test]
fn rejects_r5_02_entries_that_are_too_long() {
    let mut lab = Lab::new(small());
    let mut long = vec![0; board::check::MAX_SMALL_ENTRY_BYTES + 1];
    (long[0], long[1]) = (2, 10);
    assert_eq!(lab.refused(&long), "R5.02");
}

#[test]
fn rejects_r5_03_elections_nobody_knows() {
    let mut lab = Lab::open(small());
    lab.election = Hash([7; 64]);
    let act = lab.act(Act::Drain).encode();
    assert_eq!(lab.refused(&act), "R5.03");
    // An act names the election hash, never the setup hash.
    lab.election = lab.setup;
    let act = lab.act(Act::Drain).encode();
    assert_eq!(lab.refused(&act), "R5.03");
    let message = CeremonyEntry {
        setup: Hash([7; 64]),
        trustee: 1,
        message: Message::Confirm,
    };
    let entry = Entry::Ceremony(Box::new(
        message.signed(&lab.parties.trustees[0], &mut lab.rng),
    ));
    assert_eq!(lab.refused(&entry.encode()), "R5.03");
}

#[test]
fn rejects_r5_04_the_same_entry_twice() {
    let mut lab = Lab::new(small());
    lab.set_up();
    let setup = lab.chain[1].block.entries[0].clone();
    assert_eq!(lab.refused(&setup), "R5.04");
}

#[test]
fn rejects_r5_05_entries_outside_their_phase() {
    let mut lab = Lab::sealed(small());
    let late = lab.ceremony_entry(1, Message::Confirm).encode();
    assert_eq!(lab.refused(&late), "R5.05");
    let resume = lab
        .act(Act::Resume {
            until: OPENS + MINUTE,
        })
        .encode();
    assert_eq!(lab.refused(&resume), "R5.05");
    let announce = lab.act(Act::Announce).encode();
    assert_eq!(lab.refused(&announce), "R5.05");
    let evidence = lab.evidence_of(0, 20_840).encode();
    assert_eq!(lab.refused(&evidence), "R5.05");
    lab.open_box();
    let again = lab.open_act().encode();
    assert_eq!(lab.refused(&again), "R5.05");
    // A second seal of the same setup.
    let mut other = lab.draft_manifest();
    other.min_counted += 1;
    let sealed = lab.parties.seal(other, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Seal(Box::new(sealed)).encode()),
        "R5.05"
    );
}

#[test]
fn rejects_r5_10_setup_of_a_stranger() {
    let mut lab = Lab::new(small());
    let stranger = SigningKey::generate(&mut lab.rng);
    let mut setup = lab.parties.setup();
    setup.authority = stranger.public();
    let signed = setup.signed(&stranger, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Setup(Box::new(signed)).encode()),
        "R5.10"
    );
    assert_eq!(lab.state.elections().count(), 0);
    lab.set_up();
}

#[test]
fn authorities_are_part_of_the_network() {
    let lab = Lab::new(small());
    let a = lab.parties.authority.public();
    let b = lab.parties.officers[0].public();
    let with = |keys: Vec<_>| {
        let n = lab.network();
        board::NetworkConfig::new(&n.name, n.validators.clone(), keys, n.genesis_time_ms)
    };
    let (one, two) = (with(vec![a]).unwrap(), with(vec![a, b]).unwrap());
    assert_eq!(&one, lab.network());
    assert_ne!(one.id(), two.id());
    assert_eq!(two, with(vec![b, a]).unwrap());
    assert!(with(vec![]).is_err());
    assert!(with(vec![a, a]).is_err());
    let mut wrong = two.clone();
    wrong.authorities.reverse();
    assert!(board::NetworkConfig::from_bytes(&two.to_bytes()).is_ok());
    assert!(board::NetworkConfig::from_bytes(&wrong.to_bytes()).is_err());
}

#[test]
fn rejects_r5_06_r5_07_r5_08_setups() {
    let mut lab = Lab::new(small());
    let authority = lab.parties.authority.clone();
    let mut setup = lab.parties.setup();
    setup.network = [1; 32];
    let signed = setup.signed(&authority, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Setup(Box::new(signed)).encode()),
        "R5.06"
    );
    let stranger = SigningKey::generate(&mut lab.rng);
    let signed = lab.parties.setup().signed(&stranger, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Setup(Box::new(signed)).encode()),
        "R5.07"
    );
    let mut setup = lab.parties.setup();
    setup.officers.truncate(1);
    let signed = setup.signed(&authority, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Setup(Box::new(signed)).encode()),
        "R5.08"
    );
    let mut setup = lab.parties.setup();
    setup.officers[1].key = setup.officers[0].key;
    let signed = setup.signed(&authority, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Setup(Box::new(signed)).encode()),
        "R5.08"
    );
}

#[test]
fn rejects_r5_09_ceremony_messages_by_somebody_else() {
    let mut lab = Lab::new(small());
    lab.set_up();
    let m = CeremonyEntry {
        setup: lab.setup,
        trustee: 1,
        message: Message::Commit(Hash([1; 64])),
    };
    let by_two = m.signed(&lab.parties.trustees[1], &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Ceremony(Box::new(by_two)).encode()),
        "R5.09"
    );
    let stranger = lab.ceremony_entry(1, Message::Confirm);
    let Entry::Ceremony(mut c) = stranger else {
        unreachable!()
    };
    c.body.trustee = 9;
    assert_eq!(lab.refused(&Entry::Ceremony(c).encode()), "R2.11");
    let early = lab.ceremony_entry(1, Message::Confirm).encode();
    assert_eq!(lab.refused(&early), "R2.03");
}

#[test]
fn rejects_r5_11_manifests_that_differ_from_their_setup() {
    let mut lab = Lab::new(small());
    lab.set_up();
    lab.run_ceremony();
    let change: [fn(&mut ballot::Manifest); 5] = [
        |m| m.id.push('x'),
        |m| m.network = [1; 32],
        |m| m.officers.swap(0, 1),
        |m| m.trustees.t = 3,
        |m| m.trustees.members[0].name.ja.push('x'),
    ];
    for change in change {
        let mut m = lab.draft_manifest();
        change(&mut m);
        let all = lab.parties.trustees.clone();
        let mut sealed = lab.parties.seal(m, &mut lab.rng);
        let hash = sealed.manifest.election_hash();
        sealed.trustee_signatures = (1u16..)
            .zip(&all)
            .map(|(id, k)| (id, k.sign(MANIFEST_PURPOSE, hash.as_bytes(), &mut lab.rng)))
            .collect();
        assert_eq!(
            lab.refused(&Entry::Seal(Box::new(sealed)).encode()),
            "R5.11"
        );
    }
}

#[test]
fn rejects_r1_07_r1_08_manifests_without_signatures() {
    let mut lab = Lab::new(small());
    lab.set_up();
    lab.run_ceremony();
    let good = lab.parties.seal(lab.draft_manifest(), &mut lab.rng);
    let mut bad = good.clone();
    bad.authority_signature = bad.trustee_signatures[0].1;
    assert_eq!(lab.refused(&Entry::Seal(Box::new(bad)).encode()), "R1.07");
    let mut bad = good;
    bad.trustee_signatures.pop();
    assert_eq!(lab.refused(&Entry::Seal(Box::new(bad)).encode()), "R1.08");
}

#[test]
fn rejects_r5_12_keys_that_no_ceremony_made() {
    let mut lab = Lab::new(small());
    lab.set_up();
    lab.run_ceremony();
    let other = Lab::sealed(Options {
        seed: 99,
        ..small()
    })
    .draft_manifest();
    let change: [fn(&mut ballot::Manifest, &ballot::Manifest); 3] = [
        |m, o| m.trustees.joint = o.trustees.joint,
        |m, _| m.trustees.ceremony_root = Hash([1; 64]),
        |m, o| m.trustees.members[0].verification = o.trustees.members[0].verification,
    ];
    for change in change {
        let mut m = lab.draft_manifest();
        change(&mut m, &other);
        let sealed = lab.parties.seal(m, &mut lab.rng);
        assert_eq!(
            lab.refused(&Entry::Seal(Box::new(sealed)).encode()),
            "R5.12"
        );
    }
}

#[test]
fn rejects_r5_13_r5_14_other_validators_and_late_seals() {
    let mut lab = Lab::new(small());
    lab.set_up();
    lab.run_ceremony();
    let mut m = lab.draft_manifest();
    m.validators[0].origin.push('x');
    let sealed = lab.parties.seal(m, &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Seal(Box::new(sealed)).encode()),
        "R5.13"
    );
    let sealed = lab.parties.seal(lab.draft_manifest(), &mut lab.rng);
    lab.advance_to(sealed.manifest.close_at);
    assert_eq!(
        lab.refused(&Entry::Seal(Box::new(sealed)).encode()),
        "R5.14"
    );
}

#[test]
fn rejects_r5_15_r5_16_one_officer_or_a_wrong_signature() {
    let mut lab = Lab::sealed(small());
    let Entry::Act(good) = lab.open_act() else {
        unreachable!()
    };
    let with = |signatures| {
        Entry::Act(Box::new(OfficerAct {
            signatures,
            ..good.as_ref().clone()
        }))
        .encode()
    };
    let [a, b] = good.signatures;
    assert_eq!(lab.refused(&with([a, a])), "R5.15");
    assert_eq!(lab.refused(&with([b, a])), "R5.15");
    assert_eq!(lab.refused(&with([a, (9, b.1)])), "R5.15");
    assert_eq!(lab.refused(&with([a, (1, a.1)])), "R5.16");
    assert_eq!(lab.refused(&with([a, (2, b.1)])), "R5.16");
}

#[test]
fn rejects_r5_17_r5_18_openings_that_show_no_empty_box() {
    let mut lab = Lab::sealed(small());
    let (height, head) = (lab.state.tip().height, *lab.state.digest());
    for act in [
        Act::Open {
            count: 1,
            height,
            head,
        },
        Act::Open {
            count: 0,
            height,
            head: [1; 32],
        },
        Act::Open {
            count: 0,
            height: height - 1,
            head,
        },
    ] {
        let entry = lab.act(act).encode();
        assert_eq!(lab.refused(&entry), "R5.17");
    }
    // A head from before the seal.
    let before = lab.chain[2].block.header.clone();
    let act = Act::Open {
        count: 0,
        height: before.height,
        head: before.digest(),
    };
    let entry = lab.act(act).encode();
    assert_eq!(lab.refused(&entry), "R5.17");
    let close = lab.close_at();
    lab.advance_to(close);
    let late = lab.open_act().encode();
    assert_eq!(lab.refused(&late), "R5.18");
}

#[test]
fn rejects_r5_31_r5_32_extensions_too_late_backwards_or_too_far() {
    let mut lab = Lab::open(small());
    let close = lab.close_at();
    for until in [close, close - 1, close + 60 * MINUTE + 1] {
        let entry = lab.act(Act::Extend { until }).encode();
        assert_eq!(lab.refused(&entry), "R5.32");
    }
    lab.advance_to(close - 1000);
    let late = lab
        .act(Act::Extend {
            until: close + MINUTE,
        })
        .encode();
    assert_eq!(lab.refused(&late), "R5.31");
}

#[test]
fn an_extension_moves_the_effective_close() {
    let mut lab = Lab::open(small());
    let close = lab.close_at();
    let extend = lab.act(Act::Extend {
        until: close + 10 * MINUTE,
    });
    lab.post_one(&extend);
    lab.advance_to(close);
    lab.advance_to(close + 2 * MINUTE);
    assert_eq!(lab.phase(), Phase::Open);
    lab.cast(0, 1);
    lab.close();
    assert_eq!(lab.on_board().target().unwrap().counted, 1);
}

#[test]
fn rejects_r5_49_salt_destruction_early_twice_or_of_nobody() {
    let mut lab = Lab::open(small());
    let act = lab.act(Act::SaltDestroyed { registrar: 0 }).encode();
    assert_eq!(lab.refused(&act), "R5.49");
    lab.close();
    let stranger = lab.act(Act::SaltDestroyed { registrar: 1 }).encode();
    assert_eq!(lab.refused(&stranger), "R5.49");
    lab.post(&[act]);
    // Fresh signatures: not the same entry.
    let again = lab.act(Act::SaltDestroyed { registrar: 0 }).encode();
    assert_eq!(lab.refused(&again), "R5.49");
}

fn release(version: &str, platform: &str) -> Act {
    Act::Release(ballot::manifest::Release {
        version: version.into(),
        platform: platform.into(),
        size: 5_000_000,
        sha256: [3; 32],
    })
}

#[test]
fn a_release_by_two_officers_is_listed_as_long_as_somebody_can_vote_with_it() {
    let mut lab = Lab::sealed(small());
    let early = lab.act(release("1.0.0", "linux-x86_64"));
    lab.post_one(&early);
    lab.open_box();
    let later = lab.act(release("1.0.1", "linux-x86_64"));
    lab.post_one(&later);
    let listed = lab.on_board().releases();
    assert_eq!(listed.len(), 2);
    let later = &listed[1];
    assert_eq!(
        (later.release.version.as_str(), later.origin()),
        ("1.0.1", "act")
    );
    let views = board::record::views(lab.on_board()).unwrap();
    let line =
        "\"releases\": [{\"version\":\"1.0.0\",\"platform\":\"linux-x86_64\",\"size\":5000000,";
    assert!(views["view/election.json"].contains(line));
    lab.close();
    let late = lab.act(release("1.0.2", "linux-x86_64")).encode();
    assert_eq!(lab.refused(&late), "R5.05");
}

#[test]
fn rejects_r5_56_one_version_of_one_platform_released_twice() {
    let mut lab = Lab::new(small());
    lab.set_up();
    lab.run_ceremony();
    let mut manifest = lab.draft_manifest();
    let Act::Release(first) = release("1.0.0", "windows-x86_64") else {
        panic!("another act")
    };
    manifest.releases.push(first.clone());
    lab.seal_as(manifest);
    assert_eq!(lab.on_board().releases()[0].origin(), "sealed");
    let mut other = first;
    other.sha256 = [4; 32];
    let act = lab.act(Act::Release(other)).encode();
    assert_eq!(lab.refused(&act), "R5.56");
    let linux = lab.act(release("1.0.0", "linux-x86_64"));
    lab.post_one(&linux);
    let again = lab.act(release("1.0.0", "linux-x86_64")).encode();
    assert_eq!(lab.refused(&again), "R5.56");
}

#[test]
fn rejects_r5_57_acts_with_words_that_no_manifest_may_have() {
    let mut lab = Lab::open(small());
    let good = ballot::text::Text::new("停電\n復旧しました", "power is back", "なおりました");
    let mut hidden = good.clone();
    hidden.en.push('\u{202e}');
    let notice = |key: &str, text| Act::Notice {
        key: key.into(),
        text,
    };
    for act in [
        notice("", good.clone()),
        notice("two words", good.clone()),
        notice("incidents", hidden),
        notice("incidents", ballot::text::Text::default()),
        release("", "linux"),
        release("1.0.0", "linux x86"),
    ] {
        let bytes = lab.act(act.clone()).encode();
        assert_eq!(lab.refused(&bytes), "R5.57", "{act:?}");
    }
    let act = lab.act(notice("incidents", good));
    lab.post_one(&act);
}

#[test]
fn rejects_r5_77_more_releases_than_anybody_could_look_through() {
    let mut lab = Lab::sealed(small());
    for i in 0..64 {
        let act = lab.act(release(&format!("1.0.{i}"), "linux-x86_64"));
        lab.post_one(&act);
    }
    let one_more = lab.act(release("1.0.64", "linux-x86_64")).encode();
    assert_eq!(lab.refused(&one_more), "R5.77");
    // A name that is taken is said first.
    let again = lab.act(release("1.0.63", "linux-x86_64")).encode();
    assert_eq!(lab.refused(&again), "R5.56");
}

#[test]
fn rejects_r5_56_a_name_that_differs_in_case_or_dashes_alone() {
    let mut lab = Lab::sealed(small());
    let first = lab.act(release("1.0.0-rc1", "linux-x86_64"));
    lab.post_one(&first);
    for (version, platform) in [
        ("1.0.0-RC1", "linux-x86_64"),
        ("1.0.0_rc1", "Linux_x86-64"),
        ("1.0.0-rc1", "LINUX-X86-64"),
    ] {
        let again = lab.act(release(version, platform)).encode();
        assert_eq!(lab.refused(&again), "R5.56", "{version} {platform}");
    }
    let other = lab.act(release("1.0.0-rc2", "linux-x86_64"));
    lab.post_one(&other);
}
