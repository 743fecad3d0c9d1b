//! The languages every page offers.

/// One of the three languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// 日本語.
    #[default]
    Ja,
    /// English.
    En,
    /// やさしい日本語.
    Plain,
}

impl Lang {
    /// All of them, in the order of the language selector.
    pub const ALL: [Self; 3] = [Self::Ja, Self::En, Self::Plain];

    /// The word in addresses and file names.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
            Self::Plain => "plain",
        }
    }

    /// From the word in an address.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The HTML `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja | Self::Plain => "ja",
            Self::En => "en",
        }
    }

    /// What the language selector shows.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ja => "日本語",
            Self::En => "English",
            Self::Plain => "やさしい日本語",
        }
    }

    /// Picks this language's text; Japanese where it was left empty.
    #[must_use]
    pub fn pick<'a>(self, ja: &'a str, en: &'a str, plain: &'a str) -> &'a str {
        let own = match self {
            Self::Ja => ja,
            Self::En => en,
            Self::Plain => plain,
        };
        if own.is_empty() { ja } else { own }
    }
}
