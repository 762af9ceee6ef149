//! NBA-17: fetch every player and team from the API.

use monitor_runtime::{monitored, progress, retry};

use crate::client::{ApiClient, ApiError, Page};
use crate::model::{RawLeague, RawPlayer, RawTeam};

#[monitored(
    stage = "NBA-17",
    event = "INGESTION",
    records = |league| league.len(),
    records_total,
    fields(season),
    alert = "critical"
)]
pub(crate) async fn ingest(api: &ApiClient, season: &str) -> Result<RawLeague, ApiError> {
    let (players, teams) = tokio::try_join!(fetch_players(api, season), fetch_teams(api, season))?;
    Ok(RawLeague { players, teams })
}

async fn fetch_players(api: &ApiClient, season: &str) -> Result<Vec<RawPlayer>, ApiError> {
    let mut players = Vec::new();
    let mut number = 1;
    loop {
        let page = fetch_player_page(api, season, number).await?;
        // Each page tells how many players there are in all.
        progress().set_total(page.total);
        progress().add(page.rows.len());
        players.extend(page.rows);
        if number >= page.pages {
            return Ok(players);
        }
        number += 1;
    }
}

// One record per page, however many attempts it took: `monitored` stands above
// `retry`. The calls are many and alike, so their lines are for `debug`; retries and
// errors are logged all the same.
#[monitored(
    stage = "NBA-17",
    event = "PLAYER_PAGE",
    records = |page| page.rows.len(),
    fields(number),
    level = "debug"
)]
#[retry(max = 3, delay = "50ms")]
async fn fetch_player_page(
    api: &ApiClient,
    season: &str,
    number: usize,
) -> Result<Page<RawPlayer>, ApiError> {
    api.get(&format!("/players?season={season}&page={number}"))
        .await
}

// The API limits how often the teams are asked for and wants a pause of a second:
// the first wait is twice the delay.
#[monitored(
    stage = "NBA-17",
    event = "TEAMS",
    records = |teams| teams.len(),
    level = "debug"
)]
#[retry(max = 3, delay = "500ms")]
async fn fetch_teams(api: &ApiClient, season: &str) -> Result<Vec<RawTeam>, ApiError> {
    let page: Page<RawTeam> = api.get(&format!("/teams?season={season}")).await?;
    Ok(page.rows)
}
