//! `$filter` and `$orderby` from their texts.

use super::filter::{Filter, Operator, Place};
use super::literal::odata;
use super::order::Order;
use crate::dynamics::error::Refusal;
use crate::dynamics::schema::Schema;

/// Parses `$filter`.
pub(crate) fn filter(schema: &Schema, text: &str) -> Result<Filter, Refusal> {
    let mut parser = Parser {
        schema,
        tokens: tokens(text)?,
        at: 0,
    };
    let found = parser.any()?;
    match parser.peek() {
        None => Ok(found),
        Some(more) => Err(syntax(more)),
    }
}

/// Parses `$orderby`.
pub(crate) fn orders(schema: &Schema, text: &str) -> Result<Vec<Order>, Refusal> {
    let one = |part: &str| {
        let mut words = part.split_whitespace();
        let name = words.next().unwrap_or_default();
        let descending = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(syntax(other)),
        };
        let index = column(schema, name)?;
        Ok(Order { index, descending })
    };
    text.split(',').map(one).collect()
}

fn column(schema: &Schema, name: &str) -> Result<u16, Refusal> {
    schema
        .wired(name)
        .ok_or_else(|| Refusal::no_column(schema.kind, name))
}

fn syntax(near: &str) -> Refusal {
    Refusal::query(format!("Syntax error near '{near}' in the query."))
}

/// Splits a filter into words, texts in quotes, and signs.
fn tokens(text: &str) -> Result<Vec<String>, Refusal> {
    let (mut found, mut chars) = (Vec::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '(' | ')' | ',' | '=' | '[' | ']' => found.push(c.to_string()),
            '\'' => {
                let mut quoted = String::from(c);
                loop {
                    let c = chars.next().ok_or_else(|| syntax(&quoted))?;
                    quoted.push(c);
                    if c == '\'' {
                        // Two quotes stand for one.
                        match chars.next_if_eq(&'\'') {
                            Some(second) => quoted.push(second),
                            None => break,
                        }
                    }
                }
                found.push(quoted);
            }
            '"' => {
                let inner: String = chars.by_ref().take_while(|c| *c != '"').collect();
                found.push(format!("'{}'", inner.replace('\'', "''")));
            }
            first => {
                let mut word = String::from(first);
                let is_end = |c: &char| c.is_whitespace() || "(),=[]'\"".contains(*c);
                while let Some(c) = chars.next_if(|c| !is_end(c)) {
                    word.push(c);
                }
                found.push(word);
            }
        }
    }
    Ok(found)
}

struct Parser<'a> {
    schema: &'a Schema,
    tokens: Vec<String>,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, Refusal> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| syntax("the end"))
    }

    fn take(&mut self, wanted: &str) -> Result<(), Refusal> {
        let token = self.next()?;
        if token == wanted {
            Ok(())
        } else {
            Err(syntax(&token))
        }
    }

    fn took(&mut self, wanted: &str) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn any(&mut self) -> Result<Filter, Refusal> {
        let mut all = vec![self.all()?];
        while self.took("or") {
            all.push(self.all()?);
        }
        Ok(one_or(all, Filter::Any))
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut all = vec![self.one()?];
        while self.took("and") {
            all.push(self.one()?);
        }
        Ok(one_or(all, Filter::All))
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        if self.took("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.took("(") {
            let inner = self.any()?;
            self.take(")")?;
            return Ok(inner);
        }
        let word = self.next()?;
        if self.took("(") {
            return self.call(&word);
        }
        let index = column(self.schema, &word)?;
        let operator = self.next()?;
        let operator = Operator::parse(&operator).ok_or_else(|| syntax(&operator))?;
        Ok(Filter::Compare(index, operator, self.literal(index)?))
    }

    fn literal(&mut self, index: u16) -> Result<crate::dynamics::row::Cell<'static>, Refusal> {
        let text = self.next()?;
        let field = self.schema.field(index).ok_or_else(|| syntax(&text))?;
        odata(field, &text)
    }

    /// Parses a function, from after its bracket.
    fn call(&mut self, name: &str) -> Result<Filter, Refusal> {
        let place = match name {
            "contains" => Place::Anywhere,
            "startswith" => Place::Start,
            "endswith" => Place::End,
            "Microsoft.Dynamics.CRM.In" => return self.inside(),
            _ => {
                return Err(Refusal::query(format!(
                    "An unknown function with name '{name}' was found."
                )));
            }
        };
        let word = self.next()?;
        let index = column(self.schema, &word)?;
        self.take(",")?;
        let text = self.literal(index)?;
        self.take(")")?;
        match text {
            crate::dynamics::row::Cell::Text(text) => {
                Ok(Filter::Like(index, place, text.into_owned()))
            }
            _ => Err(syntax(&word)),
        }
    }

    /// Parses `PropertyName='x',PropertyValues=['a','b'])`. All values have quotes, whatever the column's type.
    fn inside(&mut self) -> Result<Filter, Refusal> {
        self.take("PropertyName")?;
        self.take("=")?;
        let name = self.next()?;
        let index = column(self.schema, name.trim_matches('\''))?;
        let field = self.schema.field(index).ok_or_else(|| syntax(&name))?;
        self.take(",")?;
        self.take("PropertyValues")?;
        self.take("=")?;
        self.take("[")?;
        let mut values = Vec::new();
        loop {
            let text = self.next()?;
            let inner = text.trim_matches('\'').replace("''", "'");
            values.push(super::literal::bare(field, &inner)?);
            match self.next()?.as_str() {
                "," => {}
                "]" => break,
                other => return Err(syntax(other)),
            }
        }
        self.take(")")?;
        Ok(Filter::In(index, values))
    }
}

fn one_or(mut all: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            many(all)
        }
        None => many(all),
    }
}
