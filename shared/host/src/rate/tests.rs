use super::*;
use std::time::Duration;

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
        let address = IpAddr::from([0x2001, 0xdb8, 1, n, 0, 0, 0, 1]);
        assert!(rate.allow(address, now), "a new network has a full bucket");
    }
}

#[test]
fn who_fills_the_table_does_not_free_an_empty_bucket() {
    let rate = Rate::with_room(1, 2, 8);
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
    let rate = Rate::with_room(1, 2, 8);
    let now = Instant::now();
    from_many(&rate, 100, now);
    let buckets = rate.buckets.lock().unwrap();
    assert_eq!((buckets.full_at.len(), buckets.order.len()), (8, 8));
}

#[test]
fn a_bucket_that_is_full_again_is_forgotten_first() {
    let rate = Rate::with_room(1, 2, 2);
    let now = Instant::now();
    let [early, late, new] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|ip| ip.parse().unwrap());
    let later = now + Duration::from_secs(5);
    assert!(rate.allow(early, now));
    assert!(rate.allow(late, later) && rate.allow(late, later) && rate.allow(new, later));
    assert!(!rate.allow(late, later));
    assert!(!rate.buckets.lock().unwrap().full_at.contains_key(&early));
}

#[test]
fn a_rate_of_nothing_a_second_leaves_the_burst() {
    let rate = Rate::new(0, 2);
    let now = Instant::now();
    let a = "192.0.2.1".parse().unwrap();
    assert!(rate.allow(a, now) && rate.allow(a, now));
    assert!(!rate.allow(a, now + Duration::from_secs(86_400)));
}
