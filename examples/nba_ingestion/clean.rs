//! NBA-18: turn the API's text into records that can be relied on.

use std::collections::{BTreeMap, HashSet};

use monitor_runtime::{json, log_event, monitored, record_metric};
use thiserror::Error;

use crate::model::{League, Player, RawLeague, RawPlayer, RawTeam, Team};
use crate::names;

/// Why a record is left out.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, PartialOrd, Ord)]
enum Reject {
    #[error("the id is not a positive number")]
    Id,
    #[error("the id occurred before")]
    Duplicate,
    #[error("there is no name")]
    Nameless,
    #[error("the name is not written in a Latin alphabet")]
    Name,
    #[error("the active flag is neither true nor false")]
    Flag,
    #[error("the abbreviation is not three capitals")]
    Abbreviation,
    #[error("a year is not a year")]
    Year,
    #[error("a title is older than the team")]
    Title,
}

#[monitored(
    stage = "NBA-18",
    event = "CLEANING",
    records_in = raw.len(),
    records = |league| league.len(),
    rejected = |league| league.rejected
)]
pub(crate) fn clean(raw: &RawLeague) -> League {
    let mut rejects = Rejects::default();
    let players = raw.players.iter().map(clean_player);
    let teams = raw.teams.iter().map(clean_team);
    let players = keep_valid(players, |player| player.id, &mut rejects);
    let teams = keep_valid(teams, |team| team.id, &mut rejects);
    rejects.report();
    League {
        players,
        teams,
        rejected: rejects.total(),
    }
}

/// Keeps what passed its own rules and is the first with its id.
fn keep_valid<T>(
    checked: impl Iterator<Item = Result<T, Reject>>,
    id: impl Fn(&T) -> u32,
    rejects: &mut Rejects,
) -> Vec<T> {
    let mut seen = HashSet::new();
    checked
        .filter_map(|record| match record {
            Ok(record) if seen.insert(id(&record)) => Some(record),
            Ok(_) => rejects.count(Reject::Duplicate),
            Err(reason) => rejects.count(reason),
        })
        .collect()
}

fn clean_player(raw: &RawPlayer) -> Result<Player, Reject> {
    let (last_name, first_name) = whole_name(raw);
    if last_name.is_empty() {
        return Err(Reject::Nameless);
    }
    Ok(Player {
        id: parse_id(&raw.player_id)?,
        search_key: names::search_key(&format!("{last_name} {first_name}")).ok_or(Reject::Name)?,
        first_name: (!first_name.is_empty()).then_some(first_name),
        last_name,
        active: raw.is_active.parse().map_err(|_| Reject::Flag)?,
    })
}

/// Last and first name. Some players have their whole name in the last name's field,
/// `Udeh, Jr., Ernest`; others go by one name, `Nene`, and have no first name at all.
fn whole_name(raw: &RawPlayer) -> (String, String) {
    let last = names::tidy(&raw.last_name);
    let first = names::tidy(&raw.first_name);
    match last.rsplit_once(", ") {
        Some((surname, given)) if first.is_empty() => {
            (surname.replace(", ", " "), given.to_owned())
        }
        _ => (last, first),
    }
}

fn clean_team(raw: &RawTeam) -> Result<Team, Reject> {
    let abbreviation = raw.abbreviation.trim();
    if abbreviation.len() != 3 || !abbreviation.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Reject::Abbreviation);
    }
    let name = names::tidy(&format!("{} {}", raw.city, raw.nickname));
    if name.is_empty() {
        return Err(Reject::Nameless);
    }
    let founded = parse_year(&raw.year_founded)?;
    let titles: Vec<u16> = raw
        .titles
        .split_whitespace()
        .map(parse_year)
        .collect::<Result<_, _>>()?;
    if titles.iter().any(|title| *title < founded) {
        return Err(Reject::Title);
    }
    Ok(Team {
        id: parse_id(&raw.team_id)?,
        abbreviation: abbreviation.to_owned(),
        name,
        state: names::tidy(&raw.state),
        founded,
        titles,
    })
}

fn parse_id(text: &str) -> Result<u32, Reject> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err(Reject::Id),
        Ok(id) => Ok(id),
    }
}

/// The league has played since 1946.
fn parse_year(text: &str) -> Result<u16, Reject> {
    match text.trim().parse() {
        Ok(year @ 1946..=2100) => Ok(year),
        _ => Err(Reject::Year),
    }
}

#[derive(Default)]
struct Rejects(BTreeMap<Reject, u32>);

impl Rejects {
    fn count<T>(&mut self, reason: Reject) -> Option<T> {
        *self.0.entry(reason).or_default() += 1;
        None
    }

    fn report(&self) {
        for (reason, records) in &self.0 {
            log_event(
                "CLEANING_REJECTED",
                json!({"reason": reason.to_string(), "records": records}),
            );
        }
        record_metric("NBA-18", "reject_reasons", self.0.len() as u64, "reasons");
    }

    fn total(&self) -> u32 {
        self.0.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Reject, Rejects, clean_player, clean_team, keep_valid};
    use crate::model::{Player, RawPlayer, RawTeam};

    fn player(id: &str, last: &str, first: &str, active: &str) -> Result<Player, Reject> {
        clean_player(&RawPlayer {
            player_id: id.to_owned(),
            last_name: last.to_owned(),
            first_name: first.to_owned(),
            is_active: active.to_owned(),
        })
    }

    #[test]
    fn a_name_is_put_together_from_what_is_there() {
        let names = |last, first| {
            player("1", last, first, "true").map(|player| (player.first_name, player.last_name))
        };
        let expected =
            |first: Option<&str>, last: &str| Ok((first.map(str::to_owned), last.to_owned()));
        assert_eq!(names("Dončić", " Luka"), expected(Some("Luka"), "Dončić"));
        assert_eq!(
            names("Udeh, Jr., Ernest", ""),
            expected(Some("Ernest"), "Udeh Jr."),
        );
        assert_eq!(names("Nene", ""), expected(None, "Nene"));
    }

    #[test]
    fn a_player_that_breaks_a_rule_is_rejected_with_the_reason() {
        let check = |id, last, active| player(id, last, "Luka", active);
        assert_eq!(check("0", "Dončić", "true"), Err(Reject::Id));
        assert_eq!(check("x", "Dončić", "true"), Err(Reject::Id));
        assert_eq!(check("1", " ", "true"), Err(Reject::Nameless));
        assert_eq!(check("1", "D0ncic", "true"), Err(Reject::Name));
        assert_eq!(check("1", "Dončić", "yes"), Err(Reject::Flag));
    }

    #[test]
    fn a_team_that_breaks_a_rule_is_rejected_with_the_reason() {
        let check = |abbreviation: &str, founded: &str, titles: &str| {
            clean_team(&RawTeam {
                team_id: "1610612738".to_owned(),
                abbreviation: abbreviation.to_owned(),
                nickname: "Celtics".to_owned(),
                year_founded: founded.to_owned(),
                city: "Boston".to_owned(),
                state: "Massachusetts".to_owned(),
                titles: titles.to_owned(),
            })
            .map(|team| team.titles)
        };
        assert_eq!(check("BOS", "1946", "1957 2024"), Ok(vec![1957, 2024]));
        assert_eq!(check("BOS", "1946", ""), Ok(vec![]));
        assert_eq!(check("Bos", "1946", ""), Err(Reject::Abbreviation));
        assert_eq!(check("BOS", "46", ""), Err(Reject::Year));
        assert_eq!(check("BOS", "1960", "1957"), Err(Reject::Title));
    }

    #[test]
    fn the_first_of_two_with_the_same_id_is_kept() {
        let mut rejects = Rejects::default();
        let checked = ["James", "Jones"].map(|last| player("1", last, "Mike", "true"));
        let kept = keep_valid(checked.into_iter(), |player| player.id, &mut rejects);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].last_name, "James");
        assert_eq!(rejects.0, [(Reject::Duplicate, 1)].into());
    }
}
