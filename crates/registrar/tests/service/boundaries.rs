//! The seed's own dates, from the demo content, at every boundary of every channel.

use crate::card_client::Booth;
use crate::cards::OPENING_MS;
use crate::city::{City, DAY, Plan};
use ballot::manifest::Channel;

/// Milliseconds of `2019-08-23T08:30:00+09:00`.
fn instant(text: &str) -> u64 {
    let number = |from: usize, to: usize| text[from..to].parse::<u64>().unwrap();
    assert!(text.ends_with("+09:00"));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    // Days since 1970-01-01 of a civil date (H. Hinnant).
    let y = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (y / 400, y % 400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    let seconds = number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    (days * 86_400 + seconds - 9 * 3600) * 1000
}

/// (channel, opens, closes) from the content file.
fn windows() -> Vec<(Channel, u64, u64)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/election.json");
    let content: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut all = Vec::new();
    for channel in content["seed_replay"]["channels"].as_array().unwrap() {
        let kind = Channel::parse(channel["id"].as_str().unwrap()).unwrap();
        for window in channel["windows"].as_array().unwrap() {
            let at = |name: &str| instant(window[name].as_str().unwrap());
            all.push((kind, at("opens"), at("closes")));
        }
    }
    all
}

async fn ask(booth: &Booth, channel: Channel) -> Result<String, (String, Option<u64>)> {
    let station = match channel {
        Channel::Home => None,
        Channel::Counter => Some("counter-1"),
        Channel::Venue => Some("venue-1"),
    };
    match booth.open(station).await {
        Ok(session) => Ok(session.answer.channel),
        Err(p) => {
            let next = p
                .extra
                .get("next_opening_ms")
                .and_then(serde_json::Value::as_u64);
            Err((p.code, next))
        }
    }
}

#[tokio::test]
async fn every_boundary_of_the_seed_one_second_before_and_exactly() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let windows = windows();
    assert_eq!(windows.len(), 5);
    // The manifest of these tests has exactly these hours.
    for hours in &city.manifest.channels {
        let expected: Vec<_> = windows.iter().filter(|w| w.0 == hours.kind).collect();
        let found: Vec<_> = hours.windows.iter().map(|w| (w.opens, w.closes)).collect();
        assert_eq!(
            found,
            expected.iter().map(|w| (w.1, w.2)).collect::<Vec<_>>()
        );
    }
    let close = windows.iter().map(|w| w.2).max().unwrap();
    for (channel, opens, closes) in &windows {
        let at = |ms: u64| {
            city.clock.set_ms(ms);
            ask(&booth, *channel)
        };
        let early = if *opens == OPENING_MS { "E-01" } else { "E-03" };
        let late = if *closes == close { "E-02" } else { "E-03" };
        assert_eq!(
            at(opens - 1000).await,
            Err((early.to_owned(), Some(*opens)))
        );
        assert_eq!(at(opens - 1).await, Err((early.to_owned(), Some(*opens))));
        assert_eq!(at(*opens).await.as_deref(), Ok(channel.as_str()));
        assert_eq!(at(closes - 1000).await.as_deref(), Ok(channel.as_str()));
        assert_eq!(at(closes - 1).await.as_deref(), Ok(channel.as_str()));
        let next = windows
            .iter()
            .filter(|w| w.0 == *channel && w.1 >= *closes)
            .map(|w| w.1)
            .min();
        assert_eq!(
            at(*closes).await,
            Err((late.to_owned(), next)),
            "{channel:?} {closes}"
        );
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
    let problem = booth.open(Some("counter-1")).await.map(|_| ()).unwrap_err();
    assert_eq!(problem.code, "E-03");
    let monday = instant("2019-08-26T08:30:00+09:00");
    assert_eq!(problem.extra["next_opening_ms"].as_u64(), Some(monday));
    assert_eq!(problem.extra["home_open"].as_bool(), Some(true));
    for hour in 0..48 {
        city.clock.set_ms(saturday + hour * 3_600_000);
        assert_eq!(ask(&booth, Channel::Home).await.as_deref(), Ok("home"));
    }
}

#[tokio::test]
async fn issuance_itself_is_bound_to_the_window() {
    let counter_closes = instant("2019-08-23T17:15:00+09:00");
    let city = City::with(Plan {
        now_ms: counter_closes - 60_000,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    let session = booth.open(Some("counter-1")).await.unwrap();
    let mut request = booth.request(&session, &card);
    request.station = Some(Booth::station_proof(&session, "counter-1", &city.counter));
    let answer = booth.auth(&request).await.unwrap();
    let secret = booth.secret(&card, &answer);
    city.clock.set_ms(counter_closes);
    let problem = booth.first(&session, &secret).await.unwrap_err();
    assert_eq!(problem.code, "E-03");
    assert!(city.registrar.store().counts().await.unwrap().is_empty());
    city.clock.set_ms(counter_closes - 1);
    booth.first(&session, &secret).await.unwrap();
}
