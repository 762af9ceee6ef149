use monitor_runtime::retry;

struct Rows(Vec<u32>);

struct First<'a>(&'a mut u32);

impl Rows {
    #[retry]
    fn first(&mut self) -> Result<&mut u32, String> {
        self.0.first_mut().ok_or_else(|| "no row".to_owned())
    }

    #[retry]
    async fn named<'a>(&'a mut self) -> Result<First<'a>, String> {
        self.0.first_mut().map(First).ok_or_else(|| "no row".to_owned())
    }

    #[retry]
    fn of_another<'a>(&mut self, rows: &'a [u32]) -> Result<&'a u32, String> {
        self.0.push(1);
        rows.first().ok_or_else(|| "no row".to_owned())
    }
}

#[retry]
fn of_an_argument(rows: &mut Vec<u32>) -> Result<Option<&u32>, String> {
    Ok(rows.first())
}

#[retry(clone(rows))]
fn clone_without_need(rows: Vec<u32>) -> Result<usize, String> {
    Ok(rows.into_iter().count())
}

impl Rows {
    #[retry(clone(rwos))]
    fn clone_of_no_argument(&mut self, rows: Vec<u32>) -> Result<(), String> {
        self.0.extend(rows);
        Ok(())
    }

    #[retry(clone = rows)]
    fn clone_of_a_wrong_form(&mut self, rows: Vec<u32>) -> Result<(), String> {
        self.0.extend(rows);
        Ok(())
    }

    #[retry(clone(rows))]
    fn clone_of_an_argument(&mut self, rows: Vec<u32>) -> Result<(), String> {
        self.0.extend(rows);
        Ok(())
    }
}

fn main() {}

type Future = std::pin::Pin<Box<dyn std::future::Future<Output = Result<u32, String>>>>;

#[retry]
fn returned_early(early: bool) -> Future {
    if early {
        return Box::pin(async { Err("early".to_owned()) });
    }
    Box::pin(async { Ok(1) })
}

#[retry(max = 2)]
#[retry(max = 3)]
fn twice() -> Result<(), String> {
    Ok(())
}

#[retry(max = 2)]
#[monitor_runtime::monitored(stage = "NBA-17")]
#[retry(max = 3)]
fn twice_around_another() -> Result<(), String> {
    Ok(())
}
