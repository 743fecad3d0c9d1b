//! Dates and times for people: Japanese eras and wording in three languages. Pure functions of a
//! number of milliseconds; nothing here reads a clock.

use crate::html::Html;
use crate::jst::Jst;
use crate::lang::Lang;
use crate::rich;

const WEEKDAYS: [(&str, &str, &str, &str); 7] = [
    ("日", "にち", "Sunday", "Sun"),
    ("月", "げつ", "Monday", "Mon"),
    ("火", "か", "Tuesday", "Tue"),
    ("水", "すい", "Wednesday", "Wed"),
    ("木", "もく", "Thursday", "Thu"),
    ("金", "きん", "Friday", "Fri"),
    ("土", "ど", "Saturday", "Sat"),
];

impl Jst {
    fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        WEEKDAYS
            .get(usize::from(self.weekday()))
            .copied()
            .unwrap_or(("", "", "", ""))
    }

    /// 「令和9年」, 「令和元年」, 「平成31年」; the common era before Heisei.
    #[must_use]
    pub fn era_year(self) -> String {
        let at = (self.year(), self.month(), self.day());
        let (name, first) = if at >= (2019, 5, 1) {
            ("令和", 2018)
        } else if at >= (1989, 1, 8) {
            ("平成", 1988)
        } else {
            return format!("{}年", self.year());
        };
        match self.year() - first {
            1 => format!("{name}元年"),
            n => format!("{name}{n}年"),
        }
    }

    /// 「午前8時30分」, 「午後4時」.
    #[must_use]
    pub fn clock_ja(self) -> String {
        let half = if self.hour() < 12 { "午前" } else { "午後" };
        let hour = self.hour() % 12;
        match self.minute() {
            0 => format!("{half}{hour}時"),
            m => format!("{half}{hour}時{m}分"),
        }
    }

    fn clock_plain(self) -> String {
        let half = if self.hour() < 12 {
            "[午前|ごぜん]"
        } else {
            "[午後|ごご]"
        };
        let hour = self.hour() % 12;
        match self.minute() {
            0 => format!("{half}{hour}[時|じ]"),
            m => format!("{half}{hour}[時|じ]{m}[分|ふん]"),
        }
    }

    /// 「8:30」.
    #[must_use]
    pub fn clock_short(self) -> String {
        format!("{}:{:02}", self.hour(), self.minute())
    }

    fn date_marked(self, lang: Lang) -> String {
        let (ja, reading, en, _) = self.names();
        let (month, day) = (self.month(), self.day());
        match lang {
            Lang::Ja => format!("{}{month}月{day}日（{ja}曜日）", self.era_year()),
            Lang::En => format!("{en} {day} {} {}", self.month_name(), self.year()),
            Lang::Plain => format!(
                "{}[年|ねん]{month}[月|がつ]{day}[日|にち]（[{ja}曜日|{reading}ようび]）",
                self.year()
            ),
        }
    }

    fn long_marked(self, lang: Lang) -> String {
        let date = self.date_marked(lang);
        match lang {
            Lang::Ja => format!("{date}{}", self.clock_ja()),
            Lang::En => format!("{date}, {} (JST)", self.clock_short()),
            Lang::Plain => format!("{date}{}", self.clock_plain()),
        }
    }

    fn month_day_marked(self, lang: Lang) -> String {
        let (ja, reading, _, en) = self.names();
        let (month, day) = (self.month(), self.day());
        match lang {
            Lang::Ja => format!("{month}月{day}日（{ja}曜日）{}", self.clock_ja()),
            Lang::En => format!("{en} {day} {}, {}", self.month_name(), self.clock_short()),
            Lang::Plain => format!(
                "{month}[月|がつ]{day}[日|にち]（[{ja}曜日|{reading}ようび]）{}",
                self.clock_plain()
            ),
        }
    }
}

/// 「令和9年1月22日（金曜日）午前8時30分」.
#[must_use]
pub fn long(lang: Lang, ms: u64) -> String {
    rich::text(&Jst::from_ms(ms).long_marked(lang), &[])
}

/// The long form with the time to the second: for a receipt and for "server time".
#[must_use]
pub fn exact(lang: Lang, ms: u64) -> String {
    let at = Jst::from_ms(ms);
    let date = rich::text(&at.date_marked(lang), &[]);
    let (h, m, s) = (at.hour(), at.minute(), at.second());
    match lang {
        Lang::En => format!("{date}, {h}:{m:02}:{s:02} (JST)"),
        Lang::Ja | Lang::Plain => {
            let half = if h < 12 { "午前" } else { "午後" };
            format!("{date}{half}{}時{m}分{s}秒", h % 12)
        }
    }
}

/// 「令和9年1月22日（金曜日）」.
#[must_use]
pub fn date(lang: Lang, ms: u64) -> String {
    rich::text(&Jst::from_ms(ms).date_marked(lang), &[])
}

/// 「1月22日（金曜日）午前8時30分」.
#[must_use]
pub fn month_day(lang: Lang, ms: u64) -> String {
    rich::text(&Jst::from_ms(ms).month_day_marked(lang), &[])
}

/// `<time datetime="…">` around the long form, with readings in やさしい日本語. In Japanese
/// the year of the common era follows in brackets.
#[must_use]
pub fn long_html(lang: Lang, ms: u64) -> Html {
    let at = Jst::from_ms(ms);
    wrap(at, &at.long_marked(lang))
}

/// `<time datetime="…">` around 「1月22日（金曜日）午前8時30分」.
#[must_use]
pub fn month_day_html(lang: Lang, ms: u64) -> Html {
    let at = Jst::from_ms(ms);
    wrap(at, &at.month_day_marked(lang))
}

/// A window in one line: 「1月22日（金曜日）午前8時30分から午後5時15分になる前まで」.
#[must_use]
pub fn window(lang: Lang, opens: u64, closes: u64) -> String {
    let (a, b) = (Jst::from_ms(opens), Jst::from_ms(closes));
    let same = (a.year(), a.month(), a.day()) == (b.year(), b.month(), b.day());
    let from = month_day(lang, opens);
    match (lang, same) {
        (Lang::En, true) => format!("{from} until before {}", b.clock_short()),
        (Lang::En, false) => format!("{from} until before {}", month_day(lang, closes)),
        (_, true) => format!("{from}から{}になる前まで", b.clock_ja()),
        (_, false) => format!("{from}から{}になる前まで", month_day(lang, closes)),
    }
}

fn wrap(at: Jst, marked: &str) -> Html {
    Html::trusted(format!(
        "<time datetime=\"{}\">{}</time>",
        at.machine(),
        rich::html(marked, &[])
    ))
}

#[cfg(test)]
pub(crate) mod tests;
