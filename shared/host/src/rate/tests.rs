use super::*;
use std::time::Duration;

fn with_room(per_second: u32, burst: u32, room: usize) -> Rate {
    Rate(Budgets::with_room(per_second, burst, room))
}

#[test]
fn one_address_has_its_own_bucket_and_a_network_shares_one() {
    let rate = Rate::new(4, 2);
    let now = Instant::now();
    let [a, b] = ["192.0.2.1", "192.0.2.2"].map(|ip| ip.parse().unwrap());
    assert!(rate.allow(a, now) && rate.allow(a, now));
    assert!(!rate.allow(a, now));
    assert!(rate.allow(b, now), "another address is not held back");
    assert!(!rate.allow(a, now + Duration::from_millis(249)));
    assert!(rate.allow(a, now + Duration::from_millis(250)));
    let [c, d, e] = ["2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"];
    assert!(rate.allow(c.parse().unwrap(), now) && rate.allow(d.parse().unwrap(), now));
    assert!(!rate.allow(c.parse().unwrap(), now));
    assert!(rate.allow(e.parse().unwrap(), now));
}

/// One request from each of `count` networks.
fn from_many(rate: &Rate, count: u16, now: Instant) {
    for n in 0..count {
        let address = IpAddr::from([0x2001, 0xdb8, 1 + n, 0, 0, 0, 0, 1]);
        assert!(rate.allow(address, now), "a new network has a full bucket");
    }
}

#[test]
fn who_fills_the_table_does_not_free_an_empty_bucket() {
    let rate = with_room(1, 2, 8);
    let now = Instant::now();
    let greedy = "2001:db8::1".parse().unwrap();
    assert!(rate.allow(greedy, now) && rate.allow(greedy, now));
    assert!(!rate.allow(greedy, now));
    from_many(&rate, 100, now);
    assert!(!rate.allow(greedy, now), "the table forgot the debt");
    assert!(rate.allow(greedy, now + Duration::from_secs(1)));
}

#[test]
fn the_table_never_grows_beyond_its_room() {
    let rate = with_room(1, 2, 8);
    let now = Instant::now();
    from_many(&rate, 100, now);
    let buckets = rate.0.buckets.lock().unwrap();
    assert_eq!((buckets.full_at.len(), buckets.order.len()), (8, 8));
}

#[test]
fn a_bucket_that_is_full_again_is_forgotten_first() {
    let rate = with_room(1, 2, 2);
    let now = Instant::now();
    let [early, late, new] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|ip| ip.parse().unwrap());
    let later = now + Duration::from_secs(5);
    assert!(rate.allow(early, now));
    assert!(rate.allow(late, later) && rate.allow(late, later) && rate.allow(new, later));
    assert!(!rate.allow(late, later));
    assert!(
        !rate
            .0
            .buckets
            .lock()
            .unwrap()
            .full_at
            .contains_key(&(early, 32))
    );
}

#[test]
fn a_rate_of_nothing_a_second_leaves_the_burst() {
    let rate = Rate::new(0, 2);
    let now = Instant::now();
    let a = "192.0.2.1".parse().unwrap();
    assert!(rate.allow(a, now) && rate.allow(a, now));
    assert!(!rate.allow(a, now + Duration::from_secs(86_400)));
}

#[test]
fn a_large_network_has_no_budget_for_every_part_of_it() {
    let rate = Rate::new(1, 2);
    let now = Instant::now();
    let granted = |nets: &[u16], prefix: u16| {
        let asked = nets.iter().flat_map(|net| [*net; 3]);
        let address = |net| IpAddr::from([0x2001, 0xdb8, prefix, net, 0, 0, 0, 1]);
        asked.filter(|net| rate.allow(address(*net), now)).count()
    };
    // Two for each /64, eight for a /56, thirty-two for a /48.
    assert_eq!(granted(&[0, 1, 2], 1), 6);
    assert_eq!(granted(&(0..256).collect::<Vec<u16>>(), 2), 8);
    let all: Vec<u16> = (0..64).map(|n| n << 8).collect();
    assert_eq!(granted(&all, 3), 32);
    assert_eq!(granted(&[0], 4), 2);
}

#[test]
fn a_budget_belongs_to_its_key() {
    let budgets = Budgets::new(1, 2);
    let now = Instant::now();
    assert!(budgets.take([1; 32], now) && budgets.take([1; 32], now));
    assert!(!budgets.take([1; 32], now) && budgets.take([2; 32], now));
    assert!(budgets.take([1; 32], now + Duration::from_secs(1)));
}
