//! Begins, publishes and discards versions.

use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{
        Amended, Begun, Edition, Editions, Numbers, PARTS, Publication, RowName, Rows, Succession,
        Version,
    },
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    super::{
        batch::{self, key},
        item::{Item, number as count, text},
    },
    AwsCompanies, partition, published,
    register::{BEGUN, PUBLISHED},
};
use crate::aws::fault::{fault, is_refused};

/// How many partitions are discarded at a time.
const AT_A_TIME: usize = 4;

#[async_trait]
impl Editions for AwsCompanies {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        let published = self.read_published().await?;
        Ok(published.map(|published| published.edition))
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        let noted = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(PUBLISHED, PUBLISHED)))
            .update_expression("SET accepts = :least")
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":least", count(least))
            .expression_attribute_values(":version", text(&published.0))
            .send()
            .await;
        match noted {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(fault("accept_smaller", &error)),
        }
    }

    async fn begin(&self, version: &Version) -> Outcome<Begun> {
        let published = self.read_published().await?;
        let (before, base, published) = match published {
            Some(published) => (
                Some(published.edition.version),
                published.base,
                published.numbers,
            ),
            None => (None, version.clone(), Numbers::default()),
        };
        let known = self.begun(version).await?;
        // Its items may lie in partitions of its own, if nothing was published when it was begun. They are still to be discarded.
        let known_base = known.as_ref().and_then(|row| row.optional_text("base"));
        let noted_base = known_base.unwrap_or(&base.0).to_owned();
        let known = known.filter(|row| row.contains_key("n"));
        let known: Option<u64> = known.map(|row| row.number("n")).transpose()?;
        let number = match known.filter(|number| Some(*number) > published.highest()) {
            Some(number) => number,
            None => self.next_number().await?,
        };
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(BEGUN, version.0.as_str())))
            .item("n", count(number))
            .item("base", text(noted_base))
            .send()
            .await
            .map_err(|error| fault("version_begin", &error))?;
        Ok(Begun {
            version: version.clone(),
            number,
            base,
            before,
            published,
        })
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        let published = self.read_published().await?;
        // There are a handful. Each one stays until it is discarded.
        let begun = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(BEGUN))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("versions_query", &error))?;
        let mut left_over = Vec::new();
        for row in begun.items() {
            let version = Version(row.text("sk")?.to_owned());
            let is_read = published.as_ref().is_some_and(|one| one.reads(&version));
            if !is_read {
                left_over.push(version);
            }
        }
        Ok(left_over)
    }

    async fn rows(&self, begun: &Begun, part: u32, after: Option<&RowName>) -> Outcome<Rows> {
        self.rows_of(begun, part, after).await
    }

    async fn amend(&self, begun: &Begun, rows: &[Amended]) -> Outcome<()> {
        self.write_rows(begun, rows).await
    }

    async fn publish(&self, begun: &Begun, publication: Publication<'_>) -> Outcome<()> {
        let now = self.read_published().await?;
        if now.as_ref().map(|now| &now.edition.version) == Some(&begun.version) {
            return Ok(());
        }
        let n_items = self
            .put_changed(&begun.version, publication.changed)
            .await?;
        let link = Succession::of(begun, n_items);
        let (links, dropped) = link.before_all(now.map(|now| now.links).unwrap_or_default());
        for link in dropped {
            self.discard_changed(&link.version).await?;
        }
        let (this, before) = (&begun.version, begun.before.as_ref());
        let condition = match before {
            Some(_) => "#version = :before OR #version = :this",
            None => "attribute_not_exists(pk) OR #version = :this",
        };
        let numbers = begun.published.with(begun.number).to_string();
        let published = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(PUBLISHED, PUBLISHED)))
            .item("version", text(&this.0))
            .item("companies", count(publication.companies))
            .item("rules", text(publication.rules))
            .item("changed", text(published::text_of(&links)?))
            .item("base", text(&begun.base.0))
            .item("numbers", text(numbers))
            .condition_expression(condition)
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":this", text(&this.0));
        let published = match before {
            Some(before) => published.expression_attribute_values(":before", text(&before.0)),
            None => published,
        };
        match published.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Err(Fault::of(Code::CompaniesFenced)),
            Err(error) => Err(fault("publish", &error)),
        }
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        let published = self.read_published().await?;
        if let Some(published) = published {
            if published.reads(version) {
                return Err(Fault::of(Code::CompaniesVersionPublished));
            }
            if !published.links.iter().any(|link| link.version == *version) {
                self.discard_changed(version).await?;
            }
        }
        let begun = self.begun(version).await?;
        if begun.as_ref().is_some_and(|row| row.contains_key("n")) {
            self.void_number(version).await?;
        }
        let base = begun.as_ref().and_then(|row| row.optional_text("base"));
        // Without a base the version is of a release whose versions shared no partitions.
        if base.is_none_or(|base| base == version.0) {
            let deleted = AtomicUsize::new(0);
            let remains: Vec<bool> = stream::iter(0..PARTS)
                .map(|part| self.discard_partition(partition(version, part), &deleted, most))
                .buffer_unordered(AT_A_TIME)
                .try_collect()
                .await?;
            if remains.contains(&true) {
                return Ok(true);
            }
        }
        let forget = batch::delete(key(BEGUN, version.0.as_str()))?;
        batch::write(&self.clients.dynamodb, &self.table, vec![forget]).await?;
        Ok(false)
    }
}
