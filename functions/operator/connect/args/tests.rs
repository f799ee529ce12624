//! What the command line and the environment say of a grant.

mod by_itself;

use clap::Parser;

use super::*;
use crate::operator::{Args as CommandLine, Command};

fn connect(more: &[&str]) -> Outcome<Connect> {
    connect_with(more, &|_| None)
}

fn connect_with(more: &[&str], get: &Getter<'_>) -> Outcome<Connect> {
    let line = [
        "operator",
        "connect",
        "--tenant=acme-1",
        "--integration=crm-1",
        "--client-id=app",
    ];
    match CommandLine::try_parse_from(line.iter().chain(more))
        .unwrap()
        .command
    {
        Command::Connect(args) => args.read(get, false),
        _ => panic!("another command"),
    }
}

#[test]
fn a_refresh_token_is_a_grant() {
    let connect = connect(&[
        "--refresh-token=r",
        "--client-secret=s",
        "--login-url=http://127.0.0.1:1",
    ])
    .unwrap();
    assert_eq!(connect.which.tenant.as_str(), "acme-1");
    assert_eq!(connect.credentials.login_url, "http://127.0.0.1:1");
    let Grant::RefreshToken {
        refresh_token,
        client_secret,
    } = connect.credentials.grant
    else {
        panic!("another grant");
    };
    assert_eq!(
        (refresh_token.as_str(), client_secret.as_deref()),
        ("r", Some("s"))
    );
}

#[test]
fn a_key_file_is_a_grant_whose_audience_is_the_login_url() {
    let file = std::env::temp_dir().join(format!("abgleich-key-{}", std::process::id()));
    fs::write(&file, "-----BEGIN PRIVATE KEY-----").unwrap();
    let connected = connect(&[
        "--jwt-key-file",
        file.to_str().unwrap(),
        "--subject=sync@acme",
    ]);
    fs::remove_file(&file).unwrap();
    let Grant::JwtBearer {
        audience,
        private_key,
        ..
    } = connected.unwrap().credentials.grant
    else {
        panic!("another grant");
    };
    assert_eq!(audience, "https://login.salesforce.com");
    assert!(private_key.starts_with("-----BEGIN"));
}

#[test]
fn what_no_argument_says_is_looked_up_under_the_provider_s_prefix() {
    let get = |name: &str| {
        let value = match name {
            "HUBSPOT_REFRESH_TOKEN" => "of-hubspot",
            "HUBSPOT_CLIENT_SECRET" => "secret",
            "SALESFORCE_REFRESH_TOKEN" => "of-salesforce",
            "HUBSPOT_LOGIN_URL" => "",
            "SALESFORCE_LOGIN_URL" => "https://acme.my.salesforce.com",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let read = |provider: &str| {
        let connect = connect_with(&["--provider", provider], &get).unwrap();
        let Grant::RefreshToken {
            refresh_token,
            client_secret,
        } = connect.credentials.grant
        else {
            panic!("another grant");
        };
        (
            connect.credentials.login_url,
            refresh_token,
            client_secret.unwrap_or_default(),
        )
    };
    let texts =
        |one: &str, two: &str, three: &str| (one.to_owned(), two.to_owned(), three.to_owned());
    assert_eq!(
        read("hubspot"),
        texts("https://api.hubapi.com", "of-hubspot", "secret")
    );
    assert_eq!(
        read("salesforce"),
        texts("https://acme.my.salesforce.com", "of-salesforce", "")
    );
}

fn token_of(connect: Connect) -> (String, String) {
    let Grant::Token { token } = connect.credentials.grant else {
        panic!("another grant");
    };
    (connect.credentials.client_id, token)
}

#[test]
fn a_token_of_one_account_is_a_grant_that_needs_no_app() {
    let hubspot = "--provider=hubspot";
    let told = token_of(connect(&[hubspot, "--token=pat-eu1-1"]).unwrap());
    assert_eq!(told, (String::new(), "pat-eu1-1".to_owned()));
    let get = |name: &str| (name == "HUBSPOT_TOKEN").then(|| "pat-eu1-2".to_owned());
    let told = token_of(connect_with(&[hubspot], &get).unwrap());
    assert_eq!(told.1, "pat-eu1-2");
    // A grant that the command line names wins over a token of the environment.
    let named = connect_with(&[hubspot, "--refresh-token=r"], &get).unwrap();
    assert!(matches!(
        named.credentials.grant,
        Grant::RefreshToken { .. }
    ));
    let none = connect(&["--token=00D!1"]).err().unwrap();
    assert_eq!(
        (none.field(), *none.code() == Code::GrantMissing),
        (Some("--token"), true)
    );
    let line = [
        "operator",
        "connect",
        "--tenant=a",
        "--integration=b",
        "--token=t",
        "--refresh-token=r",
    ];
    assert!(CommandLine::try_parse_from(line).is_err());
}

#[test]
fn no_grant_and_an_unreadable_key_are_said_by_name() {
    let code = |more: &[&str]| connect(more).err().unwrap().to_string();
    assert!(code(&[]).starts_with("grant.missing"));
    assert!(
        code(&["--jwt-key-file=/nowhere/key.pem", "--subject=s"])
            .starts_with("grant.key_unreadable")
    );
    assert!(code(&["--refresh-token=r", "--provider=no-such-crm"]).starts_with("provider.unknown"));
}
