//! Text size and colours, chosen without a script: a link leads here, a cookie of this browser
//! remembers it until the browser is closed, and the visitor is back on the page.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use ui::Lang;

/// Name of the cookie.
const COOKIE: &str = "look";
/// What can be chosen, as it is in addresses, with the key of its text.
const CHOICES: [(&str, &str); 5] = [
    ("normal", "frame.size_normal"),
    ("large", "frame.size_large"),
    ("huge", "frame.size_huge"),
    ("inverted", "frame.invert"),
    ("upright", "frame.invert_off"),
];

/// How one visitor wants the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `large` or `huge`; none for the normal size.
    pub size: Option<&'static str>,
    /// White on black.
    pub inverted: bool,
}

impl Look {
    /// With one more choice made; anything unknown changes nothing.
    fn with(self, choice: &str) -> Self {
        match choice {
            "normal" => Self { size: None, ..self },
            "large" => Self {
                size: Some("large"),
                ..self
            },
            "huge" => Self {
                size: Some("huge"),
                ..self
            },
            "inverted" | "upright" => Self {
                inverted: choice == "inverted",
                ..self
            },
            _ => self,
        }
    }

    /// The links that are offered: choice, key of its text, whether it is how the page is now.
    pub fn offers(self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let not_offered = if self.inverted { "inverted" } else { "upright" };
        let offered = CHOICES.into_iter().filter(move |(c, _)| *c != not_offered);
        offered.map(move |(choice, key)| (choice, key, choice == self.size.unwrap_or("normal")))
    }

    fn cookie(self) -> String {
        let size = self.size.unwrap_or("normal");
        let colours = if self.inverted { "inverted" } else { "upright" };
        format!("{COOKIE}={size}.{colours}; Path=/; SameSite=Lax; HttpOnly")
    }
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cookies = parts.headers.get_all(header::COOKIE).into_iter();
        let pairs = cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let own = pairs.filter(|(name, _)| *name == COOKIE);
        let chosen = own.flat_map(|(_, value)| value.split('.'));
        Ok(chosen.fold(Self::default(), Self::with))
    }
}

/// `/look/CHOICE/ja/…`: sets the cookie and leads back to a page of this site.
pub(super) async fn choose(look: Look, Path((choice, to)): Path<(String, String)>) -> Response {
    let of_pages = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '/' || c == '-';
    let lang = to.split('/').next().and_then(Lang::parse);
    let back = match lang {
        Some(_) if to.chars().all(of_pages) && !to.contains("//") => format!("/{to}"),
        _ => "/ja".to_owned(),
    };
    let mut response = Redirect::to(&back).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&look.with(&choice).cookie()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
