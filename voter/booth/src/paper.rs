//! The receipt as a text file and on paper. It never says for which proposal.

use crate::place::Place;
use crate::receipt::ReceiptView;
use crate::text::{Words, pick};
use ui::{Lang, pictures, wareki};

/// The text a voter saves or prints.
#[must_use]
pub fn receipt_text(receipt: &ReceiptView, place: &Place, lang: Lang) -> String {
    let words = Words(lang);
    let pictures: Vec<&str> = receipt
        .pictures
        .iter()
        .map(|m| pictures::name(lang, *m))
        .collect();
    let channel = place
        .hours()
        .map(|h| pick(lang, &h.name).to_owned())
        .unwrap_or_default();
    let rows = [
        (words.text("done.code"), receipt.code.clone()),
        (words.text("done.marks"), pictures.join(" ・ ")),
        (
            words.text("done.time"),
            wareki::exact(lang, receipt.received),
        ),
        (words.text("done.channel"), channel),
        (
            words.text("done.block"),
            words.with("done.block_text", "n", &receipt.height.to_string()),
        ),
    ];
    let mut out = format!(
        "{}\n{}\n\n{}\n\n",
        pick(lang, &place.manifest.municipality),
        pick(lang, &place.manifest.title),
        words.text("done.title")
    );
    for (name, value) in rows {
        out.push_str(&format!("{name}: {value}\n"));
    }
    out.push_str(&format!(
        "\n{}\n{}\n",
        words.text("done.no_choice"),
        words.text("done.lead")
    ));
    out.push_str(&format!(
        "{}/receipt\n",
        place.manifest.portal.trim_end_matches('/')
    ));
    out
}
