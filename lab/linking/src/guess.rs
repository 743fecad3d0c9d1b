//! Matching two lists of times.

use crate::crowd::{Delay, Visit};

/// Nobody waits longer than this many typical spreads.
const WIDE: f64 = 4.0;

/// The share of visits whose event is named, by the better of two guessers: one takes the events of
/// a group in their order, the other the pairs that fit the usual delay best, each event once.
/// `group` is what card and event have in common for both lists.
pub fn named(
    visits: &[Visit],
    usual: Delay,
    event: impl Fn(&Visit) -> f64,
    group: impl Fn(&Visit) -> u32,
) -> f64 {
    let mut groups: std::collections::BTreeMap<u32, Vec<(f64, f64)>> = Default::default();
    for visit in visits {
        let times = (visit.card, event(visit));
        groups.entry(group(visit)).or_default().push(times);
    }
    let right = |guess: fn(&[(f64, f64)], Delay) -> usize| -> usize {
        groups.values().map(|times| guess(times, usual)).sum()
    };
    let best = right(in_order).max(right(by_delay));
    best as f64 / visits.len().max(1) as f64
}

/// The k-th card belongs to the k-th event. `times` are in the order of the cards.
fn in_order(times: &[(f64, f64)], _: Delay) -> usize {
    let order = events(times);
    let right = order.iter().enumerate().filter(|(k, (_, i))| k == i);
    right.count()
}

/// The most likely pair first, then the most likely one of the rest.
fn by_delay(times: &[(f64, f64)], usual: Delay) -> usize {
    let order = events(times);
    let longest = usual.median * (WIDE * usual.spread).exp();
    let mut pairs = Vec::new();
    for (i, (card, _)) in times.iter().enumerate() {
        let from = order.partition_point(|(t, _)| t <= card);
        for (t, event) in order.iter().skip(from) {
            if t - card > longest {
                break;
            }
            let off = ((t - card) / usual.median).ln() / usual.spread;
            // The density of the delay, up to a constant: its logarithm is normal.
            pairs.push((off * off / 2.0 + (t - card).ln(), i, *event));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut cards, mut taken) = (vec![false; times.len()], vec![false; times.len()]);
    let mut right = 0;
    for (_, card, event) in pairs {
        let (Some(c), Some(e)) = (cards.get_mut(card), taken.get_mut(event)) else {
            continue;
        };
        if !*c && !*e {
            (*c, *e) = (true, true);
            right += usize::from(card == event);
        }
    }
    right
}

/// Events in their order, each with the place of its card.
fn events(times: &[(f64, f64)]) -> Vec<(f64, usize)> {
    let mut order: Vec<(f64, usize)> = times.iter().enumerate().map(|(i, t)| (t.1, i)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order
}
