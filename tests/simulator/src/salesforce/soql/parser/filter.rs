//! Filters: conditions, joined by AND and OR.

use super::super::ast::{Expr, Literal, Op};
use super::super::lexer::Token;
use super::cursor::Parser;
use crate::salesforce::error::Refusal;

/// The deepest nesting of parentheses: enough for any real query, and little enough for the stack.
const DEEPEST: usize = 200;

impl Parser {
    /// Parses `a AND b AND c`, or the same with OR. Mixing both without parentheses is refused, as by the real parser.
    pub(super) fn chain(&mut self) -> Result<Expr, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::malformed_query("the query is nested too deeply"));
        }
        let first = self.condition()?;
        let joined = if self.word("AND") {
            Some("AND")
        } else if self.word("OR") {
            Some("OR")
        } else {
            None
        };
        let Some(join) = joined else {
            self.depth -= 1;
            return Ok(first);
        };
        let mut all = vec![first, self.condition()?];
        while self.word(join) {
            all.push(self.condition()?);
        }
        self.depth -= 1;
        Ok(if join == "AND" {
            Expr::And(all)
        } else {
            Expr::Or(all)
        })
    }

    fn condition(&mut self) -> Result<Expr, Refusal> {
        if self.word("NOT") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Refusal::malformed_query("the query is nested too deeply"));
            }
            let inner = self.condition()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        if self.sign("(") {
            let inner = self.chain()?;
            return if self.sign(")") {
                Ok(inner)
            } else {
                Err(self.unexpected())
            };
        }
        let field = self.name()?;
        let negated = self.word("NOT");
        if negated || self.peek_word("IN") {
            self.expect("IN")?;
            return Ok(Expr::In(field, negated, self.list()?));
        }
        let op = self.op()?;
        let literal = self.literal()?;
        let text = matches!(literal, Literal::Text(_));
        if op == Op::Like && !text
            || literal == Literal::Null && !matches!(op, Op::Equal | Op::NotEqual)
        {
            return Err(Refusal::new(
                400,
                "INVALID_QUERY_FILTER_OPERATOR",
                format!("invalid operator for the value of field '{field}'"),
            ));
        }
        Ok(Expr::Compare(field, op, literal))
    }

    fn list(&mut self) -> Result<Vec<Literal>, Refusal> {
        if !self.sign("(") {
            return Err(self.unexpected());
        }
        let mut all = vec![self.literal()?];
        while self.sign(",") {
            all.push(self.literal()?);
        }
        if self.sign(")") {
            Ok(all)
        } else {
            Err(self.unexpected())
        }
    }

    fn op(&mut self) -> Result<Op, Refusal> {
        let op = match self.peek() {
            Some(Token::Sign("=")) => Op::Equal,
            Some(Token::Sign("!=")) => Op::NotEqual,
            Some(Token::Sign("<")) => Op::Less,
            Some(Token::Sign("<=")) => Op::LessOrEqual,
            Some(Token::Sign(">")) => Op::Greater,
            Some(Token::Sign(">=")) => Op::GreaterOrEqual,
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("LIKE") => Op::Like,
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(op)
    }

    fn literal(&mut self) -> Result<Literal, Refusal> {
        let literal = match self.peek() {
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Word(word)) => match word.to_ascii_lowercase().as_str() {
                "null" => Literal::Null,
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                lower if looks_like_a_date(lower) => Literal::Time(word.clone()),
                lower => match lower.parse::<f64>() {
                    Ok(number)
                        if lower.starts_with(|c: char| {
                            c.is_ascii_digit() || matches!(c, '-' | '+' | '.')
                        }) =>
                    {
                        Literal::Number(number)
                    }
                    _ => return Err(self.unexpected()),
                },
            },
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(literal)
    }
}

fn looks_like_a_date(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
}
