//! Parses tokens into a query by recursive descent.

mod cursor;
mod filter;

use self::cursor::Parser;
use super::ast::{Order, Query, Select};
use super::lexer::{Token, tokens};
use crate::salesforce::error::Refusal;

/// Parses a query.
///
/// # Errors
/// Returns MALFORMED_QUERY with the unexpected token.
pub(crate) fn parse(text: &str) -> Result<Query, Refusal> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let query = parser.query()?;
    match parser.peek() {
        None => Ok(query),
        Some(_) => Err(parser.unexpected()),
    }
}

impl Parser {
    fn query(&mut self) -> Result<Query, Refusal> {
        self.expect("SELECT")?;
        let mut select = vec![self.selected()?];
        while self.sign(",") {
            select.push(self.selected()?);
        }
        self.expect("FROM")?;
        let object = self.name()?;
        let filter = if self.word("WHERE") {
            Some(self.chain()?)
        } else {
            None
        };
        let mut order = Vec::new();
        if self.word("ORDER") {
            self.expect("BY")?;
            order.push(self.order()?);
            while self.sign(",") {
                order.push(self.order()?);
            }
        }
        let limit = if self.word("LIMIT") {
            Some(self.count()?)
        } else {
            None
        };
        let offset = if self.word("OFFSET") {
            self.count()?
        } else {
            0
        };
        Ok(Query {
            select,
            object,
            filter,
            order,
            limit,
            offset,
        })
    }

    fn selected(&mut self) -> Result<Select, Refusal> {
        let name = self.name()?;
        if !self.sign("(") {
            return Ok(Select::Field(name));
        }
        let function = name.to_ascii_uppercase();
        if function == "COUNT" && self.sign(")") {
            return Ok(Select::CountRows);
        }
        if !matches!(function.as_str(), "COUNT" | "MIN" | "MAX") {
            return Err(Refusal::malformed_query(format!(
                "unexpected token: '{name}' (the simulator knows no such function)"
            )));
        }
        let field = self.name()?;
        if !self.sign(")") {
            return Err(self.unexpected());
        }
        let alias = match self.peek() {
            Some(Token::Word(word)) if !word.eq_ignore_ascii_case("FROM") => Some(word.clone()),
            _ => None,
        };
        self.at += usize::from(alias.is_some());
        Ok(Select::Aggregate(function, field, alias))
    }

    fn order(&mut self) -> Result<Order, Refusal> {
        let field = self.name()?;
        let descending = self.word("DESC");
        if !descending {
            self.word("ASC");
        }
        let mut nulls_last = false;
        if self.word("NULLS") {
            nulls_last = self.word("LAST");
            if !nulls_last {
                self.expect("FIRST")?;
            }
        }
        Ok(Order {
            field,
            descending,
            nulls_last,
        })
    }
}
