//! Questions to a node that a relay carries and cannot read (spec 11): Oblivious HTTP (RFC 9458)
//! with binary messages (RFC 9292), in the one suite and the few lengths this project uses.
//!
//! The key belongs to the node and comes from the manifest, never from the network. The relay sees
//! who asks and how many bytes; the node sees what is asked and not by whom.
//!
//! ```
//! use oblivious::{DoorKey, Method, Request, Response};
//! use rand_chacha::ChaCha20Rng;
//! use rand_core::SeedableRng as _;
//!
//! let mut rng = ChaCha20Rng::seed_from_u64(1); // a program takes the system's generator
//! let (key, public) = DoorKey::generate(&mut rng);
//! let question = Request::get("/v1/status");
//! let (sealed, waiting) = question.seal(&public, 4096, &mut rng).expect("it fits");
//! let (asked, answering) = key.open(&sealed).expect("it was sealed to this key");
//! assert_eq!(asked, question);
//! let answer = Response { status: 200, body: b"{}".to_vec() };
//! let sealed = answering.seal(&answer, &mut rng).expect("it fits");
//! assert_eq!(waiting.open(&sealed), Ok(answer));
//! ```
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

mod door;
mod length;
mod message;
mod suite;

pub use door::{Answering, DoorKey, Waiting};
pub use length::{
    MAX_QUESTION, MAX_SEALED_ANSWER, MAX_SEALED_QUESTION, STEPS, longest_answer, padded,
    question_length,
};
pub use message::{MessageError, Method, Request, Response};
pub use suite::{PUBLIC_BYTES, SealedError};

/// Content type of a sealed question.
pub const QUESTION_TYPE: &str = "message/ohttp-req";
/// Content type of a sealed answer.
pub const ANSWER_TYPE: &str = "message/ohttp-res";
