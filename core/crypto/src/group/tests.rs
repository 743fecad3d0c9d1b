use super::*;
use crate::hash::from_hex;
use curve25519_dalek::traits::Identity as _;

/// RFC 9496 appendix A.1: the first multiples of the generator.
const MULTIPLES: [&str; 4] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
];

/// RFC 9496 appendix A.2: encodings that must be refused.
const BAD: [&str; 6] = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

fn bytes(hex: &str) -> [u8; 32] {
    from_hex(hex).unwrap().try_into().unwrap()
}

#[test]
fn rfc9496_small_multiples() {
    let mut p = RistrettoPoint::identity();
    for hex in MULTIPLES {
        assert_eq!(p.compress().to_bytes(), bytes(hex));
        p += RISTRETTO_BASEPOINT_POINT;
    }
}

#[test]
fn rejects_r0_06_non_canonical_points_and_the_identity() {
    for hex in BAD {
        assert!(Point::from_bytes(&bytes(hex)).is_none(), "{hex}");
        assert_eq!(
            Point::read(&mut Reader::new(&bytes(hex))),
            Err(WireError::Point)
        );
    }
    assert!(Point::from_bytes(&[0; 32]).is_none());
}

#[test]
fn rejects_r0_07_scalars_at_or_above_the_order() {
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    assert_eq!(
        Scalar::read(&mut Reader::new(&order)),
        Err(WireError::Scalar)
    );
    let mut below = order;
    below[0] -= 1;
    assert!(Scalar::read(&mut Reader::new(&below)).is_ok());
}

#[test]
fn generators_differ_by_label_and_index() {
    assert_ne!(generator("G", 0), generator("G", 1));
    assert_ne!(generator("G", 0), generator("J", 0));
}
