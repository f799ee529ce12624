use serde::{Deserialize, Serialize};

use super::named::named;
use crate::company::CompanyId;

/// The statement that a record is a certain company, with its probability and its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The company that the record is.
    pub company: CompanyId,
    /// The estimated probability in thousandths: 0 to 1,000.
    pub score: u16,
    /// How firm the relation is, and who decided it.
    pub status: RelationStatus,
    /// What was compared, the heaviest first.
    pub evidence: Vec<Evidence>,
}

named! {
    /// How firm a [`Relation`] is.
    RelationStatus;
    /// Found by the rule, but not sure enough: a user has to decide.
    Suggested = "suggested";
    /// Found by the rule, and sure enough to be used.
    Automatic = "automatic";
    /// Approved by a user. The rule never sets or changes this status.
    Approved = "approved";
    /// Rejected by a user. The rule never sets or changes this status.
    Blocked = "blocked";
}

/// One comparison of a record with a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was compared.
    pub field: MatchField,
    /// How far it agrees.
    pub agreement: Agreement,
    /// Its weight in tenths of a bit: +10 makes the relation twice as likely, -10 half as likely.
    pub weight: i16,
    /// Which part of the names agrees, if they do not agree as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<NamePart>,
}

named! {
    /// The part of two names that agrees.
    NamePart, stored as a letter;
    /// The company's name has all words of the record's, and more.
    MoreInCompany = "more_in_company" b'm';
    /// The record's name has all words of the company's, and more.
    MoreInRecord = "more_in_record" b'r';
    /// One name is the initials of the other.
    Initials = "initials" b'i';
    /// A word that few companies have.
    RareWord = "rare_word" b'w';
    /// Words that many companies have.
    CommonWords = "common_words" b'c';
    /// One name begins with the other.
    Begin = "begin" b'b';
    /// Letters, but no word.
    Letters = "letters" b'l';
}

named! {
    /// The fields that are compared, in the order in which evidence of equal weight is listed.
    MatchField, stored as a letter;
    /// Legal entity identifier.
    Lei = "lei" b'l';
    /// VAT id.
    Vat = "vat" b'v';
    /// Register number and court.
    Register = "register" b'r';
    /// Name without legal form.
    Name = "name" b'n';
    /// Registered domain of website or e-mail.
    Domain = "domain" b'd';
    /// Phone number.
    Phone = "phone" b'p';
    /// Street and house number.
    Street = "street" b's';
    /// Postal code.
    Zip = "zip" b'z';
    /// City.
    City = "city" b't';
    /// Legal form.
    LegalForm = "legal_form" b'f';
    /// Country.
    Country = "country" b'c';
    /// The other candidates: `Equal` if none of them comes near, `Different` if one fits as well or
    /// better.
    Rivals = "rivals" b'o';
}

named! {
    /// How far two values agree.
    Agreement, stored as a letter;
    /// The same canonical value.
    Equal = "equal" b'e';
    /// Nearly the same: a typo, a missing word, an extension, a neighbouring postal code.
    Close = "close" b'c';
    /// Partly the same.
    Partly = "partly" b'p';
    /// Different.
    Different = "different" b'd';
}

impl Evidence {
    /// A sentence about the finding, for users in sales.
    pub fn words(&self) -> &'static str {
        use Agreement::{Close, Different, Equal, Partly};
        if let (MatchField::Name, Close | Partly, Some(part)) =
            (self.field, self.agreement, self.part)
        {
            return part.words();
        }
        match (self.field, self.agreement) {
            (MatchField::Name, Equal) => "The names are the same",
            (MatchField::Name, Close) => "The names are nearly the same",
            (MatchField::Name, Partly) => "The names have a part in common",
            (MatchField::Name, Different) => "The names differ",
            (MatchField::LegalForm, Equal) => "The legal form is the same",
            (MatchField::LegalForm, Close | Partly) => "The legal forms agree in part",
            (MatchField::LegalForm, Different) => "The legal forms differ",
            (MatchField::Street, Equal) => "Street and house number are the same",
            (MatchField::Street, Close) => "Street and house number are nearly the same",
            (MatchField::Street, Partly) => "The street is the same, the house number is not",
            (MatchField::Street, Different) => "The streets differ",
            (MatchField::Zip, Equal) => "The postal code is the same",
            (MatchField::Zip, Close) => "The postal codes differ by a slip",
            (MatchField::Zip, Partly) => "The postal codes are of one region",
            (MatchField::Zip, Different) => "The postal codes differ",
            (MatchField::City, Equal) => "The town is the same",
            (MatchField::City, Close | Partly) => "The towns are nearly the same",
            (MatchField::City, Different) => "The towns differ",
            (MatchField::Country, Different) => "The countries differ",
            (MatchField::Country, _) => "The country is the same",
            (MatchField::Domain, Equal) => "Web site or e-mail have the company's domain",
            (MatchField::Domain, Close) => {
                "The domain is the company's but for its ending or a slip"
            }
            (MatchField::Domain, Partly) => "The domain begins as the company's does",
            (MatchField::Domain, Different) => "Web site or e-mail have another domain",
            (MatchField::Phone, Equal) => "The phone number is the same",
            (MatchField::Phone, Close) => {
                "The phone number is the same but for an extension or a slip"
            }
            (MatchField::Phone, Partly) => "The phone numbers are of one area",
            (MatchField::Phone, Different) => "The phone numbers differ",
            (MatchField::Vat, Equal) => "The VAT id is the same",
            (MatchField::Vat, Close | Partly) => "The VAT ids differ by a slip",
            (MatchField::Vat, Different) => "The VAT ids differ",
            (MatchField::Register, Equal) => "The entry in the register is the same",
            (MatchField::Register, Close | Partly) => {
                "The register number is the same but for the court or a slip"
            }
            (MatchField::Register, Different) => "The entries in the register differ",
            (MatchField::Lei, Equal) => "The legal entity identifier is the same",
            (MatchField::Lei, Close | Partly) => "The legal entity identifiers differ by a slip",
            (MatchField::Lei, Different) => "The legal entity identifiers differ",
            (MatchField::Rivals, Different) => "Another company fits as well",
            (MatchField::Rivals, _) => "No other company fits as well",
        }
    }
}

impl NamePart {
    fn words(self) -> &'static str {
        match self {
            Self::MoreInCompany => "The company's name has all words of the record's, and more",
            Self::MoreInRecord => "The record's name has all words of the company's, and more",
            Self::Initials => "One name is the initials of the other",
            Self::RareWord => "The names have a rare word in common, and differ in others",
            Self::CommonWords => "The names have only common words in common",
            Self::Begin => "One name begins with the other",
            Self::Letters => "The names are spelled alike, but have no word in common",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_distinguish_agreement_from_difference() {
        for field in MatchField::ALL {
            let words = |agreement| {
                let (weight, part) = (0, None);
                Evidence {
                    field,
                    agreement,
                    weight,
                    part,
                }
                .words()
            };
            assert_ne!(words(Agreement::Equal), words(Agreement::Different));
        }
    }

    #[test]
    fn a_letter_or_name_stands_for_one_value() {
        let letters: std::collections::BTreeSet<u8> =
            MatchField::ALL.map(MatchField::letter).into();
        assert_eq!(letters.len(), MatchField::ALL.len());
        for field in MatchField::ALL {
            assert_eq!(MatchField::of_letter(field.letter()), Some(field));
            assert_eq!(MatchField::find(field.name()), Some(field));
            let json = serde_json::to_value(field).map_err(|error| error.to_string());
            assert_eq!(json, Ok(field.name().into()));
        }
    }

    #[test]
    fn each_part_of_a_name_has_words_of_its_own() {
        let words = |part| {
            let (field, agreement, weight) = (MatchField::Name, Agreement::Partly, 0);
            Evidence {
                field,
                agreement,
                weight,
                part,
            }
            .words()
        };
        let parts = NamePart::ALL.map(Some);
        let all: std::collections::BTreeSet<&str> =
            parts.into_iter().chain([None]).map(words).collect();
        assert_eq!(all.len(), NamePart::ALL.len() + 1);
    }
}
