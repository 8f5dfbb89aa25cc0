//! How things are called: words in lower case with `_` between them.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Literal, Query, Rule, RuleHead, Span};

use super::super::package::root;
use super::super::tree::{bound, comprehension, each_in_rule, pattern};
use super::parsed::{Parsed, name_of};
use super::{Remark, Topic};

/// Rules, arguments and variables whose names are no words in lower case; of each name the first.
pub fn names(file: &Parsed) -> Vec<Remark> {
    let mut spans: Vec<&Span> = Vec::new();
    for rule in &file.module.policy {
        head_names(name_of(rule), &mut spans);
        if let Rule::Spec { head, bodies, .. } = rule.as_ref() {
            if let RuleHead::Func { args, .. } = head {
                spans.extend(args.iter().flat_map(|argument| pattern(argument)));
            }
            bodies.iter().for_each(|body| in_query(&body.query, &mut spans));
        }
        each_in_rule(rule, &mut |expr| {
            if let Some(inner) = comprehension(expr) {
                in_query(inner.query, &mut spans);
            }
        });
    }
    let mut seen = BTreeSet::new();
    spans.sort_by_key(|span| span.start);
    spans.retain(|span| !is_snake_case(span.text()) && seen.insert(span.text().to_owned()));
    let remark = |span: &&Span| {
        let message = format!("`{}` is not in lower case with `_` between its words", span.text());
        Remark::new(
            Topic::NameCase,
            span,
            message,
            format!("call it `{}`", snake_case(span.text())),
        )
    };
    spans.iter().map(remark).collect()
}

/// Whether a name is words in lower case with `_` between them.
pub fn is_snake_case(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.contains("__")
        && !name.ends_with('_')
}

/// The same name, in lower case with `_` between its words.
pub fn snake_case(name: &str) -> String {
    let mut written = String::new();
    let mut before = '_';
    for character in name.chars() {
        if character.is_uppercase() && before.is_lowercase() {
            written.push('_');
        }
        if character.is_alphanumeric() {
            written.extend(character.to_lowercase());
        } else if !written.ends_with('_') && !written.is_empty() {
            written.push('_');
        }
        before = character;
    }
    written.trim_end_matches('_').to_owned()
}

/// The names in the head of a rule: `facts` and `excess` of `facts.excess`; what is computed is no name.
fn head_names<'a>(expr: &'a Expr, spans: &mut Vec<&'a Span>) {
    match expr {
        Expr::RefDot { refr, field, .. } => {
            head_names(refr, spans);
            spans.push(&field.0);
        }
        Expr::RefBrack { refr, .. } => head_names(refr, spans),
        Expr::Var { .. } => spans.push(root(expr)),
        _ => {}
    }
}

fn in_query<'a>(query: &'a Query, spans: &mut Vec<&'a Span>) {
    for statement in &query.stmts {
        spans.extend(bound(statement));
        if let Literal::Every { key, value, query, .. } = &statement.literal {
            spans.extend(key.iter().chain([value]));
            in_query(query, spans);
        }
    }
}
