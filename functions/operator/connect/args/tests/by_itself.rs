//! What they say of client credentials, with which an app acts for itself.

use super::*;

const OF_DYNAMICS: [&str; 3] = [
    "--provider=dynamics",
    "--environment=https://acme.crm4.dynamics.com/",
    "--directory=0f8fad5b-d9cb-469f-a165-70867728950e",
];

#[test]
fn client_credentials_name_a_directory_and_an_environment() {
    let credentials = connect(&OF_DYNAMICS).unwrap().credentials;
    assert_eq!(credentials.login_url, "https://login.microsoftonline.com");
    assert_eq!(
        credentials.instance_url.as_deref(),
        Some("https://acme.crm4.dynamics.com")
    );
    assert_eq!(credentials.client_id, "app");
    assert!(matches!(
        credentials.grant,
        Grant::ClientCredentials { directory: Some(directory) } if directory.starts_with("0f8fad5b")
    ));
    let get = |name: &str| match name {
        "DYNAMICS_DIRECTORY" => Some("acme.onmicrosoft.com".to_owned()),
        "DYNAMICS_ENVIRONMENT" => Some("https://acme.crm.dynamics.com".to_owned()),
        "DYNAMICS_REFRESH_TOKEN" => Some("r".to_owned()),
        _ => None,
    };
    let of_environment = connect_with(&OF_DYNAMICS[..1], &get).unwrap().credentials;
    assert!(matches!(
        of_environment.grant,
        Grant::ClientCredentials { .. }
    ));
    let named = [OF_DYNAMICS[0], "--refresh-token=r"];
    let named = connect_with(&named, &get).unwrap().credentials;
    assert!(matches!(named.grant, Grant::RefreshToken { .. }));
    assert_eq!(
        named.instance_url.as_deref(),
        Some("https://acme.crm.dynamics.com")
    );
}

#[test]
fn an_environment_that_is_missing_or_elsewhere_is_refused_by_name() {
    let field = |more: &[&str]| {
        let fault = connect(more).err().unwrap();
        let code = fault.code().to_string();
        (code, fault.field().map(str::to_owned))
    };
    let refused = |code: &str, field: &str| (code.to_owned(), Some(field.to_owned()));
    let [provider, environment, directory] = OF_DYNAMICS;
    for more in [
        &[provider, directory][..],
        &[provider, directory, "--environment=https://evil.example"],
        &[provider, directory, "--environment=http://127.0.0.1:1"],
        &["--refresh-token=r", environment],
    ] {
        let expected = refused("environment.refused", "--environment");
        assert_eq!(field(more), expected, "{more:?}");
    }
    assert_eq!(
        field(&[directory]),
        refused("grant.missing", "--directory"),
        "Salesforce"
    );
    assert_eq!(
        field(&[provider, environment, "--directory=../common"]),
        refused("setting.malformed", "--directory")
    );
}

fn clients(more: &[&str], get: &Getter<'_>) -> Outcome<Vec<(String, Option<String>)>> {
    let line = ["operator", "connect", "--tenant=a", "--integration=b"];
    let command = CommandLine::try_parse_from(line.iter().chain(more)).unwrap();
    let Command::Connect(args) = command.command else {
        panic!("another command");
    };
    let apps = args.apps(get)?.of.into_values();
    let clients = apps.flat_map(|app| app.clients);
    Ok(clients.map(|client| (client.id, client.secret)).collect())
}

#[test]
fn only_client_credentials_are_used_with_an_app_that_is_not_in_the_grant() {
    let get = |name: &str| (name == "DYNAMICS_CLIENT_SECRET").then(|| "s".to_owned());
    let with_id = [&OF_DYNAMICS[..], &["--client-id=app"]].concat();
    let app = ("app".to_owned(), Some("s".to_owned()));
    assert_eq!(clients(&with_id, &get).unwrap(), [app]);
    let grant = ["--provider=dynamics", "--refresh-token=r"];
    assert_eq!(clients(&grant, &get).unwrap(), []);
    let field = |more: &[&str], get: &Getter<'_>| {
        let fault = clients(more, get).err().unwrap();
        fault.field().map(str::to_owned)
    };
    assert_eq!(field(&OF_DYNAMICS, &get).as_deref(), Some("--client-id"));
    let secret = field(&with_id, &|_| None);
    assert_eq!(secret.as_deref(), Some("--client-secret"));
}
