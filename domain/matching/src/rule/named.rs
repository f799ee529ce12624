//! Enums whose variants have stable names, and those that are stored as a letter.

/// Makes an enum from one line for each variant: the enum, the list of all, and the names, for serde too. With
/// `stored as a letter` each line also has the letter that stands for the variant in stored bytes. A
/// name or letter never changes, and none is used again.
macro_rules! named {
    (
        $(#[$meta:meta])* $enum:ident, stored as a letter;
        $($(#[doc = $doc:literal])* $variant:ident = $name:literal $letter:literal;)+
    ) => {
        named! { $(#[$meta])* $enum; $($(#[doc = $doc])* $variant = $name;)+ }

        impl $enum {
            /// The letter that stands for it in stored bytes.
            pub const fn letter(self) -> u8 {
                match self {
                    $(Self::$variant => $letter,)+
                }
            }

            /// Finds the one of that letter.
            pub fn of_letter(letter: u8) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.letter() == letter)
            }
        }
    };
    (
        $(#[$meta:meta])* $enum:ident;
        $($(#[doc = $doc:literal])* $variant:ident = $name:literal;)+
    ) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $enum {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant,)+
        }

        impl $enum {
            /// All of them, in the order in which they are declared.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name, as it is stored and as the API has it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Finds the one of that name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(super) use named;
