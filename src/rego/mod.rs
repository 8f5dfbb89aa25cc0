//! Rego: the only folder that knows regorus.
//!
//! Load, analyse, evaluate, frame errors. The engine is regorus's interpreter, pinned; where its answers differ from
//! OPA's, or where it would fall over, a guard of ours stands in front (see the module docs).

mod analyse;
mod builtins;
mod calls;
mod cut;
mod error;
#[cfg(test)]
mod faults;
mod fits;
pub mod lint;
mod literal;
mod metadata;
mod mutate;
mod package;
mod path;
pub mod probe;
mod program;
mod schema;
mod source;
mod suite;
mod tree;
mod unparse;

pub use analyse::{Analysis, Output, OutputReads, WholeRecord, analyse, analyse_for_tests};
pub use calls::hold_normaliser;
pub use cut::Cut;
pub use error::RegoError;
pub use metadata::{MetadataBlock, package_metadata};
pub use mutate::{Mutant, mutants};
pub use package::{Package, is_reserved};
pub use path::{Look, Path, ReadSet, Step};
pub use probe::{Definition, Named, Outcome, Probe, Statement, Try};
pub use program::{Document, Limits, Program, STACK};
pub use schema::{Schema, Shape, says_unknown};
pub use source::SourceFile;
pub use suite::{Held, Lines, Look as LookAtDocument, Said, Suite, Surroundings, TestFile, TestRule, TestRun};
