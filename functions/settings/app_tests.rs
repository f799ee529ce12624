use super::*;

fn read(provider: Provider, given: [&str; 4]) -> Vec<(String, Option<String>)> {
    let names = CLIENTS.map(|name| named(provider, name));
    let get = |name: &str| {
        let at = names.iter().position(|known| *known == name)?;
        Some(given[at].to_owned())
    };
    let clients = clients(&get, provider).unwrap();
    clients
        .into_iter()
        .map(|client| (client.id, client.secret))
        .collect()
}

#[test]
fn the_current_client_comes_before_the_previous_one_at_every_provider() {
    let client = |id: &str, secret: Option<&str>| (id.to_owned(), secret.map(str::to_owned));
    let (new, old) = (client("app", Some("new")), client("app", Some("old")));
    for provider in Provider::ALL {
        let read = |given| read(provider, given);
        assert_eq!(read(["none"; 4]), []);
        assert_eq!(read(["none", "s", "before", "old"]), []);
        assert_eq!(read(["app", "none", "none", "none"]), [client("app", None)]);
        assert_eq!(
            read(["app", "new", "none", "none"]),
            std::slice::from_ref(&new)
        );
        assert_eq!(
            read(["app", "new", "none", "old"]),
            [new.clone(), old.clone()]
        );
        let other = client("before", Some("old"));
        assert_eq!(read(["app", "new", "before", "old"]), [new.clone(), other]);
        assert_eq!(
            read(["app", "new", "app", "new"]),
            std::slice::from_ref(&new),
            "the same twice"
        );
    }
}

#[test]
fn a_secret_is_not_shown_by_accident() {
    let client = Client {
        id: "app".to_owned(),
        secret: Some("hidden".to_owned()),
    };
    assert!(!format!("{client:?}").contains("hidden"));
}

#[test]
fn no_two_providers_share_a_prefix_and_no_prefix_begins_another() {
    for one in Provider::ALL {
        for other in Provider::ALL {
            let begins = format!("{}_", prefix(other)).starts_with(&format!("{}_", prefix(one)));
            assert_eq!(begins, one == other);
        }
    }
}

#[test]
fn a_function_is_given_no_secret_that_its_work_does_not_need() {
    let secrets = |work: Work| {
        let names = work.names().into_iter();
        let secrets = names.filter(|name| name.contains("SECRET") || name.ends_with("CLIENT_ID"));
        secrets.collect::<Vec<_>>()
    };
    assert_eq!(Work::Nothing.names(), [""; 0]);
    assert_eq!(secrets(Work::Reads).len(), 4 * Provider::ALL.len());
    assert_eq!(secrets(Work::Answers), secrets(Work::Reads));
    for name in secrets(Work::Revokes) {
        let owner = Provider::ALL
            .into_iter()
            .find(|one| name.starts_with(&prefix(*one)));
        assert!(wanted(owner.unwrap()).revokes_by_client(), "{name}");
    }
}
