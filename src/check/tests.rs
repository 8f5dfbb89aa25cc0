//! What the reasons of the built-in checks can look at: a verdict waits for these paths and for no others.

use std::collections::BTreeMap;

use super::{Check, load};
use crate::rego::Path;

fn built_in(id: &str) -> Check {
    let checks = load(&[], &BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"));
    checks.0[id].clone()
}

fn reads(check: &Check, code: &str) -> String {
    let mut reasons = check.skip.iter().chain(&check.fail).chain(&check.unknown);
    let reason = reasons.find(|reason| reason.code == code).unwrap();
    let paths: Vec<String> = reason.reads.looked_at().map(|(path, _)| path.to_string()).collect();
    paths.join(" ")
}

#[test]
fn what_the_reasons_read() {
    let cases = [
        ("user_identified", "cannot_sign_in", "account.state"),
        ("user_identified", "unmatched", "account.state identity.state"),
        (
            "user_identified",
            "owner_offboarded",
            "account.state identity.owner.state identity.state",
        ),
        ("offboarded_access_removed", "still_here", "staff.status"),
        (
            "offboarded_access_removed",
            "active_after_exit",
            "account.state identity.state staff.status",
        ),
        ("access_control_configured", "no_rule", "system.access.rules"),
        ("access_valid", "no_access", "account.access"),
    ];
    for (id, code, expected) in cases {
        assert_eq!(reads(&built_in(id), code), expected, "{id}: {code}");
    }
}

/// A leaver's open account is found, and a wrong job role is, while the catalogue of roles could not be read.
#[test]
fn who_may_use_a_system_does_not_wait_for_what_the_account_holds() {
    let catalogue = [
        "system.access.rules[].system_roles",
        "system.access.rules[].permission_sets",
        "account.role_ids",
    ];
    let check = built_in("access_valid");
    let waits = |code: &str| {
        let reason = check.fail.iter().find(|reason| reason.code == code).unwrap();
        catalogue.iter().any(|path| reason.reads.meets(&Path::parse(path)))
    };
    for code in [
        "before_start",
        "out_of_scope",
        "job_role_missing",
        "job_role_not_allowed",
    ] {
        assert!(!waits(code), "{code}");
    }
    for code in ["system_role_not_allowed", "ticket_missing"] {
        assert!(waits(code), "{code}");
    }
    for id in ["user_identified", "offboarded_access_removed"] {
        let reads = built_in(id).reads;
        assert!(catalogue.iter().all(|path| !reads.meets(&Path::parse(path))), "{id}");
    }
}

/// No verdict of whoever cannot be matched is a pass while it is not known whether a match was missed.
#[test]
fn every_fail_waits_for_the_identity() {
    for id in ["user_identified", "offboarded_access_removed", "access_valid"] {
        for reason in &built_in(id).fail {
            assert!(
                reason.reads.meets(&Path::parse("identity.state")),
                "{id}: {}",
                reason.code
            );
            assert!(
                reason.reads.meets(&Path::parse("account.state")),
                "{id}: {}",
                reason.code
            );
        }
    }
}
