//! Rego: the only folder that knows regorus.
//!
//! Load, analyse, evaluate, frame errors. The engine is regorus's interpreter, pinned; where its answers differ from
//! OPA's, or where it would fall over, a guard of ours stands in front (see the module docs).

mod error;
mod program;
mod source;

pub use error::RegoError;
pub use program::{Limits, Program};
pub use source::SourceFile;
