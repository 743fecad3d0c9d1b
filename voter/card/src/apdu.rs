//! The few commands that are ever sent.

use zeroize::Zeroizing;

/// Applications on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Application {
    /// 公的個人認証: certificates and keys.
    Jpki,
    /// 券面事項確認: the photo.
    Surface,
    /// 共通カード: selected at the end, so that no PIN stays open.
    Common,
}

impl Application {
    pub(crate) fn aid(self) -> [u8; 10] {
        match self {
            Self::Jpki => [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0, 0, 0, 1],
            Self::Surface => [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 2],
            Self::Common => [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 1, 0],
        }
    }
}

/// Files of the two applications used. There is no constant for any other.
pub(crate) mod file {
    pub(crate) const TOKEN: u16 = 0x0006;
    pub(crate) const PRESENT: u16 = 0x0008;
    pub(crate) const CERTIFICATE: u16 = 0x000A;
    pub(crate) const KEY: u16 = 0x0017;
    pub(crate) const PIN: u16 = 0x0018;
    pub(crate) const RECORD: u16 = 0x0002;
    pub(crate) const MUNICIPALITY: u16 = 0x0004;
    pub(crate) const NUMBER_B: u16 = 0x0012;
}

pub(crate) fn select_application(application: Application) -> Vec<u8> {
    [&[0x00, 0xA4, 0x04, 0x0C, 0x0A][..], &application.aid()].concat()
}

pub(crate) fn select_file(id: u16) -> Vec<u8> {
    [&[0x00, 0xA4, 0x02, 0x0C, 0x02][..], &id.to_be_bytes()].concat()
}

/// READ BINARY in short form; `length` of 256 is written as 0.
pub(crate) fn read_short(offset: u16, length: u16) -> Vec<u8> {
    let [high, low] = offset.to_be_bytes();
    let [_, le] = length.to_be_bytes();
    vec![0x00, 0xB0, high, low, le]
}

/// READ BINARY in extended form.
pub(crate) fn read_extended(offset: u16, length: u16) -> Vec<u8> {
    let [high, low] = offset.to_be_bytes();
    let [le_high, le_low] = length.to_be_bytes();
    vec![0x00, 0xB0, high, low, 0x00, le_high, le_low]
}

/// VERIFY without data: asks for the tries left and costs no try.
pub(crate) fn tries() -> Vec<u8> {
    vec![0x00, 0x20, 0x00, 0x80]
}

pub(crate) fn verify(secret: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = u8::try_from(secret.len()).unwrap_or(0);
    // Room for all of it at once: no copy of the secret is left behind by growing.
    let mut command = Zeroizing::new(Vec::with_capacity(secret.len() + 5));
    command.extend([0x00, 0x20, 0x00, 0x80, length]);
    command.extend_from_slice(secret);
    command
}

/// Signature over a `DigestInfo`; `key` is 0x80 for the selected file, 0 for the 券面 key.
pub(crate) fn sign(key: u8, digest_info: &[u8; 51]) -> Vec<u8> {
    [&[0x80, 0x2A, 0x00, key, 51][..], digest_info, &[0x00]].concat()
}
