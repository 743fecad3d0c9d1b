//! What the templates ask for.

use askama::Template;
use ballot::manifest::{Channel, OptionItem, QuestionKind};

use super::marks;
use crate::fault::Fault;
use crate::paper;
use crate::place::Place;
use crate::snapshot::Snapshot;
use crate::step::{Step, VoteState};
use crate::text::{Lang, Words, message_html, next_html};
use crate::when;

/// A page about to be rendered.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page<'a> {
    pub(super) s: Snapshot,
    pub(super) place: &'a Place,
    pub(super) lang: Lang,
}

/// What went wrong, ready to be shown.
pub(super) struct Shown {
    code: &'static str,
    message: String,
    hint: String,
    next: String,
    link: String,
}

/// A proposal, ready to be shown.
pub(super) struct Proposal<'a> {
    number: u16,
    shown: String,
    title: &'a str,
    proposer: &'a str,
    summary: &'a str,
}

/// A picture, ready to be shown.
pub(super) struct Picture {
    value: u8,
    svg: &'static str,
    name: String,
}

/// A survey question, ready to be shown.
pub(super) struct Asked<'a> {
    id: &'a str,
    text: &'a str,
    kind: QuestionKind,
    single: bool,
    required: bool,
    max: u16,
    options: Vec<AskedOption<'a>>,
}

impl Asked<'_> {
    fn is_text(&self) -> bool {
        self.kind == QuestionKind::Text
    }
}

pub(super) struct AskedOption<'a> {
    value: &'a str,
    text: &'a str,
}

/// Another way to vote.
pub(super) struct Way<'a> {
    name: &'a str,
    place: &'a str,
    hours: String,
}

impl<'a> Page<'a> {
    fn words(&self) -> Words {
        Words(self.lang)
    }
    fn w(&self, key: &str) -> String {
        self.words().html(key)
    }
    fn t(&self, key: &str) -> String {
        self.words().text(key)
    }
    fn wn(&self, key: &str, name: &str, value: impl core::fmt::Display) -> String {
        self.words().html_with(key, name, &value.to_string())
    }
    fn tn(&self, key: &str, name: &str, value: impl core::fmt::Display) -> String {
        self.words().with(key, name, &value.to_string())
    }
    fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }
    fn city(&self) -> &str {
        self.lang.of(&self.place.manifest.municipality)
    }
    fn election_title(&self) -> &str {
        self.lang.of(&self.place.manifest.title)
    }
    fn election_hex(&self) -> String {
        let hex = self.place.election.to_hex();
        let groups: Vec<&str> = (0..hex.len())
            .step_by(8)
            .filter_map(|i| hex.get(i..i + 8))
            .collect();
        groups.join(" ")
    }
    fn demo(&self) -> bool {
        self.place.manifest.demo || self.place.clock.is_demo() || self.s.test_card
    }
    fn channel_name(&self) -> &str {
        self.place
            .hours()
            .map(|h| self.lang.of(&h.name))
            .unwrap_or_default()
    }
    fn until(&self) -> String {
        let closes = self.s.closes.unwrap_or(self.place.manifest.close_at);
        self.tn("start.until_text", "t", when::long(closes, self.lang))
    }
    fn step_class(&self, n: &u8) -> &'static str {
        match self.s.step.stage() {
            Some(now) if *n < now => "step step-done",
            Some(now) if *n == now => "step step-now",
            _ => "step",
        }
    }
    fn is_now(&self, n: &u8) -> bool {
        self.s.step.stage() == Some(*n)
    }
    fn has_try(&self, n: &u8) -> bool {
        *n < self.tries()
    }
    fn is_language(&self, other: &Lang) -> bool {
        *other == self.lang
    }
    fn step_name(&self, n: &u8) -> String {
        self.w(&format!("step.{n}"))
    }
    fn tries(&self) -> u8 {
        self.s.tries_left.unwrap_or(3)
    }

    /// The permanent reminder between the card and the receipt.
    fn banner_shown(&self) -> bool {
        match self.s.step {
            Step::Start | Step::Done | Step::Survey | Step::End => false,
            Step::Stopped => self.s.vote_state != VoteState::None,
            _ => true,
        }
    }
    fn banner(&self) -> String {
        self.w(&format!("banner.{}", self.s.vote_state.name()))
    }

    /// Every message after the confirm page, and every last message, says it.
    fn says_state(&self) -> bool {
        self.s.step >= Step::Pending
    }
    fn state_text(&self) -> String {
        self.w(&format!("state.{}", self.s.vote_state.name()))
    }
    fn end_text(&self) -> String {
        self.w(match self.s.vote_state {
            VoteState::Received => "end.voted",
            VoteState::Sending => "end.unsure",
            VoteState::Stored => "state.stored",
            VoteState::None => "end.not_voted",
        })
    }

    fn heading(&self) -> String {
        let received = self.s.vote_state == VoteState::Received;
        self.w(match self.s.step {
            Step::Start if self.place.station.is_some() => "start.kiosk",
            Step::Pending if received => "pending.title_received",
            Step::Pending => "pending.title_unsent",
            step => return self.w(&format!("{}.title", step.name())),
        })
    }
    fn page_title(&self) -> String {
        let key = match self.s.step {
            Step::Pending => "pending.title_unsent".to_owned(),
            step => format!("{}.title", step.name()),
        };
        format!(
            "{} | {} | {}",
            self.t(&key),
            self.election_title(),
            self.city()
        )
    }

    /// A call the page makes by itself once.
    fn auto(&self) -> Option<&'static str> {
        match (self.s.step, &self.s.fault) {
            (Step::Authorize, None) => Some("/api/authorize"),
            (Step::Sending, None) => Some("/api/cast"),
            _ => None,
        }
    }
    /// A call the page repeats until the card lies on the reader.
    fn retry(&self) -> Option<&'static str> {
        (self.s.step == Step::Card).then_some("/api/card/read")
    }

    fn fault(&self) -> Option<Shown> {
        let fault = self.s.fault.as_ref()?;
        let hint = match fault {
            Fault::FaceUnclear(hint) => self.w(&format!("hint.{}", hint.name())),
            _ => String::new(),
        };
        Some(Shown {
            code: fault.code(),
            message: message_html(fault, self.lang),
            hint,
            next: next_html(fault, self.lang),
            link: format!("{}/errors#{}", self.portal(), fault.code()),
        })
    }
    fn portal(&self) -> &str {
        self.place.manifest.portal.trim_end_matches('/')
    }
    fn help_link(&self) -> String {
        format!("{}/help", self.portal())
    }

    fn previous(&self) -> Option<String> {
        self.s.previous.map(|ms| when::long(ms, self.lang))
    }
    fn received(&self) -> String {
        self.s
            .receipt
            .as_ref()
            .map(|r| when::long(r.received, self.lang))
            .unwrap_or_default()
    }

    fn options(&self) -> Vec<Proposal<'_>> {
        self.place
            .rotated(self.s.rotation)
            .into_iter()
            .map(|o| self.proposal(o))
            .collect()
    }
    fn chosen(&self) -> Option<Proposal<'_>> {
        let index = usize::from(self.s.choice?.0);
        self.place.options().get(index).map(|o| self.proposal(o))
    }
    fn proposal<'b>(&self, option: &'b OptionItem) -> Proposal<'b> {
        Proposal {
            number: option.number,
            shown: option.number.to_string(),
            title: self.lang.of(&option.title),
            proposer: self.lang.of(&option.proposer),
            summary: self.lang.of(&option.summary),
        }
    }

    fn marks(&self) -> Vec<Picture> {
        (0..16).map(|value| self.picture(value)).collect()
    }
    fn picked(&self) -> Vec<Picture> {
        let own = self.s.receipt.as_ref().map(|r| r.marks).or(self.s.marks);
        own.into_iter()
            .flatten()
            .map(|value| self.picture(value))
            .collect()
    }
    fn picture(&self, value: u8) -> Picture {
        Picture {
            value,
            svg: marks::svg(value),
            name: paper::mark_name(value, self.words()),
        }
    }
    fn qr(&self) -> String {
        let Some(receipt) = &self.s.receipt else {
            return String::new();
        };
        marks::qr(&format!("{}/receipt?code={}", self.portal(), receipt.code))
    }

    fn questions(&self) -> Vec<Asked<'_>> {
        let lang = self.lang;
        let question = |q: &'a ballot::manifest::Question| Asked {
            id: &q.id,
            text: lang.of(&q.text),
            kind: q.kind,
            single: q.kind == QuestionKind::Single,
            required: q.required,
            max: q.max_chars,
            options: q
                .options
                .iter()
                .map(|o| AskedOption {
                    value: &o.value,
                    text: lang.of(&o.text),
                })
                .collect(),
        };
        self.place.manifest.survey.iter().map(question).collect()
    }
    fn need(&self, required: &bool) -> String {
        self.w(if *required {
            "common.required"
        } else {
            "common.optional"
        })
    }

    fn ways(&self) -> Vec<Way<'_>> {
        let now = self.s.now.unwrap_or_else(|| self.place.clock.now_ms());
        let others = Channel::ALL
            .into_iter()
            .filter(|c| *c != self.place.channel);
        let hours = others.filter_map(|c| self.place.manifest.channel(c));
        hours
            .map(|h| Way {
                name: self.lang.of(&h.name),
                place: self.lang.of(&h.place),
                hours: self.hours_from(now, h),
            })
            .collect()
    }
    fn hours_from(&self, now: u64, hours: &ballot::manifest::ChannelHours) -> String {
        let next = hours.windows.iter().find(|w| w.closes > now);
        next.map_or_else(
            || self.t("stopped.no_window"),
            |w| when::span(w.opens, w.closes, self.lang),
        )
    }
}
