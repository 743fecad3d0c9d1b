use super::*;

#[test]
fn ruby_strong_and_values() {
    let made = html("[票|ひょう]は**{n}**つ", &[("n", "2".into())]);
    assert_eq!(
        made.as_str(),
        "<ruby>票<rp>（</rp><rt>ひょう</rt><rp>）</rp></ruby>は<strong>2</strong>つ"
    );
    assert_eq!(
        text("[票|ひょう]は**{n}**つ", &[("n", "2".into())]),
        "票は2つ"
    );
}

#[test]
fn a_value_is_never_markup() {
    let hostile = "<script>[a|b]**{n}";
    let made = html("{n}", &[("n", hostile.into())]);
    assert_eq!(made.as_str(), "&lt;script&gt;[a|b]**{n}");
}

#[test]
fn text_itself_is_escaped() {
    assert_eq!(html("a < b & [c", &[]).as_str(), "a &lt; b &amp; [c");
    assert_eq!(html("[\"|'<]", &[]).as_str().matches("&lt;").count(), 1);
}

#[test]
fn an_unknown_place_stays_visible() {
    assert_eq!(html("{when}", &[]).as_str(), "{when}");
    assert_eq!(places("{a} と {b}"), ["a", "b"]);
}
