//! Codes as text: in the log, in stored rows, in events and in responses.

use std::{borrow::Cow, fmt};

use super::{AwsCode, Code, CrmCode, Kind, Shown, family};
use crate::provider::Provider;

/// The prefix of the in-memory connector's codes, in place of a provider's name.
const IN_MEMORY: &str = "crm";
/// The public code of every internal fault.
const INTERNAL: &str = "internal";
/// The public code of a lost tenant key. It is told apart from other internal faults because the tenant has to know.
const KEY_LOST: &str = "tenant_key_lost";

impl Code {
    /// Parses a stored code. A code that this version does not know is kept as [`Code::Unknown`].
    pub fn parse(text: &str) -> Self {
        let known = || Self::ALL.iter().find(|code| code.listed() == Some(text));
        let crm = || {
            let (vendor, what) = text.split_once('.')?;
            let mut vendors = Provider::ALL
                .map(Provider::name)
                .into_iter()
                .chain([IN_MEMORY]);
            let vendor = vendors.find(|known| *known == vendor)?;
            Some(Self::Crm(vendor, CrmCode::said(what.to_owned())))
        };
        let aws = || {
            let (call, what) = text.strip_prefix("aws.")?.split_once('.')?;
            Some(Self::Aws(
                call.to_owned().into(),
                AwsCode::said(what.to_owned()),
            ))
        };
        let unknown = || Self::Unknown(text.into());
        known()
            .cloned()
            .or_else(crm)
            .or_else(aws)
            .unwrap_or_else(unknown)
    }

    /// Returns the code's default kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Crm(_, code) => code.kind(),
            Self::Aws(_, code) => code.kind(),
            listed => listed.entry().map_or(Kind::Permanent, |(_, kind, _)| kind),
        }
    }

    /// Returns how much of the code is visible outside the operator's log.
    pub fn shown(&self) -> Shown {
        match self {
            Self::Crm(..) => Shown::Own(422, family::REFUSED),
            Self::Aws(..) => Shown::Internal,
            listed => listed
                .entry()
                .map_or(Shown::Internal, |(_, _, shown)| shown),
        }
    }

    /// Returns the code as a tenant may see it, in a problem, a report, an outcome or a receipt.
    pub fn public(&self) -> Cow<'static, str> {
        match (self, self.shown()) {
            (Self::KeysTenantLost, _) => KEY_LOST.into(),
            (_, Shown::Internal) => INTERNAL.into(),
            _ => self.to_string().into(),
        }
    }

    /// Returns a stored code as a tenant may see it.
    pub fn public_of(stored: &str) -> String {
        Self::parse(stored).public().into_owned()
    }

    fn listed(&self) -> Option<&'static str> {
        self.entry().map(|(text, ..)| text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crm(vendor, code) => write!(f, "{vendor}.{code}"),
            Self::Aws(call, code) => write!(f, "aws.{call}.{code}"),
            Self::Unknown(text) => f.write_str(text),
            listed => f.write_str(listed.listed().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_of_the_catalogue_is_read_back_from_its_text() {
        for code in Code::ALL {
            assert_eq!(Code::parse(&code.to_string()), *code);
        }
        let texts: BTreeSet<String> = Code::ALL.iter().map(Code::to_string).collect();
        assert_eq!(texts.len(), Code::ALL.len(), "two codes have one text");
    }

    #[test]
    fn codes_made_at_run_time_are_read_back_from_their_text() {
        for (code, text) in [
            (
                Code::Crm("salesforce", CrmCode::QueryTimeout),
                "salesforce.query_timeout",
            ),
            (
                Code::Crm("salesforce", CrmCode::said("unheard_of")),
                "salesforce.unheard_of",
            ),
            (Code::Crm("crm", CrmCode::said("quota")), "crm.quota"),
            (
                Code::Aws("query".into(), AwsCode::Timeout),
                "aws.query.timeout",
            ),
            (
                Code::Aws("query".into(), AwsCode::said("Odd")),
                "aws.query.Odd",
            ),
            (Code::Unknown("of.yesterday".into()), "of.yesterday"),
            (Code::Unknown("".into()), ""),
        ] {
            assert_eq!(Code::parse(text), code);
            assert_eq!(code.to_string(), text);
        }
        // The catalogue takes precedence over the families.
        assert_eq!(Code::parse("crm.silent"), Code::CrmSilent);
    }

    #[test]
    fn a_word_of_the_other_side_that_the_family_lists_is_its_typed_value() {
        assert_eq!(CrmCode::said("not_found"), CrmCode::NotFound);
        assert_eq!(
            AwsCode::said("InvalidCiphertextException"),
            AwsCode::InvalidCiphertext
        );
    }

    #[test]
    fn our_own_trouble_is_not_told_apart() {
        for code in [
            Code::Aws("keys_query".into(), AwsCode::said("AccessDeniedException")),
            Code::KeysLost,
            Code::StoreUnreadable,
            Code::Unknown("of.yesterday".into()),
        ] {
            assert_eq!(code.public(), "internal");
        }
        assert_eq!(Code::KeysTenantLost.public(), "tenant_key_lost");
        let crm = Code::Crm("salesforce", CrmCode::QueryTimeout);
        assert_eq!(crm.public(), "salesforce.query_timeout");
        assert_eq!(Code::SyncNoProgress.public(), "sync.no_progress");
    }
}
