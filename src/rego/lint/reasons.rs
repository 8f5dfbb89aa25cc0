//! A policy in which one reason never fires, or always: the tests beside it must notice both.

use regorus::unstable::{Expr, Rule, RuleHead};

use super::super::package::{literal_text, root};
use super::super::source::whole;
use super::parsed::Parsed;

/// The policy without the rules that give one code. The set is still there: that it is empty is what a test has to see.
pub fn never(policy: &Parsed, output: &str, code: &str) -> String {
    let mut text = policy.file.text.clone();
    for rule in policy.module.policy.iter().rev() {
        if gives(rule, output, code) {
            let span = rule.span();
            // The engine ends a rule in front of its last quote; what is left would be no text.
            let span = whole(&text, span.start as usize..span.end as usize);
            let blank: String = text
                .get(span.clone())
                .unwrap_or_default()
                .chars()
                .filter(|c| *c == '\n')
                .collect();
            text.replace_range(span, &blank);
        }
    }
    format!("{text}\n{output} contains {} if false\n", quoted(code))
}

/// The policy in which one code is given for every subject.
pub fn always(policy: &Parsed, output: &str, code: &str) -> String {
    format!("{}\n{output} contains {}\n", policy.file.text, quoted(code))
}

fn quoted(code: &str) -> String {
    serde_json::Value::from(code).to_string()
}

fn gives(rule: &Rule, output: &str, code: &str) -> bool {
    let Rule::Spec {
        head: RuleHead::Set {
            refr, key: Some(key), ..
        },
        ..
    } = rule
    else {
        return false;
    };
    matches!(refr.as_ref(), Expr::Var { .. })
        && root(refr).text() == output
        && literal_text(key).as_deref() == Some(code)
}
