//! Parses tokens into a query by recursive descent.

use super::ast::{Expr, Literal, Op, Order, Query, Select};
use super::lexer::{Token, tokens};
use crate::salesforce::error::Refusal;

/// The deepest nesting of parentheses: enough for any real query, and little enough for the stack.
const DEEPEST: usize = 200;

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

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
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

    /// Parses `a AND b AND c`, or the same with OR. Mixing both without parentheses is refused, as by the real parser.
    fn chain(&mut self) -> Result<Expr, Refusal> {
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

    fn count(&mut self) -> Result<usize, Refusal> {
        let count = match self.peek() {
            Some(Token::Word(word)) => word.parse().ok(),
            _ => None,
        };
        let count = count.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(count)
    }

    fn name(&mut self) -> Result<String, Refusal> {
        let name = match self.peek() {
            Some(Token::Word(word))
                if word.starts_with(|c: char| c.is_ascii_alphabetic()) && !reserved(word) =>
            {
                Some(word.clone())
            }
            _ => None,
        };
        let name = name.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(name)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn word(&mut self, keyword: &str) -> bool {
        let found = self.peek_word(keyword);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(at)) if *at == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, keyword: &str) -> Result<(), Refusal> {
        if self.word(keyword) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn unexpected(&self) -> Refusal {
        Refusal::malformed_query(match self.peek() {
            None => "unexpected end of the query".to_owned(),
            Some(Token::Word(word)) => format!("unexpected token: '{word}'"),
            Some(Token::Sign(sign)) => format!("unexpected token: '{sign}'"),
            Some(Token::Text(_)) => "unexpected token: a quoted string".to_owned(),
        })
    }
}

fn reserved(word: &str) -> bool {
    const WORDS: [&str; 9] = [
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "LIMIT",
    ];
    WORDS
        .iter()
        .any(|reserved| word.eq_ignore_ascii_case(reserved))
}

fn looks_like_a_date(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
}
