//! Names that nothing uses: imports, variables, arguments.

use regorus::unstable::{Expr, Literal, Query, Rule, RuleHead, Span};

use super::super::tree::{
    Region, bound, comprehension, each_expression, each_in_query, each_in_rule, head_parts, in_statement,
};
use super::super::tree::{parts, pattern};
use super::parsed::Parsed;
use super::{Remark, Topic};

/// Names of a file that nothing uses.
pub fn unused(file: &Parsed) -> Vec<Remark> {
    let mut remarks = imports(file);
    for rule in &file.module.policy {
        arguments(rule, &mut remarks);
        let Rule::Spec { head, bodies, .. } = rule.as_ref() else {
            each_in_rule(rule, &mut |expr| in_comprehension(expr, &mut remarks));
            continue;
        };
        head_parts(head)
            .into_iter()
            .for_each(|part| regions_of(part, &mut remarks));
        for body in bodies {
            let own = body.assign.iter().map(|assign| assign.value.as_ref());
            let results = head_parts(head).into_iter().chain(own).collect();
            region(
                &Region {
                    query: &body.query,
                    results,
                },
                &mut remarks,
            );
            body.assign
                .iter()
                .for_each(|assign| regions_of(&assign.value, &mut remarks));
        }
    }
    remarks
}

fn imports(file: &Parsed) -> Vec<Remark> {
    let mut used = std::collections::BTreeSet::new();
    for rule in &file.module.policy {
        each_in_rule(rule, &mut |expr| {
            if let Expr::Var { span, .. } = expr {
                used.insert(span.text().to_owned());
            }
        });
    }
    let mut remarks = Vec::new();
    for import in &file.module.imports {
        let path = super::super::package::names_of(&import.refr).unwrap_or_default();
        let alias = import.r#as.as_ref().map(|alias| alias.text().to_owned());
        let Some(name) = alias.or_else(|| path.last().cloned()) else {
            continue;
        };
        if !used.contains(&name) && path.first().is_some_and(|first| first != "rego") {
            let message = format!("nothing uses the import `{name}`");
            remarks.push(Remark::new(
                Topic::UnusedImport,
                &import.span,
                message,
                "delete the line",
            ));
        }
    }
    remarks
}

fn arguments(rule: &Rule, remarks: &mut Vec<Remark>) {
    let Rule::Spec {
        head: RuleHead::Func { args, .. },
        ..
    } = rule
    else {
        return;
    };
    for argument in args.iter().flat_map(|argument| pattern(argument)) {
        let mut count = 0;
        each_in_rule(rule, &mut |expr| count += usize::from(is_named(expr, argument.text())));
        if count == 1 {
            let message = format!("nothing uses the argument `{}`", argument.text());
            let help = "write `_` in its place, or take it away here and where the function is called";
            remarks.push(Remark::new(Topic::UnusedArgument, argument, message, help));
        }
    }
}

/// The variables of one region, and of those within it.
fn region(region: &Region<'_>, remarks: &mut Vec<Remark>) {
    for statement in &region.query.stmts {
        for variable in bound(statement) {
            if uses(region, variable) == 0 {
                remarks.push(unused_variable(variable));
            }
        }
        if let Literal::Every { key, value, query, .. } = &statement.literal {
            for variable in key.iter().chain([value]).filter(|name| name.text() != "_") {
                let mut count = 0;
                each_in_query(query, &mut |expr| count += usize::from(is_named(expr, variable.text())));
                if count == 0 {
                    remarks.push(unused_variable(variable));
                }
            }
            self::region(
                &Region {
                    query,
                    results: Vec::new(),
                },
                remarks,
            );
        }
        in_statement(statement)
            .into_iter()
            .for_each(|expr| regions_of(expr, remarks));
    }
}

/// The regions of the comprehensions in an expression.
fn regions_of(expr: &Expr, remarks: &mut Vec<Remark>) {
    in_comprehension(expr, remarks);
    parts(expr).into_iter().for_each(|part| regions_of(part, remarks));
}

fn in_comprehension(expr: &Expr, remarks: &mut Vec<Remark>) {
    if let Some(inner) = comprehension(expr) {
        region(&inner, remarks);
        inner.results.iter().for_each(|result| regions_of(result, remarks));
    }
}

/// How often a variable is named in a region, but for the place that binds it.
fn uses(region: &Region<'_>, variable: &Span) -> usize {
    let mut count = 0;
    let mut visit = |expr: &Expr| {
        let here = matches!(expr, Expr::Var { span, .. } if span.start == variable.start);
        count += usize::from(is_named(expr, variable.text()) && !here);
    };
    region
        .results
        .iter()
        .for_each(|result| each_expression(result, &mut visit));
    each_named(region.query, &mut visit);
    count
}

fn each_named(query: &Query, visit: &mut dyn FnMut(&Expr)) {
    each_in_query(query, &mut |expr| visit(expr));
}

fn is_named(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Var { span, .. } if span.text() == name)
}

fn unused_variable(variable: &Span) -> Remark {
    let message = format!("nothing uses the variable `{}`", variable.text());
    Remark::new(
        Topic::UnusedVariable,
        variable,
        message,
        "use it, or write `_` in its place",
    )
}
