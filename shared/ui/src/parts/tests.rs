use super::*;
use crate::strings::MISSING;

#[test]
fn steps_say_where_one_is() {
    for lang in Lang::ALL {
        let html = steps(lang, 3).into_string();
        assert!(!html.contains(MISSING), "{html}");
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
        assert_eq!(html.matches("<li").count(), 6);
    }
    assert!(steps(Lang::Ja, 3).as_str().contains("3/6 顔の確認"));
    assert!(!steps(Lang::Ja, 0).as_str().contains("aria-current"));
}

#[test]
fn a_field_ties_label_support_and_error() {
    let field = TextField {
        name: "code",
        label: Html::text("番号"),
        support: Html::text("20文字"),
        value: "\"><script>",
        required: true,
        error: Some(Html::text("違います")),
        max: 40,
        ..TextField::default()
    };
    let html = text_field(Lang::Ja, &field).into_string();
    assert!(html.contains("for=\"code\"") && html.contains("id=\"code\""));
    assert!(html.contains("aria-describedby=\"code-support code-error\""));
    assert!(
        html.contains("aria-invalid=\"true\"")
            && html.contains("<strong>エラー：</strong>違います")
    );
    assert!(!html.contains("<script>") && !html.contains("placeholder"));
}

#[test]
fn banners_name_their_icon() {
    for kind in [
        Banner::Success,
        Banner::Error,
        Banner::Warning,
        Banner::Info,
    ] {
        for lang in Lang::ALL {
            let html = banner(lang, kind, Level::Two, &Html::text("a"), &Html::default());
            assert!(html.as_str().contains("role=\"img\" aria-label=\""));
            assert!(!html.as_str().contains(MISSING));
        }
    }
}
