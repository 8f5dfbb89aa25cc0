//! The frameworks and the ids of their controls. Ids only: what they ask is their publishers' to say.

/// One framework.
pub(super) struct Framework {
    /// The key under `controls`.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// How its ids look, for a help line.
    form: &'static str,
    ids: Ids,
}

enum Ids {
    /// Numbers from 1 on behind a prefix: `CC6.` and 8.
    Counted(&'static [(&'static str, u32)]),
    /// A family and a number from 1 on, with enhancements in brackets: `AC-2(3)`.
    Families(&'static [(&'static str, u32)]),
    /// A requirement and any numbers below it: `8.2.4`.
    Requirements(&'static [(&'static str, u32)]),
    /// A section of 45 CFR and the paragraphs below it: `164.308(a)(4)(ii)(C)`.
    Sections(&'static [u32]),
}

/// Every framework that is known.
pub(super) static FRAMEWORKS: &[Framework] = &[
    Framework {
        id: "soc2",
        name: "SOC 2 (Trust Services Criteria 2017)",
        form: "CC1.1 to CC9.2, A1.1 to A1.3, C1.1, C1.2, PI1.1 to PI1.5, P1.1 to P8.1",
        ids: Ids::Counted(&[
            ("CC1.", 5),
            ("CC2.", 3),
            ("CC3.", 4),
            ("CC4.", 2),
            ("CC5.", 3),
            ("CC6.", 8),
            ("CC7.", 5),
            ("CC8.", 1),
            ("CC9.", 2),
            ("A1.", 3),
            ("C1.", 2),
            ("PI1.", 5),
            ("P1.", 1),
            ("P2.", 1),
            ("P3.", 2),
            ("P4.", 3),
            ("P5.", 2),
            ("P6.", 7),
            ("P7.", 1),
            ("P8.", 1),
        ]),
    },
    Framework {
        id: "iso27001",
        name: "ISO 27001:2022, Annex A",
        form: "A.5.1 to A.5.37, A.6.1 to A.6.8, A.7.1 to A.7.14, A.8.1 to A.8.34",
        ids: Ids::Counted(&[("A.5.", 37), ("A.6.", 8), ("A.7.", 14), ("A.8.", 34)]),
    },
    Framework {
        id: "hipaa",
        name: "HIPAA, 45 CFR part 164",
        form: "sections and their paragraphs, such as 164.308(a)(3)(ii)(C)",
        // The security rule, the notification of breaches, and the privacy rule.
        ids: Ids::Sections(&[
            302, 304, 306, 308, 310, 312, 314, 316, 318, 400, 402, 404, 406, 408, 410, 412, 414, 500, 501, 502, 504,
            506, 508, 510, 512, 514, 520, 522, 524, 526, 528, 530, 532, 534,
        ]),
    },
    Framework {
        id: "pci_dss",
        name: "PCI DSS 4.0",
        form: "requirements, such as 8.2.4",
        // Requirement, and how many parts it has.
        ids: Ids::Requirements(&[
            ("1", 5),
            ("2", 3),
            ("3", 7),
            ("4", 2),
            ("5", 4),
            ("6", 5),
            ("7", 3),
            ("8", 6),
            ("9", 5),
            ("10", 7),
            ("11", 6),
            ("12", 10),
        ]),
    },
    Framework {
        id: "nist_800_53",
        name: "NIST SP 800-53, revision 5",
        form: "a family, a number and perhaps an enhancement, such as AC-2(3)",
        ids: Ids::Families(&[
            ("AC", 25),
            ("AT", 6),
            ("AU", 16),
            ("CA", 9),
            ("CM", 14),
            ("CP", 13),
            ("IA", 12),
            ("IR", 10),
            ("MA", 7),
            ("MP", 8),
            ("PE", 23),
            ("PL", 11),
            ("PM", 32),
            ("PS", 9),
            ("PT", 8),
            ("RA", 10),
            ("SA", 23),
            ("SC", 51),
            ("SI", 23),
            ("SR", 12),
        ]),
    },
    Framework {
        id: "cis",
        name: "CIS Controls v8",
        form: "a control and a safeguard, such as 6.2",
        ids: Ids::Counted(&[
            ("1.", 5),
            ("2.", 7),
            ("3.", 14),
            ("4.", 12),
            ("5.", 6),
            ("6.", 8),
            ("7.", 7),
            ("8.", 12),
            ("9.", 7),
            ("10.", 7),
            ("11.", 5),
            ("12.", 8),
            ("13.", 11),
            ("14.", 9),
            ("15.", 7),
            ("16.", 14),
            ("17.", 9),
            ("18.", 5),
        ]),
    },
];

/// A framework by its key.
pub(super) fn framework(id: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|known| known.id == id)
}

impl Framework {
    /// Whether an id is one of its controls; if not, what may have been meant.
    pub fn holds(&self, id: &str) -> Result<(), String> {
        let known = match &self.ids {
            Ids::Counted(groups) => groups.iter().any(|(prefix, count)| counted(id, prefix, *count)),
            Ids::Families(families) => {
                let (control, enhancement) = id.split_once('(').map_or((id, None), |(one, rest)| (one, Some(rest)));
                let numbered = |rest: &str| rest.strip_suffix(')').is_some_and(|number| number_of(number).is_some());
                enhancement.is_none_or(numbered)
                    && families
                        .iter()
                        .any(|(family, count)| counted(control, &format!("{family}-"), *count))
            }
            Ids::Requirements(requirements) => {
                let mut parts = id.split('.');
                let first = parts.next().unwrap_or_default();
                let rest: Vec<&str> = parts.collect();
                let count = requirements
                    .iter()
                    .find(|(number, _)| *number == first)
                    .map(|(_, count)| *count);
                let second = rest.first().and_then(|part| number_of(part));
                rest.len() <= 4
                    && rest.iter().all(|part| number_of(part).is_some())
                    && count.is_some_and(|count| rest.is_empty() || second.is_some_and(|second| second <= count))
            }
            Ids::Sections(sections) => {
                let rest = id.strip_prefix("164.").unwrap_or_default();
                let (section, paragraphs) = rest.split_at(rest.find('(').unwrap_or(rest.len()));
                number_of(section).is_some_and(|number| sections.contains(&number))
                    && paragraphs_are_well_formed(paragraphs)
            }
        };
        if known {
            return Ok(());
        }
        Err(self.near(id).unwrap_or_else(|| format!("its ids are {}", self.form)))
    }

    /// What may have been meant, of frameworks whose ids can be listed.
    fn near(&self, id: &str) -> Option<String> {
        let groups: Vec<(String, u32)> = match &self.ids {
            Ids::Counted(groups) => groups
                .iter()
                .map(|(prefix, count)| ((*prefix).to_owned(), *count))
                .collect(),
            Ids::Families(families) => families
                .iter()
                .map(|(family, count)| (format!("{family}-"), *count))
                .collect(),
            Ids::Requirements(_) | Ids::Sections(_) => return None,
        };
        if let Some((prefix, count)) = groups.iter().find(|(prefix, _)| id.starts_with(prefix)) {
            return Some(format!("there are {prefix}1 to {prefix}{count}"));
        }
        let known: Vec<String> = groups
            .iter()
            .flat_map(|(prefix, count)| (1..=*count).map(move |number| format!("{prefix}{number}")))
            .collect();
        // `5.16` for `A.5.16`; otherwise one slip, since any id is near to some other.
        let meant = known
            .iter()
            .find(|known| known.ends_with(&format!(".{id}")) && !id.is_empty());
        let slip = || known.iter().find(|known| strsim::damerau_levenshtein(known, id) == 1);
        meant.or_else(slip).map(|meant| format!("did you mean `{meant}`?"))
    }
}

fn counted(id: &str, prefix: &str, count: u32) -> bool {
    id.strip_prefix(prefix)
        .and_then(number_of)
        .is_some_and(|number| (1..=count).contains(&number))
}

/// A number as it is written in an id: without a sign and without a leading zero.
fn number_of(text: &str) -> Option<u32> {
    let plain = text.chars().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

/// `(a)(4)(ii)(C)`, or nothing.
fn paragraphs_are_well_formed(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|inner| {
                inner
                    .split(")(")
                    .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()))
            })
}

#[cfg(test)]
mod tests {

    #[test]
    fn ids_are_those_that_there_are() {
        let there = [
            ("soc2", "CC6.8"),
            ("soc2", "PI1.5"),
            ("iso27001", "A.5.37"),
            ("hipaa", "164.308(a)(4)(ii)(C)"),
            ("hipaa", "164.530"),
            ("pci_dss", "8.2.4"),
            ("pci_dss", "12.10.4.1"),
            ("nist_800_53", "AC-2(13)"),
            ("nist_800_53", "PM-32"),
            ("cis", "18.5"),
        ];
        for (framework, id) in there {
            assert_eq!(
                super::framework(framework).unwrap().holds(id),
                Ok(()),
                "{framework} {id}"
            );
        }
    }

    #[test]
    fn what_is_none_is_said_with_what_may_have_been_meant() {
        let wrong = [
            ("soc2", "CC6.9", "there are CC6.1 to CC6.8"),
            ("soc2", "CC10.1", "did you mean `CC1.1`?"),
            ("iso27001", "5.16", "did you mean `A.5.16`?"),
            (
                "iso27001",
                "A.9.2.1",
                "its ids are A.5.1 to A.5.37, A.6.1 to A.6.8, A.7.1 to A.7.14, A.8.1 to A.8.34",
            ),
            (
                "hipaa",
                "164.308(a",
                "its ids are sections and their paragraphs, such as 164.308(a)(3)(ii)(C)",
            ),
            (
                "hipaa",
                "164.999",
                "its ids are sections and their paragraphs, such as 164.308(a)(3)(ii)(C)",
            ),
            ("pci_dss", "8.7", "its ids are requirements, such as 8.2.4"),
            ("pci_dss", "8.02", "its ids are requirements, such as 8.2.4"),
            ("nist_800_53", "AC2", "did you mean `AC-2`?"),
            ("nist_800_53", "AC-26", "there are AC-1 to AC-25"),
            ("cis", "6.9", "there are 6.1 to 6.8"),
        ];
        for (framework, id, help) in wrong {
            let said = super::framework(framework).unwrap().holds(id).unwrap_err();
            assert_eq!(said, help, "{framework} {id}");
        }
    }
}
