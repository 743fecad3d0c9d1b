//! What can be wrong with one record.

use serde::Serialize;

/// A record that proves no card, or one that proves what another one proves already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// On the board, but not among the registrar's files.
    Missing,
    /// It cannot be opened although enough auditors took part.
    NotOpened,
    /// It is sealed to other auditors than the manifest names.
    OtherAuditors,
    /// It does not say what a record says: kind, channel, text.
    Form,
    /// It is of another election, registrar or day.
    OtherPlace,
    /// The text that the card signed was for other days.
    TextExpired,
    /// The face step had not been passed where it is required.
    Face,
    /// Profile, path or dates of the certificate.
    Certificate,
    /// The certificate was issued after the opening.
    CertificateLate,
    /// The card did not sign.
    CardSignature,
    /// The session key did not sign the request.
    Request,
    /// What the booth heard of the registrars is not what they signed in this sitting (R4.04).
    Heard,
    /// The request names a window whose key could not sign on that day.
    Window,
    /// A further request in a sitting in which this registrar itself said that the person has no
    /// credential, or gave nothing with which a further ballot could be signed.
    NotOffered,
    /// A second first request of one person.
    FirstTwice,
    /// A further request of a person without a first one until that day.
    AgainWithoutFirst,
    /// A further request from home on a later day than one at a station.
    HomeAfterStation,
    /// One card signature stands behind two tokens of a kind.
    SignatureTwice,
    /// One blinded request stands behind two tokens.
    RequestTwice,
}

impl Fault {
    /// In words, Japanese.
    #[must_use]
    pub fn ja(self) -> &'static str {
        match self {
            Self::Missing => "掲示板にあるのに、登録機関から受け取っていない",
            Self::NotOpened => "必要な人数がそろっても開けない",
            Self::OtherAuditors => "選挙定義書と違う監査人あてに封をしている",
            Self::Form => "記録の書式が正しくない",
            Self::OtherPlace => "別の投票・登録機関・日の記録である",
            Self::TextExpired => "カードが署名した文の期限がその日に合わない",
            Self::Face => "必要な顔の確認を通っていない",
            Self::Certificate => "証明書が本物でないか、有効でない",
            Self::CertificateLate => "受付開始のあとに発行された証明書である",
            Self::CardSignature => "カードの署名が正しくない",
            Self::Request => "依頼の署名が正しくない",
            Self::Heard => "登録機関の答えに正しい署名がない",
            Self::Window => "その日に使えない時間帯の鍵である",
            Self::NotOffered => "投票し直しに要るものを答えていないのに、印を出している",
            Self::FirstTwice => "同じ人の二つ目の資格である",
            Self::AgainWithoutFirst => "資格のない人の投票し直しである",
            Self::HomeAfterStation => "窓口で投票した人の、後日の自宅からの投票し直しである",
            Self::SignatureTwice => "一つのカード署名が二つの印に使われている",
            Self::RequestTwice => "一つの依頼が二つの印に使われている",
        }
    }
    /// In words, English.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::Missing => "on the board, but not handed over",
            Self::NotOpened => "does not open although enough auditors took part",
            Self::OtherAuditors => "sealed to other auditors than the manifest names",
            Self::Form => "not the form of a record",
            Self::OtherPlace => "of another election, registrar or day",
            Self::TextExpired => "the text that the card signed was for other days",
            Self::Face => "the face step was required and not passed",
            Self::Certificate => "the certificate is not genuine or not valid",
            Self::CertificateLate => "the certificate was issued after the opening",
            Self::CardSignature => "the card's signature does not verify",
            Self::Request => "the request's signature does not verify",
            Self::Heard => "what registrars said, without their signatures",
            Self::Window => "a window whose key could not sign on that day",
            Self::NotOffered => "a further token where the registrar offered none",
            Self::FirstTwice => "a second credential of one person",
            Self::AgainWithoutFirst => "a further ballot of a person without a credential",
            Self::HomeAfterStation => "a further ballot from home, days after one at a station",
            Self::SignatureTwice => "one card signature behind two tokens",
            Self::RequestTwice => "one request behind two tokens",
        }
    }
}
