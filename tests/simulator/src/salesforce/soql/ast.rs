//! A parsed query before its names are looked up.

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<Select>,
    pub(crate) object: String,
    pub(crate) filter: Option<Expr>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// One selected item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Select {
    Field(String),
    /// `COUNT()`. The number is the answer's totalSize.
    CountRows,
    /// `COUNT(Id)`, `MIN(…)` or `MAX(…)`, which give one row of aggregates: function in capitals, field, alias.
    Aggregate(String, String, Option<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) field: String,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare(String, Op, Literal),
    /// Field, whether negated, values.
    In(String, bool, Vec<Literal>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    /// Unquoted, as written: a date or a time.
    Time(String),
}
