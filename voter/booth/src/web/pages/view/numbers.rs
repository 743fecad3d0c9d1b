//! The first code and the two numbers of every check line, ready to be shown (spec 09 §2).

use ballot::Side;
use ballot::manifest::Contest;
use ui::Html;

use super::super::qr;
use super::Page;
use crate::text::pick;

/// Check ballots of one number (R5.28).
const MOST_CHECKS: u8 = 5;

/// The lines of one contest.
pub(super) struct Noted<'a> {
    /// Its title, where there are several.
    pub(super) contest: Option<&'a str>,
    /// Where one mark is made.
    pub(super) sum: Option<Addition>,
    /// Where several are.
    pub(super) rows: Vec<Symbols<'a>>,
}

/// "3 + 98 = 101 → 01".
pub(super) struct Addition {
    pub(super) own: String,
    pub(super) mask: String,
    pub(super) total: String,
    pub(super) masked: String,
}

/// Two symbols: different for an option that was marked, equal for one that was not.
pub(super) struct Symbols<'a> {
    pub(super) number: u16,
    pub(super) title: &'a str,
    pub(super) mask: &'static str,
    pub(super) masked: &'static str,
}

/// The number of a line that gives `masked` when `mask` is added to it, modulo 100.
fn addition([mask, masked]: [u8; 2]) -> Addition {
    let own = (100 + u16::from(masked) - u16::from(mask)) % 100;
    Addition {
        own: own.to_string(),
        mask: format!("{mask:02}"),
        total: (own + u16::from(mask)).to_string(),
        masked: format!("{masked:02}"),
    }
}

fn symbol(bit: u8) -> &'static str {
    if bit == 1 { "●" } else { "○" }
}

impl<'a> Page<'a> {
    pub(super) fn first_qr(&self) -> Html {
        let Some(first) = &self.s.first else {
            return Html::default();
        };
        let portal = self.portal();
        qr::svg(&format!("{portal}/verify/check.html#{}", first.digits))
    }

    pub(super) fn second_qr(&self) -> Html {
        let Some(second) = &self.s.second else {
            return Html::default();
        };
        let portal = self.portal();
        qr::svg(&format!("{portal}/verify/check.html#{}", *second.0))
    }

    /// Whether one more check ballot may be made for this number (R5.28).
    pub(super) fn may_check(&self) -> bool {
        self.s.checks < MOST_CHECKS
    }

    /// Both numbers of every line; empty once they are on paper.
    pub(super) fn noted(&self) -> Vec<Noted<'a>> {
        let Some(sums) = &self.s.sums else {
            return Vec::new();
        };
        let contests = &self.place.manifest.contests;
        let mut rest = sums.lines();
        let mut out = Vec::with_capacity(contests.len());
        for contest in contests {
            let (own, others) = rest.split_at(contest.shape.lines().min(rest.len()));
            rest = others;
            out.push(Noted {
                contest: (contests.len() > 1).then(|| pick(self.lang, &contest.title)),
                ..self.of_contest(contest, own)
            });
        }
        out
    }

    fn of_contest(&self, contest: &'a Contest, lines: &[[u8; 2]]) -> Noted<'a> {
        let one = contest.shape.k_max() == 1;
        let row =
            |(option, [mask, masked]): (&'a ballot::manifest::OptionItem, &[u8; 2])| Symbols {
                number: option.number,
                title: pick(self.lang, &option.title),
                mask: symbol(*mask),
                masked: symbol(*masked),
            };
        let rows = contest.options.iter().zip(lines).filter(|_| !one);
        Noted {
            contest: None,
            sum: lines.first().copied().filter(|_| one).map(addition),
            rows: rows.map(row).collect(),
        }
    }

    /// ア or イ, once it was opened.
    pub(super) fn opened_side(&self) -> Option<&'static str> {
        let side = self.s.side.filter(|_| self.s.opened)?;
        Some(match side {
            Side::Mask => "ア",
            Side::Masked => "イ",
        })
    }
}

#[cfg(test)]
mod tests;
