//! The first page: what it is about, whether one can vote now, how and on what.

use askama::Template;
use axum::response::Response;
use ballot::manifest::{Channel, ChannelHours};
use refusal::ErrorCode;
use ui::calendar::State;
use ui::{Html, Words, parts, wareki};

use super::super::site::{Ask, Title};

/// A way to vote.
pub(super) struct Way {
    /// `home`, `counter`, `venue`.
    pub id: &'static str,
    /// Name of the channel.
    pub name: String,
    /// Where.
    pub place: String,
    /// `open`, `before`, `closed`, `ended`.
    pub state: &'static str,
    /// 「受付中」.
    pub label: Html,
    /// One sentence.
    pub sentence: Html,
    /// 「締切まで あと…」.
    pub left: Option<String>,
    /// Its rooms: name, address, hours where they are not the channel's.
    pub rooms: Vec<(String, String, Vec<String>)>,
    /// Openings in words.
    pub hours: Vec<String>,
    /// What to bring.
    pub needs: Html,
    /// The page with the details.
    pub href: String,
}

/// All ways, with their state now.
pub(super) fn ways(ask: &Ask<'_>) -> Vec<Way> {
    let site = ask.site;
    site.content
        .channels()
        .into_iter()
        .filter_map(|c| way(ask, c))
        .collect()
}

fn way(ask: &Ask<'_>, channel: &ChannelHours) -> Option<Way> {
    let state = ask.channel_state(channel)?;
    let windows = ask.site.content.windows(channel, ask.view.close_at);
    let id = channel.kind.as_str();
    let needs = match channel.kind {
        Channel::Home => [
            "need.pc",
            "need.net",
            "need.reader",
            "need.camera",
            "need.card",
            "need.pin",
            "need.no_pin",
            "need.surface",
        ]
        .as_slice(),
        Channel::Counter | Channel::Venue => {
            ["need.card", "need.pin", "need.no_pin", "need.nothing"].as_slice()
        }
    };
    let hours = |w: &ballot::manifest::Window| wareki::window(ask.lang, w.opens, w.closes);
    let rooms = ask.site.content.manifest().places.iter();
    let rooms = rooms.filter(|p| p.channel == channel.kind).map(|p| {
        let own = p.windows.iter().filter(|_| p.windows != channel.windows);
        (
            ask.say(&p.name).to_owned(),
            ask.say(&p.address).to_owned(),
            own.map(hours).collect(),
        )
    });
    let with_face = ask
        .site
        .content
        .manifest()
        .face_required
        .contains(&channel.kind);
    let face = (with_face && channel.kind != Channel::Home).then_some("need.face");
    let needs: Vec<Html> = needs
        .iter()
        .copied()
        .chain(face)
        .map(|key| ask.w.h(key))
        .collect();
    Some(Way {
        id,
        name: ask.say(&channel.name).to_owned(),
        place: ask.say(&channel.place).to_owned(),
        state: state.name(),
        label: state.label(ask.lang),
        sentence: state.sentence_html(ask.lang),
        left: state.countdown(ask.lang, ask.now),
        rooms: rooms.collect(),
        hours: windows
            .iter()
            .map(|w| wareki::window(ask.lang, w.opens, w.closes))
            .collect(),
        needs: parts::checklist(&needs),
        href: format!("{}#{id}", ask.href("how")),
    })
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    w: Words,
    base: String,
    title: String,
    banner: Html,
    start: Option<&'static str>,
    ways: Vec<Way>,
    proposals: Vec<super::proposals::Row>,
    announce: Html,
    who: String,
    telephone: String,
    help_hours: String,
    tie_rule: String,
    has_result: bool,
    single_registrar: bool,
}

fn banner(ask: &Ask<'_>, state: Option<State>) -> Html {
    if ask.has_result() {
        return parts::banner(
            ask.lang,
            parts::Banner::Success,
            parts::Level::Two,
            &ask.w.h("home.result_out"),
            &ask.w.h("home.result_out_text"),
        );
    }
    if ask.view.withdrawn.is_some() {
        // Said above every page.
        return Html::default();
    }
    if ask.view.phase == "halted" {
        let error = ui::errors::get(ErrorCode::BoardHalted);
        return parts::banner(
            ask.lang,
            parts::Banner::Error,
            parts::Level::Two,
            &error.message_html(ask.lang, &[]),
            &error.action_html(ask.lang),
        );
    }
    let Some(state) = state else {
        return Html::default();
    };
    let (kind, title) = match state {
        State::Open { .. } => (parts::Banner::Success, "home.open"),
        State::Before { .. } | State::ClosedUntil { .. } => (parts::Banner::Info, "home.before"),
        State::Ended { .. } => (parts::Banner::Info, "home.ended"),
    };
    let mut body = format!("<p>{}</p>", state.sentence_html(ask.lang));
    if let Some(left) = state.countdown(ask.lang, ask.now) {
        body.push_str(&format!("<p><strong>{}</strong></p>", ui::escape(&left)));
    }
    if matches!(state, State::Ended { .. }) {
        body.push_str(&format!("<p>{}</p>", withheld(ask)));
    }
    parts::banner(
        ask.lang,
        kind,
        parts::Level::Two,
        &ask.w.h(title),
        &Html::trusted(body),
    )
}

/// 「結果は…最終審査会で発表します。…」
pub(super) fn withheld(ask: &Ask<'_>) -> Html {
    let when = wareki::month_day_html(ask.lang, ask.site.content.manifest().announce_at);
    ask.w.hw("result.withheld", "when", &when)
}

pub(super) fn home(ask: &Ask<'_>) -> Response {
    let manifest = ask.site.content.manifest();
    let state = manifest
        .channel(Channel::Home)
        .and_then(|c| ask.channel_state(c));
    let page = Home {
        w: ask.w,
        base: ask.base(),
        title: ask.say(&manifest.title).to_owned(),
        banner: banner(ask, state),
        start: match state {
            _ if ask.view.withdrawn.is_some() => None,
            Some(State::Open { .. }) => Some("start"),
            Some(State::Before { .. } | State::ClosedUntil { .. }) => Some("check"),
            _ => None,
        },
        ways: ways(ask),
        proposals: super::proposals::rows(ask),
        announce: withheld(ask),
        who: ask.say(&manifest.eligibility.words).to_owned(),
        telephone: manifest.help.telephone.clone(),
        help_hours: ask.say(&manifest.help.hours).to_owned(),
        tie_rule: ask.say(&manifest.tie_rule.words).to_owned(),
        has_result: ask.has_result(),
        single_registrar: manifest.registrars.len() < 2,
    };
    let title = Title::new("", "nav.home", "P-1");
    ask.ok(&title, &page)
}
