use super::*;
use crate::wareki::tests::jst;

fn august(day: u8, hour: u8, minute: u8) -> u64 {
    jst(2019, 8, day, hour, minute)
}

fn window(day: u8, to: u8, hour: u8, minute: u8) -> Window {
    Window {
        opens: august(day, 8, 30),
        closes: august(to, hour, minute),
    }
}

fn home() -> Vec<Window> {
    vec![window(23, 28, 16, 0)]
}

fn counter() -> Vec<Window> {
    [23, 26, 27].map(|d| window(d, d, 17, 15)).to_vec()
}

fn venue() -> Vec<Window> {
    vec![window(28, 28, 16, 0)]
}

#[test]
fn every_boundary_of_the_seed_to_the_second() {
    let open = |closes| State::Open { closes };
    for (windows, first, last) in [(home(), 23, 28), (counter(), 23, 27), (venue(), 28, 28)] {
        for (i, w) in windows.iter().enumerate() {
            let before = state_at(&windows, w.opens - 1000);
            let expected = if i == 0 {
                State::Before { opens: w.opens }
            } else {
                State::ClosedUntil { opens: w.opens }
            };
            assert_eq!(before, Some(expected));
            assert_eq!(state_at(&windows, w.opens), Some(open(w.closes)));
            assert_eq!(state_at(&windows, w.closes - 1000), Some(open(w.closes)));
            let after = state_at(&windows, w.closes);
            let expected = windows
                .get(i + 1)
                .map_or(State::Ended { closed: w.closes }, |next| {
                    State::ClosedUntil { opens: next.opens }
                });
            assert_eq!(after, Some(expected));
        }
        assert_eq!(windows.first().map(|w| w.opens), Some(august(first, 8, 30)));
        assert!(
            windows
                .last()
                .is_some_and(|w| w.closes < august(last, 23, 59))
        );
    }
    assert_eq!(state_at(&[], 0), None);
}

#[test]
fn texts_of_the_seed() {
    let say = |w: &[Window], lang, now| state_at(w, now).map(|s| s.sentence(lang));
    let saturday = august(24, 12, 0);
    let text = say(&counter(), Lang::Ja, saturday).unwrap_or_default();
    assert!(text.contains("次は8月26日（月曜日）午前8時30分"), "{text}");
    let text = say(&counter(), Lang::En, saturday).unwrap_or_default();
    assert!(text.contains("Mon 26 August, 8:30"), "{text}");
    let text = say(&counter(), Lang::Plain, saturday).unwrap_or_default();
    assert!(text.contains("8月26日（月曜日）午前8時30分"), "{text}");
    for hour in 0..48 {
        let now = august(24, 0, 0) + hour * 3_600_000;
        assert!(
            state_at(&home(), now).is_some_and(State::is_open),
            "hour {hour}"
        );
        assert!(
            !state_at(&counter(), now).is_some_and(State::is_open),
            "hour {hour}"
        );
    }
    let text = say(&home(), Lang::Ja, august(27, 0, 0)).unwrap_or_default();
    assert!(
        text.contains("8月28日（水曜日）午後4時になる前に"),
        "{text}"
    );
    let text = say(&home(), Lang::Ja, august(23, 8, 29)).unwrap_or_default();
    assert_eq!(
        text,
        "まだ受付前です。8月23日（金曜日）午前8時30分に始まります。"
    );
    let text = say(&home(), Lang::Ja, august(28, 16, 0)).unwrap_or_default();
    assert!(text.contains("受付は終わりました"), "{text}");
}

#[test]
fn the_countdown_never_promises_too_much() {
    assert_eq!(span(Lang::Ja, 59_999), "1分未満");
    assert_eq!(span(Lang::Ja, 60_000), "1分");
    assert_eq!(span(Lang::Ja, 119_999), "1分");
    assert_eq!(
        span(Lang::Ja, 86_400_000 + 3 * 3_600_000 + 20 * 60_000),
        "1日3時間20分"
    );
    assert_eq!(span(Lang::En, 86_400_000 + 7_200_000), "1 day 2 hours");
    let state = State::Open {
        closes: august(28, 16, 0),
    };
    let left = state
        .countdown(Lang::Ja, august(28, 15, 45))
        .unwrap_or_default();
    assert!(left.contains("15分"), "{left}");
    assert_eq!(State::Ended { closed: 1 }.countdown(Lang::Ja, 2), None);
}
