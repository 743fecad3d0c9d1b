//! Manifest, contest, selection, ballot; the credential's public side; confirmation codes.
//!
//! Spec chapters 01 (manifest), 03 (ballot) and 04 (credential). Knows no person and does no I/O.
//!
//! Encrypting one contest, and checking it without opening it:
//!
//! ```
//! use ballot::proof::{Context, Item, Key, prove, verify_one};
//! use ballot::{Selection, Shape};
//! use crypto::{Hash, Point, group::random_scalar, schnorr::SigningKey};
//! use rand_chacha::ChaCha20Rng;
//! use rand_core::SeedableRng as _;
//!
//! let mut rng = ChaCha20Rng::seed_from_u64(1); // a program takes the system's generator
//! // The trustees' joint key; nobody knows its secret when it comes from a ceremony.
//! let joint = Point::mul_base(&random_scalar(&mut rng)).unwrap();
//! // Four options, exactly one mark.
//! // Options with the printed numbers 1 to 4.
//! let key = Key::new(Shape::new(4, 1, 1)?, &[1, 2, 3, 4], joint);
//! let context = Context {
//!     election: Hash([7; 64]),
//!     contest: 0,
//!     vk: SigningKey::generate(&mut rng).public(),
//!     seq: 1,
//!     prev: Hash::ZERO,
//!     pictures: [1, 7],
//! };
//! let choice = Selection::new(key.shape(), &[2])?;
//! let seed = [9; 32]; // fresh and random for every ballot
//! let contest = prove(&key, &context, &choice, &seed, &mut rng);
//!
//! let item = Item { ctx: context, contest: &contest };
//! verify_one(&key, &item, &mut rng)?;
//!
//! // The proof is bound to the voter, the number and everything else in the context.
//! let copied = Item { ctx: Context { seq: 2, ..context }, contest: &contest };
//! assert!(verify_one(&key, &copied, &mut rng).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(clippy::indexing_slicing, clippy::float_arithmetic)]

pub mod ballot;
pub mod blind;
pub mod bucket;
pub mod card_text;
pub mod check;
pub mod check_ballot;
pub mod code;
pub mod contest;
pub mod credential;
pub mod day;
pub mod draft;
pub mod line;
pub mod manifest;
pub mod mask;
pub mod opening;
pub mod own_card;
pub mod proof;
pub mod rules;
pub mod salt;
pub mod survey;
pub mod text;
pub mod token;
pub mod validity;

pub use ballot::{Ballot, BallotError};
pub use check_ballot::CheckBallot;
pub use contest::{Selection, Shape};
pub use draft::Draft;
pub use line::Lines;
pub use manifest::{Manifest, SealedManifest};
pub use mask::{Mask, Side};
pub use opening::Opening;
pub use own_card::OwnCard;
pub use validity::BallotRules;
