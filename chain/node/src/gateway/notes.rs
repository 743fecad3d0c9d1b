//! What a curious operator could write down: every request, without its sender. Only for tests of
//! what a node can learn, and only in debug builds.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A file with one line for each request: method, path and query.
#[derive(Clone, Debug)]
pub struct Notes(Arc<Mutex<File>>);

impl Notes {
    /// Appends to this file.
    ///
    /// # Errors
    /// It cannot be written, or this is a release build.
    pub fn open(file: &Path) -> std::io::Result<Self> {
        if !cfg!(debug_assertions) {
            return Err(std::io::Error::other(
                "a release build notes no requests: remove note_requests",
            ));
        }
        let file = File::options().create(true).append(true).open(file)?;
        Ok(Self(Arc::new(Mutex::new(file))))
    }
    /// These routes, with a note of every request before it is answered.
    pub fn around(&self, routes: Router) -> Router {
        routes.layer(from_fn_with_state(self.clone(), note))
    }
}

async fn note(State(notes): State<Notes>, request: Request, next: Next) -> Response {
    let line = format!("{} {}\n", request.method(), request.uri());
    let written = {
        let mut file = notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes())
    };
    if written.is_err() {
        // Who compares the notes would find fewer requests than there were.
        tracing::error!("cannot note a request");
    }
    next.run(request).await
}
