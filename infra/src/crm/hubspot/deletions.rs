//! The recycle bin: 90 days, by ids, without a filter for time. It has archived records. It has neither contacts that
//! were erased nor leads that HubSpot deletes by itself. Survivors name the records that were merged into them. The
//! other records show only when ids are compared.

use domain::{
    fault::Outcome,
    ports::Deleted,
    record::{Object, RecordId},
};
use jiff::Timestamp;

use super::{
    super::client::canonical,
    HubSpot,
    names::stamp_name,
    page::{Row, id, parse},
    read::next_of,
};

impl HubSpot {
    pub(super) async fn deleted_between(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        let (mut ids, mut after) = (Vec::new(), None);
        for _ in 0..self.options.bin_pages {
            let size = self.options.list_page;
            let call = self.list(object, stamp_name(object), after, size, true);
            let body = self.answer(&call).await?;
            let listing = parse(&body)?;
            for row in &listing.rows {
                match thrown_away(row.get()) {
                    Some((id, at)) if (since..=until).contains(&at) => ids.push(id),
                    Some(_) => {}
                    // A list that has records which are not archived is not the recycle bin.
                    None => return Ok(Deleted::Unknown),
                }
            }
            let next = next_of(&listing)?;
            if next.is_none() {
                return Ok(Deleted::Ids(ids));
            }
            if next <= after {
                break;
            }
            after = next;
        }
        Ok(Deleted::Unknown)
    }
}

fn thrown_away(row: &str) -> Option<(RecordId, Timestamp)> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let at = canonical::instant(row.archived_at.as_deref()?)?;
    Some((id(&row.id)?, at)).filter(|_| row.archived)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_bin_says_when_it_was_thrown_away() {
        let row = r#"{"id":"7","archived":true,"archivedAt":"2026-11-24T09:00:00.000Z"}"#;
        assert_eq!(
            thrown_away(row).map(|(id, _)| id.to_string()).as_deref(),
            Some("7")
        );
        for row in [
            r#"{"id":"7","archived":false,"archivedAt":"2026-11-24T09:00:00.000Z"}"#,
            r#"{"id":"7","archived":true}"#,
            r#"{"id":"x","archived":true,"archivedAt":"2026-11-24T09:00:00.000Z"}"#,
            "[]",
        ] {
            assert!(thrown_away(row).is_none(), "{row}");
        }
    }
}
