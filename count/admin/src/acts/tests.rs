use super::*;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use std::path::PathBuf;
use testkit::election::{Lab, Options};

fn copy(dir: &Path, name: &str, file: &ActFile) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, file.to_json().unwrap()).unwrap();
    path
}

fn signed(order: &Order, officers: &[(u16, &SigningKey)]) -> ActFile {
    let mut file = ActFile::unsigned(order.clone());
    for (index, key) in officers {
        file.signatures
            .insert(*index, order.sign(key, &mut rand::rng()));
    }
    file
}

fn order(lab: &Lab) -> Order {
    let act = notice("incidents", words("お知らせ", "notice", None));
    Order {
        election: lab.election,
        ordered: Ordered::Act(act),
    }
}

#[test]
fn copies_signed_on_two_computers_become_the_entry_that_the_board_takes() {
    let mut lab = Lab::sealed(Options::small());
    let dir = tempfile::tempdir().unwrap();
    let order = order(&lab);
    let keys = lab.parties.officers.clone();
    let copies = [
        copy(dir.path(), "b.json", &signed(&order, &[(2, &keys[2])])),
        copy(dir.path(), "a.json", &signed(&order, &[(0, &keys[0])])),
    ];
    let whole = assemble(&copies).unwrap();
    whole.verify(&lab.parties.officer_list()).unwrap();
    let entry = order.signed(whole.two().unwrap());
    lab.post(&[entry.encode()]);
}

#[test]
fn copies_of_different_acts_and_one_officer_alone_are_refused() {
    let lab = Lab::sealed(Options::small());
    let dir = tempfile::tempdir().unwrap();
    let (one, keys) = (order(&lab), lab.parties.officers.clone());
    let other = Order {
        election: Hash::ZERO,
        ..one.clone()
    };
    let a = copy(dir.path(), "a.json", &signed(&one, &[(0, &keys[0])]));
    let b = copy(dir.path(), "b.json", &signed(&other, &[(1, &keys[1])]));
    let bad = |copies: &[PathBuf]| -> BadAct {
        let whole = assemble(copies).and_then(|f| Ok(f.two().map(drop)?));
        whole.unwrap_err().downcast().unwrap()
    };
    assert_eq!(bad(&[a.clone(), b]), BadAct::Different);
    assert_eq!(bad(&[a.clone(), a]), BadAct::TooFew(1));
    assert_eq!(bad(&[]), BadAct::TooFew(0));
    let forged = signed(&one, &[(0, &keys[0]), (1, &keys[0])]);
    let officers = lab.parties.officer_list();
    assert_eq!(forged.verify(&officers), Err(BadAct::Signature(1)));
    let nobody = signed(&one, &[(9, &keys[0])]);
    assert_eq!(nobody.verify(&officers), Err(BadAct::Signature(9)));
}

#[test]
fn a_package_is_measured_here() {
    let dir = tempfile::tempdir().unwrap();
    let package = dir.path().join("booth.tar");
    std::fs::write(&package, b"abc").unwrap();
    let Act::Release(release) = release("1.0.0", "linux-x86_64", &package).unwrap() else {
        panic!("a release");
    };
    assert_eq!((release.size, release.sha256[0]), (3, 0xba));
}
