//! The edges of the session: card, face, and the parties it talks to. The session itself does no
//! input or output, so every error path can be walked in a test.

use core::fmt;

pub use api::portal::SurveyAnswer;
use api::registrar::FaceVerdict;
use ballot::Side;
use ballot::card_text::CardText;
use card::{LastTry, NumberB, Pin};
use face::Outcome;
use refusal::VoteState;
use zeroize::Zeroizing;

use crate::checkup::{Reach, ReaderLook};
use crate::fault::Fault;
use crate::receipt::ReceiptView;
use crate::sums::{FirstCode, SecondCode, Sums};

/// What a card shows without a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFacts {
    /// Tries left for the PIN.
    pub tries_left: u8,
    /// A test card, which every page must say.
    pub test_card: bool,
    /// SHA-256 of the certificate: a face that was compared stays with its card.
    pub identity: [u8; 32],
}

/// A photo read from a card; wiped on drop.
pub struct Photo(pub Zeroizing<Vec<u8>>);

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Photo(..)")
    }
}

/// What proves a card to registrars: its certificate, and signatures over the two card texts. The
/// module that talks to the network gets this part of a card and no other: it has no way to PIN and
/// photo. The session unlocks the card:
///
/// ```
/// use booth::{fault::Fault, ports::CardPort};
///
/// fn session(card: &mut dyn CardPort, pin: &card::Pin) -> Result<(), Fault> {
///     card.unlock(pin, card::LastTry::NotAgreed)
/// }
/// ```
///
/// and what it hands on cannot:
///
/// ```compile_fail
/// use booth::{fault::Fault, ports::CardSigner};
///
/// fn network(card: &mut dyn CardSigner, pin: &card::Pin) -> Result<(), Fault> {
///     card.unlock(pin, card::LastTry::NotAgreed)
/// }
/// ```
pub trait CardSigner {
    /// The user-authentication certificate, DER.
    ///
    /// # Errors
    /// Reader and card faults.
    fn certificate(&mut self) -> Result<Vec<u8>, Fault>;
    /// The signature over one of the two card texts, checked strictly under the certificate.
    /// The card must have been unlocked.
    ///
    /// # Errors
    /// Reader and card faults.
    fn sign(&mut self, text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault>;
}

/// A My Number card on a reader.
pub trait CardPort: CardSigner + Send {
    /// Connects to the card and reads what is free to read. Any earlier connection is dropped.
    ///
    /// # Errors
    /// Reader and card faults.
    fn open(&mut self) -> Result<CardFacts, Fault>;
    /// Looks at every reader and at the card without using up a try. Any earlier connection is dropped.
    fn look(&mut self) -> ReaderLook;
    /// Whether a card lies on a reader now.
    fn present(&mut self) -> bool;
    /// Shows the PIN to the card once, unless one try is left and the voter did not agree to use
    /// it. The tries are asked anew before and after.
    ///
    /// # Errors
    /// [`Fault::PinLocked`]; [`Fault::PinLast`] when one try is left and the PIN was not shown;
    /// [`Fault::PinWrong`]; reader and card faults.
    fn unlock(&mut self, pin: &Pin, last: LastTry) -> Result<(), Fault>;
    /// Whether the card signs without being shown the PIN again. Reading the photo ends it.
    fn unlocked(&self) -> bool;
    /// Reads the photo with 照合番号B and checks the signature over it.
    ///
    /// # Errors
    /// [`Fault::SurfaceWrong`], [`Fault::SurfaceLocked`], [`Fault::SurfaceSignature`]; reader and
    /// card faults.
    fn photo(&mut self, number: &NumberB) -> Result<Photo, Fault>;
    /// Lets go of the card and takes its power, which ends its PIN state.
    fn close(&mut self);
}

/// Compares camera frames with the card's photo.
pub trait FacePort: Send {
    /// Whether the comparing program runs; none where there is none to run.
    fn runs(&mut self) -> Option<bool>;
    /// Takes the photo in; it may be dropped afterwards.
    ///
    /// # Errors
    /// [`Fault::FaceEngine`] when nothing can compare, [`Fault::FacePhoto`] when the card's photo
    /// shows no face that can be compared.
    fn begin(&mut self, photo: &Photo) -> Result<(), Fault>;
    /// One comparison. The frame is a JPEG picture as the browser sent it.
    fn compare(&mut self, frame: Zeroizing<Vec<u8>>) -> Outcome;
    /// Forgets the photo and everything made from it.
    fn forget(&mut self);
}

/// What is known of earlier ballots when registrars have answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When the last ballot of this person was received.
    pub previous: Option<u64>,
    /// What became of a ballot left on this machine by a crash.
    pub pending: Leftover,
}

/// A sealed ballot found on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Leftover {
    /// There is none.
    #[default]
    None,
    /// It is in the box; its receipt was verified and the file removed.
    Received(Box<ReceiptView>),
    /// It never reached the box.
    Unsent,
    /// It can never be accepted any more, and is removed: the voter is told so this once.
    Over,
}

/// Server time and the close of the vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeTime {
    /// The nodes' time, ms.
    pub now: u64,
    /// The effective close, ms.
    pub closes: u64,
}

/// A picked proposal: its index in the manifest's order. Wiped when used; never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Choice(pub u16);

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Choice(..)")
    }
}

/// Two different pictures of sixteen.
pub type Pictures = [u8; 2];

/// Registrars and nodes: the protocol of a vote behind the session.
pub trait VotingPort: Send {
    /// Proves an unlocked card to every registrar, derives the voting key, gets the tokens and looks up
    /// the last ballot on f+1 nodes.
    ///
    /// # Errors
    /// Any fault of card, registrar or nodes; nothing of the voter's right is used up.
    fn authorize(
        &mut self,
        card: &mut dyn CardSigner,
        face: FaceVerdict,
    ) -> Result<Standing, Fault>;
    /// Takes up the ballot left by a crash, as if it had just been prepared.
    ///
    /// # Errors
    /// When it cannot be read any more.
    fn take_pending(&mut self) -> Result<(), Fault>;
    /// Throws away the ballot left by a crash.
    fn drop_pending(&mut self);
    /// Encrypts, proves and signs a fresh ballot and seals it on disk; gives its first code, signed.
    ///
    /// # Errors
    /// When it cannot be built or stored; nothing has been sent.
    fn prepare(&mut self, choice: Choice, pictures: Pictures) -> Result<FirstCode, Fault>;
    /// Makes a check ballot of the prepared one, which can be cast no more, and removes it from the
    /// disk. Nothing is sent.
    ///
    /// # Errors
    /// [`Fault::WrongStep`] when nothing is prepared.
    fn spoil(&mut self) -> Result<(), Fault>;
    /// Sends the check ballot and waits for a receipt that verifies; only then gives the second code.
    /// May be called again after a fault: the same bytes are sent.
    ///
    /// # Errors
    /// [`Fault::SendFailed`], [`Fault::Waiting`], [`Fault::CheckRefused`]; no vote was cast.
    fn send_check(&mut self) -> Result<SecondCode, Fault>;
    /// Sends the prepared ballot and waits for a receipt that verifies. May be called again after
    /// a fault: the same bytes are sent.
    ///
    /// # Errors
    /// The fault and what is known of the vote.
    fn send(&mut self) -> Result<ReceiptView, (Fault, VoteState)>;
    /// Both numbers of every check line of the ballot that was sent; none when its seed is not here,
    /// as after a crash.
    fn sums(&self) -> Option<Sums>;
    /// Makes the one opening of this side and destroys the seed. Nothing is sent.
    ///
    /// # Errors
    /// [`Fault::WrongStep`] when there is no seed.
    fn choose_side(&mut self, side: Side) -> Result<(), Fault>;
    /// Sends the opening and waits for a receipt of it that verifies. May be called again after a
    /// fault: the same bytes are sent. The vote is not touched.
    ///
    /// # Errors
    /// [`Fault::NotOpened`], [`Fault::OpeningRefused`].
    fn open(&mut self) -> Result<(), Fault>;
    /// Destroys the seed: nothing will be opened.
    fn keep_closed(&mut self);
    /// Answers the anonymous questions.
    ///
    /// # Errors
    /// When the answer could not be stored. The vote is not touched.
    fn survey(&mut self, answers: &[SurveyAnswer]) -> Result<(), Fault>;
    /// Server time; `fresh` asks the nodes now, otherwise an answer of the last seconds will do.
    fn now(&mut self, fresh: bool) -> Option<NodeTime>;
    /// How many nodes answer now, and their time.
    fn reach(&mut self) -> Reach;
    /// Whether a sealed ballot can be kept on this machine.
    fn can_store(&self) -> bool;
    /// Forgets everything about this voter. `keep` leaves the sealed ballot of an unfinished send
    /// where the same card, or at a kiosk the station, finds it again.
    fn wipe(&mut self, keep: bool);

    /// The voter chose to do without relays, until [`Self::wipe`].
    fn go_direct(&mut self) {}

    /// What nodes have signed about the ballot, and what registrars signed when one of them is at fault,
    /// as a file to keep for a dispute; none when nobody signed anything.
    fn papers(&self) -> Option<String> {
        None
    }
}
