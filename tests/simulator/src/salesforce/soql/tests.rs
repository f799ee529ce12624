//! What the parser accepts and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::ast::{Expr, Literal, Op};
use super::parser::parse;

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

fn code(text: &str) -> String {
    parse(text).unwrap_err().code
}

proptest! {
    #[test]
    fn an_escaped_string_comes_back_as_it_was(text in any::<String>()) {
        let query = parse(&format!("SELECT Id FROM Account WHERE Name = '{}'", escaped(&text))).unwrap();
        prop_assert_eq!(query.filter, Some(Expr::Compare("Name".to_owned(), Op::Equal, Literal::Text(text))));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(SELECT|FROM|WHERE|Id|Account|[()=<>',\\\\ .a-z0-9-]|AND|OR|NOT|IN|LIKE|ü){0,40}") {
        let _ = parse(&text);
        let _ = parse(&format!("SELECT Id FROM Account WHERE {text}"));
    }
}

#[test]
fn a_keyset_query_is_understood() {
    let query = parse(
        "select Id, Name from Account where ((SystemModstamp = 2026-01-01T00:00:00.000Z and Id > '001000000000001') \
         or SystemModstamp > 2026-01-01T00:00:00Z) and SystemModstamp < 2026-02-01T00:00:00+01:00 \
         order by SystemModstamp asc, Id desc nulls last limit 2000 offset 3",
    )
    .unwrap();
    let Some(Expr::And(parts)) = query.filter else {
        panic!("the outermost is AND")
    };
    assert!(matches!(&parts[0], Expr::Or(either) if matches!(either[0], Expr::And(_))));
    assert_eq!(
        (query.limit, query.offset, query.order.len()),
        (Some(2000), 3, 2)
    );
    assert!(query.order[1].descending && query.order[1].nulls_last);
}

#[test]
fn what_is_no_query_is_refused() {
    for text in [
        "",
        "SELECT",
        "SELECT FROM Account",
        "SELECT Id FROM",
        "SELECT Id FROM Account WHERE",
        "SELECT Id FROM Account WHERE Name = 'a",
        "SELECT Id FROM Account WHERE Name = 'a\\x'",
        "SELECT Id FROM Account WHERE (Name = 'a'",
        "SELECT Id FROM Account LIMIT x",
        "SELECT Id, FROM Account",
        "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
        "SELECT Id FROM Account; DROP",
        "SELECT Id FROM Account WHERE Name = 'a\nb'",
        "SELECT Id FROM Account WHERE Id IN ()",
        "SELECT Id FROM Account GROUP BY Id",
    ] {
        assert_eq!(code(text), "MALFORMED_QUERY", "{text}");
    }
    let deep = format!(
        "SELECT Id FROM Account WHERE {}Id = null{}",
        "(".repeat(5_000),
        ")".repeat(5_000)
    );
    assert_eq!(code(&deep), "MALFORMED_QUERY");
}
