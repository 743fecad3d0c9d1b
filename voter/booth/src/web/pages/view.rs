//! What the templates ask for.

mod numbers;
mod ready;
mod start;

use askama::Template;
use ballot::manifest::{Channel, OptionItem, QuestionKind};
use refusal::{ErrorCode, VoteState};
use ui::parts::{self, Banner, Level};
use ui::{Html, Lang, links, pictures, strings, wareki};

use super::super::answer::vote_name;
use super::qr;
use crate::election_context::ElectionContext;
use crate::fault::Fault;
use crate::screen::Screen;
use crate::snapshot::Snapshot;
use crate::text::{Words, hint, message_html, next_html, pick};

/// A page about to be rendered.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page<'a> {
    pub(super) s: Snapshot,
    pub(super) place: &'a ElectionContext,
    pub(super) lang: Lang,
}

/// What went wrong, ready to be shown.
pub(super) struct FaultBanner {
    code: ErrorCode,
    html: Html,
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
    svg: Html,
    name: &'static str,
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

/// A room of a counter or venue.
pub(super) struct Room<'a> {
    name: &'a str,
    address: &'a str,
}

impl<'a> Page<'a> {
    fn words(&self) -> Words {
        Words(self.lang)
    }
    /// A kiosk says some things in other words: `KEY_kiosk`.
    fn key(&self, key: &str) -> String {
        let own = format!("{key}_kiosk");
        let known = self.place.station.is_some() && strings::row(&format!("booth.{own}")).is_some();
        if known { own } else { key.to_owned() }
    }
    fn w(&self, key: &str) -> Html {
        self.words().hv(&self.key(key), &[])
    }
    fn t(&self, key: &str) -> String {
        self.words().t(&self.key(key))
    }
    fn wn(&self, key: &str, name: &str, value: impl core::fmt::Display) -> Html {
        let value = value.to_string();
        self.words().hv(key, &[(name, (&value).into())])
    }
    fn tn(&self, key: &str, name: &str, value: impl core::fmt::Display) -> String {
        let value = value.to_string();
        self.words().tv(key, &[(name, (&value).into())])
    }
    fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }
    fn city(&self) -> &str {
        pick(self.lang, &self.place.manifest.municipality)
    }
    fn election_title(&self) -> &str {
        pick(self.lang, &self.place.manifest.title)
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
        self.place.manifest.practice || self.place.clock.is_demo() || self.s.test_card
    }
    fn channel_name(&self) -> &str {
        self.place
            .hours()
            .map(|h| pick(self.lang, &h.name))
            .unwrap_or_default()
    }
    /// After the close nothing else can be done, here or elsewhere.
    fn is_over(&self) -> bool {
        matches!(self.s.fault, Some(Fault::Closed { .. }))
    }
    fn until(&self) -> String {
        let closes = self.s.closes.unwrap_or(self.place.manifest.close_at);
        self.tn("start.until_text", "t", wareki::long(self.lang, closes))
    }
    fn entitled(&self) -> &str {
        pick(self.lang, &self.place.manifest.eligibility.words)
    }
    fn telephone(&self) -> &str {
        &self.place.manifest.help.telephone
    }
    fn help_hours(&self) -> &str {
        pick(self.lang, &self.place.manifest.help.hours)
    }
    fn tie_rule(&self) -> &str {
        pick(self.lang, &self.place.manifest.tie_rule.words)
    }
    fn rooms(&self) -> Vec<Room<'_>> {
        let rooms = self.place.manifest.places.iter();
        rooms
            .map(|p| Room {
                name: pick(self.lang, &p.name),
                address: pick(self.lang, &p.address),
            })
            .collect()
    }
    fn has_try(&self, n: &u8) -> bool {
        *n < self.tries()
    }
    fn is_language(&self, other: &Lang) -> bool {
        *other == self.lang
    }
    fn tries(&self) -> u8 {
        self.s.tries_left.unwrap_or(3)
    }

    /// The state of the vote in classes and keys of texts.
    fn vote(&self) -> &'static str {
        vote_name(self.s.vote_state)
    }

    /// The permanent reminder between the card and the receipt.
    fn banner_shown(&self) -> bool {
        match self.s.step {
            Screen::Start | Screen::Done | Screen::Survey | Screen::End => false,
            Screen::Stopped => self.s.vote_state != VoteState::NotSent,
            _ => true,
        }
    }
    fn banner(&self) -> Html {
        self.w(&format!("banner.{}", self.vote()))
    }

    /// Every message after the confirm page, and every last message, says it.
    fn says_state(&self) -> bool {
        self.s.step >= Screen::Pending
    }
    fn state_text(&self) -> Html {
        self.w(&format!("state.{}", self.vote()))
    }
    fn end_text(&self) -> Html {
        self.w(match self.s.vote_state {
            VoteState::Accepted => "end.voted",
            VoteState::Pending | VoteState::Unknown => "end.unsure",
            VoteState::Stored => "state.stored",
            VoteState::Overtaken => "state.overtaken",
            VoteState::NotSent => "end.not_voted",
        })
    }

    fn heading(&self) -> Html {
        let received = self.s.vote_state == VoteState::Accepted;
        self.w(match self.s.step {
            Screen::Start if self.place.station.is_some() => "start.kiosk",
            Screen::Pending if received => "pending.title_received",
            Screen::Pending => "pending.title_unsent",
            step => return self.w(&format!("{}.title", step.name())),
        })
    }
    /// Whether the page's heading is shown below a fault. While the page waits for something it says
    /// what the fault contradicts; number and camera need the room.
    fn keeps_heading(&self) -> bool {
        !matches!(
            self.s.step,
            Screen::Pin
                | Screen::Face
                | Screen::Authorize
                | Screen::Sending
                | Screen::Checking
                | Screen::Opening
        )
    }
    fn is_done(&self) -> bool {
        self.s.step == Screen::Done
    }
    /// The number typed last was wrong: the field is marked.
    /// What this voter has to do elsewhere, with the other ways, to take along on paper.
    fn has_sheet(&self) -> bool {
        matches!(
            self.s.fault,
            Some(Fault::PinLocked | Fault::SurfaceLocked | Fault::Expired { .. })
        )
    }
    fn pin_was_wrong(&self) -> bool {
        matches!(self.s.fault, Some(Fault::PinWrong { .. }))
    }
    fn page_title(&self) -> String {
        let key = match self.s.step {
            Screen::Pending => "pending.title_unsent".to_owned(),
            step => format!("{}.title", step.name()),
        };
        format!(
            "{} | {} | {}",
            self.t(&key),
            self.election_title(),
            self.city()
        )
    }

    /// A call that the page makes once without a click.
    fn auto(&self) -> Option<&'static str> {
        match (self.s.step, &self.s.fault) {
            (Screen::Authorize, None) => Some("/api/authorize"),
            (Screen::Sending, None) => Some("/api/cast"),
            (Screen::Opening, None) => Some("/api/open"),
            (Screen::Checking, None) => Some("/api/check"),
            _ => None,
        }
    }
    /// A call the page repeats until the card lies on the reader.
    fn retry(&self) -> Option<&'static str> {
        (self.s.step == Screen::Card).then_some("/api/card/read")
    }

    /// What happened, what to do, the state of the vote, and where the list explains more.
    fn fault(&self) -> Option<FaultBanner> {
        let fault = self.s.fault.as_ref()?;
        let mut body = String::new();
        let mut line = |html: &str| {
            if !html.is_empty() {
                body.push_str(&format!("<p>{html}</p>"));
            }
        };
        if let Fault::FaceUnclear(reason) = fault
            && let Some(key) = hint(*reason)
        {
            line(self.w(key).as_str());
        }
        line(next_html(fault, self.lang).as_str());
        if self.says_state() {
            line(&format!(
                "<strong id=\"vote-state\">{}</strong>",
                self.state_text()
            ));
        }
        let code = fault.code();
        let href = ui::escape(&links::error(self.portal(), self.lang, code));
        line(&format!(
            "<a class=\"code-link\" href=\"{href}\" target=\"_blank\" rel=\"noopener noreferrer\">{code}</a>　{}",
            ui::escape(self.telephone())
        ));
        let message = message_html(fault, self.lang);
        let kind = if fault.is_only_a_hint() {
            Banner::Warning
        } else {
            Banner::Error
        };
        let html = parts::banner(self.lang, kind, Level::One, &message, &Html::trusted(body));
        Some(FaultBanner { code, html })
    }
    /// At a kiosk the configuration has decided.
    fn offers_direct(&self) -> bool {
        self.s.fault == Some(Fault::NoRelay) && self.place.station.is_none()
    }
    fn note(&self, title: &str, body: &Html) -> Html {
        let body = Html::trusted(format!("<p>{body}</p>"));
        parts::banner(self.lang, Banner::Info, Level::Two, &self.w(title), &body)
    }
    fn steps(&self) -> Html {
        let stage = self.s.step.stage().map_or(0, usize::from);
        if stage == 0 {
            Html::default()
        } else {
            parts::steps(self.lang, stage)
        }
    }
    fn is_plain(&self) -> bool {
        self.lang == Lang::Plain
    }
    fn portal(&self) -> &str {
        &self.place.portal
    }
    fn help_link(&self) -> String {
        links::help(self.portal(), self.lang)
    }

    fn previous(&self) -> Option<String> {
        self.s.previous.map(|ms| wareki::long(self.lang, ms))
    }
    fn received(&self) -> String {
        self.s
            .receipt
            .as_ref()
            .map(|r| wareki::exact(self.lang, r.received))
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
            title: pick(self.lang, &option.title),
            proposer: pick(self.lang, &option.proposer),
            summary: pick(self.lang, &option.summary),
        }
    }

    fn pictures(&self) -> Vec<Picture> {
        (0..16).map(|value| self.picture(value)).collect()
    }
    fn picked(&self) -> Vec<Picture> {
        let own = self
            .s
            .receipt
            .as_ref()
            .map(|r| r.pictures)
            .or(self.s.pictures);
        own.into_iter()
            .flatten()
            .map(|value| self.picture(value))
            .collect()
    }
    fn picture(&self, value: u8) -> Picture {
        Picture {
            value,
            svg: pictures::svg(value),
            name: pictures::name(self.lang, value),
        }
    }
    fn qr(&self) -> Html {
        let Some(receipt) = &self.s.receipt else {
            return Html::default();
        };
        qr::svg(&links::receipt(self.portal(), self.lang, &receipt.code))
    }

    fn questions(&self) -> Vec<Asked<'_>> {
        let lang = self.lang;
        let question = |q: &'a ballot::manifest::Question| Asked {
            id: &q.id,
            text: pick(lang, &q.text),
            kind: q.kind,
            single: q.kind == QuestionKind::Single,
            required: q.required,
            max: q.max_chars,
            options: q
                .options
                .iter()
                .map(|o| AskedOption {
                    value: &o.value,
                    text: pick(lang, &o.text),
                })
                .collect(),
        };
        self.place.manifest.survey.iter().map(question).collect()
    }
    fn need(&self, required: &bool) -> Html {
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
        // What is over is no way.
        hours
            .filter(|h| !self.is_over() && h.windows.iter().any(|w| w.closes > now))
            .map(|h| Way {
                name: pick(self.lang, &h.name),
                place: pick(self.lang, &h.place),
                hours: self.hours_from(now, h),
            })
            .collect()
    }
    fn hours_from(&self, now: u64, hours: &ballot::manifest::ChannelHours) -> String {
        let next = hours.windows.iter().find(|w| w.closes > now);
        next.map_or_else(
            || self.t("stopped.no_window"),
            |w| wareki::window(self.lang, w.opens, w.closes),
        )
    }
}
