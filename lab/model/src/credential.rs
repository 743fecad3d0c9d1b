//! Credential, tokens and further ballots (spec 04, 05 §4) against somebody who is the network,
//! owns a second voter with card and PIN, and may steal from the first.
//!
//! One registrar represents all honest ones together: what a dishonest registrar knows and signs
//! is given to the attacker, so its half of the salt and its tokens limit nobody. The board is
//! one honest state machine (its agreement is [`crate::finality`]).

use stateright::{Model, Property};
use std::collections::{BTreeMap, BTreeSet};

mod attacker;
mod properties;
mod registrar;

/// A card. The honest voter's, or that of the voter who is the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Card {
    /// The honest voter's.
    Honest,
    /// The attacker's own, as a voter like others.
    Corrupt,
}

/// A voting key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Derived from the honest voter's card.
    Honest,
    /// Made by the attacker.
    First,
    /// Another one made by the attacker.
    Second,
}

/// Who holds the secret of a session key e.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Session {
    /// The honest voter's booth, in this round.
    Round(u8),
    /// The attacker.
    Attacker,
}

/// What a blinded request asks for; seq 1 is *first*, everything above *again*.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// For this voting key.
    pub key: Key,
    /// For this ballot of it.
    pub seq: u8,
    /// The ballot it may replace, where tokens name one ([`Rules::token_for_prev`]).
    pub prev: Option<Box<Entry>>,
}

impl Claim {
    fn is_again(&self) -> bool {
        self.seq > 1
    }
}

/// A token, and the card whose session it was signed in. The board sees the card only where a
/// ballot is bound to it ([`Rules::own_card`]), and then as a blinded key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// What it is for.
    pub claim: Claim,
    /// Whose card asked.
    pub card: Card,
}

/// A card's signature over the *auth* text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Auth {
    /// Whose card.
    pub card: Card,
    /// The registrar's number in the text.
    pub nonce: u8,
    /// The session key in the text.
    pub session: Session,
}

/// Who made a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// The honest voter, confirming in this round.
    Round(u8),
    /// The attacker.
    Attacker,
}

/// A ballot entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Signed with this key.
    pub key: Key,
    /// Its number.
    pub seq: u8,
    /// The ballot it names as the one before.
    pub prev: Option<Box<Entry>>,
    /// Who chose what is inside.
    pub author: Author,
}

/// One attempt of the honest voter to vote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round {
    auth: Auth,
    entry: Entry,
    token: bool,
}

impl Round {
    fn claim(&self, rules: &Rules) -> Claim {
        Claim {
            key: Key::Honest,
            seq: self.entry.seq,
            prev: self.entry.prev.clone().filter(|_| rules.token_for_prev),
        }
    }
}

/// What the attacker may steal, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theft {
    /// Nothing.
    Nothing,
    /// s, and everything that sessions held which are over.
    Secret,
    /// The same, after a ballot of hers was received.
    LaterSecret,
    /// The same as [`Self::Secret`], and the session in which the voter is just identifying herself: malware on
    /// the computer.
    Session,
    /// The same in her very first session, and while the card is in the reader the malware lets
    /// it sign as often as it likes. Then she takes the card out and uses a clean computer.
    FirstVisit,
    /// The same, and the card stays in the reader for longer than the wait.
    LongVisit,
    /// The same in a session after a ballot of hers was received.
    LaterVisit,
    /// The card's signature over the *credential* text.
    Signature,
    /// Card and PIN, after the close.
    CardAfterClose,
}

impl Theft {
    fn of_secret(self) -> bool {
        matches!(self, Self::Secret | Self::LaterSecret) || self.of_session()
    }
    fn of_session(self) -> bool {
        matches!(self, Self::Session) || self.with_card()
    }
    fn with_card(self) -> bool {
        matches!(self, Self::FirstVisit | Self::LongVisit | Self::LaterVisit)
    }
}

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Whether the attacker has a voter's card of his own.
    pub corrupt_voter: bool,
    /// Whether all registrars work for the attacker.
    pub corrupt_registrars: bool,
    /// Whether one registrar works with the thief and takes a key that depends on the others'.
    pub rogue_registrar: bool,
    /// Whether nodes tell a booth wrong things about earlier ballots of its key.
    pub lying_nodes: bool,
    /// What can be stolen.
    pub theft: Theft,
    /// Attempts of the honest voter.
    pub rounds: u8,
    /// Card signatures the registrar takes.
    pub nonces: u8,
    /// Ballots of one key.
    pub ballots: u8,
    /// Whether the window of the *again* keys may end once the malware has gone.
    pub turns: bool,
}

/// The rules, each of which can be broken on purpose.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one rule of the protocol, switched off alone"
)]
pub struct Rules {
    /// Requests must be signed by the session key inside *auth*.
    pub session_bound: bool,
    /// *auth* holds the registrar's number.
    pub nonce_signed: bool,
    /// A number is taken once.
    pub nonce_once: bool,
    /// Another *first* request of the same person is refused.
    pub one_first: bool,
    /// A token names the voting key.
    pub token_for_key: bool,
    /// An *again* token names the ballot's number.
    pub token_for_seq: bool,
    /// *first* serves number 1 only, *again* the others.
    pub token_kind: bool,
    /// s depends on the registrars' salts.
    pub salted: bool,
    /// Salt keys are destroyed at the close.
    pub salt_destroyed: bool,
    /// Registrars answer nobody after the close.
    pub silent_after_close: bool,
    /// A ballot's number is one more than the last.
    pub seq_checked: bool,
    /// A ballot names the one before.
    pub prev_checked: bool,
    /// An *again* token names the ballot it replaces.
    pub token_for_prev: bool,
    /// A further ballot is signed with the card that the key's first ballot on the board had its
    /// *first* token from; the signature is for its tokens.
    pub own_card: bool,
    /// A registrar proves that it knows its key for a person, to a base of its own: without it an
    /// answered card step is a proof of a key that depends on the others'.
    pub key_proven: bool,
    /// *again* tokens end with their window.
    pub window: bool,
    /// The nonce of a card step is in memory only: a database that is set back brings none back.
    pub nonce_in_memory: bool,
    /// After a new *first* or an *again* a person waits; card signatures do not live that long.
    pub pause: bool,
}

impl Rules {
    /// As specified.
    #[must_use]
    pub fn specified() -> Self {
        Self {
            session_bound: true,
            nonce_signed: true,
            nonce_once: true,
            one_first: true,
            token_for_key: true,
            token_for_seq: true,
            token_kind: true,
            salted: true,
            salt_destroyed: true,
            silent_after_close: true,
            seq_checked: true,
            prev_checked: true,
            token_for_prev: true,
            own_card: true,
            key_proven: true,
            window: true,
            nonce_in_memory: true,
            pause: true,
        }
    }
}

/// The model.
#[derive(Clone, Copy, Debug)]
pub struct Credential {
    /// What is searched.
    pub scenario: Scenario,
    /// Under which rules.
    pub rules: Rules,
}

/// Everything that can differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    /// Numbers the registrar has taken: for which card signature, and whether it was answered a
    /// *first* and an *again*.
    used: BTreeMap<u8, Answered>,
    /// Card signatures that were answered.
    spent: BTreeSet<Auth>,
    /// What each person's *first* was asked for.
    first: BTreeMap<Card, Claim>,
    rounds: Vec<Round>,
    /// Tokens the attacker holds.
    tokens: BTreeSet<Token>,
    /// Sessions of the honest booth the attacker holds.
    sessions: BTreeSet<u8>,
    /// Ballots the honest voter sent, in the hands of the network.
    sent: BTreeSet<Entry>,
    board: BTreeMap<Key, Vec<Entry>>,
    stolen: bool,
    /// The attacker holds s.
    secret: bool,
    /// Malware sits between the voter and her card.
    infected: bool,
    /// Rounds from this one on are on a clean computer.
    clean_from: Option<u8>,
    /// Whose *first* token the first ballot of a key had.
    owners: BTreeMap<Key, Card>,
    /// Who has to wait before the next *again*.
    paused: BTreeSet<Card>,
    /// After the malware had gone the attacker replaced a ballot of hers.
    replaced: bool,
    /// The window in which the malware was there has ended.
    turned: bool,
    /// The same after that window.
    outlived: bool,
    /// The attacker has the registrars' key of the honest person, or the sum under which her
    /// further ballots are signed.
    key_known: bool,
    closed: bool,
}

/// What a number was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Answered {
    auth: Auth,
    first: bool,
    again: bool,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The honest voter begins a round: the card signs this number, the booth was shown this
    /// earlier ballot as received.
    Sign {
        /// A number the network handed out.
        nonce: u8,
        /// What nodes say is on the board.
        shown: Option<Entry>,
    },
    /// The registrar gets a card signature with this number and a request.
    Ask {
        /// The signature.
        auth: Auth,
        /// The number it is handed in for.
        nonce: u8,
        /// What the request asks for.
        claim: Claim,
        /// Whether the honest booth made the request.
        own: bool,
    },
    /// The honest booth sends the ballot of its last round.
    Send,
    /// The board takes a ballot.
    Post(Entry),
    /// The theft.
    Steal,
    /// The voter takes the card out of the infected computer and will use a clean one.
    Leave,
    /// A quarter of an hour passes.
    Wait,
    /// The window of the *again* keys ends.
    Turn,
    /// A registrar that works with the thief says a key that depends on the others', before her
    /// first ballot is made.
    Depend,
    /// A registrar's database is set back between nonce and answer, and asked a second time.
    Restore,
    /// The close.
    Close,
}

impl State {
    fn on_board(&self, key: Key) -> &[Entry] {
        self.board.get(&key).map_or(&[], Vec::as_slice)
    }
    /// The ballot that counts.
    fn counted(&self, key: Key) -> Option<&Entry> {
        self.on_board(key).last()
    }
}

impl Credential {
    /// May the board take this entry, and can whoever sends it have a token for it?
    fn takes(&self, state: &State, entry: &Entry) -> bool {
        let there = state.on_board(entry.key);
        let next = usize::from(entry.seq) == there.len() + 1;
        let follows = entry.prev.as_deref() == there.last();
        !state.closed
            && there.len() < usize::from(self.scenario.ballots)
            && !there.contains(entry)
            && (next || !self.rules.seq_checked)
            && (follows || !self.rules.prev_checked)
            && (entry.author != Author::Attacker || self.has_token(state, entry))
    }
    /// Has the attacker a token that the board takes for this entry?
    fn has_token(&self, state: &State, entry: &Entry) -> bool {
        // Who has w needs tokens only, and any card gets those.
        self.scenario.corrupt_registrars
            || (state.key_known && entry.seq > 1)
            || state
                .tokens
                .iter()
                .any(|token| self.serves(state, token, entry))
    }
    fn serves(&self, state: &State, token: &Token, entry: &Entry) -> bool {
        let Token { claim, card } = token;
        let seq = claim.seq == entry.seq || (!self.rules.token_for_seq && claim.is_again());
        let kind = (claim.seq == 1) == (entry.seq == 1);
        // A *first* token names none.
        let names = self.rules.token_for_prev && claim.is_again();
        let prev = !names || claim.prev == entry.prev;
        let owner = state.owners.get(&entry.key);
        let own = !self.rules.own_card || entry.seq == 1 || owner == Some(card);
        (claim.key == entry.key || !self.rules.token_for_key)
            && (!self.rules.token_kind || (seq && kind))
            && prev
            && own
    }
    fn send(&self, state: &mut State) -> Option<()> {
        let round = state.rounds.last().filter(|r| r.token)?;
        let entry = round.entry.clone();
        // The ballot shows its token to everybody.
        state.tokens.insert(Token {
            claim: round.claim(&self.rules),
            card: Card::Honest,
        });
        state.sent.insert(entry).then_some(())
    }
    fn post(&self, state: &mut State, entry: Entry) {
        if entry.seq == 1 && self.rules.own_card {
            let theirs =
                |token: &&Token| token.card == Card::Corrupt && self.serves(state, token, &entry);
            let foreign =
                entry.author == Author::Attacker && state.tokens.iter().any(|t| theirs(&t));
            let card = if foreign { Card::Corrupt } else { Card::Honest };
            state.owners.insert(entry.key, card);
        }
        let hers = entry.key == Key::Honest && !state.on_board(Key::Honest).is_empty();
        // A node that has s may still be quicker with the token of the ballot she is just sending.
        let sending = |e: &Entry| e.seq == entry.seq && e.prev == entry.prev;
        let behind = hers
            && state.clean_from.is_some()
            && entry.author == Author::Attacker
            && !state.sent.iter().any(sending);
        state.replaced |= behind;
        state.outlived |= behind && state.turned;
        state.board.entry(entry.key).or_default().push(entry);
    }
    /// The window ends: what it gave for further ballots serves no more.
    fn turn(&self, state: &mut State) {
        Self::wait(state);
        state.turned = true;
        if !self.rules.window {
            return;
        }
        state.tokens.retain(|token| !token.claim.is_again());
        let there = state.board.clone();
        let kept = |e: &Entry| e.seq == 1 || there.get(&e.key).is_some_and(|b| b.contains(e));
        state.sent.retain(kept);
        for round in &mut state.rounds {
            round.token &= round.entry.seq == 1;
        }
    }
    /// Whether malware in a going session was answered with the honest card and sets the registrar's
    /// database back now.
    fn may_restore(&self, state: &State) -> bool {
        !self.rules.nonce_in_memory && state.infected && !state.key_known && Self::answered(state)
    }
    /// Whether a card step with the honest card was answered in a session of the attacker.
    fn answered(state: &State) -> bool {
        let answered = |a: &Answered| {
            a.again && a.auth.card == Card::Honest && a.auth.session == Session::Attacker
        };
        state.used.values().any(answered)
    }
    /// Whether the thief's registrar can try a key that depends on the others': with s in hand, one
    /// answered card step, and no ballot of hers made that names other keys.
    fn may_depend(&self, state: &State) -> bool {
        let unmade = state.sent.is_empty() && state.on_board(Key::Honest).is_empty();
        self.scenario.rogue_registrar
            && state.secret
            && unmade
            && !state.key_known
            && Self::answered(state)
    }
    /// R4.04: who is asked to prove such a key cannot.
    fn depend(&self, state: &mut State) -> Option<()> {
        state.key_known = !self.rules.key_proven;
        state.key_known.then_some(())
    }
    /// The card leaves the infected computer.
    fn leave(state: &mut State) {
        state.infected = false;
        state.clean_from = u8::try_from(state.rounds.len()).ok();
    }
    /// Longer than a card signature is good for.
    fn wait(state: &mut State) {
        state.paused.clear();
        let over = |auth: Auth| Answered {
            auth,
            first: true,
            again: true,
        };
        for round in &state.rounds {
            state
                .used
                .entry(round.auth.nonce)
                .or_insert(over(round.auth));
        }
        for answered in state.used.values_mut() {
            *answered = over(answered.auth);
        }
    }
}

impl Model for Credential {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.voter_actions(state, actions);
        self.requests(state, actions);
        let entries = state.sent.iter().cloned().chain(self.forged(state));
        actions.extend(entries.filter(|e| self.takes(state, e)).map(Action::Post));
        if self.may_steal(state) {
            actions.push(Action::Steal);
        }
        if state.infected {
            actions.push(Action::Leave);
        }
        let stays = self.scenario.theft == Theft::LongVisit;
        if (stays || !state.infected) && !state.paused.is_empty() {
            actions.push(Action::Wait);
        }
        if self.scenario.turns && !state.turned && state.clean_from.is_some() {
            actions.push(Action::Turn);
        }
        if self.may_depend(state) {
            actions.push(Action::Depend);
        }
        if self.may_restore(state) {
            actions.push(Action::Restore);
        }
        if !state.closed {
            actions.push(Action::Close);
        }
    }
    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        match action {
            Action::Sign { nonce, shown } => Self::sign(&mut next, nonce, shown),
            Action::Ask {
                auth,
                nonce,
                claim,
                own,
            } => self.ask(&mut next, auth, nonce, claim, own)?,
            Action::Send => self.send(&mut next)?,
            Action::Post(entry) => self.post(&mut next, entry),
            Action::Steal => self.steal(&mut next),
            Action::Leave => Self::leave(&mut next),
            Action::Wait => Self::wait(&mut next),
            Action::Turn => self.turn(&mut next),
            Action::Depend => self.depend(&mut next)?,
            Action::Restore => next.key_known = true,
            Action::Close => next.closed = true,
        }
        self.derive(&mut next);
        Some(next)
    }
    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

#[cfg(test)]
mod tests;
