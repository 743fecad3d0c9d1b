use super::*;
use std::time::Duration;

#[test]
fn burst_then_rate() {
    let rate = Rate::new(10, 5);
    let (a, b): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
    let t = Instant::now();
    assert!((0..5).all(|_| rate.allow(a, t)));
    assert!(!rate.allow(a, t));
    assert!(rate.allow(b, t), "another address is not held back");
    assert!(!rate.allow(a, t + Duration::from_millis(99)));
    assert!(rate.allow(a, t + Duration::from_millis(250)));
    assert!(rate.allow(a, t + Duration::from_millis(250)));
    assert!(!rate.allow(a, t + Duration::from_millis(250)));
}

#[test]
fn one_ipv6_network_is_one_address() {
    let rate = Rate::new(1, 1);
    let t = Instant::now();
    assert!(rate.allow("2001:db8::1".parse().unwrap(), t));
    assert!(!rate.allow("2001:db8::2".parse().unwrap(), t));
    assert!(rate.allow("2001:db8:0:1::1".parse().unwrap(), t));
}
