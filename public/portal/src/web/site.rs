//! What all handlers share, and the frame of a page.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{Html as HtmlBody, IntoResponse as _, Response};
use host::WallClock;
use host::rate::{Budgets, Rate};
use tokio::sync::Semaphore;
use ui::calendar::{State, state_at};
use ui::{Emergency, Html, Lang, NavItem, PageFrame, Words, wareki};

use super::look::Look;
use crate::board_view::BoardView;
use crate::content::{Content, say};
use crate::demo::DemoHands;
use crate::emergency::Source;
use crate::follow::Board;
use crate::start::Start;
use crate::store::Store;

/// Everything the pages are made of.
pub struct Site {
    /// The election.
    pub content: Content,
    /// The start file's static part.
    pub start: Start,
    /// The board.
    pub board: Arc<Board>,
    /// Tickets and survey.
    pub store: Store,
    /// The clock.
    pub clock: WallClock,
    /// Urgent notice.
    pub emergency: Source,
    /// Whether the election is for practice: every page says so.
    pub practice: bool,
    /// The demo's clock button.
    pub hands: Option<DemoHands>,
    /// How often one address may ask for what costs something.
    pub limits: Limits,
}

/// Limits: per address (IPv6: per network), and for the survey per right to an answer: nodes pass the
/// answers of many voters on, and what buys an answer is its token. Held in memory only.
#[derive(Debug)]
pub struct Limits {
    /// Start files.
    pub tickets: Rate,
    /// Receipt look-ups, which ask nodes.
    pub look_ups: Rate,
    /// Survey answers with good tokens, by serial.
    pub answers: Budgets<[u8; 32]>,
    /// Survey answers whose tokens are checked at the same time.
    pub checks: Semaphore,
}

/// Checks of signatures at the same time: the rest of the processors is for the pages.
const CHECKS: usize = 2;

impl Default for Limits {
    fn default() -> Self {
        Self {
            tickets: Rate::new(2, 300),
            look_ups: Rate::new(5, 100),
            answers: Budgets::new(1, 5),
            checks: Semaphore::new(CHECKS),
        }
    }
}

/// The address of the other side; unknown ones share one budget.
pub type Peer = Option<axum::Extension<axum::extract::ConnectInfo<std::net::SocketAddr>>>;

/// The address to count for.
#[must_use]
pub fn address(peer: &Peer) -> IpAddr {
    peer.as_ref()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |p| p.0.0.ip())
}

/// One request for a page.
pub struct Ask<'a> {
    /// Shared things.
    pub site: &'a Site,
    /// Language.
    pub lang: Lang,
    /// Texts.
    pub w: Words,
    /// Server time, ms.
    pub now: u64,
    /// The board at this moment.
    pub view: Arc<BoardView>,
    /// Text size and colours.
    look: Look,
}

/// What a page is called.
pub struct Title<'a> {
    /// Rest of the address after the language, without a leading slash.
    pub path: &'a str,
    /// Key of the title.
    pub key: &'a str,
    /// A title that is not in the catalogue.
    pub own: Option<&'a str>,
    /// 画面番号.
    pub screen: &'a str,
}

impl<'a> Title<'a> {
    /// A title of the catalogue.
    pub fn new(path: &'a str, key: &'a str, screen: &'a str) -> Self {
        Self {
            path,
            key,
            own: None,
            screen,
        }
    }
}

/// Pages of the main menu: address and key.
const NAV: [(&str, &str); 6] = [
    ("", "nav.home"),
    ("proposals", "nav.proposals"),
    ("how", "nav.how"),
    ("receipt", "nav.receipt"),
    ("result", "nav.result"),
    ("help", "nav.help"),
];

/// Pages of the footer.
const FOOT: [(&str, &str); 6] = [
    ("status", "nav.status"),
    ("promise", "nav.promise"),
    ("privacy", "nav.privacy"),
    ("accessibility", "nav.accessibility"),
    ("glossary", "nav.glossary"),
    ("survey", "nav.survey"),
];

/// The menu entry a page belongs to.
fn section(path: &str) -> &str {
    match path.split('/').next().unwrap_or("") {
        "start" | "check" => "how",
        "faq" | "errors" | "glossary" => "help",
        first => first,
    }
}

impl<'a> Ask<'a> {
    /// A request in this language, now.
    pub fn new(site: &'a Site, lang: Lang, look: Look) -> Self {
        Self {
            site,
            lang,
            w: Words(lang),
            now: site.clock.now_ms(),
            view: site.board.view(),
            look,
        }
    }

    /// `/ja`.
    pub fn base(&self) -> String {
        format!("/{}", self.lang.code())
    }

    /// The address of a page in this language.
    pub fn href(&self, path: &str) -> String {
        if path.is_empty() {
            self.base()
        } else {
            format!("/{}/{path}", self.lang.code())
        }
    }

    /// One language of a manifest text.
    pub fn say<'t>(&self, text: &'t ballot::text::Text) -> &'t str {
        say(self.lang, text)
    }

    /// The state of a channel now.
    pub fn channel_state(&self, channel: &ballot::manifest::ChannelHours) -> Option<State> {
        let windows = self.site.content.windows(channel, self.view.close_at);
        state_at(&windows, self.now)
    }

    /// An election that is not held says so above every page.
    fn withdrawal(&self) -> Option<Emergency> {
        let reason = self.view.withdrawn.as_ref()?;
        Some(Emergency {
            title: self.w.t("home.withdrawn"),
            body: format!("{} {}", self.w.t("home.withdrawn_text"), self.say(reason)),
            updated: wareki::long(self.lang, self.view.block_time),
        })
    }

    /// Whether the result may be shown.
    pub fn has_result(&self) -> bool {
        self.view.result.is_some()
    }

    fn items(&self, list: &[(&str, &str)], here: &str) -> Vec<NavItem> {
        list.iter()
            .map(|(path, key)| NavItem {
                href: self.href(path),
                label: self.w.h(key),
                current: *path == here,
            })
            .collect()
    }

    fn frame(&self, title: &Title<'_>) -> PageFrame {
        let manifest = self.site.content.manifest();
        let name = title.own.map_or_else(|| self.w.t(title.key), str::to_owned);
        let home = NavItem {
            href: self.base(),
            label: self.w.h("nav.home"),
            current: false,
        };
        let crumbs = if title.path.is_empty() {
            Vec::new()
        } else {
            self.crumbs(home, title, &name)
        };
        PageFrame {
            lang: self.lang,
            city: self.say(&manifest.municipality).to_owned(),
            service: self.w.t("site.service"),
            title: name,
            screen: Some(title.screen.to_owned()),
            demo: self.site.practice,
            home_href: self.base(),
            css_href: ui::assets::css_path(),
            icon_href: "/assets/icon.svg".to_owned(),
            languages: Lang::ALL
                .map(|l| {
                    (
                        l,
                        format!(
                            "/{}{}{}",
                            l.code(),
                            if title.path.is_empty() { "" } else { "/" },
                            title.path
                        ),
                    )
                })
                .to_vec(),
            size: self.look.size,
            inverted: self.look.inverted,
            display: self.looks(title.path),
            help: format!(
                "{}　{}",
                manifest.help.telephone,
                self.say(&manifest.help.hours)
            ),
            nav: self.items(&NAV, section(title.path)),
            crumbs,
            foot: self.items(&FOOT, title.path),
            now: Some(wareki::long_html(self.lang, self.now)),
            emergency: self
                .withdrawal()
                .or_else(|| self.site.emergency.now(self.lang)),
            ..PageFrame::default()
        }
    }

    /// Links that change size and colours and lead back here.
    fn looks(&self, path: &str) -> Vec<NavItem> {
        let here = self.href(path);
        let offers = self.look.offers();
        offers
            .map(|(choice, key, current)| NavItem {
                href: format!("/look/{choice}{here}"),
                label: self.w.h(key),
                current,
            })
            .collect()
    }

    fn crumbs(&self, home: NavItem, title: &Title<'_>, name: &str) -> Vec<NavItem> {
        let mut crumbs = vec![home];
        let up = section(title.path);
        let parent = NAV.iter().find(|(path, _)| *path == up && up != title.path);
        if let Some((path, key)) = parent {
            crumbs.push(NavItem {
                href: self.href(path),
                label: self.w.h(key),
                current: false,
            });
        }
        crumbs.push(NavItem {
            href: String::new(),
            label: if title.own.is_some() {
                Html::text(name)
            } else {
                self.w.h(title.key)
            },
            current: true,
        });
        crumbs
    }

    /// The answer: frame and body.
    pub fn respond<T: askama::Template>(
        &self,
        status: StatusCode,
        title: &Title<'_>,
        body: &T,
    ) -> Response {
        match body.render() {
            Ok(body) => {
                let page = ui::page(&self.frame(title), &Html::trusted(body));
                (status, HtmlBody(page)).into_response()
            }
            Err(error) => {
                tracing::error!("page {}: {error}", title.key);
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// [`Ask::respond`] with 200.
    pub fn ok<T: askama::Template>(&self, title: &Title<'_>, body: &T) -> Response {
        self.respond(StatusCode::OK, title, body)
    }
}
