//! Chapter 06: network, headers, Merkle trees, certificates, receipts.

mod terms;

use crate::file::{Answer, File, Group};
use crate::input::{In, array_of, bytes_of, hex};
use crate::manifest::small;
use board::entry::HandOver;
use board::finality::FinalityCertificate;
use board::{Committee, Receipt};
use board::{Header, NetworkConfig};
use crypto::merkle;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Rule};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use testkit::election::{Lab, certify};

fn compute_network(i: In<'_>, _: In<'_>) -> Answer {
    let Ok(n) = NetworkConfig::from_bytes(&i.bytes("bytes")) else {
        return Answer::refuse("R8.03");
    };
    let genesis = board::header::genesis(&n);
    let committee: Vec<Value> = n.committee().iter().map(hex).collect();
    Answer::accept(json!({"id": hex(n.id()), "committee": committee,
                          "genesis": hex(genesis.to_bytes()),
                          "genesis_digest": hex(genesis.digest())}))
}

fn compute_header(i: In<'_>, _: In<'_>) -> Answer {
    let h = Header {
        network: i.array("network"),
        parent: i.array("parent"),
        height: i.number("height"),
        time_ms: i.number("time_ms"),
        entries_root: i.array("entries_root"),
        count: i.u32("count"),
    };
    Answer::accept(json!({"bytes": hex(h.to_bytes()), "digest": hex(h.digest())}))
}

fn compute_tree(i: In<'_>, _: In<'_>) -> Answer {
    let leaves: Vec<[u8; 32]> = i
        .list("leaves")
        .iter()
        .map(|l| merkle::leaf(&bytes_of(l)))
        .collect();
    let path = |n| {
        merkle::path(&leaves, n)
            .expect("inside")
            .iter()
            .map(hex)
            .collect()
    };
    let paths: Vec<Value> = (0..leaves.len()).map(path).collect();
    Answer::accept(json!({"root": hex(merkle::root(&leaves)), "paths": paths}))
}

fn compute_path(i: In<'_>, _: In<'_>) -> Answer {
    let path: Vec<[u8; 32]> = i.list("path").iter().map(array_of).collect();
    let leaf = merkle::leaf(&i.bytes("leaf"));
    let root = merkle::root_from_path(&leaf, i.number("index"), i.number("size"), &path);
    Answer::verdict(if root == Some(i.array("root")) {
        Ok(())
    } else {
        Err("R6.33")
    })
}

fn compute_ed25519(i: In<'_>, _: In<'_>) -> Answer {
    let done = VerifyingKey::from_bytes(&i.array("key")).and_then(|key| {
        let signature = Signature::from_bytes(&i.array("signature"));
        key.verify_strict(&i.bytes("message"), &signature)
    });
    Answer::verdict(done.map_err(|_| "R6.24"))
}

fn committee_of(shared: In<'_>) -> Committee {
    let network = NetworkConfig::from_bytes(&shared.bytes("network")).expect("a network");
    Committee::from(&network)
}

fn compute_certificate(i: In<'_>, shared: In<'_>) -> Answer {
    let committee = committee_of(shared);
    let done = FinalityCertificate::from_bytes(&i.bytes("certificate"))
        .and_then(|c| committee.verify(&c, i.number("height"), &i.array("digest")));
    Answer::verdict(done.map_err(|e| e.rule()))
}

fn compute_receipt(i: In<'_>, shared: In<'_>) -> Answer {
    let mut committee = committee_of(shared);
    for step in i
        .maybe("hand_overs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        follow(&mut committee, In(step.as_object().expect("an object"))).expect("a good one");
    }
    let done = Receipt::decode(&i.bytes("receipt"))
        .and_then(|r| r.verify_entry(&committee, &i.bytes("entry")));
    Answer::verdict(done.map_err(|e| e.rule()))
}

fn follow(committee: &mut Committee, i: In<'_>) -> Result<(), Rule> {
    let h = HandOver::from_bytes(&i.bytes("entry")).map_err(|_| board::rules::ENTRY_BYTES)?;
    committee.follow(&h, i.number("height"))
}

fn networks(lab: &Lab) -> Group {
    let n = lab.network();
    let case = |n: &NetworkConfig| json!({"bytes": hex(n.to_bytes())});
    let mut unsorted = n.clone();
    unsorted.validators.swap(0, 1);
    let mut twice = n.clone();
    twice.authorities.push(n.authorities[0]);
    let mut nobody = n.clone();
    nobody.validators.clear();
    let mut nameless = n.clone();
    nameless.authorities.clear();
    let changed = |change: fn(&mut NetworkConfig)| {
        let mut other = n.clone();
        change(&mut other);
        case(&other)
    };
    Group::new(
        "network",
        "a Network value and the genesis header it gives",
        compute_network,
    )
    .good("four validators", case(n))
    .with("validators out of order", case(&unsorted), "R8.03")
    .with("an authority twice", case(&twice), "R8.03")
    .with("no validator", case(&nobody), "R8.03")
    .with("no authority", case(&nameless), "R8.03")
    .with(
        "two validators with one node key",
        changed(|n| n.validators[1].node_key = n.validators[0].node_key),
        "R8.03",
    )
    .with(
        "a validator's name with a hidden character",
        changed(|n| n.validators[1].name.en.push('\u{200b}')),
        "R8.03",
    )
    .with(
        "a validator without an address",
        changed(|n| n.validators[2].origin.clear()),
        "R8.03",
    )
    .with(
        "a network without a name",
        changed(|n| n.name.clear()),
        "R8.03",
    )
    .with(
        "a byte after the end",
        json!({"bytes": hex([&n.to_bytes()[..], &[0]].concat())}),
        "R8.03",
    )
}

fn headers() -> Group {
    let case = |height: u64, count: u32| {
        json!({"network": hex([1; 32]), "parent": hex([2; 32]), "height": height,
               "time_ms": 1_800_574_200_000u64, "entries_root": hex([3; 32]), "count": count})
    };
    Group::new("header", "118 bytes and their SHA-256", compute_header)
        .good("an empty block", case(1, 0))
        .good("a full block", case(70_000, 4096))
}

/// The inputs of the Certificate Transparency project's tests of RFC 6962.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

fn trees() -> Group {
    Group::new(
        "merkle",
        "RFC 6962: root, and the audit path of every leaf",
        compute_tree,
    )
    .all((0..=8).map(|n| {
        let inputs = json!({"leaves": LEAVES[..n]});
        (format!("{n} leaves"), inputs, "accept".to_owned())
    }))
    .good("thirteen leaves", json!({"leaves": vec!["ab"; 13]}))
}

fn paths() -> Group {
    let leaves: Vec<[u8; 32]> = LEAVES[..7]
        .iter()
        .map(|l| merkle::leaf(&bytes_of(&json!(l))))
        .collect();
    let root = merkle::root(&leaves);
    let path: Vec<Value> = merkle::path(&leaves, 4)
        .expect("inside")
        .iter()
        .map(hex)
        .collect();
    let case = |leaf: &str, index: u64, size: u64, path: &[Value], root: [u8; 32]| json!({"leaf": leaf, "index": index, "size": size, "path": path, "root": hex(root)});
    let longer = [&path[..], &[hex([0; 32])]].concat();
    let one = merkle::leaf(&[]);
    Group::new("audit-path", "RFC 9162 §2.1.3.2", compute_path)
        .good("leaf 4 of 7", case(LEAVES[4], 4, 7, &path, root))
        .good("the only leaf", case("", 0, 1, &[], one))
        .with("another leaf", case(LEAVES[5], 4, 7, &path, root), "R6.33")
        .with("another index", case(LEAVES[4], 5, 7, &path, root), "R6.33")
        .with("another size", case(LEAVES[4], 4, 5, &path, root), "R6.33")
        .with(
            "an index outside",
            case(LEAVES[4], 7, 7, &path, root),
            "R6.33",
        )
        .with("nothing in the tree", case("", 0, 0, &[], one), "R6.33")
        .with(
            "a path too short",
            case(LEAVES[4], 4, 7, &path[1..], root),
            "R6.33",
        )
        .with(
            "a path too long",
            case(LEAVES[4], 4, 7, &longer, root),
            "R6.33",
        )
        .with("another root", case(LEAVES[4], 4, 7, &path, one), "R6.33")
}

/// RFC 8032 §7.1, tests 1–3 and SHA(abc).
const RFC8032: [(&str, &str, &str); 4] = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
];

fn ed25519() -> Group {
    let case = |key: &str, message: &str, signature: &str| json!({"key": key, "message": message, "signature": signature});
    let (key, message, signature) = RFC8032[1];
    let order = bytes_of(&json!(crate::chapter01::ORDER));
    let mut large = bytes_of(&json!(signature));
    let mut carry = 0u16;
    for (byte, add) in large[32..].iter_mut().zip(&order) {
        let sum = u16::from(*byte) + u16::from(*add) + carry;
        *byte = u8::try_from(sum & 0xff).expect("one byte");
        carry = sum >> 8;
    }
    let one = format!("01{}", "00".repeat(31));
    let low = format!("{one}{}", "00".repeat(32));
    // y = p + 1: the identity in a form that is not canonical; and a point of order 4.
    let odd = format!("ee{}7f", "ff".repeat(30));
    let four = "00".repeat(32);
    let off = format!("02{}", "00".repeat(31));
    let list = (1..).zip(RFC8032).map(|(n, (key, message, signature))| {
        (
            format!("RFC 8032 number {n}"),
            case(key, message, signature),
            "accept".to_owned(),
        )
    });
    Group::new(
        "ed25519",
        "the strict rules of chapter 06 §3",
        compute_ed25519,
    )
    .all(list)
    .with("another message", case(key, "73", signature), "R6.24")
    .with(
        "another key",
        case(RFC8032[0].0, message, signature),
        "R6.24",
    )
    .with(
        "s plus the order",
        case(key, message, &crypto::hash::to_hex(&large)),
        "R6.24",
    )
    .with(
        "the identity as key and R, s = 0",
        case(&one, message, &low),
        "R6.24",
    )
    .with("the identity as R", case(key, message, &low), "R6.24")
    .with("a key of order 4", case(&four, message, &low), "R6.24")
    .with(
        "the identity in another form as key",
        case(&odd, message, &low),
        "R6.24",
    )
    .with(
        "a key that is no point",
        case(&off, message, signature),
        "R6.24",
    )
}

fn certificates(lab: &Lab) -> Group {
    let digest = [9; 32];
    let make = |signers: &[usize]| certify(&lab.parties, 300, digest, signers);
    let good = make(&[0, 2, 3]);
    let case =
        |bytes: &[u8]| json!({"certificate": hex(bytes), "digest": hex(digest), "height": 300});
    let edit = |at: usize, value: u8| {
        let mut b = good.clone();
        b[at] = value;
        case(&b)
    };
    // epoch 0, view 300, parent view 299: 1 + 2 + 2 bytes, payload, size, bitmap, count.
    let (size, bitmap, count) = (5 + 32, 5 + 32 + 8, 5 + 32 + 9);
    let other = json!({"certificate": hex(&good), "digest": hex([8; 32]), "height": 300});
    let swapped = {
        let (a, b) = (count + 1, count + 65);
        [&good[..a], &good[b..b + 64], &good[a..b], &good[b + 64..]].concat()
    };
    let mut five = good.clone();
    five[size + 7] = 5;
    Group::new(
        "certificate",
        "finality certificates of the shared network over the digest of a header at this height",
        compute_certificate,
    )
    .good("three of four", case(&good))
    .good("all four", case(&make(&[0, 1, 2, 3])))
    .with(
        "a varint with a redundant byte",
        case(&[&[0x80, 0][..], &good[1..]].concat()),
        "R6.20",
    )
    .with(
        "a varint above 64 bits",
        case(&[&[0xff; 9][..], &[2], &good[1..]].concat()),
        "R6.20",
    )
    .with("a committee of 33", edit(size + 7, 33), "R6.20")
    .with(
        "a signer outside the committee",
        edit(bitmap, 0b1_1101),
        "R6.20",
    )
    .with("another count than bits", edit(count, 2), "R6.20")
    .with("nobody signed", case(&make(&[])), "R6.20")
    .with(
        "a byte after the end",
        case(&[&good[..], &[0]].concat()),
        "R6.20",
    )
    .with("a byte too few", case(&good[..good.len() - 1]), "R6.20")
    .with("of the next epoch", edit(0, 1), "R6.25")
    .with("a committee of five", case(&five), "R6.21")
    .with("another header", other, "R6.22")
    .with("two of four", case(&make(&[1, 2])), "R6.23")
    .with("signatures exchanged", case(&swapped), "R6.24")
    .with("another signer than marked", edit(bitmap, 0b1011), "R6.24")
    .with("another view", edit(1, 0xad), "R6.24")
    .with(
        "four signers, one wrong",
        case(&{
            let mut b = make(&[0, 1, 2, 3]);
            let last = b.len() - 1;
            b[last - 40] ^= 1;
            b
        }),
        "R6.24",
    )
}

/// A receipt for the second ballot of a block of five, finalised two blocks later.
fn receipts() -> (Lab, Group) {
    let mut lab = Lab::open(small());
    let ballots: Vec<Vec<u8>> = (0..5u16)
        .map(|i| lab.ballot(usize::from(i), i % 2).to_bytes())
        .collect();
    lab.post(&ballots);
    let at = lab.chain.len() - 1;
    lab.advance_to(lab.now + 2000);
    lab.advance_to(lab.now + 2000);
    let block = lab.chain[at].block.clone();
    let hashes: Vec<Hash> = block.entries.iter().map(|e| board::entry_hash(e)).collect();
    let headers: Vec<Header> = lab.chain[at..]
        .iter()
        .map(|s| s.block.header.clone())
        .collect();
    let certificate = lab
        .chain
        .last()
        .and_then(|s| s.certificate.clone())
        .expect("final");
    let entry = block.entries[1].clone();
    let good = Receipt::new(&entry, &hashes, 1, headers, certificate).expect("inside");
    let first_only = Receipt {
        headers: good.headers[..1].to_vec(),
        certificate: lab.chain[at].certificate.clone().expect("final"),
        ..good.clone()
    };
    let act = lab
        .chain
        .iter()
        .rev()
        .find(|s| s.block.entries.iter().any(|e| e[1] == 13));
    let act = act.expect("opened").clone();
    let open = act.block.entries[0].clone();
    let about_act = Receipt::new(
        &open,
        &[board::entry_hash(&open)],
        0,
        vec![act.block.header.clone()],
        act.certificate.expect("final"),
    )
    .expect("inside");
    let group = receipt_cases(&good, &entry, &block.entries[0])
        .good("final at once", case(&first_only, &entry))
        .good("about an act of officers", case(&about_act, &open))
        .with(
            "a mark on an act",
            case(
                &Receipt {
                    pictures: Some([1, 2]),
                    ..about_act
                },
                &open,
            ),
            "R6.31",
        );
    (lab, group)
}

fn case(r: &Receipt, entry: &[u8]) -> Value {
    json!({"receipt": hex(r.to_bytes()), "entry": hex(entry)})
}

fn receipt_cases(good: &Receipt, entry: &[u8], other: &[u8]) -> Group {
    let bytes = good.to_bytes();
    let raw = |b: &[u8]| json!({"receipt": hex(b), "entry": hex(entry)});
    let cases: [(&str, &str, fn(&mut Receipt)); 17] = [
        ("another entry hash", "R6.31", |r| r.entry.0[0] ^= 1),
        ("another code", "R6.31", |r| {
            r.code = "00000-00000-00000-00000".into()
        }),
        ("another mark", "R6.31", |r| r.pictures = Some([7, 1])),
        ("no mark", "R6.31", |r| r.pictures = None),
        ("no header", "R6.32", |r| r.headers.clear()),
        ("another height", "R6.32", |r| r.height += 1),
        ("a header left out", "R6.32", |r| {
            r.headers.remove(1);
        }),
        ("headers exchanged", "R6.32", |r| r.headers.swap(1, 2)),
        ("a header of another network", "R6.32", |r| {
            r.headers[2].network[0] ^= 1
        }),
        ("a child that is not later", "R6.32", |r| {
            r.headers[1].time_ms = 0
        }),
        ("another index", "R6.33", |r| r.index = 0),
        ("an index outside", "R6.33", |r| r.index = 5),
        ("a path too short", "R6.33", |r| r.path.truncate(2)),
        ("another path", "R6.33", |r| r.path[1][0] ^= 1),
        ("another certificate", "R6.22", |r| r.headers.truncate(2)),
        ("a damaged certificate", "R6.24", |r| {
            let last = r.certificate.len() - 40;
            r.certificate[last] ^= 1;
        }),
        ("no certificate", "R6.20", |r| r.certificate.clear()),
    ];
    let mut group = Group::new(
        "receipt",
        "receipts for an entry, against the shared network",
        compute_receipt,
    )
    .good("good", case(good, entry))
    .with("of another entry", case(good, other), "R6.31")
    .with(
        "a byte after the end",
        raw(&[&bytes[..], &[0]].concat()),
        "R6.30",
    )
    .with("a byte too few", raw(&bytes[..bytes.len() - 1]), "R6.30")
    .with("version 1", raw(&[&[1], &bytes[1..]].concat()), "R6.30");
    for (name, rule, change) in cases {
        let mut r = good.clone();
        change(&mut r);
        group = group.with(name, case(&r, entry), rule);
    }
    group
}

pub fn file() -> File {
    let (lab, receipts) = receipts();
    let (terms, of_terms) = terms::terms();
    File::new(
        "06-chain.json",
        "Chapter 06: network, headers, Merkle trees, Ed25519, certificates, receipts.",
        &json!({"network": hex(lab.network().to_bytes())}),
        vec![
            networks(&lab),
            headers(),
            trees(),
            paths(),
            ed25519(),
            certificates(&lab),
            terms,
            receipts.all(of_terms),
        ],
    )
}
