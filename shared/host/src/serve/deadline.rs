//! A request body that must be complete in time, however slowly it trickles in.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

struct Timed {
    inner: Body,
    deadline: Pin<Box<Sleep>>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // The deadline comes first: a body of one byte a second is ready all the time.
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(axum::Error::new("the request took too long"))));
        }
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The same request; its body fails once `within` has passed.
pub(super) fn hurried(request: Request, within: Duration) -> Request {
    request.map(|inner| {
        if inner.is_end_stream() {
            return inner;
        }
        Body::new(Timed {
            inner,
            deadline: Box::pin(tokio::time::sleep(within)),
        })
    })
}
