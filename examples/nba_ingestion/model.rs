//! The records, as the API sends them and as the pipeline stores them.

use serde::{Deserialize, Serialize};

/// A player as the API sends it: text, and nothing promised about it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RawPlayer {
    pub(crate) player_id: String,
    pub(crate) last_name: String,
    pub(crate) first_name: String,
    pub(crate) is_active: String,
}

/// A team as the API sends it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RawTeam {
    pub(crate) team_id: String,
    pub(crate) abbreviation: String,
    pub(crate) nickname: String,
    pub(crate) year_founded: String,
    pub(crate) city: String,
    pub(crate) state: String,
    /// The years, with spaces between them.
    pub(crate) titles: String,
}

/// What NBA-17 hands on.
#[derive(Debug)]
pub(crate) struct RawLeague {
    pub(crate) players: Vec<RawPlayer>,
    pub(crate) teams: Vec<RawTeam>,
}

impl RawLeague {
    pub(crate) fn len(&self) -> usize {
        self.players.len() + self.teams.len()
    }
}

/// A player with a checked identity and a name that can be searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Player {
    pub(crate) id: u32,
    /// Absent where the player goes by one name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: String,
    /// `doncic luka` for Luka Dončić.
    pub(crate) search_key: String,
    pub(crate) active: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Team {
    pub(crate) id: u32,
    pub(crate) abbreviation: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) founded: u16,
    pub(crate) titles: Vec<u16>,
}

/// What NBA-18 hands on.
#[derive(Debug)]
pub(crate) struct League {
    pub(crate) players: Vec<Player>,
    pub(crate) teams: Vec<Team>,
    /// How many records were left out.
    pub(crate) rejected: u32,
}

impl League {
    pub(crate) fn len(&self) -> usize {
        self.players.len() + self.teams.len()
    }
}
