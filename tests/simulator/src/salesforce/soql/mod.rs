//! The subset of SOQL that the simulator understands: one object, no sub-queries, no relationships, no functions except
//! COUNT, MIN and MAX.

mod ast;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub(crate) use ast::{Expr, Literal, Op, Order, Query, Select};
pub(crate) use lexer::{JUST_PERCENT, JUST_UNDERSCORE};
pub(crate) use parser::parse;
