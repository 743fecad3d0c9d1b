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
    let mut keys = Keys::generate(8, 1).unwrap();
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
    let keys = Keys::generate(8, 1).unwrap();
    let made = |dst: &'static [u8]| {
        let person = keys.person.clone();
        move |f: &[Vec<u8>]| joined(&person, dst, f)
    };
    let fields = [b"issuer and serial".to_vec()];
    made_from(&keys.person(&fields[0]), &fields, made(PERSON_DST));
    let nonce = [vec![4; 32]];
    made_from(&keys.session_id(&[4; 32]), &nonce, made(SESSION_DST));
    let id = keys.evidence_id(&[2; 32], "first", &[3; 32], &[4; 32]);
    let fields = [vec![2; 32], vec![3; 32], vec![4; 32], b"first".to_vec()];
    made_from(&id, &fields, made(EVIDENCE_DST));
    let id = keys.incident_id(&[2; 32], "wrong-face", 20_000);
    let fields = [
        vec![2; 32],
        20_000u32.to_be_bytes().to_vec(),
        b"wrong-face".to_vec(),
    ];
    made_from(&id, &fields, made(INCIDENT_DST));
    let secret = keys.card.as_ref().unwrap().0.to_vec();
    let commitment = keys.card_commitment().unwrap();
    made_from(commitment.as_bytes(), &[secret], |fields| {
        let parts: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        crypto::hash::hash("card-secret", &parts)
            .as_bytes()
            .to_vec()
    });
}

/// One file holds the *again* keys of all windows in their order, and the card secret goes with the
/// salt key.
#[test]
fn keys_are_read_as_they_were_written_and_what_leads_to_a_voting_key_is_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let pass = Passphrase::new("0123456789abcdef".to_owned().into());
    let made = Keys::generate(8, 3).unwrap();
    made.write(folder.path(), &pass, Cost::LIGHT).unwrap();
    let read = Keys::read(folder.path(), &pass).unwrap();
    let moduli = |keys: &Keys| keys.public_part("", "", "", "").again;
    assert_eq!(moduli(&read), moduli(&made));
    assert_eq!(moduli(&read).len(), 3);
    let key = |keys: &Keys, election, card| {
        let key = keys.person_key(&Hash([election; 64]), &Hash([card; 64]));
        key.map(|key| key.public())
    };
    assert!(key(&made, 1, 1).is_some());
    assert_eq!(key(&read, 1, 1), key(&made, 1, 1));
    assert_ne!(key(&read, 1, 2), key(&made, 1, 1));
    assert_ne!(key(&read, 2, 1), key(&made, 1, 1));
    let commitment = made.card_commitment();
    assert!(commitment.is_some());
    assert_eq!(read.card_commitment(), commitment);
    assert_eq!(read.public_part("", "", "", "").card, commitment.map(Hex));
    assert!(destroy_salt(folder.path()).unwrap());
    assert!(!folder.path().join("card.key").exists());
    let after = Keys::read(folder.path(), &pass).unwrap();
    assert_eq!(key(&after, 1, 1), None);
    assert_eq!(after.card_commitment(), None);
    assert!(after.salt(&Hash([1; 64]), 0, b"certificate").is_none());
}

#[test]
fn a_damaged_list_of_issuers_is_refused() {
    let bytes = join(&[Issuer::generate().unwrap()]).unwrap();
    assert_eq!(split(&bytes).unwrap().len(), 1);
    for bad in [
        &bytes[..0],
        &bytes[..3],
        &bytes[..bytes.len() - 1],
        &bytes[4..],
    ] {
        assert!(split(bad).is_err());
    }
    assert!(split(&[bytes.as_slice(), &[0]].concat()).is_err());
}
