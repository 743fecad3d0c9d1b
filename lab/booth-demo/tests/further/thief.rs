//! Malware that takes the voting secret in a sitting, and somebody who uses it with a card of their own.

use std::sync::{Arc, Mutex};

use ballot::credential::Secret;
use booth::fault::Fault;
use booth::ports::{Choice, VotingPort as _};
use booth::voting::secrets::{Fresh, Secrets};
use crypto::Hash;
use refusal::VoteState;
use tokio::task::AbortHandle;
use zeroize::Zeroizing;

use crate::town::Town;

type Loot = Arc<Mutex<Option<Secret>>>;

/// Notes the secret, and lets the sitting end there: nobody is asked for a token.
struct Stealing(Loot, Vec<AbortHandle>);

impl Secrets for Stealing {
    fn voting_secret(
        &mut self,
        signature: &[u8; 256],
        shares: &[[u8; 64]],
        election: &Hash,
    ) -> Secret {
        for service in &self.1 {
            service.abort();
            while !service.is_finished() {
                std::thread::yield_now();
            }
        }
        let secret = Secret::derive(signature, shares, election);
        *self.0.lock().unwrap() = Some(secret.clone());
        secret
    }
    fn ballot_seed(&mut self) -> Result<Zeroizing<[u8; 32]>, Fault> {
        Fresh.ballot_seed()
    }
}

/// Whatever card signs, the secret is the stolen one.
struct Stolen(Loot);

impl Secrets for Stolen {
    fn voting_secret(&mut self, _: &[u8; 256], _: &[[u8; 64]], _: &Hash) -> Secret {
        self.0.lock().unwrap().clone().unwrap()
    }
    fn ballot_seed(&mut self) -> Result<Zeroizing<[u8; 32]>, Fault> {
        Fresh.ballot_seed()
    }
}

/// Who stole the secret before the first ballot makes that one, with another card. Both registrars
/// tell the owner the truth, and the booth names neither.
#[test]
fn a_72_a_first_ballot_with_another_card_names_no_registrar() {
    let mut town = Town::new();
    let loot = Loot::default();
    let services = town.services.iter().map(|s| s.abort_handle()).collect();
    let infected = town.booth_with(Box::new(Stealing(Arc::clone(&loot), services)));
    let clean = core::mem::replace(&mut town.voting, infected);
    assert_eq!(town.card_step(), Err(Fault::RegistrarUnreachable));
    town.services = (0..2).map(|n| town.serve(n)).collect();

    town.take_card_of(1);
    town.voting = town.booth_with(Box::new(Stolen(loot)));
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);
    town.pause();
    // It is theirs: every further ballot takes the same other card.
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 2);

    town.pause();
    town.take_card_of(0);
    town.voting = clean;
    assert_eq!(town.card_step(), Ok(None), "both have never seen this card");
    town.voting.prepare(Choice(1), [1, 2]).unwrap();
    let foreign = (Fault::ForeignFirst, VoteState::Overtaken);
    assert_eq!(town.voting.send(), Err(foreign));
    assert_eq!(town.statements(), [false, false], "signed, and kept");
    town.voting.wipe(false);
    // Now both have, and the board is asked before anything is sent. The number is no finding.
    town.pause();
    let differs = Fault::CardKeyDiffers { registrar: 0 };
    assert_eq!(town.card_step(), Err(differs));
}
