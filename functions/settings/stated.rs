//! The operator's statements for the record of processing. Each is a parameter of template.yaml, whose pattern accepts
//! the same values as the parsers here. Tests check both against `tests/template/stated.json`.

use domain::{
    facts::{Accountable, Party, Stated, Subprocessor, Transfer},
    fault::Outcome,
};

use super::{
    Getter,
    values::{malformed, text},
};

/// The value of a setting about which the operator has said nothing.
const NOT_STATED: &str = "not stated";
/// The value of a setting by which the operator says that there is nothing of the kind.
const NONE: &str = "none";

/// Reads what the operator says about itself: its identity, its representative, its data protection officer.
pub(super) fn operator(get: &Getter<'_>) -> Outcome<Accountable> {
    let identity = party(get, "OPERATOR")?;
    if identity == Stated::None {
        return Err(malformed("OPERATOR", "NAME; CONTACT, or: not stated"));
    }
    Ok(Accountable {
        identity,
        representative: party(get, "OPERATOR_REPRESENTATIVE")?,
        data_protection_officer: party(get, "OPERATOR_DATA_PROTECTION_OFFICER")?,
    })
}

/// Reads subprocessors: `name, purpose, place` of each, separated by semicolons.
pub(super) fn subprocessors(get: &Getter<'_>) -> Outcome<Vec<Subprocessor>> {
    let name = "SUBPROCESSORS";
    let all = triples(&text(get, name)?);
    let all = all.ok_or_else(|| malformed(name, "NAME, PURPOSE, PLACE; ..."))?;
    let one = |[name, purpose, place]: [String; 3]| Subprocessor {
        name,
        purpose,
        place,
    };
    Ok(all.into_iter().map(one).collect())
}

/// Reads transfers: `country, recipient, safeguards` of each, separated by semicolons.
pub(super) fn transfers(get: &Getter<'_>) -> Outcome<Stated<Vec<Transfer>>> {
    let one = |[country, recipient, safeguards]: [String; 3]| Transfer {
        country,
        recipient,
        safeguards,
    };
    let expected = "COUNTRY, RECIPIENT, SAFEGUARDS; ..., or: none, not stated";
    stated(get, "THIRD_COUNTRY_TRANSFERS", expected, |value| {
        Some(triples(value)?.into_iter().map(one).collect())
    })
}

/// Reads measures, separated by semicolons.
pub(super) fn measures(get: &Getter<'_>) -> Outcome<Stated<Vec<String>>> {
    let expected = "MEASURE; ..., or: none, not stated";
    stated(get, "ORGANISATIONAL_MEASURES", expected, |value| {
        parts(value, ';')
    })
}

fn party(get: &Getter<'_>, setting: &'static str) -> Outcome<Stated<Party>> {
    let expected = "NAME; CONTACT, or: none, not stated";
    stated(get, setting, expected, |value| {
        let [name, contact] = parts(value, ';')?.try_into().ok()?;
        Some(Party { name, contact })
    })
}

fn stated<T>(
    get: &Getter<'_>,
    name: &'static str,
    expected: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Outcome<Stated<T>> {
    match text(get, name)?.as_str() {
        NOT_STATED => Ok(Stated::NotStated),
        NONE => Ok(Stated::None),
        value => read(value)
            .map(Stated::Stated)
            .ok_or_else(|| malformed(name, expected)),
    }
}

/// Splits at semicolons, then each piece into three parts. `None` if a part is missing or empty.
fn triples(value: &str) -> Option<Vec<[String; 3]>> {
    value
        .split(';')
        .map(|one| parts(one, ',')?.try_into().ok())
        .collect()
}

/// Splits into parts. `None` if a part is empty.
fn parts(value: &str, separator: char) -> Option<Vec<String>> {
    value
        .split(separator)
        .map(|part| Some(part.trim().to_owned()).filter(|part| !part.is_empty()))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use domain::fault::Fault;

    use super::*;

    fn said(setting: &str, get: &Getter<'_>) -> Result<(), Fault> {
        match setting {
            "SUBPROCESSORS" => subprocessors(get).map(drop),
            "THIRD_COUNTRY_TRANSFERS" => transfers(get).map(drop),
            "ORGANISATIONAL_MEASURES" => measures(get).map(drop),
            _ => operator(get).map(drop),
        }
    }

    #[test]
    fn what_the_templates_patterns_take_is_taken_and_nothing_else() {
        let samples = include_str!("../../tests/template/stated.json");
        let samples: BTreeMap<String, BTreeMap<String, bool>> =
            serde_json::from_str(samples).unwrap();
        assert_eq!(samples.len(), 6);
        for (setting, values) in &samples {
            for (value, is_taken) in values {
                let got = said(setting, &|name| {
                    Some(if name == setting { value } else { NOT_STATED }.to_owned())
                });
                assert_eq!(got.is_ok(), *is_taken, "{setting}: {value}");
                if let Err(fault) = got {
                    assert_eq!(fault.field(), Some(setting.as_str()));
                }
            }
        }
    }

    #[test]
    fn what_nobody_said_is_told_apart_from_what_there_is_not() {
        let get = |name: &str| {
            let value = match name {
                "OPERATOR" => "Werk GmbH; Weg 1, 50667 Köln, dpo@werk.example",
                "OPERATOR_REPRESENTATIVE" => "none",
                _ => "not stated",
            };
            Some(value.to_owned())
        };
        let operator = operator(&get).unwrap();
        let Stated::Stated(party) = operator.identity else {
            unreachable!("it was stated")
        };
        assert_eq!(party.name, "Werk GmbH");
        assert_eq!(party.contact, "Weg 1, 50667 Köln, dpo@werk.example");
        assert!(operator.representative == Stated::None);
        assert!(operator.data_protection_officer == Stated::NotStated);
        assert_eq!(transfers(&get).unwrap(), Stated::NotStated);
    }
}
