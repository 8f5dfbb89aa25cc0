//! Rego and metadata, held against each other.
//!
//! Every reason code stands on both sides, every placeholder is a path of the subject that can be shown, every parameter's
//! default is of its type. What is left over is a check.

use super::folders::PolicyFolder;
use super::metadata::{self, Metadata};
use super::template::showable;
use super::{Check, CheckError, Fact, Reason, Template};
use crate::digest;
use crate::error::{Place, did_you_mean};
use crate::finding::{Link, SubjectKind};
use crate::rego::{Analysis, Cut, MetadataBlock, Output, Package, Path, ReadSet, RegoError, Schema, SourceFile, Step};

/// Keys of the metadata, from the outside in.
type Keys<'a> = &'a [&'a str];

/// The two halves of a check, and what is needed to hold them against each other.
pub(super) struct Joined<'a> {
    pub file: &'a str,
    pub block: &'a MetadataBlock,
    pub schema: &'a Schema,
    pub analysis: &'a Analysis,
    pub package: &'a Package,
}

impl Joined<'_> {
    /// The check that the two halves make.
    pub fn check(
        &self,
        folder: &PolicyFolder,
        metadata: Metadata,
        subject: SubjectKind,
        files: Vec<SourceFile>,
    ) -> Result<Check, CheckError> {
        if metadata.scope.as_deref().is_some_and(|scope| scope != "package") {
            return Err(self.wrong(
                &["scope"],
                "the scope is not `package`".into(),
                "write `scope: package`".into(),
            ));
        }
        let custom = metadata.custom;
        for (name, param) in &custom.params.0 {
            if !param.kind.admits(&param.default) {
                let message = format!("the default of `{name}` is not {}", param.kind.word());
                return Err(self.wrong(
                    &["custom", "params", name, "default"],
                    message,
                    "change the type or the default".into(),
                ));
            }
        }
        let skip = custom
            .skip
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, None, None, words.blocked_by));
        let fail = custom
            .fail
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, words.passes_if, words.since, None));
        let unknown = custom
            .unknown
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, None, None, None));
        let mut reads = ReadSet::default();
        self.analysis
            .outputs
            .iter()
            .for_each(|output| reads.join(&output.reads));
        let check = Check {
            id: folder.name.clone(),
            title: self.title(&["title"], &metadata.title, subject)?,
            description: metadata.description,
            subject,
            severity: custom.severity,
            controls: custom.controls.0.into_iter().collect(),
            summary: self.title(
                &["custom", "remediation", "summary"],
                &custom.remediation.summary,
                subject,
            )?,
            steps: custom
                .remediation
                .steps
                .iter()
                .map(|step| self.title(&["custom", "remediation", "steps"], step, subject))
                .collect::<Result<_, _>>()?,
            links: self.links(&metadata.related_resources)?,
            params: custom.params.0.into_iter().collect(),
            skip: self.reasons(Output::Skip, skip)?,
            fail: self.reasons(Output::Fail, fail)?,
            unknown: self.reasons(Output::Unknown, unknown)?,
            facts: self
                .outputs(Output::Facts)
                .map(|output| Fact {
                    name: output.code.clone(),
                    reads: output.reads.clone(),
                })
                .collect(),
            pass: self.template(&["custom", "pass"], &custom.pass, false)?,
            cut: Cut::new(&reads),
            reads,
            whole_records: self.analysis.whole_records.clone(),
            schema: self.schema.clone(),
            sha256: digest::of_all(files.iter().map(|file| &file.text)),
            files,
            origin: folder.origin.clone(),
            replaces_built_in: false,
            place: self.package.place.clone(),
        };
        if check.fail.is_empty() && check.unknown.is_empty() {
            let message = format!("`{}` can never fail", check.id);
            return Err(self.wrong(
                &["custom"],
                message,
                "declare a code under `fail:` and give it in Rego".into(),
            ));
        }
        Ok(check)
    }

    fn outputs(&self, output: Output) -> impl Iterator<Item = &crate::rego::OutputReads> {
        self.analysis.outputs.iter().filter(move |reads| reads.output == output)
    }

    /// Every code that Rego gives has words, and every code that has words is given.
    fn reasons(
        &self,
        output: Output,
        declared: impl Iterator<Item = (String, String, Option<String>, Option<String>, Option<String>)>,
    ) -> Result<Vec<Reason>, CheckError> {
        let declared: Vec<_> = declared.collect();
        let kind = output.name();
        for given in self.outputs(output) {
            if !declared.iter().any(|(code, ..)| *code == given.code) {
                let known = declared.iter().map(|(code, ..)| code.as_str());
                let help = match crate::error::nearest(&given.code, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("declare it under `{kind}:` in the metadata, with a message"),
                };
                let message = format!("the metadata has no words for the {kind} code `{}`", given.code);
                return Err(CheckError::Rego(RegoError::Refused {
                    place: given.place.clone(),
                    width: None,
                    message,
                    help,
                }));
            }
        }
        let mut reasons = Vec::new();
        for (code, message, passes_if, since, blocked_by) in declared {
            let Some(given) = self.outputs(output).find(|given| given.code == code) else {
                let message = format!("the {kind} code `{code}` is never given");
                let help = format!("write `{kind} contains \"{code}\" if …`, or delete its words");
                return Err(self.wrong(&["custom", kind, &code], message, help));
            };
            let unknowable = given.reads.looked_at().flat_map(|(path, look)| match look {
                crate::rego::Look::Whole => self.schema.unknowable(path),
                _ => Vec::new(),
            });
            reasons.push(Reason {
                message: self.template(&["custom", kind, &code, "message"], &message, output == Output::Fail)?,
                passes_if: passes_if
                    .map(|text| self.template(&["custom", kind, &code, "passes_if"], &text, true))
                    .transpose()?,
                since: since
                    .map(|text| self.path(&["custom", kind, &code, "since"], &text))
                    .transpose()?,
                blocked_by,
                unknowable: unknowable.collect(),
                reads: given.reads.clone(),
                code,
            });
        }
        Ok(reasons)
    }

    /// Facts are computed for failing subjects only, so only the words of a fail can name them.
    fn template(&self, key: Keys<'_>, text: &str, facts: bool) -> Result<Template, CheckError> {
        if text.trim().is_empty() {
            return Err(self.wrong(
                key,
                "the words are empty".into(),
                "say what is wrong, in a sentence".into(),
            ));
        }
        let template = Template::parse(text)
            .map_err(|message| self.wrong(key, message, "write `{{` for a brace that is meant".into()))?;
        for path in template.paths() {
            if !facts && path.0.first() == Some(&Step::Field("facts".to_owned())) {
                let help = "only the words of a `fail` can: facts are computed for failing subjects".into();
                return Err(self.wrong_text(key, &path.to_string(), format!("`{path}` cannot be named here"), help));
            }
            self.hold(key, path)?;
        }
        Ok(template)
    }

    /// A title or a remediation speaks of a system, not of one subject.
    fn title(&self, key: Keys<'_>, text: &str, subject: SubjectKind) -> Result<Template, CheckError> {
        let template = self.template(key, text, false)?;
        let systemic = matches!(subject, SubjectKind::Account | SubjectKind::System);
        if let Some(path) = template
            .paths()
            .find(|path| !systemic || path.to_string() != "system.name")
        {
            let message = format!("`{{{path}}}` stands in a title or a remediation");
            return Err(self.wrong_text(
                key,
                &path.to_string(),
                message,
                "these can only name the system: `{system.name}`".into(),
            ));
        }
        Ok(template)
    }

    fn path(&self, key: Keys<'_>, text: &str) -> Result<Path, CheckError> {
        let path = Path::parse(text);
        self.hold(key, &path)?;
        if path.0.last() != Some(&Step::Field("at".to_owned())) {
            let help = "name the `at` of a date, such as `staff.exit.at`".into();
            return Err(self.wrong_text(key, text, format!("`{path}` is no time"), help));
        }
        Ok(path)
    }

    /// A placeholder is a path of the subject that prints, or a fact.
    fn hold(&self, key: Keys<'_>, path: &Path) -> Result<(), CheckError> {
        if let [Step::Field(facts), rest @ ..] = path.0.as_slice()
            && facts == "facts"
        {
            let names: Vec<&str> = self.outputs(Output::Facts).map(|output| output.code.as_str()).collect();
            return match rest {
                [Step::Field(name)] if names.contains(&name.as_str()) => Ok(()),
                _ => {
                    let help = match names.as_slice() {
                        [] => "write `facts.<name> := …` in Rego first".to_owned(),
                        names => did_you_mean(path.to_string().trim_start_matches("facts."), names.iter().copied()),
                    };
                    Err(self.wrong_text(key, &path.to_string(), format!("there is no fact `{path}`"), help))
                }
            };
        }
        match self.schema.at(path) {
            Some(schema) if showable(schema) => Ok(()),
            Some(_) => Err(self.wrong_text(
                key,
                &path.to_string(),
                format!("`{path}` is a record"),
                "name one of its fields".into(),
            )),
            None => {
                let above = Path(path.0.iter().take(path.0.len().saturating_sub(1)).cloned().collect());
                let known = self.schema.at(&above).map(Schema::fields).unwrap_or_default();
                let last = path.to_string();
                let last = last.rsplit('.').next().unwrap_or_default();
                let help = if known.is_empty() {
                    "see the subject's schema".into()
                } else {
                    did_you_mean(last, known)
                };
                Err(self.wrong_text(key, &path.to_string(), format!("the subject has no `{path}`"), help))
            }
        }
    }

    fn links(&self, resources: &[metadata::Resource]) -> Result<Vec<Link>, CheckError> {
        let mut links = Vec::new();
        for resource in resources {
            if !resource.url.starts_with("https://") || resource.url.contains(char::is_whitespace) {
                let message = format!("`{}` is no https address", resource.url);
                return Err(self.wrong_text(
                    &["related_resources"],
                    &resource.url,
                    message,
                    "links are shown to people: write them whole".into(),
                ));
            }
            links.push(Link {
                url: resource.url.clone(),
                description: resource.description.clone(),
            });
        }
        if links.is_empty() {
            let message = "there is no link".to_owned();
            let help = "name the page that says how to fix it, under `related_resources`".to_owned();
            return Err(self.wrong(&["related_resources"], message, help));
        }
        Ok(links)
    }

    /// An error at the last of some keys, each of which stands behind the one before it.
    fn wrong(&self, keys: Keys<'_>, message: String, help: String) -> CheckError {
        self.at(self.block.place_of(keys), None, message, help)
    }

    /// An error at a text behind these keys; YAML has other ways to write it, and then it is at the key.
    fn wrong_text(&self, keys: Keys<'_>, text: &str, message: String, help: String) -> CheckError {
        match self.block.place_behind(keys, text) {
            Some(at) => self.at(at, Some(text.chars().count()), message, help),
            None => self.wrong(keys, message, help),
        }
    }

    fn at(&self, (line, column): (usize, usize), width: Option<usize>, message: String, help: String) -> CheckError {
        let place = Place {
            file: self.file.to_owned(),
            line,
            column,
        };
        CheckError::Metadata {
            place,
            width,
            message,
            help,
        }
    }
}
