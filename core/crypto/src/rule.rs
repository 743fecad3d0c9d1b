//! Numbers of the spec's rules: chapter and number, shown as `R5.07`, sent as `chapter·100 + number`.

/// A rule of `docs/spec/`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(pub u16);

impl Rule {
    /// Rule `number` of `chapter`.
    #[must_use]
    pub const fn new(chapter: u16, number: u16) -> Self {
        Self(chapter * 100 + number)
    }
    /// Chapter of the spec.
    #[must_use]
    pub const fn chapter(self) -> u16 {
        self.0 / 100
    }
    /// Number inside the chapter.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0 % 100
    }
}

impl core::fmt::Display for Rule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "R{}.{:02}", self.chapter(), self.number())
    }
}

impl core::fmt::Debug for Rule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

/// One rule in words.
#[derive(Clone, Copy, Debug)]
pub struct RuleText {
    /// Its number.
    pub rule: Rule,
    /// English.
    pub en: &'static str,
    /// Japanese.
    pub ja: &'static str,
}

/// A table of rules: a constant for each, and all of them in words. One row a rule: name, number,
/// what must hold in English and in Japanese.
#[macro_export]
macro_rules! rules {
    ($($name:ident = $chapter:literal . $number:literal, $en:literal, $ja:literal;)*) => {
        $(#[doc = $en] pub const $name: $crate::Rule = $crate::Rule::new($chapter, $number);)*
        /// All of them in words.
        pub const TABLE: &[$crate::rule::RuleText] = &[$($crate::rule::RuleText {
            rule: $name,
            en: $en,
            ja: $ja,
        }),*];
    };
}
