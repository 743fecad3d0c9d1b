//! The page on which everything that a vote needs is looked at.

use ui::{Html, errors, links};

use super::Page;
use crate::checkup::{Checkup, Mark, Row, code};
use crate::text::row as row_text;

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
        let (what, says) = row_text(row, self.lang);
        let entry = row.code.map(errors::get);
        ReadyRow {
            subject: row.subject,
            mark: row.mark.key(),
            what,
            word: self.w(&format!("ready.mark_{}", row.mark.key())),
            says,
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
