//! The seed's own dates: what the first page says one second and one millisecond before each
//! boundary and exactly at it. Registrar and board are tested with the same table.

use super::fixture::{Fixture, ms};
use testkit::boundaries::{Moment, moments};

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

#[tokio::test]
async fn the_first_page_says_what_the_table_says_at_every_boundary() {
    let site = Fixture::seed().await;
    for Moment {
        name,
        at_ms,
        channel,
        says,
    } in moments()
    {
        site.clock.set_ms(at_ms);
        let (found, text) = card(&site, "ja", channel.as_str()).await;
        assert_eq!(found, says.portal, "{name}");
        assert!(text.contains(&says.words), "{name}: {text}");
        for lang in ["en", "plain"] {
            let (found, _) = card(&site, lang, channel.as_str()).await;
            assert_eq!(found, says.portal, "{name} {lang}");
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
            assert!(text.contains("<rt>げつようび</rt>"), "{text}");
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
