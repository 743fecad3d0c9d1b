//! The seed's own dates: what the first page says one second before each boundary and exactly at
//! it.

use super::fixture::{Fixture, ms};

/// State and text of a channel's card.
async fn card(site: &Fixture, lang: &str, channel: &str) -> (String, String) {
    let (_, html) = site.get(&format!("/{lang}")).await;
    let after = html
        .split(&format!("id=\"channel-{channel}\" data-state=\""))
        .nth(1)
        .unwrap_or_else(|| panic!("no card of {channel}"));
    let (state, rest) = after.split_once('"').expect("a state");
    let text = rest.split("</section>").next().expect("a card");
    (state.to_owned(), text.to_owned())
}

const TABLE: [(&str, &str, &str, &str); 18] = [
    (
        "2019-08-23T08:29:59+09:00",
        "home",
        "before",
        "8月23日（金曜日）午前8時30分に始まります",
    ),
    (
        "2019-08-23T08:30:00+09:00",
        "home",
        "open",
        "8月28日（水曜日）午後4時になる前に",
    ),
    ("2019-08-28T15:59:59+09:00", "home", "open", "1分未満"),
    (
        "2019-08-28T16:00:00+09:00",
        "home",
        "ended",
        "8月28日（水曜日）午後4時でした",
    ),
    (
        "2019-08-23T08:29:59+09:00",
        "counter",
        "before",
        "8月23日（金曜日）午前8時30分に始まります",
    ),
    (
        "2019-08-23T08:30:00+09:00",
        "counter",
        "open",
        "8月23日（金曜日）午後5時15分になる前に",
    ),
    (
        "2019-08-23T17:14:59+09:00",
        "counter",
        "open",
        "午後5時15分になる前に",
    ),
    (
        "2019-08-23T17:15:00+09:00",
        "counter",
        "closed",
        "次は26日（月）8:30に開きます",
    ),
    (
        "2019-08-24T12:00:00+09:00",
        "counter",
        "closed",
        "次は26日（月）8:30に開きます",
    ),
    (
        "2019-08-26T08:29:59+09:00",
        "counter",
        "closed",
        "次は26日（月）8:30に開きます",
    ),
    (
        "2019-08-26T08:30:00+09:00",
        "counter",
        "open",
        "午後5時15分になる前に",
    ),
    (
        "2019-08-26T17:15:00+09:00",
        "counter",
        "closed",
        "次は27日（火）8:30に開きます",
    ),
    (
        "2019-08-27T17:14:59+09:00",
        "counter",
        "open",
        "午後5時15分になる前に",
    ),
    (
        "2019-08-27T17:15:00+09:00",
        "counter",
        "ended",
        "8月27日（火曜日）午後5時15分でした",
    ),
    (
        "2019-08-28T08:29:59+09:00",
        "venue",
        "before",
        "8月28日（水曜日）午前8時30分に始まります",
    ),
    (
        "2019-08-28T08:30:00+09:00",
        "venue",
        "open",
        "午後4時になる前に",
    ),
    (
        "2019-08-28T15:59:59+09:00",
        "venue",
        "open",
        "午後4時になる前に",
    ),
    (
        "2019-08-28T16:00:00+09:00",
        "venue",
        "ended",
        "8月28日（水曜日）午後4時でした",
    ),
];

#[tokio::test]
async fn the_first_page_changes_exactly_at_each_boundary() {
    let site = Fixture::seed().await;
    for (at, channel, state, words) in TABLE {
        site.clock.set_ms(ms(at));
        let (found, text) = card(&site, "ja", channel).await;
        assert_eq!(found, state, "{at} {channel}");
        assert!(text.contains(words), "{at} {channel}: {text}");
        for lang in ["en", "plain"] {
            assert_eq!(
                card(&site, lang, channel).await.0,
                state,
                "{at} {channel} {lang}"
            );
        }
    }
}

#[tokio::test]
async fn saturday_names_monday_and_home_stays_open() {
    let site = Fixture::seed().await;
    for hour in ["00:00:00", "08:30:00", "17:15:00", "23:59:59"] {
        for day in ["24", "25"] {
            site.clock
                .set_ms(ms(&format!("2019-08-{day}T{hour}+09:00")));
            assert_eq!(card(&site, "ja", "home").await.0, "open");
            let (state, text) = card(&site, "en", "counter").await;
            assert_eq!(state, "closed");
            assert!(text.contains("Mon 26 August, 8:30"), "{text}");
            let (_, text) = card(&site, "plain", "counter").await;
            assert!(text.contains("26日（月）8:30"), "{text}");
        }
    }
}

#[tokio::test]
async fn an_extension_on_the_board_moves_the_close() {
    let site = Fixture::seed().await;
    let mut view = (*site.site.board.view()).clone();
    view.close_at += 3_600_000;
    site.site.board.set_view(view);
    site.clock.set_ms(ms("2019-08-28T16:30:00+09:00"));
    let (state, text) = card(&site, "ja", "home").await;
    assert_eq!(state, "open");
    assert!(text.contains("午後5時になる前に"), "{text}");
    assert_eq!(card(&site, "ja", "counter").await.0, "ended");
}
