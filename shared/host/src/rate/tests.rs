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
