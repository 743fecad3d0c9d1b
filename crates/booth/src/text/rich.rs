//! Furigana in catalogue texts: `[漢字|かんじ]`.

/// HTML with `<ruby>`; everything else is escaped.
#[must_use]
pub fn ruby(text: &str) -> String {
    render(
        text,
        |base, reading| {
            format!(
                "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>",
                escape(base),
                escape(reading)
            )
        },
        escape,
    )
}

/// Plain text with the reading in parentheses.
#[must_use]
pub fn plain(text: &str) -> String {
    render(
        text,
        |base, reading| format!("{base}（{reading}）"),
        str::to_owned,
    )
}

fn render(
    text: &str,
    pair: impl Fn(&str, &str) -> String,
    other: impl Fn(&str) -> String,
) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((base, (reading, tail))) = after
            .split_once('|')
            .and_then(|(base, after)| Some((base, after.split_once(']')?)))
        else {
            break;
        };
        out.push_str(&other(before));
        out.push_str(&pair(base, reading));
        rest = tail;
    }
    out.push_str(&other(rest));
    out
}

/// Escapes text for HTML content and attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
