//! `#[monitored]` and `#[retry]` in both orders, on methods that consume, change and lend.

use monitor_runtime::{monitored, retry};

use crate::watch::{Counts, Row, Service, Unavailable, consume, watched};

struct Client {
    service: Service,
    row: Row,
    requests: u32,
}

impl Client {
    #[monitored(stage = "NBA-17", event = "ABOVE", fields(by))]
    #[retry(max = 3, delay = 1, clone(given))]
    fn change_above(&mut self, given: Row, mut by: u32) -> Result<u32, Unavailable> {
        by += consume(given);
        self.requests += by;
        self.service.call()
    }

    #[retry(max = 3, delay = 1, clone(given))]
    #[monitored(stage = "NBA-18", event = "BELOW", fields(by))]
    fn change_below(&mut self, given: Row, mut by: u32) -> Result<u32, Unavailable> {
        by += consume(given);
        self.requests += by;
        self.service.call()
    }

    #[monitored(stage = "NBA-17", event = "ABOVE", fields(by))]
    #[retry(max = 3, delay = 1, clone(given))]
    async fn change_above_async(&mut self, given: Row, mut by: u32) -> Result<u32, Unavailable> {
        by += consume(given);
        self.requests += by;
        self.service.call()
    }

    #[retry(max = 3, delay = 1, clone(given))]
    #[monitored(stage = "NBA-18", event = "BELOW", fields(by))]
    async fn change_below_async(&mut self, given: Row, mut by: u32) -> Result<u32, Unavailable> {
        by += consume(given);
        self.requests += by;
        self.service.call()
    }

    #[monitored(stage = "NBA-17", event = "ABOVE", records = |row| row.id, fields(id = row.id))]
    #[retry(max = 3, delay = 1)]
    fn give_above(&self, mut row: Row, (kept, mut by): (Row, u32)) -> Result<Row, Unavailable> {
        by += kept.id;
        row.id += by;
        self.service.call()?;
        Ok(row)
    }

    #[retry(max = 3, delay = 1)]
    #[monitored(stage = "NBA-18", event = "BELOW", records = |row| row.id, fields(id = row.id))]
    fn give_below(&self, mut row: Row, (kept, mut by): (Row, u32)) -> Result<Row, Unavailable> {
        by += kept.id;
        row.id += by;
        self.service.call()?;
        Ok(row)
    }

    #[monitored(stage = "NBA-17", event = "ABOVE", records = |row| row.id)]
    #[retry(max = 3, delay = 1)]
    async fn lend_above(&self, given: Row) -> Result<&Row, Unavailable> {
        drop(given);
        self.service.call()?;
        Ok(&self.row)
    }

    #[retry(max = 3, delay = 1)]
    #[monitored(stage = "NBA-18", event = "BELOW", records = |row| row.id)]
    async fn lend_below(&self, given: Row) -> Result<&Row, Unavailable> {
        drop(given);
        self.service.call()?;
        Ok(&self.row)
    }
}

fn client(counts: &Counts) -> Client {
    Client {
        service: Service::failing(2),
        row: counts.row(),
        requests: 0,
    }
}

#[tokio::test]
async fn changes_of_self_and_clones_are_the_same_in_both_orders() {
    let (run, _, counts) = watched(0);
    let mut client = client(&counts);
    for (order, clones) in [3, 6, 9, 12].into_iter().enumerate() {
        client.service = Service::failing(2);
        client.requests = 0;
        let given = counts.row();
        let out = match order {
            0 => client.change_above(given, 1),
            1 => client.change_below(given, 1),
            2 => client.change_above_async(given, 1).await,
            _ => client.change_below_async(given, 1).await,
        };
        assert_eq!((out, client.requests), (Ok(3), 24));
        let drops = clones + order as u32 + 1;
        assert_eq!(counts.clones_and_drops(), (clones, drops));
    }
    assert_eq!(run.events("ABOVE_END").len(), 2);
    assert_eq!(run.events("BELOW_ERROR").len(), 4);
    for end in run.events("ABOVE_END") {
        assert_eq!(
            (&end["data"]["attempts"], &end["data"]["by"]),
            (&3.into(), &1.into())
        );
    }
    for end in run.events("BELOW_END") {
        assert_eq!(
            (&end["data"]["attempt"], &end["data"]["by"]),
            (&3.into(), &1.into())
        );
    }
}

#[tokio::test]
async fn what_is_given_and_lent_is_the_same_in_both_orders() {
    let (run, _, counts) = watched(0);
    let mut client = client(&counts);
    let row = client.give_above(counts.row(), (counts.row(), 1));
    assert_eq!(row.map(consume), Ok(15));
    assert_eq!(counts.clones_and_drops(), (2, 4));
    client.service = Service::failing(2);
    let row = client.give_below(counts.row(), (counts.row(), 1));
    assert_eq!(row.map(consume), Ok(15));
    assert_eq!(counts.clones_and_drops(), (4, 8));

    client.service = Service::failing(2);
    assert!(client.lend_above(counts.row()).await.is_ok());
    client.service = Service::failing(2);
    assert!(client.lend_below(counts.row()).await.is_ok());
    assert_eq!(counts.clones_and_drops(), (8, 14));
    for event in ["ABOVE_END", "BELOW_END"] {
        let ends = run.events(event);
        let records: Vec<_> = ends.iter().map(|end| &end["data"]["records"]).collect();
        assert_eq!(records, [15, 7], "{event}");
    }
}
