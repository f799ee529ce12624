//! Enums whose variants have stable names: in stored rows, in keys, in events and in the API.

/// Makes an enum from one line for each variant: the enum, the list of all, their names, the search for a name, and the same
/// names for serde. So nothing is stated twice, and no list can lack a variant.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $enum:ident;
        $($(#[doc = $doc:literal])* $variant:ident = $name:literal;)+
    ) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        pub enum $enum {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant,)+
        }

        impl $enum {
            /// All of them, in the order in which they are listed.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name, as it is stored and as the API has it. It never changes.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The names in a sentence for whoever gave another one: `one of a, b`.
            pub fn one_of() -> String {
                format!("one of {}", [$($name),+].join(", "))
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::{fault::Code, integration::Provider, record::Object};

    #[test]
    fn a_name_is_read_back_and_is_the_one_that_serde_writes() {
        for object in Object::ALL {
            assert_eq!(Object::parse(object.name()).unwrap(), object);
            assert_eq!(serde_json::to_value(object).unwrap(), object.name());
        }
        for provider in Provider::ALL {
            assert_eq!(Provider::parse(provider.name()).unwrap(), provider);
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.name());
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let fault = Object::parse("NoSuchObject").unwrap_err();
        assert_eq!(*fault.code(), Code::ObjectUnknown);
        let detail = fault.detail().unwrap();
        assert!(
            Object::ALL
                .iter()
                .all(|object| detail.contains(object.name())),
            "{detail}"
        );
        let fault = Provider::parse("no-such-crm").unwrap_err();
        assert_eq!(*fault.code(), Code::ProviderUnknown);
    }
}
