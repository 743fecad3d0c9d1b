use super::*;

#[test]
fn every_field_of_the_serial_counts() {
    let made = serial(&[1; 64], &Hash([2; 64])).unwrap();
    let hash = crypto::hash::hash("survey-serial", &[&[1; 64], &[2; 64]]);
    assert_eq!(made, hash.0[..32]);
    for i in 0..64 {
        let (mut secret, mut election) = ([1; 64], Hash([2; 64]));
        secret[i] ^= 1;
        assert_ne!(
            serial(&secret, &election),
            Some(made),
            "byte {i} of the secret"
        );
        election.0[i] ^= 1;
        assert_ne!(
            serial(&[1; 64], &election),
            Some(made),
            "byte {i} of the election"
        );
    }
}
