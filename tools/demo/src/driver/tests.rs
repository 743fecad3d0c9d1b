use super::*;

#[test]
fn an_address_without_launch_token_is_refused() {
    for printed in [
        "",
        "http://127.0.0.1:1/",
        "https://127.0.0.1:1/#aa",
        "http://localhost:1/#aa",
    ] {
        assert!(Booth::open(printed).is_err(), "{printed}");
    }
}

#[test]
fn a_stopped_booth_gives_its_code() {
    let state = State(json!({ "ok": false, "step": "stopped", "code": "E-13" }));
    assert_eq!(state.refused(), Some(Outcome::Refused("E-13".to_owned())));
    let state = State(json!({ "ok": false, "step": "pin", "code": "E-11" }));
    assert_eq!(state.refused(), None);
}
