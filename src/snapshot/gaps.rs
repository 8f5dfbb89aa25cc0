//! What a source says of itself that it could not fill.

use super::{Collection, Completeness, RoleKind, Source};

impl Source {
    /// Whether it says that it could not fill a path of the subject document, or the whole of what holds it.
    pub fn lists(&self, path: &str) -> bool {
        let holds = |missing: &String| {
            path == missing
                || path
                    .strip_prefix(missing.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        self.unavailable.iter().any(holds)
    }

    /// Whether it did not read all names of a kind of roles: it says so of the field, or its roles were cut short and it
    /// does not say of which kind. A source that has no roles at all lacks none.
    pub fn lacks_roles(&self, kind: RoleKind) -> bool {
        let field = |kind| match kind {
            RoleKind::Role => "account.role_names",
            RoleKind::PermissionSet => "account.permission_set_names",
        };
        let says = |kind| self.unavailable.iter().any(|path| path == field(kind));
        let cut_short = self
            .provides
            .iter()
            .any(|provided| provided.collection == Collection::Roles && provided.state != Completeness::Complete);
        says(kind) || (cut_short && !says(RoleKind::Role) && !says(RoleKind::PermissionSet))
    }
}
