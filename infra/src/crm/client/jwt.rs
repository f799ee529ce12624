//! Signed assertions for the JWT bearer grant (RFC 7523): RS256, three minutes.

use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::fault::{CrmCode, Outcome};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::vendor::Vendor;

/// How long an assertion is valid. It is the shortest maximum among the vendors here.
const LIFE_SECONDS: i64 = 180;

/// The claims: who acts for whom, and for which audience.
pub(super) struct Claims<'a> {
    pub(super) client_id: &'a str,
    pub(super) subject: &'a str,
    pub(super) audience: &'a str,
}

#[derive(Serialize)]
struct Signed<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

/// Returns an assertion with these claims, signed with a PKCS#8 PEM key.
pub(super) fn assertion(
    vendor: &Vendor,
    claims: &Claims<'_>,
    private_key: &str,
    now: Timestamp,
) -> Outcome<String> {
    let key = key_pair(vendor, private_key)?;
    let claims = Signed {
        iss: claims.client_id,
        sub: claims.subject,
        aud: claims.audience,
        exp: now.as_second() + LIFE_SECONDS,
    };
    let claims =
        serde_json::to_vec(&claims).map_err(|_| vendor.fault(CrmCode::AssertionMalformed))?;
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut signature,
    )
    .map_err(|_| vendor.fault(CrmCode::AssertionUnsigned))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn key_pair(vendor: &Vendor, pem: &str) -> Outcome<KeyPair> {
    let malformed = || {
        vendor
            .fault(CrmCode::PrivateKeyMalformed)
            .with_detail("PKCS#8 PEM, RSA of 2048 bits or more")
    };
    let begin = pem
        .split_once("-----BEGIN PRIVATE KEY-----")
        .ok_or_else(malformed)?
        .1;
    let body = begin
        .split_once("-----END PRIVATE KEY-----")
        .ok_or_else(malformed)?
        .0;
    let base64: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
    let der = Zeroizing::new(
        STANDARD
            .decode(base64.as_bytes())
            .map_err(|_| malformed())?,
    );
    KeyPair::from_pkcs8(&der).map_err(|_| malformed())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use aws_lc_rs::{
        rsa::KeySize,
        signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
    };

    use super::{super::testing::TEST, *};

    #[test]
    fn an_assertion_verifies_and_says_who_for_whom_and_how_long() {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&key)
            .unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let claims = Claims {
            client_id: "client",
            subject: "erika@example.org",
            audience: "https://login.vendor.example",
        };
        let text = assertion(&TEST, &claims, &pem, now).unwrap();
        let (signed, signature) = text.rsplit_once('.').unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key())
            .verify(
                signed.as_bytes(),
                &URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
            .unwrap();
        let claims = URL_SAFE_NO_PAD
            .decode(signed.split_once('.').unwrap().1)
            .unwrap();
        assert_eq!(
            String::from_utf8(claims).unwrap(),
            r#"{"iss":"client","sub":"erika@example.org","aud":"https://login.vendor.example","exp":1790000180}"#
        );
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_being_told() {
        for pem in [
            "",
            "secret",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n%%",
        ] {
            let claims = Claims {
                client_id: "c",
                subject: "s",
                audience: "a",
            };
            let fault = assertion(&TEST, &claims, pem, Timestamp::UNIX_EPOCH).unwrap_err();
            assert_eq!(fault.crm_code(), Some(&CrmCode::PrivateKeyMalformed));
        }
    }
}
