//! Bodies of several parts, as `$batch` has them.

/// One part: its headers in small letters, and what follows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Part {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    /// Returns the boundary of the parts inside.
    pub(super) fn boundary(&self) -> Option<String> {
        boundary(self.header("content-type")?)
    }
}

/// Returns the boundary that a content type names.
pub(super) fn boundary(kind: &str) -> Option<String> {
    let kind = kind.strip_prefix("multipart/mixed")?;
    let (_, rest) = kind.split_once("boundary=")?;
    let value = rest.split(';').next()?.trim().trim_matches('"');
    Some(value.to_owned())
}

/// Splits a body at its boundary. Lines may end in either way.
pub(super) fn parts(body: &str, boundary: &str) -> Vec<Part> {
    let body = body.replace("\r\n", "\n");
    let mark = format!("--{boundary}");
    let inner = body.split(&mark).skip(1);
    inner
        .take_while(|part| !part.starts_with("--"))
        .map(|part| parse(part.strip_prefix('\n').unwrap_or(part)))
        .collect()
}

/// Splits headers from what follows them.
pub(super) fn parse(text: &str) -> Part {
    // A part without headers begins with the empty line that ends them.
    let (head, body) = match text.strip_prefix('\n') {
        Some(body) => ("", body),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    };
    let headers = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_lowercase(), value.trim().to_owned()))
    });
    Part {
        headers: headers.collect(),
        body: body.trim_end_matches('\n').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_with_their_headers() {
        let body = "--b\r\nContent-Type: a/b\r\nContent-ID: 1\r\n\r\nGET x HTTP/1.1\r\n\r\n{\"y\":\"--z\"}\r\n--b\r\n\r\nz\r\n--b--\r\n";
        let found = parts(body, "b");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].header("content-id"), Some("1"));
        assert_eq!(found[0].body, "GET x HTTP/1.1\n\n{\"y\":\"--z\"}");
        assert_eq!(found[1].body, "z");
        assert_eq!(
            boundary("multipart/mixed; boundary=\"b c\"").as_deref(),
            Some("b c")
        );
    }
}
