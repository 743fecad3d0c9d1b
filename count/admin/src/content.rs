//! The election's content file (JSON, written by people) and how it becomes a manifest.

use anyhow::{Context as _, Result, bail};
use ballot::contest::Shape;
use ballot::manifest::{
    AnswerOption, Channel, ChannelHours, Contest, Eligibility, Entitled, Help, Notice, OptionItem,
    Place, Question, QuestionKind, TieKind, TieRule, Window,
};
use ballot::text::Text;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is read of a content file. Unknown keys are left to other readers.
#[derive(Debug, Deserialize)]
pub struct Content {
    /// Short machine name.
    pub id: String,
    title_ja: String,
    title_en: String,
    title_plain: Option<String>,
    municipality: TwoLanguages,
    channels: Vec<ChannelItem>,
    #[serde(default)]
    places: Vec<PlaceItem>,
    help: HelpItem,
    eligibility: EligibilityItem,
    final_review: Review,
    tie_rule: TieItem,
    proposals: Vec<Proposal>,
    survey: Vec<SurveyItem>,
    trustees: TrusteeCount,
    practice: bool,
}

#[derive(Debug, Deserialize)]
struct TwoLanguages {
    ja: String,
    en: String,
}

#[derive(Debug, Deserialize)]
struct ChannelItem {
    id: String,
    ja: String,
    en: String,
    place_ja: Option<String>,
    place_en: Option<String>,
    windows: Vec<Hours>,
}

#[derive(Debug, Deserialize)]
struct Hours {
    opens: String,
    closes: String,
}

#[derive(Debug, Deserialize)]
struct Review {
    announce_at: String,
}

/// Words in three languages; Japanese serves for both Japanese texts where one is missing.
#[derive(Debug, Deserialize)]
struct ThreeLanguages {
    ja: String,
    en: String,
    plain: Option<String>,
}

impl ThreeLanguages {
    fn text(&self) -> Text {
        let plain = self.plain.as_deref().unwrap_or(&self.ja);
        Text::new(&self.ja, &self.en, plain)
    }
}

#[derive(Debug, Deserialize)]
struct PlaceItem {
    id: String,
    channel: String,
    name: ThreeLanguages,
    address: ThreeLanguages,
    /// Its own hours; those of the channel when there are none.
    windows: Option<Vec<Hours>>,
}

#[derive(Debug, Deserialize)]
struct HelpItem {
    telephone: String,
    hours: ThreeLanguages,
}

#[derive(Debug, Deserialize)]
struct EligibilityItem {
    entitled: String,
    words: ThreeLanguages,
    expected: u32,
}

#[derive(Debug, Deserialize)]
struct TieItem {
    kind: String,
    words: ThreeLanguages,
}

#[derive(Debug, Deserialize)]
struct Proposal {
    id: String,
    no: u16,
    title_ja: String,
    title_en: String,
    proposer: String,
    proposer_type_ja: String,
    summary_ja: String,
    summary_en: String,
    plain_ja: String,
}

#[derive(Debug, Deserialize)]
struct SurveyItem {
    id: String,
    text_ja: String,
    text_en: String,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    options: Vec<SurveyOption>,
}

#[derive(Debug, Deserialize)]
struct SurveyOption {
    value: String,
    ja: String,
    en: String,
}

#[derive(Debug, Deserialize)]
struct TrusteeCount {
    n: u16,
    t: u16,
}

/// Milliseconds of an RFC 3339 instant.
///
/// # Errors
/// When it is not one, or lies before 1970.
pub fn instant(text: &str) -> Result<u64> {
    let t = OffsetDateTime::parse(text, &Rfc3339).with_context(|| format!("not a time: {text}"))?;
    u64::try_from(t.unix_timestamp_nanos() / 1_000_000).context("a time before 1970")
}

fn windows(hours: &[Hours]) -> Result<Vec<Window>> {
    let window = |h: &Hours| -> Result<Window> {
        Ok(Window {
            opens: instant(&h.opens)?,
            closes: instant(&h.closes)?,
        })
    };
    hours.iter().map(window).collect()
}

impl Content {
    /// Reads a content file.
    ///
    /// # Errors
    /// When it cannot be read or a field is missing.
    pub fn read(path: &std::path::Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("content file {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("content file {}", path.display()))
    }
    /// (t, n) of the trustees.
    #[must_use]
    pub fn threshold(&self) -> (u16, u16) {
        (self.trustees.t, self.trustees.n)
    }
    /// Whether it is a rehearsal or a demonstration.
    #[must_use]
    pub fn practice(&self) -> bool {
        self.practice
    }
    /// Whom voters can ask.
    #[must_use]
    pub fn help(&self) -> Help {
        Help {
            telephone: self.help.telephone.clone(),
            hours: self.help.hours.text(),
        }
    }
    /// Who may vote.
    ///
    /// # Errors
    /// An unknown word in `entitled`.
    pub fn eligibility(&self) -> Result<Eligibility> {
        let item = &self.eligibility;
        let entitled = Entitled::parse(&item.entitled);
        Ok(Eligibility {
            entitled: entitled.with_context(|| format!("entitled: {}", item.entitled))?,
            words: item.words.text(),
            expected: item.expected,
        })
    }
    /// What decides between equally many votes.
    ///
    /// # Errors
    /// An unknown word in `kind`.
    pub fn tie_rule(&self) -> Result<TieRule> {
        let item = &self.tie_rule;
        let kind = TieKind::parse(&item.kind);
        Ok(TieRule {
            kind: kind.with_context(|| format!("tie rule: {}", item.kind))?,
            words: item.words.text(),
        })
    }
    /// Rooms of counters and venues.
    ///
    /// # Errors
    /// An unknown channel or a time that does not parse.
    pub fn places(&self) -> Result<Vec<Place>> {
        self.places.iter().map(|p| self.place(p)).collect()
    }
    fn place(&self, item: &PlaceItem) -> Result<Place> {
        let channel = Channel::parse(&item.channel);
        let mut channels = self.channels.iter();
        let hours = match &item.windows {
            Some(own) => own,
            None => channels
                .find(|c| c.id == item.channel)
                .map_or(&[][..], |c| &c.windows),
        };
        Ok(Place {
            id: item.id.clone(),
            channel: channel.with_context(|| format!("channel {}", item.channel))?,
            name: item.name.text(),
            address: item.address.text(),
            windows: windows(hours)?,
        })
    }
    /// Title in three languages.
    #[must_use]
    pub fn title(&self) -> Text {
        let plain = self.title_plain.as_deref().unwrap_or(&self.title_ja);
        Text::new(&self.title_ja, &self.title_en, plain)
    }
    /// Municipality in three languages.
    #[must_use]
    pub fn municipality(&self) -> Text {
        Text::new(
            &self.municipality.ja,
            &self.municipality.en,
            &self.municipality.ja,
        )
    }
    /// When the result may be announced (ms).
    ///
    /// # Errors
    /// When the time does not parse.
    pub fn announce_at(&self) -> Result<u64> {
        instant(&self.final_review.announce_at)
    }
    /// All channels with their hours.
    ///
    /// # Errors
    /// An unknown channel or a time that does not parse.
    pub fn channels(&self) -> Result<Vec<ChannelHours>> {
        self.channels.iter().map(ChannelItem::hours).collect()
    }
    /// The one contest: choose exactly one of the proposals.
    ///
    /// # Errors
    /// Fewer than 2 or more than 100 proposals.
    pub fn contest(&self) -> Result<Contest> {
        let n = u16::try_from(self.proposals.len()).context("too many proposals")?;
        Ok(Contest {
            id: "proposals".to_owned(),
            title: Text::new(
                "提案を1つ選んでください",
                "Choose one proposal",
                "提案（ていあん）を 1つ えらんでください",
            ),
            shape: Shape::new(n, 1, 1).context("2 to 100 proposals")?,
            options: self.proposals.iter().map(Proposal::item).collect(),
            blank: None,
        })
    }
    /// The survey.
    ///
    /// # Errors
    /// An unknown kind of question.
    pub fn survey(&self) -> Result<Vec<Question>> {
        let mut out = Vec::new();
        for item in &self.survey {
            item.questions(&mut out)?;
        }
        Ok(out)
    }
    /// Published rules.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let policy = Text::new(
            "投票の結果は、審査の採点には直接反映しません。得票数が最も多かった提案を表彰し、審査の参考とします。",
            "Votes do not enter the score directly. The proposal with the most votes receives an award and the judges take note.",
            "いちばん 票（ひょう）が 多（おお）い 提案（ていあん）を ほめます。点数（てんすう）には 入（はい）りません。",
        );
        vec![Notice {
            key: "result_policy".to_owned(),
            text: policy,
        }]
    }
}

impl ChannelItem {
    fn hours(&self) -> Result<ChannelHours> {
        let kind = Channel::parse(&self.id).with_context(|| format!("channel {}", self.id))?;
        let place_ja = self.place_ja.as_deref().unwrap_or(&self.ja);
        let place_en = self.place_en.as_deref().unwrap_or(&self.en);
        Ok(ChannelHours {
            kind,
            name: Text::new(&self.ja, &self.en, &self.ja),
            place: Text::new(place_ja, place_en, place_ja),
            windows: windows(&self.windows)?,
        })
    }
}

impl Proposal {
    fn item(&self) -> OptionItem {
        let proposer = format!("{}（{}）", self.proposer, self.proposer_type_ja);
        OptionItem {
            id: self.id.clone(),
            number: self.no,
            title: Text::new(&self.title_ja, &self.title_en, &self.title_ja),
            proposer: Text::new(&proposer, &self.proposer, &proposer),
            summary: Text::new(&self.summary_ja, &self.summary_en, &self.plain_ja),
        }
    }
}

impl SurveyItem {
    /// A `group` becomes one question per option, with its choices behind the slashes.
    fn questions(&self, out: &mut Vec<Question>) -> Result<()> {
        let text = Text::new(&self.text_ja, &self.text_en, &self.text_ja);
        let question = |id: &str, text: Text, kind, options| Question {
            id: id.to_owned(),
            text,
            kind,
            required: self.required,
            options,
            max_chars: 200,
        };
        let options = || {
            let option = |o: &SurveyOption| AnswerOption {
                value: o.value.clone(),
                text: Text::new(&o.ja, &o.en, &o.ja),
            };
            self.options.iter().map(option).collect()
        };
        match self.kind.as_str() {
            "single" => out.push(question(&self.id, text, QuestionKind::Single, options())),
            "multi" => out.push(question(&self.id, text, QuestionKind::Multi, options())),
            "text" => out.push(question(&self.id, text, QuestionKind::Text, Vec::new())),
            "group" => {
                for o in &self.options {
                    let id = format!("{}-{}", self.id, o.value);
                    out.push(question(
                        &id,
                        text.clone(),
                        QuestionKind::Single,
                        o.choices(),
                    ));
                }
            }
            other => bail!("survey question {}: unknown kind {other}", self.id),
        }
        Ok(())
    }
}

impl SurveyOption {
    fn choices(&self) -> Vec<AnswerOption> {
        let ja = self.ja.split('／');
        let en = self.en.split('/').map(str::trim);
        (1..)
            .zip(ja.zip(en))
            .map(|(i, (ja, en)): (u8, _)| AnswerOption {
                value: format!("{}{i}", self.value),
                text: Text::new(ja, en, ja),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
