//! The honest voter's card and the registrars.

use super::{
    Action, Answered, Auth, Author, Card, Claim, Credential, Entry, Key, Round, Session, State,
    Theft, Token,
};

impl Credential {
    /// Rounds the honest voter may begin: any number the network hands out (fresh or not), and
    /// any earlier ballot of hers that nodes claim to be received.
    pub(super) fn voter_actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.closed {
            return;
        }
        actions.push(Action::Send);
        if state.infected || state.rounds.len() >= usize::from(self.scenario.rounds) {
            return;
        }
        let truth = state.counted(Key::Honest).cloned();
        let mut shown = vec![truth];
        if self.scenario.lying_nodes {
            let lies = state.sent.iter().cloned().map(Some);
            shown.extend(std::iter::once(None).chain(lies));
            shown.sort();
            shown.dedup();
        }
        for nonce in self.numbers(state) {
            for shown in &shown {
                if shown.as_ref().is_none_or(|s| s.seq < self.scenario.ballots) {
                    let shown = shown.clone();
                    actions.push(Action::Sign { nonce, shown });
                }
            }
        }
    }
    /// Numbers worth handing out: those taken already and one fresh one. All fresh ones are alike.
    pub(super) fn numbers(&self, state: &State) -> Vec<u8> {
        let fresh = (0..self.scenario.nonces).find(|n| !state.used.contains_key(n));
        state.used.keys().copied().chain(fresh).collect()
    }
    pub(super) fn sign(state: &mut State, nonce: u8, shown: Option<Entry>) {
        let number = u8::try_from(state.rounds.len()).unwrap_or(u8::MAX);
        state.rounds.push(Round {
            auth: Auth {
                card: Card::Honest,
                nonce,
                session: Session::Round(number),
            },
            entry: Entry {
                key: Key::Honest,
                seq: shown.as_ref().map_or(1, |s| s.seq + 1),
                prev: shown.map(Box::new),
                author: Author::Round(number),
            },
            token: false,
        });
    }
    /// The registrars' answer: tokens to whoever can unblind them, salts to the session's holder.
    pub(super) fn ask(
        &self,
        state: &mut State,
        auth: Auth,
        nonce: u8,
        claim: Claim,
        own: bool,
    ) -> Option<()> {
        if state.closed && self.rules.silent_after_close {
            return None;
        }
        self.take_number(state, auth, nonce, &claim)?;
        self.allow(state, auth.card, &claim)?;
        state.spent.insert(auth);
        let token = Token {
            claim,
            card: auth.card,
        };
        let seen = self.holds_session(state, auth.session);
        if own {
            if let Session::Round(r) = auth.session {
                state.rounds.get_mut(usize::from(r))?.token = true;
            }
            // The blinding of *first* derives from s; that of *again* died with the session.
            if seen && state.secret && !token.claim.is_again() {
                state.tokens.insert(token);
            }
        } else {
            state.tokens.insert(token);
        }
        let salt_there = !(state.closed && self.rules.salt_destroyed);
        let card_signed = self.scenario.theft == Theft::Signature || state.stolen;
        if auth.card == Card::Honest && seen && salt_there && card_signed {
            state.secret = true;
        }
        Some(())
    }
    /// A number serves one card signature, and that one *first* and one *again*.
    fn take_number(&self, state: &mut State, auth: Auth, nonce: u8, claim: &Claim) -> Option<()> {
        let mut held = state.used.get(&nonce).copied().unwrap_or(Answered {
            auth,
            first: false,
            again: false,
        });
        let taken = if claim.is_again() {
            held.again
        } else {
            held.first
        };
        if self.rules.nonce_once && (taken || held.auth != auth) {
            return None;
        }
        held.first |= !claim.is_again();
        held.again |= claim.is_again();
        state.used.insert(nonce, held);
        Some(())
    }
    /// One *first* a person; an *again* only after it, and not at once.
    fn allow(&self, state: &mut State, card: Card, claim: &Claim) -> Option<()> {
        match (claim.seq, state.first.get(&card)) {
            (1, None) => {
                state.first.insert(card, claim.clone());
            }
            (1, Some(before)) if before != claim && self.rules.one_first => return None,
            (1, Some(_)) => return Some(()),
            (_, had) => {
                had?;
                if state.paused.contains(&card) {
                    return None;
                }
            }
        }
        if self.rules.pause {
            state.paused.insert(card);
        }
        Some(())
    }
    /// Can the attacker read what this session is answered and sign in its name?
    pub(super) fn holds_session(&self, state: &State, session: Session) -> bool {
        match session {
            Session::Attacker => true,
            Session::Round(r) => state.sessions.contains(&r) || !self.rules.session_bound,
        }
    }
}
