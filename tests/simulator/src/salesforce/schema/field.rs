//! One field of an object.

use serde_json::Value;

/// One field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The describe type: string, picklist, datetime, …
    pub(crate) kind: String,
    pub(crate) length: usize,
    pub(crate) references: Vec<String>,
    pub(crate) options: Vec<String>,
    pub(crate) default: Option<String>,
    /// Whether a create without it is refused.
    pub(crate) required: bool,
    /// Whether Salesforce sets it and refuses it in a write.
    pub(crate) system: bool,
    pub(crate) external: bool,
    pub(crate) nillable: bool,
    /// The compound field of which this one is a part.
    pub(crate) part_of: Option<String>,
    /// Whether describe leaves it out and selecting it is refused, since the connecting user may not read it.
    pub(crate) hidden: bool,
    /// Whether queries for it are refused although describe names it.
    pub(crate) refused: bool,
}

impl Field {
    /// Parses `name type length flags…`. An option list may contain spaces and comes last.
    pub(super) fn read(line: &str) -> Self {
        let (line, options) = line.split_once(" options=").unwrap_or((line, ""));
        let (line, default) = line
            .split_once(" default=")
            .map_or((line, None), |(line, default)| {
                (line, Some(default.to_owned()))
            });
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let (kind, references) = words
            .next()
            .map(|kind| kind.split_once(':').unwrap_or((kind, "")))
            .unwrap_or_default();
        let length = words
            .next()
            .and_then(|length| length.parse().ok())
            .unwrap_or_default();
        let flags: Vec<_> = words.collect();
        let has = |flag: &str| flags.contains(&flag);
        let system = has("system") || has("compound") || has("computed");
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            length,
            references: references
                .split(',')
                .filter(|object| !object.is_empty())
                .map(str::to_owned)
                .collect(),
            options: options
                .split(';')
                .filter(|option| !option.is_empty())
                .map(str::to_owned)
                .collect(),
            default,
            required: has("required"),
            system,
            external: has("external"),
            nillable: !has("required")
                && !has("owner")
                && !has("computed")
                && kind != "boolean"
                && (!has("system") || has("nillable")),
            part_of: flags
                .iter()
                .find_map(|flag| flag.strip_prefix("in="))
                .map(str::to_owned),
            hidden: false,
            refused: false,
        }
    }

    /// Makes a custom field for a loaded value that had none.
    pub(crate) fn custom(name: &str, value: &Value) -> Self {
        let kind = match value {
            Value::Bool(_) => "boolean 0",
            Value::Number(_) => "double 18",
            Value::String(text) if text.len() > 255 => "textarea 32768",
            _ => "string 255",
        };
        Self::read(&format!("{name} {kind}"))
    }

    pub(crate) fn is_compound_address(&self) -> bool {
        self.kind == "address"
    }

    /// Returns whether queries may filter and sort by the field. Long text areas can only be read.
    pub(crate) fn filterable(&self) -> bool {
        !(self.is_compound_address() || self.kind == "textarea" && self.length > 255)
    }
}
