//! The SOAP login, for clients that log in with user name and password and continue with REST.

use super::call::{Answer, Call, bytes};
use crate::salesforce::state::{State, lock};

/// Answers `login` and refuses everything else.
pub(super) fn answer(state: &State, call: &Call) -> Answer {
    let body = String::from_utf8_lossy(&call.body);
    let (Some(username), Some(password)) = (element(&body, "username"), element(&body, "password"))
    else {
        return fault(
            "INVALID_OPERATION",
            "the simulator knows no SOAP operation but login",
        );
    };
    let mut auth = lock(&state.auth);
    if auth.check_password(&username, &password).is_err() {
        return fault(
            "INVALID_LOGIN",
            "Invalid username, password, security token; or user locked out.",
        );
    }
    let (organization, user, session) = (auth.organization, auth.user, auth.session());
    let version = call.segments.last().map_or("60.0", String::as_str);
    let url = &state.url;
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><loginResponse><result><metadataServerUrl>{url}/services/Soap/m/{version}/{organization}</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>false</sandbox><serverUrl>{url}/services/Soap/u/{version}/{organization}</serverUrl><sessionId>{session}</sessionId><userId>{user}</userId><userInfo><organizationId>{organization}</organizationId><organizationName>Simulated</organizationName><userEmail>integration@example.com</userEmail><userFullName>Integration User</userFullName><userId>{user}</userId><userName>integration@example.com</userName></userInfo></result></loginResponse></soapenv:Body></soapenv:Envelope>"#
    );
    bytes(200, "text/xml;charset=UTF-8", text.into_bytes())
}

fn fault(code: &str, message: &str) -> Answer {
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    bytes(500, "text/xml;charset=UTF-8", text.into_bytes())
}

/// Returns the text of the first element with a local name, whatever its prefix.
fn element(body: &str, name: &str) -> Option<String> {
    let mut rest = body;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if matches!(before, Some('<' | ':')) && after.starts_with('>') {
            let text = &after[1..after.find('<')?];
            let entities = [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&quot;", "\""),
                ("&apos;", "'"),
                ("&#x27;", "'"),
                ("&amp;", "&"),
            ];
            return Some(
                entities
                    .iter()
                    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to)),
            );
        }
        rest = after;
    }
    None
}
