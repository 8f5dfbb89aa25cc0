//! `rolecall explain`: why a subject is judged as it is.

use super::check::made_from;
use super::earlier::Earlier;
use super::error::OutputError;
use super::exceptions::{Of, lay_over};
use super::facts::Prepared;
use super::{CommandError, output};
use crate::check;
use crate::cli::{Color, ExplainArgs};
use crate::connector::Connectors;
use crate::connector::manifest::FieldNeeds;
use crate::evaluate::{self, Context};
use crate::exit::Exit;
use crate::explain::{self, Fields, Needs, Request};
use crate::finding::Threshold;
use crate::project::Project;
use crate::report::{self, Volume};
use crate::subject::Need;

/// Judges everything, as `check` does, and explains what came out for one subject: a check that leaves a subject to another
/// one needs the other's word, whether that is asked about or not.
pub fn run(args: &ExplainArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.facts.project)?;
    let earlier = Earlier::read(args.facts.previous.as_deref(), args.facts.max_drop)?;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let chosen = evaluate::choose(&checks, &project, &[])?;
    let shown = evaluate::choose(&checks, &project, &args.checks)?;
    // Members of staff can be asked about where no check judges them.
    let need = Need {
        staff: true,
        ..evaluate::need(&checks, &chosen)
    };
    let prepared = Prepared::read(&args.facts, None, (&project, earlier), need, volume)?;
    let Prepared {
        facts,
        earlier,
        now,
        subjects,
    } = prepared;
    let unread = output::unread(&facts.snapshot);
    let subject = explain::find(&subjects, &project.organisation, &unread, &args.subject)?;
    let evaluation = evaluate::evaluate(&checks, &chosen, &project, &subjects, now)?;
    let context = Context {
        checks: &checks,
        project: &project,
        snapshot: &facts.snapshot,
        snapshot_sha256: facts.sha256,
        snapshot_mode: facts.mode.to_owned(),
        earlier: earlier.as_ref(),
        subjects: &subjects,
        now,
        inputs: made_from(&project, &checks, facts.connectors),
        fail_on: Threshold(Vec::new()),
        every_verdict: false,
    };
    let mut report = evaluate::assemble(&context, &evaluation);
    let of = Of {
        snapshot: &facts.snapshot,
        subjects: &subjects,
        evaluation: &evaluation,
        now,
    };
    lay_over(&mut report, &project, None, &of)?;
    let fields = fields(&project);
    let request = Request {
        evaluation: &evaluation,
        shown: &shown,
        project: &project,
        snapshot: &facts.snapshot,
        subjects: &subjects,
        now,
        fields: &fields,
        cannot_decide: &report.cannot_decide,
    };
    let mut explanation = explain::explain(&request, subject)?;
    explanation.accept(&report);
    report::print_explanation(&explanation, args.format, color.into()).map_err(OutputError)?;
    Ok(Exit::Clean)
}

/// What the connectors say that fields need. A snapshot is judged without its connectors: where they do not load, less is
/// said of why something is not known.
fn fields(project: &Project) -> Fields {
    let Ok(connectors) = Connectors::load(&project.connectors) else {
        return Fields::new();
    };
    let needs = |needs: &FieldNeeds| match needs {
        FieldNeeds::Never => Needs::Never,
        FieldNeeds::Streams(streams) => Needs::Streams(streams.clone()),
    };
    let of = connectors.iter().map(|connector| {
        let fields = connector.manifest.fields.0.iter();
        let fields = fields.map(|(path, field)| (path.value.clone(), needs(field)));
        (connector.id.clone(), fields.collect())
    });
    of.collect()
}
