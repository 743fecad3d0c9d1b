//! The seed's own dates: one table of what registrar, board and portal say at every edge of every
//! channel. The three never link each other; the test of each reads this table.

use ballot::manifest::{Channel, ChannelHours, Window};
use ballot::text::Text;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const TABLE: &str = include_str!("../../../data/demo/boundaries.json");
const CONTENT: &str = include_str!("../../../data/demo/election.json");
/// One second, one millisecond, nothing.
const BEFORE: [u64; 2] = [1_000, 1];
/// Ten edges, three instants each, and seven instants of the weekend on two channels.
const MOMENTS: usize = 10 * 3 + 7 * 2;

/// One instant on one channel.
#[derive(Clone, Debug)]
pub struct Moment {
    /// For messages: channel and time.
    pub name: String,
    /// When, ms.
    pub at_ms: u64,
    /// The channel.
    pub channel: Channel,
    /// What is said.
    pub says: Says,
}

/// What the three parties say.
#[derive(Clone, Debug, Deserialize)]
pub struct Says {
    /// `open` or the code of the refusal.
    pub registrar: String,
    next: Option<String>,
    /// `in` or the rule that refuses a ballot.
    pub board: String,
    /// State of the channel's card.
    pub portal: String,
    /// Words on it.
    pub words: String,
}

impl Says {
    /// The opening the registrar names, ms.
    #[must_use]
    pub fn next_ms(&self) -> Option<u64> {
        self.next.as_deref().map(ms)
    }
}

#[derive(Deserialize)]
struct Table {
    edges: Vec<Edge>,
    weekend: Vec<Instant>,
}

#[derive(Deserialize)]
struct Edge {
    channel: String,
    at: String,
    before: Says,
    from: Says,
}

#[derive(Deserialize)]
struct Instant {
    channel: String,
    at: String,
    #[serde(flatten)]
    says: Says,
}

#[derive(Deserialize)]
struct Content {
    seed_replay: Replay,
}

#[derive(Deserialize)]
struct Replay {
    channels: Vec<Hours>,
}

#[derive(Deserialize)]
struct Hours {
    id: String,
    windows: Vec<Opening>,
}

#[derive(Deserialize)]
struct Opening {
    opens: String,
    closes: String,
}

/// The seed's own hours.
///
/// # Panics
/// When the content file has another shape.
#[must_use]
pub fn hours() -> Vec<ChannelHours> {
    let content: Content = serde_json::from_str(CONTENT).expect("the demo's content");
    let hours = |hours: Hours| ChannelHours {
        kind: channel(&hours.id),
        name: Text::new(&hours.id, &hours.id, &hours.id),
        place: Text::default(),
        windows: hours
            .windows
            .iter()
            .map(|window| Window {
                opens: ms(&window.opens),
                closes: ms(&window.closes),
            })
            .collect(),
    };
    content
        .seed_replay
        .channels
        .into_iter()
        .map(hours)
        .collect()
}

/// Every row of the table, in order of time. Each edge of each window is in it, and no other.
///
/// # Panics
/// When an edge is missing or too many.
#[must_use]
pub fn moments() -> Vec<Moment> {
    let table: Table = serde_json::from_str(TABLE).expect("the table");
    let mut expected: Vec<(Channel, u64)> = hours()
        .iter()
        .flat_map(|hours| {
            let kind = hours.kind;
            let edges = hours.windows.iter().flat_map(|w| [w.opens, w.closes]);
            edges.map(move |at| (kind, at)).collect::<Vec<_>>()
        })
        .collect();
    let edges = table.edges.iter();
    let mut found: Vec<(Channel, u64)> = edges.map(|e| (channel(&e.channel), ms(&e.at))).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "the edges of the table");
    let mut all = Vec::new();
    let mut add = |name: &str, at: &str, less: u64, says: &Says| {
        all.push(Moment {
            name: format!("{name} {at} - {less} ms"),
            at_ms: ms(at) - less,
            channel: channel(name),
            says: says.clone(),
        });
    };
    for edge in &table.edges {
        for less in BEFORE {
            add(&edge.channel, &edge.at, less, &edge.before);
        }
        add(&edge.channel, &edge.at, 0, &edge.from);
    }
    for instant in &table.weekend {
        add(&instant.channel, &instant.at, 0, &instant.says);
    }
    all.sort_by_key(|moment| moment.at_ms);
    assert_eq!(all.len(), MOMENTS);
    all
}

fn channel(id: &str) -> Channel {
    Channel::parse(id).expect("a channel")
}

/// Milliseconds of `2019-08-23T08:30:00+09:00`, read by no party's code.
///
/// # Panics
/// When the text has another form.
#[must_use]
pub fn ms(text: &str) -> u64 {
    assert!(text.ends_with("+09:00"), "{text}");
    let at = OffsetDateTime::parse(text, &Rfc3339).expect("a date");
    u64::try_from(at.unix_timestamp_nanos() / 1_000_000).expect("after 1970")
}
