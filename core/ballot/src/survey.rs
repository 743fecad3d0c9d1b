//! The right to answer the survey: tokens over a serial, which name nobody and no ballot.

use crate::blind;
use crate::manifest::Manifest;
use crate::token::{RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::wire::TopLevel as _;

/// Whether these are good tokens for one answer under this serial: one of each registrar, in the
/// manifest's order.
pub fn are_good_tokens<'t>(
    manifest: &Manifest,
    (election, serial): (&Hash, &[u8; 32]),
    tokens: impl ExactSizeIterator<Item = &'t [u8; RSA_BYTES]>,
) -> bool {
    let message = TokenMessage::Survey {
        election: *election,
        serial: *serial,
    };
    let message = message.to_bytes();
    let one_each = tokens.len() == manifest.registrars.len() && tokens.len() > 0;
    one_each
        && manifest
            .registrars
            .iter()
            .zip(tokens)
            .all(|(registrar, token)| blind::verify(&registrar.survey, &message, token).is_ok())
}
