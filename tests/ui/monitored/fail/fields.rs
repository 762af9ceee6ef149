use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", fields(duration))]
fn reserved(duration: u8) -> u8 {
    duration
}

#[monitored(stage = "NBA-17", fields(season, page, season = page))]
fn twice(season: u8, page: u8) -> u8 {
    season + page
}

#[monitored(stage = "NBA-17", fields)]
fn a_flag() {}

#[monitored(stage = "NBA-17", fields = season)]
fn with_an_equals_sign(season: u8) -> u8 {
    season
}

#[monitored(stage = "NBA-17", fields("season"))]
fn text(season: u8) -> u8 {
    season
}

#[monitored(stage = "NBA-17", fields(season.year))]
fn a_path(season: (u8,)) -> u8 {
    season.0
}

#[monitored(stage = "NBA-17", fields(season page))]
fn no_comma(season: u8, page: u8) -> u8 {
    season + page
}

#[monitored(stage = "NBA-17", fields(season =))]
fn no_value(season: u8) -> u8 {
    season
}

#[monitored(stage = "NBA-17", fields(%, stage, wait, season.year))]
fn no_name(wait: u8) -> u8 {
    wait
}

fn main() {
    reserved(1);
    twice(1, 2);
    a_flag();
    with_an_equals_sign(1);
    text(1);
    a_path((1,));
    no_comma(1, 2);
    no_value(1);
    no_name(1);
}
