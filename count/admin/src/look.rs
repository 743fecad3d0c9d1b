//! What people look at before a manifest is sealed: letters that would be sealed in another way than
//! they were written, and titles that look alike. No rule refuses these; only people can tell
//! whether they are meant.

use ballot::Manifest;
use ballot::text::{folded, recomposed, shown};
use std::fmt::Write as _;

fn codes(text: &str) -> String {
    let all = text.chars().map(|c| format!("U+{:04X}", u32::from(c)));
    all.collect::<Vec<_>>().join(" ")
}

/// The list, in Japanese and English, a line each; empty when there is nothing to look at.
#[must_use]
pub fn list(manifest: &Manifest) -> String {
    let mut out = String::new();
    for text in manifest.words() {
        for change in recomposed(text) {
            let _ = writeln!(
                out,
                "文字が変わります / sealed as another character: {} ({}) → {} ({})  「{}」",
                shown(&change.written),
                codes(&change.written),
                shown(&change.sealed),
                codes(&change.sealed),
                shown(text)
            );
        }
    }
    for contest in &manifest.contests {
        let titles = |language: usize| {
            let of = move |o: &ballot::manifest::OptionItem| {
                o.title.languages().get(language).map(|t| (*t).to_owned())
            };
            contest.options.iter().filter_map(of).collect::<Vec<_>>()
        };
        for language in 0..3 {
            pairs(&titles(language), &mut out);
        }
    }
    out
}

/// Pairs of titles that look alike: equal skeletons as UTS #39 makes them.
fn pairs(titles: &[String], out: &mut String) {
    let skeletons: Vec<String> = titles.iter().map(|t| skeleton(t)).collect();
    for (i, (a, x)) in titles.iter().zip(&skeletons).enumerate() {
        for (b, y) in titles.iter().zip(&skeletons).skip(i + 1) {
            if x == y {
                let _ = writeln!(
                    out,
                    "似た見た目の題 / titles that look alike: 「{}」 ({})  「{}」 ({})",
                    shown(a),
                    codes(a),
                    shown(b),
                    codes(b)
                );
            }
        }
    }
}

fn skeleton(title: &str) -> String {
    unicode_security::skeleton(&folded(title)).collect()
}

#[cfg(test)]
mod tests;
