use super::*;

#[test]
fn counts_of_a_day_are_in_the_order_of_channels() {
    let mut counts = Counts::new();
    for (kind, channel, day, count) in [
        ("first", "venue", 3, 2),
        ("first", "home", 3, 5),
        ("again", "home", 3, 1),
        ("first", "counter", 2, 9),
    ] {
        counts.insert((kind.to_owned(), channel.to_owned(), day), count);
    }
    let rows = channel_counts(&counts, 3);
    let expected = [
        ChannelCount::unattended(Channel::Home, 5, 1),
        ChannelCount::unattended(Channel::Venue, 2, 0),
    ];
    assert_eq!(rows, expected);
    assert!(channel_counts(&counts, 4).is_empty());
}
