//! The endpoints. The pages use nothing else, and neither does the demo's driver.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use card::{LastTry, NumberB, Pin};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ui::Lang;
use zeroize::{Zeroize as _, Zeroizing};

use super::Web;
use super::answer::{self, json, refusal};
use crate::checkup::Camera;
use crate::fault::Fault;
use crate::ports::{Choice, SurveyAnswer};
use crate::session::Command;

/// How long a program that is asked to end waits for a call that is under way.
const YIELD: Duration = Duration::from_secs(3);

/// Query of every request.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `ja`, `en` or `plain`.
    #[serde(default)]
    lang: String,
}

impl Asked {
    /// Japanese unless another language is named.
    pub(super) fn lang(&self) -> Lang {
        Lang::parse(&self.lang).unwrap_or_default()
    }
}

/// A POST: language, and a JSON body of exactly the shape `T`.
pub(super) struct Ask<T> {
    web: Arc<Web>,
    lang: Lang,
    pub(super) body: T,
}

impl<T> Ask<T> {
    pub(super) async fn run(&self, command: Command) -> Response {
        run(&self.web, self.lang, command).await
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Web>> for Ask<T> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let raw = Ask::<Raw>::take(request, web, "application/json").await?;
        let mut bytes = Vec::from(raw.body.0);
        let parsed = serde_json::from_slice(&bytes);
        bytes.zeroize();
        let body = parsed.map_err(|_| refusal(StatusCode::BAD_REQUEST, "body"))?;
        Ok(Self {
            web: raw.web,
            lang: raw.lang,
            body,
        })
    }
}

/// A POST whose body is taken as it is.
struct Raw(Bytes);

impl Ask<Raw> {
    async fn take(request: Request, web: &Arc<Web>, wanted: &str) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let query = Query::<Asked>::from_request_parts(&mut parts, web).await;
        let Query(asked) = query.map_err(|_| refusal(StatusCode::BAD_REQUEST, "query"))?;
        if !typed(&parts.headers, wanted) {
            return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "type"));
        }
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, web).await;
        let body = body.map_err(|_| refusal(StatusCode::PAYLOAD_TOO_LARGE, "length"))?;
        Ok(Self {
            web: Arc::clone(web),
            lang: asked.lang(),
            body: Raw(body),
        })
    }
}

fn typed(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        == Some(wanted)
}

async fn run(web: &Web, lang: Lang, command: Command) -> Response {
    let (snapshot, fault) = web.actor.call(command).await;
    let status = match fault {
        Some(Fault::WrongStep) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    json(status, &answer::State::new(snapshot, fault.as_ref(), lang))
}

/// Text that is wiped after use.
struct Typed(Zeroizing<String>);

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(Zeroizing::new(text)))
    }
}

/// `{}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// `{go}`: on, or back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct On {
    go: bool,
}

/// `{pin, last}`: four digits; `last` agrees to use the last try.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PinBody {
    pin: Typed,
    #[serde(default)]
    last: bool,
}

/// `{number}`: 照合番号B, its three parts with a line each, as they were typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SurfaceBody {
    number: Typed,
}

/// `{option: "007"}`: the printed number, always three digits; `000` is nothing. One length for
/// every proposal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChooseBody {
    option: Typed,
}

/// `{marks: ["03", "09"]}`: two pictures, always two digits each, `00` to `15`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PicturesBody {
    #[serde(rename = "marks")]
    pictures: [String; 2],
}

/// `{answers: [{question, values, text}]}`; no answers skip the survey.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SurveyBody {
    answers: Vec<AnswerBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    question: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    text: Option<String>,
}

/// Exactly `length` ASCII digits.
fn fixed(text: &str, length: usize) -> Option<u16> {
    let right = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// `POST /api/start` with the launch token in its header → the session's token, once.
pub(super) async fn start(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    match web.guard.start(&headers) {
        Some(token) => json(
            StatusCode::OK,
            &serde_json::json!({ "ok": true, "token": token }),
        ),
        None => refusal(StatusCode::UNAUTHORIZED, "launch"),
    }
}

/// `GET /api/state`.
pub(super) async fn state(State(web): State<Arc<Web>>, Query(asked): Query<Asked>) -> Response {
    json(
        StatusCode::OK,
        &answer::State::new(web.actor.snapshot(), None, asked.lang()),
    )
}

/// `GET /api/receipt`: what the voter keeps, as JSON and as text; without a receipt what the nodes
/// signed about the ballot, if they did.
pub(super) async fn receipt(State(web): State<Arc<Web>>, Query(asked): Query<Asked>) -> Response {
    let snapshot = web.actor.snapshot();
    let Some(receipt) = snapshot.receipt else {
        let Some(papers) = snapshot.papers else {
            return refusal(StatusCode::NOT_FOUND, "receipt");
        };
        let value = serde_json::json!({ "ok": true, "name": "irefuda-answers", "json": papers, "text": "" });
        return json(StatusCode::OK, &value);
    };
    let text = crate::receipt::text::receipt_text(&receipt, &web.place, asked.lang());
    let name = format!("irefuda-{}", receipt.code);
    let value = serde_json::json!({ "ok": true, "name": name, "json": receipt.json, "text": text });
    json(StatusCode::OK, &value)
}

/// `POST /api/card/read`.
pub(super) async fn read_card(ask: Ask<Nothing>) -> Response {
    ask.run(Command::ReadCard).await
}

/// `POST /api/pin`.
pub(super) async fn pin(ask: Ask<PinBody>) -> Response {
    ask.run(Command::Pin {
        pin: Pin::parse(&ask.body.pin.0).ok(),
        last: if ask.body.last {
            LastTry::Agreed
        } else {
            LastTry::NotAgreed
        },
    })
    .await
}

/// `POST /api/consent`.
pub(super) async fn consent(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Consent).await
}

/// `POST /api/surface`.
pub(super) async fn surface(ask: Ask<SurfaceBody>) -> Response {
    let number = NumberB::parse(&ask.body.number.0).ok();
    ask.run(Command::Surface(number)).await
}

/// `POST /api/face/frame`: one JPEG picture as body.
pub(super) async fn frame(State(web): State<Arc<Web>>, request: Request) -> Response {
    match Ask::<Raw>::take(request, &web, "image/jpeg").await {
        Ok(ask) => {
            let frame = Zeroizing::new(Vec::from(ask.body.0));
            run(&web, ask.lang, Command::Frame(frame)).await
        }
        Err(refused) => refused,
    }
}

/// `POST /api/face/no-camera`.
pub(super) async fn no_camera(ask: Ask<Nothing>) -> Response {
    ask.run(Command::NoCamera).await
}

/// `POST /api/authorize`.
pub(super) async fn authorize(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Authorize).await
}

/// `POST /api/pending`: send the ballot of an interrupted session, or not.
pub(super) async fn pending(ask: Ask<On>) -> Response {
    ask.run(Command::Pending(ask.body.go)).await
}

/// `POST /api/choose`.
pub(super) async fn choose(ask: Ask<ChooseBody>) -> Response {
    match fixed(&ask.body.option.0, 3) {
        Some(number) => {
            let choice = ask.web.place.index_of(number).map(Choice);
            ask.run(Command::Choose(choice)).await
        }
        None => refusal(StatusCode::BAD_REQUEST, "body"),
    }
}

/// `POST /api/mark`.
pub(super) async fn pictures(ask: Ask<PicturesBody>) -> Response {
    let number = |text: &str| fixed(text, 2).and_then(|n| u8::try_from(n).ok());
    let [one, two] = &ask.body.pictures;
    match (number(one), number(two)) {
        (Some(one), Some(two)) => ask.run(Command::Pictures([one, two])).await,
        _ => refusal(StatusCode::BAD_REQUEST, "body"),
    }
}

/// `POST /api/confirm`: on, or back to the list.
pub(super) async fn confirm(ask: Ask<On>) -> Response {
    ask.run(Command::Confirm(ask.body.go)).await
}

/// `POST /api/ready`: from the first code on to the send, or back to the list.
pub(super) async fn ready(ask: Ask<On>) -> Response {
    ask.run(Command::Ready(ask.body.go)).await
}

/// `POST /api/cast`: sends and waits for the receipt; again after a fault sends the same ballot.
pub(super) async fn cast(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Cast).await
}

/// `POST /api/questions`: from the receipt to the survey.
pub(super) async fn questions(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Questions).await
}

/// `POST /api/survey`.
pub(super) async fn survey(ask: Ask<SurveyBody>) -> Response {
    let answers = ask.body.answers.iter().map(|a| SurveyAnswer {
        question: a.question.clone(),
        values: a.values.clone(),
        text: a.text.clone(),
    });
    ask.run(Command::Survey(answers.collect())).await
}

/// `POST /api/direct`: without relays from here on.
pub(super) async fn direct(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Direct).await
}

/// `POST /api/end`: finish and forget.
pub(super) async fn end(ask: Ask<Nothing>) -> Response {
    ask.run(Command::End).await
}

/// `POST /api/extend`: the voter is still there.
pub(super) async fn extend(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Extend).await
}

/// `{cameras}`: what the browser found; absent when it did not look.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Looked {
    #[serde(default)]
    cameras: Option<Vec<Camera>>,
}

/// `POST /api/checkup`: looks at everything that a vote needs.
pub(super) async fn checkup(ask: Ask<Looked>) -> Response {
    let cameras = ask.body.cameras.clone();
    ask.run(Command::Checkup(cameras)).await
}

/// `POST /api/begin`: from there to the first page.
pub(super) async fn begin(ask: Ask<Nothing>) -> Response {
    ask.run(Command::Begin).await
}

/// `POST /api/leave`: the page is being closed, or loaded anew and back in a moment.
pub(super) async fn leave(ask: Ask<Nothing>) -> StatusCode {
    ask.web.presence.leave();
    StatusCode::NO_CONTENT
}

/// `POST /api/yield`: the same user started the program once more. This one lets the card go and ends;
/// a ballot that is not known to be in the box stays on the disk, where the next one finds it.
pub(super) async fn make_room(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    if !web.guard.yields(&headers) {
        return refusal(StatusCode::UNAUTHORIZED, "yield");
    }
    let leaving = web.actor.call(Command::Leave);
    // A call to registrars or nodes may be under way: its outcome is on the board, not here.
    let _outcome = tokio::time::timeout(YIELD, leaving).await;
    web.taken_over.notify_one();
    StatusCode::NO_CONTENT.into_response()
}
