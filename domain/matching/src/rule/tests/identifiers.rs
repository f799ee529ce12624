//! Official identifiers.

use super::{attributes, company, decide};
use crate::company::Company;
use crate::rule::{Attributes, RelationStatus};

#[test]
fn a_vat_id_tells_namesakes_apart_and_another_one_outweighs_all_else() {
    let other = Company {
        vat_id: Some("DE811569869".to_owned()),
        ..company("c2", "Müller Werkzeugbau")
    };
    let namesakes = [company("c1", "Müller Werkzeugbau"), other];
    let with_vat = Attributes {
        vat_id: Some("DE 811 569 869"),
        ..attributes()
    };
    let relations = decide(&with_vat, &namesakes);
    assert_eq!(relations[0].company.as_str(), "c2");
    assert_eq!(relations[0].status, RelationStatus::Automatic);
    let relations = decide(&with_vat, &namesakes[..1]);
    assert!(
        relations
            .iter()
            .all(|relation| relation.status != RelationStatus::Automatic)
    );
}

#[test]
fn a_mistyped_vat_id_or_one_of_another_country_does_not_contradict() {
    let werk = || {
        let vat_id = Some("DE811569869".to_owned());
        Company {
            vat_id,
            ..company("c1", "Müller Werkzeugbau GmbH")
        }
    };
    for (vat_id, expected) in [
        ("DE 811 569 869", RelationStatus::Automatic),
        // One wrong digit, another id with one wrong digit, an Austrian id.
        ("DE 811 569 868", RelationStatus::Automatic),
        ("DE 129 274 203", RelationStatus::Automatic),
        ("ATU33864707", RelationStatus::Automatic),
        ("DE 129 274 202", RelationStatus::Suggested),
    ] {
        let with_vat = Attributes {
            vat_id: Some(vat_id),
            ..attributes()
        };
        let relations = decide(&with_vat, &[werk()]);
        assert_eq!(relations[0].status, expected, "{vat_id}");
    }
}

#[test]
fn identifiers_with_wrong_check_digits_make_no_keys() {
    let key = |vat_id, register, lei| {
        let kinds = Attributes {
            vat_id,
            register,
            lei,
            ..Attributes::default()
        };
        kinds.lookup_keys().len()
    };
    assert_eq!(key(Some("DE129274202"), None, None), 1);
    assert_eq!(key(Some("DE129274203"), None, None), 0);
    assert_eq!(key(None, Some("FN 93363z"), None), 1);
    assert_eq!(key(None, Some("FN 93363a"), None), 0);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K86")), 1);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K87")), 0);
}

#[test]
fn a_shared_vat_id_under_another_name_is_only_suggested() {
    let stranger = Attributes {
        name: Some("Nordwind Solar"),
        vat_id: Some("DE129274202"),
        ..Attributes::default()
    };
    let relations = decide(&stranger, &[company("c1", "Müller Werkzeugbau GmbH")]);
    assert_eq!(relations[0].status, RelationStatus::Suggested);
    // An LEI belongs to a single company, whatever its name.
    let lei = Some("7LTWFZYICNSX8D621K86");
    let renamed = Company {
        lei: lei.map(str::to_owned),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    let relations = decide(&Attributes { lei, ..stranger }, &[renamed]);
    assert_eq!(relations[0].status, RelationStatus::Automatic);
}

#[test]
fn an_entry_at_a_former_court_does_not_contradict() {
    let werk = Company {
        register_number: Some("HRB 101234".to_owned()),
        register_court: Some("Stuttgart".to_owned()),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    for (register, expected) in [
        ("Amtsgericht Heilbronn HRB 1234", RelationStatus::Automatic),
        (
            "Amtsgericht Stuttgart HRB 777999",
            RelationStatus::Suggested,
        ),
    ] {
        let entered = Attributes {
            register: Some(register),
            ..attributes()
        };
        let relations = decide(&entered, std::slice::from_ref(&werk));
        assert_eq!(relations[0].status, expected, "{register}");
    }
}
