//! The seed's own dates at every boundary of every channel, with real requests over TLS. Board and
//! portal are tested with the same table.

use crate::card_client::Booth;
use crate::cards::OPENING_MS;
use crate::fixture::{City, DAY, Plan};
use api::registrar::Refusal;
use ballot::manifest::Channel;
use refusal::Refusal as _;
use testkit::boundaries::{hours, moments, ms};

async fn ask(booth: &Booth, channel: Channel) -> Result<String, (String, Option<u64>)> {
    let station = match channel {
        Channel::Home => None,
        Channel::Counter => Some("counter-1"),
        Channel::Venue => Some("venue-1"),
    };
    match booth.open(station).await {
        Ok(session) => Ok(session.answer.channel),
        Err(refusal) => {
            let next = match refusal {
                Refusal::NotOpen { next_opening_ms } => Some(next_opening_ms),
                Refusal::ChannelClosed {
                    next_opening_ms, ..
                } => next_opening_ms,
                _ => None,
            };
            Err((refusal.code().to_string(), next))
        }
    }
}

#[tokio::test]
async fn the_registrar_says_what_the_table_says_at_every_boundary() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    // The manifest of these tests has exactly the seed's hours.
    assert_eq!(city.manifest().channels, hours());
    for moment in moments() {
        city.clock.set_ms(moment.at_ms);
        let expected = match moment.says.registrar.as_str() {
            "open" => Ok(moment.channel.as_str().to_owned()),
            code => Err((code.to_owned(), moment.says.next_ms())),
        };
        let said = ask(&booth, moment.channel).await;
        assert_eq!(said, expected, "{}", moment.name);
    }
}

#[tokio::test]
async fn on_saturday_the_counter_names_monday_and_home_is_open() {
    let saturday = OPENING_MS + DAY;
    let city = City::with(Plan {
        now_ms: saturday,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let refusal = booth.open(Some("counter-1")).await.map(|_| ()).unwrap_err();
    let monday = ms("2019-08-26T08:30:00+09:00");
    let expected = Refusal::ChannelClosed {
        next_opening_ms: Some(monday),
        home_open: true,
    };
    assert_eq!((refusal, refusal.code().as_str()), (expected, "E-03"));
    for hour in 0..48 {
        city.clock.set_ms(saturday + hour * 3_600_000);
        assert_eq!(ask(&booth, Channel::Home).await.as_deref(), Ok("home"));
    }
}

#[tokio::test]
async fn issuance_itself_is_bound_to_the_window() {
    let counter_closes = ms("2019-08-23T17:15:00+09:00");
    let city = City::with(Plan {
        now_ms: counter_closes - 60_000,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let session = booth.open(Some("counter-1")).await.unwrap();
    let mut request = booth.request(&session, &card);
    request.station = Some(Booth::station_proof(&request, "counter-1", &city.counter));
    let answer = booth.auth(&request).await.unwrap();
    let secret = booth.secret(&card, &answer);
    city.clock.set_ms(counter_closes);
    let refusal = booth.first(&session, &secret).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "E-03");
    assert!(city.registrar.store().counts().await.unwrap().is_empty());
    city.clock.set_ms(counter_closes - 1);
    booth.first(&session, &secret).await.unwrap();
}
