//! `$batch`.

use serde_json::json;

use super::{Crm, OWN, answer};

async fn send(crm: &Crm, body: &str, prefer: &str) -> String {
    let request = crm
        .request("POST", "/$batch")
        .header("content-type", "multipart/mixed; boundary=b")
        .header("prefer", prefer);
    let reply = request
        .body(body.replace('\n', "\r\n"))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    assert!(
        reply.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("multipart/mixed; boundary=batchresponse_")
    );
    reply.text().await.unwrap()
}

fn single(line: &str) -> String {
    format!(
        "--b\nContent-Type: application/http\nContent-Transfer-Encoding: binary\n\n{line} HTTP/1.1\nAccept: application/json\n\n"
    )
}

fn changes(parts: &[(&str, &str)]) -> String {
    let mut out = "--b\nContent-Type: multipart/mixed;boundary=c\n\n".to_owned();
    for (n, (line, body)) in parts.iter().enumerate() {
        out.push_str(&format!("--c\nContent-Type: application/http\nContent-Transfer-Encoding: binary\nContent-ID: {}\n\n{line} HTTP/1.1\nContent-Type: application/json\n\n{body}\n", n + 1));
    }
    out + "--c--\n"
}

#[tokio::test]
async fn requests_are_answered_one_after_the_other() {
    let crm = Crm::start().await;
    let id = crm.accounts(1).remove(0);
    let body = format!(
        "{}{}--b--\n",
        single(&format!("GET /api/data/v9.2/accounts({id})?$select=name")),
        single("GET accounts?$select=name&$filter=name eq 'Werk 0'")
    );
    let text = send(&crm, &body, "").await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2);
    assert!(text.contains("\"name\":\"Werk 0\""));
}

#[tokio::test]
async fn the_first_refusal_ends_a_batch_unless_it_goes_on() {
    let crm = Crm::start().await;
    let body = format!("{}{}--b--\n", single("GET nopes"), single("GET accounts"));
    let text = send(&crm, &body, "").await;
    assert_eq!(
        (
            text.matches("HTTP/1.1 404").count(),
            text.matches("HTTP/1.1 200").count()
        ),
        (1, 0)
    );
    let text = send(&crm, &body, "odata.continue-on-error").await;
    assert_eq!(
        (
            text.matches("HTTP/1.1 404").count(),
            text.matches("HTTP/1.1 200").count()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_change_set_is_one_transaction_and_may_refer_to_its_own_rows() {
    let crm = Crm::start().await;
    let account = json!({ "name": "A", "accountid": OWN }).to_string();
    let contact =
        json!({ "lastname": "B", "parentcustomerid_account@odata.bind": "$1" }).to_string();
    let good = format!(
        "{}--b--\n",
        changes(&[("POST accounts", &account), ("POST contacts", &contact)])
    );
    let text = send(&crm, &good, "").await;
    assert_eq!(text.matches("HTTP/1.1 204").count(), 2, "{text}");
    assert!(text.contains("OData-EntityId: ") && text.contains("Content-ID: 2"));
    let (_, row) = crm.get("/contacts?$select=_parentcustomerid_value").await;
    assert_eq!(row["value"][0]["_parentcustomerid_value"], OWN);
    let other = json!({ "name": "C" }).to_string();
    let bad = format!(
        "{}--b--\n",
        changes(&[("POST accounts", &other), ("POST accounts", &account)])
    );
    let text = send(&crm, &bad, "odata.continue-on-error").await;
    assert!(text.contains("HTTP/1.1 412") && !text.contains("HTTP/1.1 204"));
    assert_eq!(
        crm.control().counts()["accounts"].live,
        1,
        "nothing of it stays"
    );
    let odd = crm
        .request("POST", "/$batch")
        .body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(answer(odd).await.0, 400);
}
