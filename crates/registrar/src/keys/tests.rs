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
