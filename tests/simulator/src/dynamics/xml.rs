//! Just enough XML for FetchXML and paging cookies: elements and attributes.

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Parses a document. `None` if it is not well formed.
pub(crate) fn parse(text: &str) -> Option<Element> {
    let mut rest = text.trim();
    while let Some(after) = rest.strip_prefix("<?") {
        rest = after.split_once("?>")?.1.trim_start();
    }
    let (element, rest) = element(rest)?;
    rest.trim().is_empty().then_some(element)
}

fn element(text: &str) -> Option<(Element, &str)> {
    let mut rest = text.strip_prefix('<')?;
    let mut found = Element::default();
    (found.name, rest) = name(rest)?;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((found, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let (key, after) = name(rest)?;
        let after = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|c| ['"', '\''].contains(c))?;
        let (value, after) = after[1..].split_once(quote)?;
        found.attributes.push((key, unescaped(value)));
        rest = after;
    }
    loop {
        let (text, after) = rest.split_at(rest.find('<')?);
        found.text.push_str(&unescaped(text.trim()));
        if let Some(after) = after.strip_prefix("</") {
            let (closed, after) = name(after)?;
            let after = after.trim_start().strip_prefix('>')?;
            return (closed == found.name).then_some((found, after));
        }
        if let Some(comment) = after.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let (child, after) = element(after)?;
        found.children.push(child);
        rest = after;
    }
}

fn name(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c)));
    let (name, rest) = text.split_at(end?);
    (!name.is_empty()).then(|| (name.to_owned(), rest))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// Writes a text so that it may stand in an attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_texts_are_read() {
        let text = "<?xml version=\"1.0\"?>\n<a b='1' c=\"x &lt; &quot;y&quot;\"><!-- no --><d/><e>f</e></a>";
        let root = parse(text).unwrap();
        assert_eq!(root.attribute("c"), Some("x < \"y\""));
        assert_eq!(root.children.len(), 2);
        assert_eq!(root.named("e").next().unwrap().text, "f");
        for bad in ["<a>", "<a></b>", "<a b=1/>", "a", "<a/><b/>"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_was_escaped_comes_back() {
        let text = "<a b=\"1\">&amp;'";
        let written = format!("<x y=\"{}\"/>", escaped(text));
        assert_eq!(parse(&written).unwrap().attribute("y"), Some(text));
    }
}
