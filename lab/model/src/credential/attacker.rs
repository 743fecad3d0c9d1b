//! What the attacker can make.

use super::{
    Action, Auth, Author, Card, Claim, Credential, Entry, Key, Session, State, Theft, Token,
};

const KEYS: [Key; 3] = [Key::Honest, Key::First, Key::Second];

impl Credential {
    /// Card signatures at hand: those of the honest voter's rounds, and fresh ones of cards the
    /// attacker holds.
    fn signatures(&self, state: &State) -> Vec<Auth> {
        let mut out: Vec<Auth> = state.rounds.iter().map(|r| r.auth).collect();
        let thief = state.stolen && self.scenario.theft == Theft::CardAfterClose;
        let cards = [
            (Card::Corrupt, self.scenario.corrupt_voter),
            (Card::Honest, thief || state.infected),
        ];
        for (card, _) in cards.into_iter().filter(|(_, held)| *held) {
            out.extend(self.numbers(state).into_iter().map(|nonce| Auth {
                card,
                nonce,
                session: Session::Attacker,
            }));
        }
        out.sort();
        out.dedup();
        out
    }
    /// Everything that can be put to the registrars.
    pub(super) fn requests(&self, state: &State, actions: &mut Vec<Action>) {
        let claims = self.claims(state);
        for auth in self.signatures(state) {
            let numbers = if self.rules.nonce_signed {
                vec![auth.nonce]
            } else {
                self.numbers(state)
            };
            for nonce in numbers {
                if let Session::Round(r) = auth.session
                    && let Some(round) = state.rounds.get(usize::from(r))
                {
                    actions.push(Action::Ask {
                        auth,
                        nonce,
                        claim: round.claim(&self.rules),
                        own: true,
                    });
                }
                if self.holds_session(state, auth.session) {
                    actions.extend(claims.iter().map(|claim| Action::Ask {
                        auth,
                        nonce,
                        claim: claim.clone(),
                        own: false,
                    }));
                }
            }
        }
    }
    /// Every request worth making. Where tokens name the ballot before, that is one of the
    /// attacker's own making too, which may not be on the board yet.
    fn claims(&self, state: &State) -> Vec<Claim> {
        let mut out = Vec::new();
        for key in KEYS {
            for seq in 1..=self.scenario.ballots {
                let mut prevs = vec![None];
                if self.rules.token_for_prev && seq > 1 {
                    let there = state.on_board(key).iter().cloned();
                    let own = self.forged(state).into_iter().filter(|e| e.key == key);
                    let before = there.chain(own).filter(|e| e.seq + 1 == seq);
                    prevs = before.map(|e| Some(Box::new(e))).collect();
                }
                out.extend(prevs.into_iter().map(|prev| Claim { key, seq, prev }));
            }
        }
        out
    }
    /// Ballots the attacker can sign: with keys of his own, with the honest one once s is known.
    pub(super) fn forged(&self, state: &State) -> Vec<Entry> {
        let mut out = Vec::new();
        for key in KEYS {
            if key == Key::Honest && !state.secret {
                continue;
            }
            let prev = state.counted(key).cloned().map(Box::new);
            out.extend((1..=self.scenario.ballots).map(|seq| Entry {
                key,
                seq,
                prev: prev.clone(),
                author: Author::Attacker,
            }));
        }
        out
    }
    pub(super) fn may_steal(&self, state: &State) -> bool {
        !state.stolen
            && match self.scenario.theft {
                Theft::Nothing | Theft::Signature => false,
                Theft::Secret | Theft::Session => !state.rounds.is_empty(),
                Theft::LaterSecret => !state.on_board(Key::Honest).is_empty(),
                // Malware is there from the beginning; only in the long visit the card stays for
                // longer than the wait.
                Theft::FirstVisit | Theft::LongVisit => {
                    state.rounds.len() == 1 && !state.first.contains_key(&Card::Honest)
                }
                Theft::LaterVisit => {
                    state.rounds.len() > 1 && !state.on_board(Key::Honest).is_empty()
                }
                Theft::CardAfterClose => state.closed,
            }
    }
    pub(super) fn steal(&self, state: &mut State) {
        let theft = self.scenario.theft;
        state.stolen = true;
        state.infected = theft.with_card();
        if theft.of_secret() {
            state.secret = true;
            for (round, r) in state.rounds.iter().zip(0..) {
                // A session that was never answered ended with its key wiped.
                if theft.of_session() || state.spent.contains(&round.auth) {
                    state.sessions.insert(r);
                }
                if round.token {
                    state.tokens.insert(Token {
                        claim: round.claim(&self.rules),
                        card: Card::Honest,
                    });
                }
            }
        }
    }
    /// Without salts the card's signature alone gives s.
    pub(super) fn derive(&self, state: &mut State) {
        let signature = match self.scenario.theft {
            Theft::Signature => true,
            Theft::CardAfterClose => state.stolen,
            _ => false,
        };
        state.secret |= signature && !self.rules.salted;
    }
}
