use super::*;
use crypto::hash::from_hex;

/// The salt shares of `vectors/04-credential.json`: another registrar program must give the same.
#[test]
fn salt_shares_are_those_of_the_vectors() {
    let file = include_str!("../../../../vectors/04-credential.json");
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let mut groups = file["groups"].as_array().unwrap().iter();
    let group = groups.find(|g| g["kind"] == "salt-share");
    let bytes = |v: &serde_json::Value| from_hex(v.as_str().unwrap()).unwrap();
    let mut keys = Keys::generate().unwrap();
    let mut count = 0;
    for vector in group.unwrap()["vectors"].as_array().unwrap() {
        let inputs = &vector["in"];
        keys.salt = Some(Zeroizing::new(
            bytes(&inputs["salt_key"]).try_into().unwrap(),
        ));
        let election = Hash(bytes(&inputs["election"]).try_into().unwrap());
        let share = keys.salt_share(&election, &bytes(&inputs["certificate"]));
        assert_eq!(share.unwrap().to_vec(), bytes(&vector["out"]["u"]));
        count += 1;
    }
    assert_eq!(count, 3);
}

/// HMAC-SHA-512 over the parts of `fields` in order.
fn joined(key: &[u8; 64], dst: &[u8], fields: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = vec![dst];
    parts.extend(fields.iter().map(Vec::as_slice));
    mac(key, &parts).to_vec()
}

/// `value` is made from these fields, and from no copy with one bit changed in one of them.
fn made_from(value: &[u8], fields: &[Vec<u8>], make: impl Fn(&[Vec<u8>]) -> Vec<u8>) {
    assert!(make(fields).starts_with(value));
    for i in 0..fields.len() {
        let mut changed = fields.to_vec();
        changed[i][0] ^= 1;
        assert!(!make(&changed).starts_with(value), "field {i}");
    }
}

#[test]
fn every_field_of_the_registrars_own_hashes_counts() {
    let keys = Keys::generate().unwrap();
    let salt = **keys.salt.as_ref().unwrap();
    let election = Hash([1; 64]);
    let of = |certificate: &[u8]| hash("certificate", &[certificate]);
    let share = keys.salt_share(&election, b"certificate").unwrap();
    let fields = [vec![1; 64], of(b"certificate").as_bytes().to_vec()];
    made_from(share.as_ref(), &fields, |f| joined(&salt, SALT_DST, f));
    made_from(share.as_ref(), &[b"certificate".to_vec()], |f| {
        let parts = [vec![1; 64], of(&f[0]).as_bytes().to_vec()];
        joined(&salt, SALT_DST, &parts)
    });

    let made = |dst: &'static [u8]| {
        let person = keys.person.clone();
        move |f: &[Vec<u8>]| joined(&person, dst, f)
    };
    let fields = [b"issuer and serial".to_vec()];
    made_from(&keys.person(&fields[0]), &fields, made(PERSON_DST));
    let id = keys.evidence_id(&[2; 32], "first", &[3; 32]);
    let fields = [vec![2; 32], vec![3; 32], b"first".to_vec()];
    made_from(&id, &fields, made(EVIDENCE_DST));
    let id = keys.incident_id(&[2; 32], "wrong-face", 20_000);
    let fields = [
        vec![2; 32],
        20_000u32.to_be_bytes().to_vec(),
        b"wrong-face".to_vec(),
    ];
    made_from(&id, &fields, made(INCIDENT_DST));
}
