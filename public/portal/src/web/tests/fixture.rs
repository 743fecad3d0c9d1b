//! A site with the demo's content and a board that tests set.

use std::sync::Arc;

use api::hex::Hex;
use api::start_file::{PURPOSE_START_FILE, StartFile, VERSION, static_message};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ballot::contest::Shape;
use ballot::manifest::{
    AnswerOption, Channel, ChannelHours, Manifest, OptionItem, Question, QuestionKind, Window,
};
use ballot::text::Text;
use crypto::wire::TopLevel as _;
use host::clock::ManualClock;
use serde_json::Value;
pub use testkit::boundaries::ms;
use testkit::election::{Lab, Options, places_of};
use tower::ServiceExt as _;

use crate::board_view::{BoardView, ResultView};
use crate::content::Content;
use crate::emergency::Source;
use crate::follow::Board;
use crate::start::Start;
use crate::store::Store;
use crate::web::{Limits, Site, router};

/// The demo's content file.
pub const DEMO: &str = include_str!("../../../../../data/demo/election.json");

fn text(value: &Value, name: &str) -> Text {
    let get = |lang: &str| value[format!("{name}_{lang}")].as_str();
    let ja = get("ja").unwrap_or("");
    Text::new(ja, get("en").unwrap_or(ja), get("plain").unwrap_or(ja))
}

fn same(text: &str) -> Text {
    Text::new(text, text, text)
}

fn channels(list: &Value) -> Vec<ChannelHours> {
    let all = list.as_array().expect("channels");
    all.iter()
        .map(|c| ChannelHours {
            kind: Channel::parse(c["id"].as_str().expect("id")).expect("a channel"),
            name: Text::new(
                c["ja"].as_str().unwrap_or("窓口"),
                c["en"].as_str().unwrap_or("desk"),
                c["ja"].as_str().unwrap_or("窓口"),
            ),
            place: text(c, "place"),
            windows: c["windows"]
                .as_array()
                .expect("windows")
                .iter()
                .map(|w| Window {
                    opens: ms(w["opens"].as_str().expect("opens")),
                    closes: ms(w["closes"].as_str().expect("closes")),
                })
                .collect(),
        })
        .collect()
}

fn survey(list: &Value) -> Vec<Question> {
    let all = list.as_array().expect("survey");
    all.iter()
        .map(|q| Question {
            id: q["id"].as_str().expect("id").to_owned(),
            text: text(q, "text"),
            kind: match q["type"].as_str() {
                Some("single") => QuestionKind::Single,
                Some("text") => QuestionKind::Text,
                _ => QuestionKind::Multi,
            },
            required: false,
            options: q["options"]
                .as_array()
                .expect("options")
                .iter()
                .map(|o| AnswerOption {
                    value: o["value"].as_str().expect("value").to_owned(),
                    text: Text::new(
                        o["ja"].as_str().unwrap_or(""),
                        o["en"].as_str().unwrap_or(""),
                        o["ja"].as_str().unwrap_or(""),
                    ),
                })
                .collect(),
            max_chars: 200,
        })
        .collect()
}

/// Fills a test manifest with the demo's content. `seed` takes the seed's own dates.
fn fill(m: &mut Manifest, seed: bool) {
    let all: Value = serde_json::from_str(DEMO).expect("JSON");
    let times = if seed { &all["seed_replay"] } else { &all };
    m.practice = true;
    m.title = text(&all, "title");
    m.municipality = Text::new(
        all["municipality"]["ja"].as_str().unwrap_or(""),
        all["municipality"]["en"].as_str().unwrap_or(""),
        all["municipality"]["ja"].as_str().unwrap_or(""),
    );
    m.channels = channels(&times["channels"]);
    m.places = places_of(&m.channels);
    m.close_at = m
        .channels
        .iter()
        .flat_map(|c| &c.windows)
        .map(|w| w.closes)
        .max()
        .expect("a close");
    m.announce_at = m.close_at + 30 * 60_000;
    m.extend_limit = m.close_at + 7_200_000;
    testkit::election::fit_windows(m);
    m.survey = survey(&all["survey"]);
    let proposals = all["proposals"].as_array().expect("proposals");
    let contest = m.contests.first_mut().expect("a contest");
    contest.shape =
        Shape::new(u16::try_from(proposals.len()).expect("few"), 1, 1).expect("a shape");
    contest.blank = None;
    contest.options = proposals
        .iter()
        .map(|p| OptionItem {
            id: p["id"].as_str().expect("id").to_owned(),
            number: u16::try_from(p["no"].as_u64().expect("no")).expect("small"),
            title: text(p, "title"),
            proposer: same(p["proposer"].as_str().unwrap_or("")),
            summary: Text::new(
                p["summary_ja"].as_str().unwrap_or(""),
                p["summary_en"].as_str().unwrap_or(""),
                p["plain_ja"].as_str().unwrap_or(""),
            ),
        })
        .collect();
}

/// A portal without nodes.
pub struct Fixture {
    /// The site.
    pub site: Arc<Site>,
    /// Its clock.
    pub clock: ManualClock,
    /// Everybody's keys.
    pub lab: Lab,
    /// Its folder.
    _folder: tempfile::TempDir,
}

/// What to change before the manifest is sealed.
pub type Change = fn(&mut Manifest);

impl Fixture {
    /// The demo's dates.
    pub async fn demo() -> Self {
        Self::with(false, |_| {}).await
    }

    /// The seed's dates.
    pub async fn seed() -> Self {
        Self::with(true, |_| {}).await
    }

    /// With a change.
    pub async fn with(seed: bool, change: Change) -> Self {
        let options = Options {
            options: 11,
            ..Options::default()
        };
        let mut lab = Lab::sealed(options);
        let mut manifest = lab.manifest.clone().expect("sealed").manifest;
        fill(&mut manifest, seed);
        change(&mut manifest);
        let opens = manifest.opens_at();
        let sealed = lab.parties.seal(manifest, &mut lab.rng);
        let content = Content::from_bytes(sealed.to_bytes(), None).expect("content");
        let folder = tempfile::tempdir().expect("a folder");
        let start = start_file(&mut lab, &content, folder.path());
        let url = format!("sqlite://{}/p.db", folder.path().display());
        let store = Store::open(&url).await;
        let board = Board::new(
            lab.parties.network.clone(),
            content.manifest(),
            *content.hash(),
        );
        let clock = ManualClock::new(opens);
        let site = Site {
            start,
            board: Arc::new(board.expect("a board")),
            store: store.expect("a store"),
            clock: clock.wall(),
            emergency: Source::new(Some(folder.path().join("emergency.toml"))),
            practice: true,
            hands: None,
            limits: Limits::default(),
            content,
        };
        Self {
            site: Arc::new(site),
            clock,
            lab,
            _folder: folder,
        }
    }

    /// Writes the urgent notice.
    pub fn emergency(&self, text: &str) {
        std::fs::write(self._folder.path().join("emergency.toml"), text).expect("written");
    }

    /// The routes.
    pub fn router(&self) -> Router {
        router(Arc::clone(&self.site))
    }

    /// Puts a result on the board.
    pub fn with_result(&self) {
        let votes = vec![5, 7, 9, 11, 13, 15, 14, 12, 10, 8, 6];
        self.site.board.set_view(BoardView {
            found: true,
            phase: "result",
            received: 119,
            counted: 110,
            daily: [(20_840, 61), (20_843, 30), (20_845, 19)]
                .into_iter()
                .collect(),
            result: Some(ResultView {
                votes,
                received: 119,
                overwritten: 9,
                counted: 110,
                check_ballots: 2,
                issued: vec![113],
            }),
            ..(*self.site.board.view()).clone()
        });
    }

    /// GET: status and text.
    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let (status, body) = self.send(request).await;
        (status, String::from_utf8(body).expect("text"))
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(path)
            .body(Body::from(body.to_string()))
            .expect("a request");
        let (status, body) = self.send(request).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Any request.
    pub async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.router().oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 4 << 20)
            .await
            .expect("a body");
        (status, body.to_vec())
    }
}

fn start_file(lab: &mut Lab, content: &Content, folder: &std::path::Path) -> Start {
    let hints = vec!["http://127.0.0.1:47100".to_owned()];
    let message = static_message(content.hash(), &hints);
    let signature = lab
        .parties
        .authority
        .sign(PURPOSE_START_FILE, &message, &mut lab.rng);
    let file = StartFile {
        v: VERSION,
        election_hash: Hex(*content.hash()),
        hints,
        signature: Hex(signature),
        ticket: None,
        ticket_expires: None,
    };
    let path = folder.join("start.json");
    std::fs::write(&path, serde_json::to_vec(&file).expect("JSON")).expect("written");
    Start::read(&path, content).expect("a start file")
}
