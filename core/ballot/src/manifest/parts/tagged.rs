//! Enums that are one byte on the wire and one word in files: tag and word stand in one place.

/// `ALL`, `as_str`, `parse` and the wire form of an enum without fields.
macro_rules! tagged {
    ($name:ident: $($variant:ident = $tag:literal $word:literal,)+) => {
        impl $name {
            /// All of them, in the order of their tags.
            pub const ALL: [Self; [$($tag),+].len()] = [$(Self::$variant),+];

            /// The word used in files, views and API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
            /// Reads [`Self::as_str`].
            #[must_use]
            pub fn parse(s: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.as_str() == s)
            }
        }

        impl crypto::wire::Wire for $name {
            fn write(&self, w: &mut crypto::wire::Writer) {
                w.u8(match self {
                    $(Self::$variant => $tag,)+
                });
            }
            fn read(r: &mut crypto::wire::Reader<'_>) -> Result<Self, crypto::wire::WireError> {
                match r.u8()? {
                    $($tag => Ok(Self::$variant),)+
                    t => Err(crypto::wire::WireError::Tag(t)),
                }
            }
        }
    };
}

pub(super) use tagged;

#[cfg(test)]
mod tests;
