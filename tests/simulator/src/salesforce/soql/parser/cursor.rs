//! The tokens of a query, and where the parser is in them.

use super::super::lexer::Token;
use crate::salesforce::error::Refusal;

/// A parser. Each method takes the tokens that it recognises.
pub(super) struct Parser {
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl Parser {
    pub(super) fn count(&mut self) -> Result<usize, Refusal> {
        let count = match self.peek() {
            Some(Token::Word(word)) => word.parse().ok(),
            _ => None,
        };
        let count = count.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(count)
    }

    pub(super) fn name(&mut self) -> Result<String, Refusal> {
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

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn word(&mut self, keyword: &str) -> bool {
        let found = self.peek_word(keyword);
        self.at += usize::from(found);
        found
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(at)) if *at == sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, keyword: &str) -> Result<(), Refusal> {
        if self.word(keyword) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn unexpected(&self) -> Refusal {
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
