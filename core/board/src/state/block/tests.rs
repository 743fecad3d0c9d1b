use super::*;
use crate::check::check_stateless;
use crate::entry::Setup;
use crate::network::NetworkConfig;
use ballot::manifest::{Officer, Validator};
use ballot::text::Text;
use ceremony::{HpkeSecret, Member, Roster};
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn text() -> Text {
    Text::new("名", "name", "な")
}

/// A board with nothing on it, and a setup that may stand in the next block.
fn board(rng: &mut ChaCha20Rng) -> (State, Vec<u8>) {
    let key = |rng: &mut ChaCha20Rng| SigningKey::generate(rng);
    let authority = key(rng);
    let validator = Validator {
        name: text(),
        engine_key: [1; 32],
        node_key: key(rng).public(),
        origin: "https://127.0.0.1:1".into(),
        spki: [2; 32],
        hpke: [9; 32],
    };
    let network = NetworkConfig::new("test", vec![validator], vec![authority.public()], 1000);
    let network = network.unwrap();
    let member = Member {
        id: 1,
        key: key(rng).public(),
        hpke: HpkeSecret::generate(rng).1,
    };
    let officers = [key(rng), key(rng)].map(|k| Officer {
        name: text(),
        key: k.public(),
    });
    let setup = Setup {
        network: network.id(),
        id: "election".to_owned(),
        authority: authority.public(),
        officers: officers.to_vec(),
        trustee_names: vec![text()],
        roster: Roster::new(1, vec![member]).unwrap(),
    };
    let bytes = setup.signed(&authority, rng).to_bytes();
    (State::genesis(&network), bytes)
}

/// What the draft let through by mistake costs its own place and no block.
#[test]
fn a_41_rejects_r5_04_an_entry_that_does_not_fit_and_the_block_is_made_without_it() {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let (state, setup) = board(&mut rng);
    let checked = check_stateless(state.context(), &setup, &mut rng).unwrap();
    let twice = vec![checked.clone(), checked];
    let (block, next) = sealed(&state, 2000, twice).unwrap();
    assert_eq!(block.entries, [setup]);
    assert_eq!(next.tip(), &block.header);
    assert_eq!(next.elections().count(), 1);
    // A block that no entry is to blame for is not made at all.
    assert!(sealed(&state, 1000, Vec::new()).is_none());
}
