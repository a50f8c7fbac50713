use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use strum::{Display, EnumString};

use super::ActorId;

/// Longest name of an actor, title of a role and organisation of a role, in bytes. Databases look actors up by these,
/// and their index entries have a limit of some kilobytes; capitalised text beyond this length is no name. In lower
/// case a name may be half as long again.
pub const MAX_NAME_BYTES: usize = 200;

/// What sort of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    /// One human being.
    Person,
    /// A company, party, agency, paper or other body.
    Organization,
    /// A state or its government.
    Government,
    /// Several people without an organisation: "residents".
    Group,
    /// A report, law, letter or other text that says something.
    Document,
    /// The text does not tell.
    Unknown,
}

/// Grammatical or registered gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Gender {
    /// She.
    Female,
    /// He.
    Male,
    /// Neither of the two.
    Other,
}

/// What a gender was concluded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum GenderBasis {
    /// A title such as "Mrs".
    Title,
    /// A pronoun that refers to the actor.
    Pronoun,
    /// A register of people.
    Register,
    /// A forename that nearly all bearers of one gender have.
    Forename,
}

/// An office or job of an actor.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Role {
    /// "spokesperson".
    pub title: String,
    /// "Kremlin".
    pub organization: Option<String>,
    /// First day, if known.
    pub start_date: Option<NaiveDate>,
    /// Last day, if known and over.
    pub end_date: Option<NaiveDate>,
    /// The words of the article the role was read off.
    pub evidence: Option<String>,
}

/// How long before its first day somebody who is to hold an office is called by it: "the president-elect".
const MAX_WAIT: TimeDelta = TimeDelta::days(100);

impl Role {
    /// True if `title`, as an article of `day` has it before a name, means this office.
    ///
    /// "President" means "President of the United States" within its dates, "Sen." means "United States Senator", and
    /// "President-elect" who will be president soon.
    #[must_use]
    pub fn is_meant(&self, title: &str, day: NaiveDate) -> bool {
        let title = title.to_lowercase();
        let (office, elect) = match title.strip_suffix("-elect") {
            Some(office) => (office, true),
            None => (title.as_str(), false),
        };
        let office = match office.strip_prefix("former ").unwrap_or(office) {
            "sen." => "senator",
            "rep." | "congressman" | "congresswoman" => "representative",
            office => office,
        };
        let own = self.title.to_lowercase();
        let same = own == office
            || own
                .strip_prefix(office)
                .is_some_and(|rest| rest.starts_with(" of "))
            || own
                .strip_suffix(office)
                .is_some_and(|before| before.ends_with("states "));
        let Some(start) = self.start_date else {
            return false;
        };
        let began = if elect {
            start - MAX_WAIT <= day && day < start
        } else {
            start <= day
        };
        same && began
            && (title.starts_with("former ") || self.end_date.is_none_or(|end| day <= end))
    }
}

/// A stored actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// Its id.
    pub id: ActorId,
    /// The name to show.
    pub display_name: String,
    /// What sort of actor it is.
    pub kind: ActorKind,
    /// Other names the articles use, sorted.
    pub aliases: Vec<String>,
    /// Offices and jobs.
    pub roles: Vec<Role>,
    /// Ids in other registers: `wikidata` → `Q42`.
    pub external_ids: BTreeMap<String, String>,
    /// Gender and what it was concluded from.
    pub gender: Option<(Gender, GenderBasis)>,
    /// The actor this one was merged into.
    pub merged_into: Option<ActorId>,
    /// How many claims hang on it.
    pub claim_count: i64,
    /// Publication (or, where unknown, ingest) time of its first claim.
    pub first_claim_time: Option<DateTime<Utc>>,
    /// Publication (or, where unknown, ingest) time of its last claim.
    pub last_claim_time: Option<DateTime<Utc>>,
    /// Counts the changes of the row; the entity tag is made of it.
    pub row_version: i64,
}

/// An actor as one article shows it, before it is looked up among the stored ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalActor {
    /// The fullest name the article uses; of an actor without a name its longest description.
    pub display_name: String,
    /// False for "the mayor" where the article does not name her.
    pub is_named: bool,
    /// What sort of actor it is.
    pub kind: ActorKind,
    /// The other names the article uses, sorted, without `display_name`.
    pub aliases: Vec<String>,
    /// Offices and jobs the article states.
    pub roles: Vec<Role>,
    /// Gender and what it was concluded from.
    pub gender: Option<(Gender, GenderBasis)>,
    /// The key under which the same name in another article is the same actor, in whatever form it has there. `None`
    /// where the name alone does not identify anybody, as a bare surname does not.
    pub identity_key: Option<String>,
    /// The key of the name with all its words, which tells George W. from George H. W.
    pub full_key: Option<String>,
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Role;

    #[test]
    fn a_title_means_the_office_at_its_time() {
        let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap();
        let role = |title: &str| Role {
            title: title.into(),
            organization: None,
            start_date: Some(day(2009, 2)),
            end_date: Some(day(2017, 1)),
            evidence: None,
        };
        let president = role("President of the United States");
        assert!(president.is_meant("President", day(2016, 5)));
        assert!(!president.is_meant("President", day(2018, 5)));
        assert!(president.is_meant("former President", day(2018, 5)));
        assert!(president.is_meant("President-elect", day(2008, 12)));
        assert!(!president.is_meant("President-elect", day(2016, 5)));
        assert!(!president.is_meant("Vice President", day(2016, 5)));
        assert!(!role("Vice President of the United States").is_meant("President", day(2016, 5)));
        assert!(role("United States Senator").is_meant("Sen.", day(2016, 5)));
    }
}
