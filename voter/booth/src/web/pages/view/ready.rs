//! The page on which everything that a vote needs is looked at.

use ui::{Html, errors, links, wareki};

use super::Page;
use crate::checkup::{Checkup, Mark, Row, code};

/// A row, ready to be shown.
pub(super) struct ReadyRow {
    pub(super) subject: &'static str,
    pub(super) mark: &'static str,
    pub(super) what: String,
    pub(super) word: Html,
    pub(super) says: String,
    /// Code of the list of errors and its address.
    pub(super) code: Option<(&'static str, String)>,
    pub(super) action: Html,
}

impl Page<'_> {
    pub(super) fn ready_lead(&self, checkup: &Checkup) -> &'static str {
        match checkup.mark() {
            Mark::Good => "ready.all_good",
            Mark::Care => "ready.all_care",
            Mark::Bad => "ready.all_bad",
        }
    }

    pub(super) fn ready_rows(&self, checkup: &Checkup) -> Vec<ReadyRow> {
        checkup
            .rows()
            .iter()
            .map(|row| self.ready_row(row))
            .collect()
    }

    fn ready_row(&self, row: &Row) -> ReadyRow {
        let what = self.t(&format!("ready.{}", row.subject));
        let at = row.at.map(|ms| wareki::date(self.lang, ms));
        let says = format!("ready.{}", row.says);
        let says = match (row.n, at) {
            _ if row.says == "no" => String::new(),
            (Some(n), _) => self.tn(&says, "n", n),
            (None, Some(at)) => self.tn(&says, "t", at),
            (None, None) => self.t(&says),
        };
        let entry = row.code.map(errors::get);
        let message = entry.filter(|_| row.says == "no");
        let message = message.map(|entry| entry.message(self.lang, &[]));
        ReadyRow {
            subject: row.subject,
            mark: row.mark.key(),
            what: match &row.name {
                Some(name) => format!("{what}（{name}）"),
                None => what,
            },
            word: self.w(&format!("ready.mark_{}", row.mark.key())),
            says: message.unwrap_or(says),
            code: row
                .code
                .map(|code| (code.as_str(), links::error(self.portal(), self.lang, code))),
            action: entry.map_or_else(Html::default, |entry| entry.action_html(self.lang)),
        }
    }

    pub(super) fn diagnosis(&self, checkup: &Checkup) -> String {
        code::write(checkup)
    }

    pub(super) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
