//! The receipt as a text file and on paper. It never says for which proposal.

use crate::election_context::ElectionContext;
use crate::receipt::ReceiptView;
use crate::text::{Words, pick};
use ui::{Lang, pictures, wareki};

/// The text a voter saves or prints.
#[must_use]
pub fn receipt_text(receipt: &ReceiptView, place: &ElectionContext, lang: Lang) -> String {
    let words = Words(lang);
    let pictures: Vec<&str> = receipt
        .pictures
        .iter()
        .map(|m| pictures::name(lang, *m))
        .collect();
    let height = receipt.height.to_string();
    let channel = place
        .hours()
        .map(|h| pick(lang, &h.name).to_owned())
        .unwrap_or_default();
    let rows = [
        (words.t("done.code"), receipt.code.clone()),
        (words.t("done.marks"), pictures.join(" ・ ")),
        (words.t("done.board_number"), receipt.board_number.clone()),
        (words.t("done.time"), wareki::exact(lang, receipt.received)),
        (words.t("done.channel"), channel),
        (
            words.t("done.block"),
            words.tv("done.block_text", &[("n", (&height).into())]),
        ),
    ];
    let mut out = format!(
        "{}\n{}\n\n{}\n\n",
        pick(lang, &place.manifest.municipality),
        pick(lang, &place.manifest.title),
        words.t("done.title")
    );
    for (name, value) in rows {
        out.push_str(&format!("{name}: {value}\n"));
    }
    out.push_str(&format!(
        "\n{}\n{}\n",
        words.t("done.no_choice"),
        words.t("done.lead")
    ));
    out.push_str(&format!("{}\n", ui::links::receipts(&place.portal, lang)));
    out
}
