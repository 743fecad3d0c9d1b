//! Tag-length-value as the card writes it.

/// Tag, DER length, value.
#[must_use]
pub fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_vec();
    let bytes = value.len().to_be_bytes();
    match (value.len(), bytes) {
        (0..0x80, [.., low]) => out.push(low),
        (0x80..0x100, [.., low]) => out.extend([0x81, low]),
        (_, [.., high, low]) => out.extend([0x82, high, low]),
    }
    out.extend_from_slice(value);
    out
}

/// Tag, length always in the form `82 xx xx` (the card writes image fields so), value.
#[must_use]
pub fn tlv_long(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_vec();
    let [.., high, low] = value.len().to_be_bytes();
    out.extend([0x82, high, low]);
    out.extend_from_slice(value);
    out
}

/// `DigestInfo` with SHA-256's identifier around a digest of any length (券面 signs 96 bytes).
#[must_use]
pub fn digest_info(digest: &[u8]) -> Vec<u8> {
    let algorithm = [
        0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    ];
    tlv(&[0x30], &[&algorithm[..], &tlv(&[0x04], digest)].concat())
}
