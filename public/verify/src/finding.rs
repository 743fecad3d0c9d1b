//! What is not wrong with a record and yet for people to judge: a registrar's report that is late, too
//! low or missing (spec 08 §2).

use ballot::manifest::Registrar;
use ballot::text::shown;
use board::rules;
use board::state::Reported;
use crypto::Rule;
use serde::Serialize;

/// One finding about one registrar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    #[serde(serialize_with = "in_words")]
    pub rule: Rule,
    /// The registrar's place in the manifest, from 0.
    pub registrar: u16,
    /// Its name, Japanese.
    pub ja: String,
    /// Its name, English.
    pub en: String,
    /// The days it is about, counted from 1970-01-01 in Japan; empty when it is about all.
    pub days: Vec<u32>,
    /// How many days were not reported.
    pub missing: u64,
    /// Credentials and *again* tokens reported before the votes were known.
    pub reported: (u64, u64),
    /// Ballots counted, and ballots replaced, for which that is too few.
    pub lacking: (u64, u64),
    /// By how much these can have moved a margin.
    pub difference: u64,
    /// The smallest margin of a contest.
    pub margin: u64,
}

impl Finding {
    pub(crate) fn new(
        rule: Rule,
        (r, registrar): (&Reported, &Registrar),
        days: &[u32],
        margin: u64,
    ) -> Self {
        Self {
            rule,
            registrar: r.registrar,
            ja: registrar.name.ja.clone(),
            en: registrar.name.en.clone(),
            days: days.to_vec(),
            missing: r.missing,
            reported: (r.first, r.again),
            lacking: (r.uncovered, r.unbacked),
            difference: r.difference(),
            margin,
        }
    }
    /// Whether the outcome rests on the word of the other registrars.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.rule == rules::RESTS_ON_OTHERS
    }
    /// A line for people, Japanese first. The manifest's words are shown only when every check
    /// passed.
    pub(crate) fn to_text(&self, passed: bool) -> String {
        let [ja, en] = [&self.ja, &self.en].map(|name| {
            if passed {
                shown(name)
            } else {
                self.registrar.to_string()
            }
        });
        let (said_ja, said_en) = self.said();
        format!(
            "指摘 NOTE  {} 登録機関「{ja}」{said_ja}（差 D {}、最小の票差 {}） / registrar {en} {said_en} \
             (difference D {}, smallest margin {})\n",
            self.rule, self.difference, self.margin, self.difference, self.margin
        )
    }
    fn said(&self) -> (String, String) {
        let days: Vec<String> = self.days.iter().map(|day| date(*day)).collect();
        let days = days.join(", ");
        let (first, again) = self.reported;
        let (uncovered, unbacked) = self.lacking;
        match self.rule {
            rules::NO_EVIDENCE => (
                format!("は{}日分を報告していません", self.missing),
                format!("did not report {} days", self.missing),
            ),
            rules::EVIDENCE_LATE => (
                format!("の報告が六時間より遅れました（{days}）"),
                format!("reported later than six hours after the day ({days})"),
            ),
            rules::EVIDENCE_AFTER_SHARES => (
                format!("の報告が、票数が分かったあとに出ました（{days}）"),
                format!("reported when the votes were known ({days})"),
            ),
            rules::FIRST_BELOW_COUNTED => (
                format!("の報告した資格 {first} は、数えた票より {uncovered} 少ない"),
                format!("reported {first} credentials, {uncovered} fewer than counted ballots"),
            ),
            rules::AGAIN_BELOW_REPLACED => (
                format!("の報告した投票し直し {again} は、置きかえた票より {unbacked} 少ない"),
                format!("reported {again} further tokens, {unbacked} fewer than replaced ballots"),
            ),
            _ => (
                "の不足は票差に届きます".to_owned(),
                "lacks as many as would change the outcome".to_owned(),
            ),
        }
    }
}

/// A day in Japan as people write it.
fn date(day: u32) -> String {
    let julian = i32::try_from(day).ok().and_then(|d| d.checked_add(EPOCH));
    let date = julian.and_then(|d| time::Date::from_julian_day(d).ok());
    date.map_or_else(|| format!("day {day}"), |d| d.to_string())
}

/// The Julian day of 1970-01-01.
const EPOCH: i32 = 2_440_588;

fn in_words<S: serde::Serializer>(rule: &Rule, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(rule)
}
