//! What can become of a finding, and how that is known.

/// What became of a finding. In the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The later run has it, and the earlier one has not.
    New,
    /// It was accepted, and is open now.
    ExceptionEnded,
    /// Both runs have it, and it counts for the threshold now, and did not.
    NewlyCounting,
    /// It is accepted and was, and is not what it was: whoever accepted it may have seen something else.
    AcceptedAndChanged,
    /// The later run cannot say whether it is still so.
    UndecidedNow,
    /// Both runs have it, and nobody accepts it.
    StillOpen,
    /// The later run has its subject, and says that it is none of the check's.
    NoLongerJudged,
    /// The later run judged its subject, and found nothing.
    Fixed,
    /// Its subject is there no more.
    SubjectGone,
    /// It is accepted now, and was not.
    NewlyExcepted,
    /// It is accepted, and was, and is what it was.
    StillExcepted,
}

impl Change {
    /// All of them, in the order in which they are told.
    pub const ALL: [Change; 11] = [
        Change::New,
        Change::ExceptionEnded,
        Change::NewlyCounting,
        Change::AcceptedAndChanged,
        Change::UndecidedNow,
        Change::StillOpen,
        Change::NoLongerJudged,
        Change::Fixed,
        Change::SubjectGone,
        Change::NewlyExcepted,
        Change::StillExcepted,
    ];

    /// Whether somebody is to look at each one: a list of them is not cut for people.
    pub const fn needs_a_look(self) -> bool {
        matches!(
            self,
            Change::New
                | Change::ExceptionEnded
                | Change::NewlyCounting
                | Change::AcceptedAndChanged
                | Change::UndecidedNow
                | Change::NoLongerJudged
        )
    }
}

/// How it is known what became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// New: the subject passed, or was none of the check's.
    NotFailingBefore,
    /// New: the subject was not there.
    SubjectIsNew,
    /// New, or newly decided: the earlier run could not judge the subject.
    UndecidedBefore,
    /// Newly decided: the check did not run.
    NotRunBefore,
    /// Newly decided: there was no such check, or none for that system.
    NoSuchCheckBefore,
    /// Newly decided: the earlier run is not proved to have seen the subject.
    NotSeenBefore,
    /// Newly decided: the check left the subject to another one.
    BlockedBefore,
    /// Undecided: the later run could not judge the subject.
    Undecided,
    /// Undecided: the check did not run.
    NotRun,
    /// Undecided: there is no such check any more, or none for that system.
    NoSuchCheck,
    /// Undecided: the later run is not proved to have seen the subject.
    NotSeen,
    /// Undecided: the check leaves the subject to another one, which found something.
    Blocked,
    /// Undecided: it passes, or the check leaves it to another one; a report without verdicts does not say.
    PerhapsBlocked,
    /// Fixed: the subject passes.
    Passes,
    /// No longer judged: the check says that it is not about the subject.
    NotApplicable,
    /// Fixed: the check saw everybody and has no such finding; whether the subject passes, is no longer judged or is gone
    /// the report does not say.
    NoFinding,
    /// Gone: everybody was seen, and the subject is not among them.
    NotListed,
    /// Ended: an exception fits it still, and is not in force.
    ExceptionNotInForce,
    /// Ended: no exception fits it any more.
    NoException,
    /// Both runs have it.
    InBoth,
    /// Accepted, and found for the first time.
    AcceptedAtOnce,
}

impl Why {
    /// Whether what is new may have been wrong before: the earlier run did not decide it.
    pub const fn is_newly_decided(self) -> bool {
        matches!(
            self,
            Why::UndecidedBefore | Why::NotRunBefore | Why::NoSuchCheckBefore | Why::NotSeenBefore | Why::BlockedBefore
        )
    }
}
