use monitor_runtime::monitored;

struct Client;

#[monitored(stage = "NBA-17", fields(client))]
fn by_name(client: &Client) {
    let _ = client;
}

#[monitored(stage = "NBA-17", fields(source = client))]
fn with_a_name_of_its_own(client: &Client) {
    let _ = client;
}

#[monitored(stage = "NBA-17", fields(%client))]
fn through_display(client: &Client) {
    let _ = client;
}

#[monitored(stage = "NBA-17", fields(?client))]
fn through_debug(client: &Client) {
    let _ = client;
}

#[monitored(stage = "NBA-17", fields(seasn))]
fn not_an_argument(season: &str) {
    let _ = season;
}

fn main() {
    by_name(&Client);
    with_a_name_of_its_own(&Client);
    through_display(&Client);
    through_debug(&Client);
    not_an_argument("2023-24");
}
