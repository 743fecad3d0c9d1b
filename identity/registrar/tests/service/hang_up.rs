//! Clients that hang up in the middle, at every moment at which a server can notice.

use std::pin::Pin;
use std::task::{Context, Poll};

use api::registrar::Refusal;
use crypto::Scalar;
use registrar::config::LimitsConfig;

use crate::card_client::Booth;
use crate::fixture::{City, Plan};

/// Drops what it waits for after so many polls: what a server does whose client is gone.
struct HangUp<F> {
    work: Option<Pin<Box<F>>>,
    polls: u32,
}

impl<F: Future> Future for HangUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.work else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(answer) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(answer));
        }
        self.polls -= 1;
        if self.polls == 0 {
            self.work = None;
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

async fn hang_up<F: Future>(after: u32, work: F) -> Option<F::Output> {
    HangUp {
        work: Some(Box::pin(work)),
        polls: after,
    }
    .await
}

/// What the same request gets once the first one is through.
async fn later<T, F: Future<Output = Result<T, Refusal>>>(ask: impl Fn() -> F) -> T {
    loop {
        match ask().await {
            Err(Refusal::AgainPending) => tokio::task::yield_now().await,
            other => return other.expect("the answer, however often it was asked for"),
        }
    }
}

/// Whenever the client of a token or of an answer hangs up, the same request gets it afterwards, and
/// there is one record: no wait and no limit stands against somebody who got nothing.
pub async fn hangs_up(database: Option<String>) {
    let limits = LimitsConfig {
        again_per_day: 1_000,
        ..LimitsConfig::default()
    };
    let city = City::with(Plan {
        database,
        limits,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let (_, secret) = booth.first_visit(&card).await;
    // A database that answers at once leaves few moments, and other ones each time.
    let (mut whole, mut cut, mut rounds) = (0u32, 0, 0);
    let mut after = 1;
    while rounds < 20 {
        city.after_the_pause();
        let (session, _) = booth.enter(&card).await.unwrap();
        let request = booth.again_request(&session, &secret, whole + 2, 1);
        let registrar = &city.registrar;
        let sign = || async { registrar.sign_token(request.clone()).await };
        let first = hang_up(after, sign()).await;
        later(sign).await;
        let asked = booth.challenge_request(&session, &Scalar::from(after));
        let answer = || async { registrar.answer_challenge(asked.clone()).await };
        let second = hang_up(after, answer()).await;
        later(answer).await;
        whole += 1;
        cut += u32::from(first.is_none()) + u32::from(second.is_none());
        after += 1;
        if first.is_some() && second.is_some() {
            (after, rounds) = (1, rounds + 1);
        }
    }
    assert!(cut >= rounds, "nobody hung up");
    let counts = city.registrar.store().counts().await.unwrap();
    let again = counts.iter().filter(|(kind, _)| kind.0 == "again");
    assert_eq!(again.map(|(_, count)| count).sum::<u64>(), u64::from(whole));
}

#[tokio::test]
async fn a_client_that_hangs_up_finds_its_token_and_its_answer() {
    hangs_up(None).await;
}
