//! The columns with which an object's records can be created.

use std::{collections::BTreeMap, sync::Arc};

use domain::{fault::Outcome, record::Object};

use super::{
    super::{
        super::client::refusal::{Cause, Refusal},
        Dynamics,
        field::{Kind, read_name},
        metadata::Table,
        names::{id_name, object_of, of_privilege},
        shape::ObjectShape,
    },
    details::{Details, Navigation},
};

/// The columns with which an object's records can be created.
pub(in super::super) struct WriteShape {
    pub(super) object: Object,
    /// By the names under which they are read.
    pub(super) fields: BTreeMap<String, WriteField>,
    /// The same columns as they are read, which says where people and companies are in them.
    pub(super) read: ObjectShape,
    /// The column for the legal basis of the person.
    pub(super) basis: Option<String>,
    /// The names by which lookups are set.
    pub(super) navigations: Vec<Navigation>,
}

/// A column.
pub(super) struct WriteField {
    pub(super) kind: Kind,
    pub(super) creatable: bool,
    /// Whether it names a record that may be a person or a company, so that a link says it.
    pub(super) is_linked: bool,
    /// The name and the set by which a lookup of a record that is not copied is set.
    pub(super) bind: Option<(String, &'static str)>,
    /// The longest text in characters.
    pub(super) longest: Option<usize>,
    /// The numbers of the choices, if it takes one of these only.
    pub(super) options: Option<Vec<i64>>,
}

impl WriteField {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            creatable: true,
            is_linked: false,
            bind: None,
            longest: None,
            options: None,
        }
    }
}

/// The sets of tables that are not copied, and whose records a new one may name.
const OTHERS: [(&str, &str); 6] = [
    ("campaign", "campaigns"),
    ("pricelevel", "pricelevels"),
    ("systemuser", "systemusers"),
    ("team", "teams"),
    ("territory", "territories"),
    ("transactioncurrency", "transactioncurrencies"),
];

impl Dynamics {
    /// Returns the object's shape for writing. Each connector describes an object once.
    pub(super) async fn write_shape(&self, object: Object) -> Outcome<Arc<WriteShape>> {
        Ok(self.write_shape_or_refusal(object).await?)
    }

    async fn write_shape_or_refusal(&self, object: Object) -> Result<Arc<WriteShape>, Refusal> {
        let mut shapes = self.write_shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let described = match self.described(object).await {
            Ok(described) => Some(described),
            // In an environment without the table nothing can be set.
            Err(refusal) if refusal.cause == Cause::NotFound => None,
            Err(refusal) => return Err(refusal),
        };
        let details = match described {
            Some(_) => self.details(object).await?,
            None => Details::default(),
        };
        let basis = self.options.basis_column.as_deref();
        let may_create = self.may_create(object).await;
        let shape = shape_of(object, described.as_ref(), details, basis, may_create);
        let shape = Arc::new(shape);
        shapes.insert(object, Arc::clone(&shape));
        Ok(shape)
    }

    /// Returns whether the user may create records. Who may not see the privileges may have them.
    async fn may_create(&self, object: Object) -> bool {
        let privileges = self.privileges().await.ok().flatten();
        let name = format!("prvCreate{}", of_privilege(object));
        privileges.is_none_or(|all| all.has(&name))
    }
}

/// Makes the shape of a description. Without one, there is nothing to set.
pub(super) fn shape_of(
    object: Object,
    described: Option<&Table>,
    mut details: Details,
    basis: Option<&str>,
    may_create: bool,
) -> WriteShape {
    let columns = described.map(|table| table.attributes.as_slice());
    let mut fields = BTreeMap::new();
    for column in columns.unwrap_or_default() {
        let Some(kind) = column.kind() else { continue };
        let name = &column.logical_name;
        let targets = || {
            let all = details.navigations.iter();
            all.filter(|one| one.attribute == *name)
        };
        let is_linked = targets().any(|one| object_of(&one.target).is_some());
        let bind = match kind {
            Kind::Lookup if !is_linked => targets().find_map(|one| {
                let (_, set) = OTHERS.iter().find(|(table, _)| *table == one.target)?;
                Some((one.name.clone(), *set))
            }),
            _ => None,
        };
        let creatable = may_create
            && column.is_valid_for_create
            // Dataverse refuses the whole record because of a secured column.
            && !column.is_secured
            // The id is ours to choose, and nobody else's.
            && name != id_name(object)
            && (kind != Kind::Lookup || bind.is_some());
        let field = WriteField {
            creatable,
            is_linked,
            bind,
            longest: details.longest.get(name).copied(),
            options: details.options.remove(name),
            ..WriteField::of(kind)
        };
        fields.insert(read_name(name, kind), field);
    }
    let kinds = fields.iter();
    let kinds = kinds.map(|(name, field)| (name.clone(), field.kind));
    let read = ObjectShape::new(object, kinds.collect(), Vec::new(), None);
    let is_basis = |name: &&str| {
        let field = fields.get(*name);
        field.is_some_and(|field| field.creatable && field.kind == Kind::Text)
    };
    WriteShape {
        object,
        basis: basis.filter(is_basis).map(str::to_owned),
        read,
        fields,
        navigations: details.navigations,
    }
}
