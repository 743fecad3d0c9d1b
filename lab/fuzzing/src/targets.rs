//! The list of all targets.

mod board;
mod cards;
mod evidence;
mod oblivious;
mod pictures;
mod programs;
mod record;
mod text;
mod wire;

use crate::Target;

const fn target(
    name: &'static str,
    weight: u32,
    run: fn(&[u8]) -> bool,
    seeds: fn() -> Vec<Vec<u8>>,
) -> Target {
    Target {
        name,
        run,
        seeds,
        weight,
    }
}

/// Every decoder.
pub const TARGETS: &[Target] = &[
    target("manifest", 4, wire::manifest, wire::manifest_seeds),
    target("sealed_manifest", 8, wire::sealed, wire::sealed_seeds),
    target("ballot", 2, wire::ballot, wire::ballot_seeds),
    target(
        "check_ballot",
        2,
        wire::check_ballot,
        wire::check_ballot_seeds,
    ),
    target("opening", 2, wire::opening, wire::opening_seeds),
    target("contest", 2, wire::contest, wire::contest_seeds),
    target("ceremony_message", 1, wire::ceremony, wire::ceremony_seeds),
    target("partial_decryption", 1, wire::partial, wire::partial_seeds),
    target("header", 1, wire::header, wire::header_seeds),
    target("block", 4, wire::block, wire::block_seeds),
    target("network", 1, wire::network, wire::network_seeds),
    target("certificate", 2, wire::certificate, wire::certificate_seeds),
    target("receipt", 4, wire::receipt, wire::receipt_seeds),
    target("card_text", 1, wire::card_text, wire::card_text_seeds),
    target("token", 1, wire::token, wire::token_seeds),
    target("node_answer", 1, wire::node_answer, wire::node_answer_seeds),
    target("entry", 2, board::entry, board::entry_seeds),
    target("judged_entry", 8, board::judged, board::entry_seeds),
    target("start_file", 1, text::start_file, text::start_file_seeds),
    target("registrar_api", 1, text::registrar, text::registrar_seeds),
    target(
        "network_file",
        4,
        text::network_file,
        text::network_file_seeds,
    ),
    target("trust_file", 1, text::trust_file, text::trust_file_seeds),
    target("card_trust", 4, text::card_trust, text::card_trust_seeds),
    target("key_file", 40, text::key_file, text::key_file_seeds),
    target("typed", 1, text::typed, text::typed_seeds),
    target("record_files", 8, record::files, record::files_seeds),
    target("record_tar", 8, record::tar, record::tar_seeds),
    target("jp2", 40, pictures::jp2, pictures::jp2_seeds),
    target("jpeg", 40, pictures::jpeg, pictures::jpeg_seeds),
    target(
        "face_request",
        8,
        pictures::request,
        pictures::request_seeds,
    ),
    target("face_answer", 1, pictures::answer, pictures::answer_seeds),
    target("card_commands", 1, cards::commands, cards::commands_seeds),
    target("card_dialog", 8, cards::dialog, cards::dialog_seeds),
    target("x509", 4, cards::x509, cards::x509_seeds),
    target("crl", 4, cards::crl, cards::crl_seeds),
    target("surface", 8, cards::surface, cards::surface_seeds),
    target(
        "engine_block",
        4,
        programs::engine_block,
        programs::engine_block_seeds,
    ),
    target("seen_log", 1, programs::seen_log, programs::seen_log_seeds),
    target("backup", 4, programs::backup, programs::backup_seeds),
    target(
        "statement",
        4,
        programs::statement,
        programs::statement_seeds,
    ),
    target(
        "check_code",
        1,
        programs::check_code,
        programs::check_code_seeds,
    ),
    target("evidence", 8, evidence::evidence, evidence::evidence_seeds),
    target("oblivious", 4, oblivious::sealed, oblivious::seeds),
];
