use super::{super::super::client::deployed::OwnValues, *};

#[test]
fn what_does_not_fit_into_a_path_or_a_page_is_refused() {
    assert!(Options::default().check().is_ok());
    for version in ["", "v3", "2026-3x", "2026/03", "../x-yy", "2026-031"] {
        let options = Options {
            version: version.to_owned(),
            ..Options::default()
        };
        assert!(options.check().is_err(), "{version}");
    }
    for (search_page, list_page) in [(0, 100), (201, 100), (200, 0), (200, 101)] {
        let options = Options {
            search_page,
            list_page,
            ..Options::default()
        };
        assert!(options.check().is_err(), "{search_page} {list_page}");
    }
}

fn deployed(given: &[(&'static str, &str)]) -> Options {
    let own = WANTED.own.iter();
    let own = own.filter(|setting| given.iter().any(|(name, _)| *name == setting.name));
    let own = OwnValues::read(own, |setting| {
        let mut given = given.iter().filter(|(name, _)| *name == setting.name);
        let value = given.next().unwrap().1;
        assert!((setting.fits)(value), "{}: {value}", setting.name);
        Ok(value.to_owned())
    });
    Options::deployed(Deployed {
        client: ClientSettings::default(),
        bulk_threshold: 1,
        own: own.unwrap(),
    })
}

#[test]
fn what_the_operator_sets_is_used_and_what_a_function_is_not_given_is_the_default() {
    let options = deployed(&[(API_VERSION, "2026-09"), (EXTERNAL_ID_PROPERTY, "our_id")]);
    assert_eq!(options.version, "2026-09");
    assert_eq!(options.client.token_version, "2026-09");
    assert_eq!(options.external_id_property.as_deref(), Some("our_id"));
    assert_eq!(options.scopes, READING[..4]);
    assert_eq!(options.optional_scopes, [LEADS]);
    let options = deployed(&[
        (
            SCOPES,
            "oauth  crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read x.write",
        ),
        (OPTIONAL_SCOPES, "none"),
        (EXTERNAL_ID_PROPERTY, "none"),
    ]);
    assert_eq!(options.version, Options::default().version);
    assert_eq!(options.scopes.last().unwrap(), "x.write");
    assert_eq!(options.scopes.len(), 5);
    assert_eq!(
        (options.optional_scopes.len(), options.external_id_property),
        (0, None)
    );
}

#[test]
fn a_setting_takes_what_hubspot_could_have_and_nothing_else() {
    let fits = |name: &str, value: &str| {
        let setting = WANTED.own.iter().find(|setting| setting.name == name);
        (setting.unwrap().fits)(value)
    };
    let reading = READING[..4].join(" ");
    for (name, value, taken) in [
        (API_VERSION, "2026-03", true),
        (API_VERSION, "v3", false),
        (SCOPES, &*reading, true),
        (SCOPES, "oauth crm.objects.contacts.read", false),
        (SCOPES, &format!("{reading} tickets"), true),
        (SCOPES, &format!("{reading}&scope=x"), false),
        (SCOPES, "none", false),
        (OPTIONAL_SCOPES, "none", true),
        (OPTIONAL_SCOPES, "none tickets", false),
        (OPTIONAL_SCOPES, "crm.objects.leads.read,tickets", false),
        (EXTERNAL_ID_PROPERTY, "none", true),
        (EXTERNAL_ID_PROPERTY, "our id", false),
    ] {
        assert_eq!(fits(name, value), taken, "{name}: {value}");
    }
}

#[test]
fn a_property_for_our_ids_has_a_name_that_hubspot_could_have() {
    let check = |name: &str| {
        let options = Options {
            external_id_property: Some(name.to_owned()),
            ..Options::default()
        };
        options.check()
    };
    assert!(check("abgleich_id").is_ok() && check("p2").is_ok());
    let long = "a".repeat(101);
    for name in [
        "", "Abgleich", "_id", "2nd", "a-b", "a b", "a,b", "ä", &long,
    ] {
        let fault = check(name).unwrap_err();
        assert_eq!(*fault.code(), Code::FieldMalformed, "{name}");
    }
}
