//! The page that is printed: one file, no links, the QR code inside as SVG.

use super::Backup;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use ui::escape;
use zeroize::Zeroizing;

const HEAD: &str = "<!doctype html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
<title>開票管理者の鍵の控え</title>\n<style>\n\
@page { size: A4; margin: 15mm }\n\
body { font: 12pt/1.5 'Noto Sans JP', sans-serif; color: #000; background: #fff; margin: 1em auto; max-width: 180mm }\n\
h1 { font-size: 18pt; margin: 0 } .p { border: 3px solid #000; padding: .3em 1em; font-size: 16pt; font-weight: 700 }\n\
table { border-collapse: collapse; width: 100%; font-size: 15pt; margin: .5em 0 } td, th { border: 1px solid #000; padding: .15em .4em }\n\
td:last-child { background: #eee } th { width: 2em; font-weight: 400 } svg { width: 55mm; height: 55mm }\n\
p { margin: .3em 0 } .en { font-size: 9pt } .row { display: flex; gap: 1em; align-items: center }\n\
</style>\n</head>\n<body>\n";

/// What is on the page besides the secret.
#[derive(Debug)]
pub(crate) struct Caption {
    /// Short name of the election.
    pub(crate) election: String,
    /// Number and name of the trustee.
    pub(crate) trustee: String,
    /// Six words of the ceremony's root.
    pub(crate) six: String,
    /// A practice says so in large letters.
    pub(crate) practice: bool,
}

/// The page.
pub(crate) fn page(backup: &Backup, caption: &Caption) -> Result<Zeroizing<String>> {
    let mut p = Zeroizing::new(String::with_capacity(64 * 1024));
    p.push_str(HEAD);
    if caption.practice {
        p.push_str("<p class=\"p\">練習　PRACTICE　本番の鍵ではありません</p>\n");
    }
    write!(
        p,
        "<h1>開票管理者の鍵の控え</h1>\n<p class=\"en\" lang=\"en\">Paper backup of a trustee's key</p>\n\
         <p>投票：{}　／　{}</p>\n<p>式の合言葉：{}</p>\n\
         <p><strong>この紙を見た人は、あなたの鍵の分け前を使えます。</strong>写真に撮らず、封筒に入れて封をし、署名して、\
         ほかの人が開けられない所にしまってください。異議申出の期間が終わったら、細かく裁断してください。</p>\n\
         <p class=\"en\" lang=\"en\">Whoever sees this paper can use your share. Take no photo. Seal it in an envelope, sign the envelope, \
         lock it away; shred it when the term of appeal is over.</p>\n<table>\n",
        escape(&caption.election),
        escape(&caption.trustee),
        escape(&caption.six)
    )?;
    for (i, line) in backup.lines().iter().enumerate() {
        write!(p, "<tr><th>{}</th>", i + 1)?;
        for word in line {
            write!(p, "<td>{word}</td>")?;
        }
        p.push_str("</tr>\n");
    }
    p.push_str("</table>\n<div class=\"row\">\n");
    p.push_str(&qr(&backup.qr_text())?);
    p.push_str(
        "\n<div><p>戻し方：新しいパソコンで <code>irefuda-trustee restore</code> を実行し、上の12行を1行ずつ入力します。\
         各行の最後の言葉は、その行の打ち間違いを見つけるためのものです。</p>\
         <p>キーボードのように入力する読み取り器があれば、QRコードを読ませても同じです。</p>\
         <p class=\"en\" lang=\"en\">To restore: irefuda-trustee restore, then type the twelve lines; the last word of a line checks it. \
         A scanner that types like a keyboard may read the QR code instead.</p></div>\n</div>\n</body>\n</html>\n",
    );
    Ok(p)
}

fn qr(text: &str) -> Result<Zeroizing<String>> {
    let code = qrcode::QrCode::with_error_correction_level(text.as_bytes(), qrcode::EcLevel::M)
        .context("the backup does not fit a QR code")?;
    let svg = code
        .render::<qrcode::render::svg::Color<'_>>()
        .quiet_zone(true)
        .build();
    // Without the XML declaration the SVG can stand inside the page.
    let svg = Zeroizing::new(svg);
    let start = svg.find("<svg").unwrap_or_default();
    Ok(Zeroizing::new(
        svg.get(start..).unwrap_or_default().to_owned(),
    ))
}
