//! What fails on the registrar's own side.

use api::registrar::Refusal;

/// The database failed: said in the log, without anything about the person.
#[expect(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(super) fn internal(error: crate::store::StoreError) -> Refusal {
    tracing::error!("the database gave no answer: {error}");
    Refusal::Internal
}
