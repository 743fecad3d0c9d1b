//! The card's applications and files.

use std::collections::BTreeMap;

use rsa::RsaPrivateKey;

use crate::persona::{Material, PersonaKind};
use crate::pki::cv::public_key;
use crate::tlv::{tlv, tlv_long};
use crate::tries::Secret;

/// 公的個人認証AP.
pub const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0, 0, 0, 1];
/// 券面事項確認AP.
pub const SURFACE: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 2];
/// 券面事項入力補助AP.
pub const TEXT: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 8];
/// 住基AP.
pub const JUKI: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 1];
/// 共通カードAP.
pub const COMMON: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 1, 0];

/// Private keys on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyName {
    Auth,
    Sign,
    Surface,
}

/// One elementary file. `open` lists the secrets of which one must have been shown.
#[derive(Clone, Debug)]
pub(super) enum Ef {
    Binary {
        bytes: Vec<u8>,
        open: &'static [Secret],
    },
    Records(Vec<Vec<u8>>),
    Key {
        key: KeyName,
        open: &'static [Secret],
    },
    Secret(Secret),
}

/// One application.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) aid: [u8; 10],
    pub(super) files: BTreeMap<u16, Ef>,
    pub(super) default_key: Option<KeyName>,
}

const FREE: &[Secret] = &[];

fn binary(bytes: &[u8], open: &'static [Secret]) -> Ef {
    Ef::Binary {
        bytes: bytes.to_vec(),
        open,
    }
}

/// A certificate is followed by filler: readers must stop at its DER length.
fn padded(der: &[u8], open: &'static [Secret]) -> Ef {
    binary(&[der, &[0xFF; 64]].concat(), open)
}

/// PKCS#11 token information with the label that tells a card from a telephone.
fn token(label: &[u8]) -> Vec<u8> {
    let mut head = label.to_vec();
    head.resize(96, b' ');
    let numbers: [u32; 11] = [
        0x40D,
        0,
        0,
        0,
        0,
        16,
        4,
        u32::MAX,
        u32::MAX,
        u32::MAX,
        u32::MAX,
    ];
    head.extend(numbers.iter().flat_map(|n| n.to_be_bytes()));
    head.resize(160, b' ');
    head
}

pub(super) fn build(kind: PersonaKind, m: &Material) -> Vec<App> {
    match kind {
        PersonaKind::Foreign => Vec::new(),
        PersonaKind::PhoneToken => vec![jpki(kind, m)],
        _ => vec![jpki(kind, m), surface(m), text(m), common(), juki()],
    }
}

fn jpki(kind: PersonaKind, m: &Material) -> App {
    let label: &[u8] = match kind {
        PersonaKind::PhoneToken => b"JPKIAPIOSTOKEN",
        _ => b"JPKIAPICCTOKEN2",
    };
    let mut files = BTreeMap::new();
    files.insert(0x0006, binary(&token(label), FREE));
    files.insert(0x0002, padded(&m.sign_ca, FREE));
    files.insert(0x000B, padded(&m.auth_ca, FREE));
    files.insert(0x0018, Ef::Secret(Secret::AuthPin));
    files.insert(0x001B, Ef::Secret(Secret::SignPassword));
    if kind == PersonaKind::NoCertificate {
        files.insert(0x0008, binary(&[0, 0, 0], FREE));
        files.insert(0x0001, binary(&[0xFF; 64], &[Secret::SignPassword]));
        files.insert(0x000A, binary(&[0xFF; 64], FREE));
    } else {
        files.insert(0x0008, binary(&[0x8F, 0x8F, 0x00], FREE));
        files.insert(0x0001, padded(&m.sign, &[Secret::SignPassword]));
        files.insert(0x000A, padded(&m.auth, FREE));
        files.insert(
            0x0017,
            Ef::Key {
                key: KeyName::Auth,
                open: &[Secret::AuthPin],
            },
        );
        files.insert(
            0x001A,
            Ef::Key {
                key: KeyName::Sign,
                open: &[Secret::SignPassword],
            },
        );
    }
    App {
        aid: JPKI,
        files,
        default_key: None,
    }
}

fn surface(m: &Material) -> App {
    let mut files = BTreeMap::new();
    let birth = [
        tlv(&[0xDF, 0x11], m.birth.as_bytes()),
        tlv_long(
            &[0xDF, 0x12],
            &public_key(&RsaPrivateKey::to_public_key(&m.surface_key)),
        ),
    ]
    .concat();
    files.insert(
        0x0001,
        binary(&tlv_long(&[0xFF, 0x10], &birth), &[Secret::Birth]),
    );
    files.insert(
        0x0002,
        binary(&m.surface, &[Secret::NumberB, Secret::NumberA]),
    );
    files.insert(0x0003, binary(&tlv(&[0xFF, 0x30], b"13999"), FREE));
    files.insert(0x0004, binary(&m.cv, FREE));
    files.insert(0x0005, binary(&forbidden(), &[Secret::NumberA]));
    files.insert(0x0011, Ef::Secret(Secret::Birth));
    files.insert(0x0012, Ef::Secret(Secret::NumberB));
    files.insert(0x0013, Ef::Secret(Secret::NumberA));
    App {
        aid: SURFACE,
        files,
        default_key: Some(KeyName::Surface),
    }
}

/// Where a real card holds the My Number. Here: twelve zeros, which nobody has.
fn forbidden() -> Vec<u8> {
    tlv(&[0xFF, 0x10], b"000000000000")
}

fn text(m: &Material) -> App {
    let fields = [
        tlv(&[0xDF, 0x22], "試験　太郎".as_bytes()),
        tlv(&[0xDF, 0x23], "東京都ひばり野市一丁目１".as_bytes()),
        tlv(&[0xDF, 0x24], m.birth.as_bytes()),
        tlv(&[0xDF, 0x25], b"1"),
    ]
    .concat();
    let mut files = BTreeMap::new();
    files.insert(
        0x0001,
        binary(&forbidden(), &[Secret::TextPin, Secret::NumberA]),
    );
    files.insert(
        0x0002,
        binary(
            &tlv(&[0xFF, 0x20], &fields),
            &[Secret::TextPin, Secret::NumberB],
        ),
    );
    files.insert(0x0004, binary(&m.cv, FREE));
    files.insert(0x0011, Ef::Secret(Secret::TextPin));
    files.insert(0x0014, Ef::Secret(Secret::NumberA));
    files.insert(0x0015, Ef::Secret(Secret::NumberB));
    App {
        aid: TEXT,
        files,
        default_key: Some(KeyName::Surface),
    }
}

fn common() -> App {
    let record = [&[0x01, 0x1C][..], b"4000000000000001399920350217"].concat();
    let files = BTreeMap::from([
        (0x0001, Ef::Records(vec![record])),
        (0x001C, Ef::Secret(Secret::TextPin)),
    ]);
    App {
        aid: COMMON,
        files,
        default_key: None,
    }
}

fn juki() -> App {
    let files = BTreeMap::from([(0x001C, Ef::Secret(Secret::TextPin))]);
    App {
        aid: JUKI,
        files,
        default_key: None,
    }
}
