//! `$expand` with its options, and `$select`, `$expand` and `$filter` over JSON.

use serde_json::{Map, Value};

use crate::dynamics::error::Refusal;

/// One part of `$expand`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expand {
    pub(super) name: String,
    pub(super) select: Vec<String>,
    pub(super) expand: Vec<Expand>,
    pub(super) filter: Option<String>,
}

/// Parses `$expand`, such as `Attributes($select=LogicalName;$expand=OptionSet),Keys`.
pub(super) fn parse_expand(text: &str) -> Vec<Expand> {
    let parts = outside(text, ',');
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(one)
        .collect()
}

fn one(part: &str) -> Expand {
    let Some((name, inner)) = part.split_once('(') else {
        return Expand {
            name: part.trim().to_owned(),
            ..Expand::default()
        };
    };
    let mut found = Expand {
        name: name.trim().to_owned(),
        ..Expand::default()
    };
    for option in outside(inner.strip_suffix(')').unwrap_or(inner), ';') {
        match option.split_once('=') {
            Some(("$select", names)) => {
                found.select = names
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect()
            }
            Some(("$expand", inner)) => found.expand = parse_expand(inner),
            Some(("$filter", text)) => found.filter = Some(text.to_owned()),
            _ => {}
        }
    }
    found
}

/// Splits at a sign outside brackets and quotes.
fn outside(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            c if c == sign && depth == 0 && !quoted => {
                parts.push(text[from..at].trim());
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts
}

/// Returns the members that are selected, and with them annotations and the id of metadata.
pub(super) fn select(value: &Value, names: &[String], more: &[&str]) -> Value {
    let Some(all) = value.as_object() else {
        return value.clone();
    };
    let is_kept = |name: &str| {
        names.is_empty()
            || names.iter().any(|one| one == name)
            || more.contains(&name)
            || name == "MetadataId"
            || name.starts_with('@')
    };
    let kept = all.iter().filter(|(name, _)| is_kept(name));
    Value::Object(
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>(),
    )
}

/// Returns whether a value meets a filter of comparisons joined by `and`, or by `or`.
pub(super) fn meets(value: &Value, filter: &str) -> Result<bool, Refusal> {
    let wrong = || {
        Refusal::query(format!(
            "The filter '{filter}' is not supported for metadata."
        ))
    };
    let compare = |part: &str| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')');
        let (name, rest) = part.split_once(' ').ok_or_else(wrong)?;
        let (operator, literal) = rest.trim().split_once(' ').ok_or_else(wrong)?;
        let member = name.split('/').fold(value, |value, name| &value[name]);
        let text = member
            .as_str()
            .map_or_else(|| member.to_string(), str::to_owned);
        let is_equal = text == literal.trim().trim_matches('\'');
        match operator {
            "eq" => Ok(is_equal),
            "ne" => Ok(!is_equal),
            _ => Err(wrong()),
        }
    };
    if filter.contains(" or ") && filter.contains(" and ") {
        return Err(wrong());
    }
    if filter.contains(" or ") {
        let all = filter
            .split(" or ")
            .map(compare)
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(all.contains(&true));
    }
    let all = filter
        .split(" and ")
        .map(compare)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(!all.contains(&false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_expand_are_read_at_any_depth() {
        let text = "Attributes($select=LogicalName,Format;$filter=A eq 'b,c';$expand=OptionSet($select=Options)),Keys";
        let parsed = parse_expand(text);
        assert_eq!(parsed.len(), 2);
        assert_eq!(parsed[0].select, ["LogicalName", "Format"]);
        assert_eq!(parsed[0].filter.as_deref(), Some("A eq 'b,c'"));
        assert_eq!(parsed[0].expand[0].select, ["Options"]);
        assert_eq!(parsed[1].name, "Keys");
        assert!(parse_expand("").is_empty());
    }
}
