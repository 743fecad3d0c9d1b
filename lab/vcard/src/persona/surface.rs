//! EF 0002 of the 券面 application: what is printed on the card, signed by the municipality.

use rsa::RsaPrivateKey;
use sha2_10::{Digest as _, Sha256};

use crate::error::Error;
use crate::pki::cv::{public_key, raw_sign};
use crate::tlv::{digest_info, tlv, tlv_long};

/// What goes into the record.
pub(super) struct Printed<'a> {
    pub(super) birth: &'a str,
    pub(super) sex: &'a str,
    pub(super) expiry: &'a str,
    pub(super) photo: &'a [u8],
    pub(super) key: &'a RsaPrivateKey,
    pub(super) municipality: &'a RsaPrivateKey,
}

/// Fields before the table of offsets: `FF20 82xxxx DF21 12 <18 bytes>`.
const FIRST_FIELD: usize = 2 + 3 + 3 + 18;

pub(super) fn record(p: &Printed<'_>) -> Result<Vec<u8>, Error> {
    let name = blank_png(216, 12);
    let birth = tlv(&[0xDF, 0x22], p.birth.as_bytes());
    let sex = tlv(&[0xDF, 0x23], p.sex.as_bytes());
    let key = tlv_long(&[0xDF, 0x24], &public_key(&p.key.to_public_key()));
    let name_field = tlv_long(&[0xDF, 0x25], &name);
    let address = tlv_long(&[0xDF, 0x26], &name);
    let photo = tlv_long(&[0xDF, 0x27], p.photo);
    let groups = [
        [&birth[..], &sex, &key].concat(),
        [&name_field[..], &address].concat(),
        photo.clone(),
    ];
    let digests: Vec<u8> = groups.iter().flat_map(Sha256::digest).collect();
    let signature = tlv_long(
        &[0xDF, 0x28],
        &raw_sign(p.municipality, &digest_info(&digests))?,
    );
    let expiry = tlv(&[0xDF, 0x29], p.expiry.as_bytes());
    let code = tlv_long(&[0xDF, 0x2A], &name);
    let fields = [
        birth, sex, key, name_field, address, photo, signature, expiry, code,
    ];
    let mut table = Vec::new();
    let mut offset = FIRST_FIELD;
    for field in &fields {
        let [.., high, low] = offset.to_be_bytes();
        table.extend([high, low]);
        offset += field.len();
    }
    let body = [tlv(&[0xDF, 0x21], &table), fields.concat()].concat();
    Ok(tlv_long(&[0xFF, 0x20], &body))
}

/// A white PNG with one bit a pixel, stored without compression.
fn blank_png(width: u16, height: u16) -> Vec<u8> {
    let mut row = vec![0xFF; usize::from(width.div_ceil(8))];
    row.insert(0, 0);
    let pixels = row.repeat(usize::from(height));
    let length = u16::try_from(pixels.len()).unwrap_or(0);
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend(length.to_le_bytes());
    zlib.extend((!length).to_le_bytes());
    zlib.extend_from_slice(&pixels);
    zlib.extend(adler(&pixels).to_be_bytes());
    let mut head = u32::from(width).to_be_bytes().to_vec();
    head.extend(u32::from(height).to_be_bytes());
    head.extend([1, 0, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        let chunk = [&kind[..], &data].concat();
        out.extend_from_slice(&chunk);
        out.extend(crc(&chunk).to_be_bytes());
    }
    out
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                (crc >> 1) ^ 0xEDB8_8320
            }
        })
    })
}
