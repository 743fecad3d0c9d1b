use super::*;
use crate::strings::MISSING;

fn frame(lang: Lang) -> PageFrame {
    PageFrame {
        lang,
        city: "ひばり野市 <b>".to_owned(),
        service: "インターネット投票".to_owned(),
        title: "確認 & 投票".to_owned(),
        screen: Some("4-2".to_owned()),
        demo: true,
        home_href: "/ja".to_owned(),
        css_href: "/a.css".to_owned(),
        icon_href: "/i.svg".to_owned(),
        languages: Lang::ALL.map(|l| (l, format!("/{}", l.code()))).to_vec(),
        nav: vec![NavItem {
            href: "/ja".to_owned(),
            label: Html::text("ホーム"),
            current: true,
        }],
        now: Some(Html::text("今")),
        emergency: Some(Emergency {
            title: "<i>".to_owned(),
            body: "\"x\"".to_owned(),
            updated: "1月".to_owned(),
        }),
        ..PageFrame::default()
    }
}

#[test]
fn the_frame_escapes_and_has_every_text() {
    for lang in Lang::ALL {
        let html = page(&frame(lang), &Html::text("本文"));
        assert!(!html.contains(MISSING), "{html}");
        assert!(html.contains(&format!("<html lang=\"{}\">", lang.tag())));
        assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
        assert!(html.contains("aria-current=\"page\""));
        assert!(html.contains("4-2") && html.contains("demo-strip"));
        assert!(
            !html.contains("style=") && !html.contains("onclick"),
            "inline"
        );
        assert!(html.contains("href=\"#main\"") && html.contains("id=\"main\""));
    }
}
