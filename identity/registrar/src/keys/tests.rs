use super::*;
use crypto::hash::from_hex;

/// The salts of `vectors/04-credential.json`: another registrar program must give the same.
#[test]
fn salts_are_those_of_the_vectors() {
    let file = include_str!("../../../../vectors/04-credential.json");
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let mut groups = file["groups"].as_array().unwrap().iter();
    let group = groups.find(|g| g["kind"] == "salt");
    let bytes = |v: &serde_json::Value| from_hex(v.as_str().unwrap()).unwrap();
    let number = |v: &serde_json::Value| v.as_u64().unwrap();
    let mut keys = Keys::generate(8).unwrap();
    let mut count = 0;
    for vector in group.unwrap()["vectors"].as_array().unwrap() {
        let inputs = &vector["in"];
        let seed = Zeroizing::new(bytes(&inputs["salt_key"]).try_into().unwrap());
        let depth = u8::try_from(number(&inputs["depth"])).unwrap();
        keys.salts = Some(salts::generate(&seed, depth));
        let election = Hash(bytes(&inputs["election"]).try_into().unwrap());
        let registrar = u16::try_from(number(&inputs["registrar"])).unwrap();
        let certificate = bytes(&inputs["certificate"]);
        let salt = keys.salt(&election, registrar, &certificate).unwrap();
        assert_eq!(salt.leaf.to_vec(), bytes(&vector["out"]["u"]));
        let root = keys.public_part("", "", "", "").salt_root.0;
        assert_eq!(root.to_vec(), bytes(&vector["out"]["root"]));
        count += 1;
    }
    assert_eq!(count, 5);
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
    let keys = Keys::generate(8).unwrap();
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
