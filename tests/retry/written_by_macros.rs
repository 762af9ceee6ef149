//! Functions that `macro_rules!` write, with every kind of fragment.

use std::pin::Pin;

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

macro_rules! retried {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($arg:ident: $ty:ty),*) -> $output:ty $body:block) => {
        #[retry(max = 3, delay = 1)]
        $(#[$attribute])*
        $visibility fn $name($($arg: $ty),*) -> $output $body
    };
    ($max:literal, $name:ident, $service:ident, $pattern:pat, $ty:ty, $error:path, $value:expr) => {
        #[retry(max = $max, delay = 1)]
        fn $name($service: &Service, $pattern: $ty) -> Result<u32, $error> {
            $service.call().map(|n| n + $value)
        }
    };
    (async $name:ident<$lifetime:lifetime>($($args:tt)*) $body:block) => {
        #[retry(max = 3, delay = 1)]
        async fn $name<$lifetime>($($args)*) -> Result<&$lifetime Row, Unavailable> $body
    };
}

retried! {
    /// Documented.
    pub(crate) fn from_parts(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = consume(row);
        service.call().map(|n| n + seen)
    }
}

retried!(
    4,
    from_fragments,
    service,
    (mut row, by),
    (Row, u32),
    Unavailable,
    {
        row.id += 1;
        consume(row) + by
    }
);

retried!(async from_tokens<'a>(service: &Service, row: &'a Row, more: Row) {
    drop(more);
    service.call().map(|_| row)
});

#[tokio::test]
async fn functions_that_a_macro_writes() {
    let (_run, service, counts) = watched(2);
    assert_eq!(from_parts(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(3);
    assert_eq!(from_fragments(&service, (counts.row(), 1)), Ok(13));
    assert_eq!(counts.clones_and_drops(), (3, 4));

    let (_run, service, counts) = watched(2);
    let row = counts.row();
    let given = from_tokens(&service, &row, counts.row()).await;
    assert!(given.is_ok_and(|given| std::ptr::eq(given, &raw const row)));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

macro_rules! of_fragments {
    (item $item:item) => {
        #[retry(max = 3, delay = 1)]
        $item
    };
    (method $self:ident, $name:ident, $ty:ty, $lifetime:lifetime, $id:expr) => {
        #[retry(max = 3, delay = 1)]
        fn $name<$lifetime>(&$self, log: $ty, row: &$lifetime Row) -> Result<&$lifetime Row, Unavailable> {
            log.push($id);
            $self.call()?;
            Ok(row)
        }
    };
    (types $output:ty, $name:ident, $name_async:ident) => {
        #[retry(max = 3, delay = 1)]
        fn $name(service: &Service) -> $output {
            service.call()
        }

        #[retry(max = 3, delay = 1)]
        async fn $name_async(service: &Service) -> $output {
            service.call()
        }
    };
    (future $output:ty, $name:ident) => {
        #[retry(max = 3, delay = 1)]
        fn $name(service: &Service, row: Row) -> $output {
            Box::pin(async move {
                let seen = consume(row);
                service.call().map(|n| n + seen)
            })
        }
    };
}

of_fragments! { item
    fn item(service: &Service, mut row: Row) -> Result<u32, Unavailable> {
        row.id += 1;
        service.call().map(|n| n + row.id)
    }
}

of_fragments! { item
    async fn item_async(service: &Service, mut row: Row) -> Result<u32, Unavailable> {
        row.id += 1;
        service.call().map(|n| n + row.id)
    }
}

impl Service {
    of_fragments!(method self, log_and_lend, &mut Vec<u32>, 'a, 4);
}

of_fragments!(types Result<u32, Unavailable>, of_type, of_type_async);

of_fragments!(future Pin<Box<dyn Future<Output = Result<u32, Unavailable>> + Send + '_>>, of_future);

macro_rules! result {
    ($ty:ty) => {
        Result<$ty, Unavailable>
    };
}

#[retry(max = 3, delay = 1)]
fn type_of_a_macro(service: &Service) -> result!(u32) {
    service.call()
}

#[tokio::test]
async fn fragments_for_every_part() {
    let (_run, service, counts) = watched(2);
    assert_eq!(item(&service, counts.row()), Ok(11));
    let service = Service::failing(2);
    assert_eq!(item_async(&service, counts.row()).await, Ok(11));
    assert_eq!(counts.clones_and_drops(), (4, 6));

    let (service, row) = (Service::failing(2), counts.row());
    let mut log = Vec::new();
    assert!(service.log_and_lend(&mut log, &row).is_ok());
    assert_eq!(log, [4; 3]);

    assert_eq!(of_type(&Service::failing(2)), Ok(3));
    assert_eq!(of_type_async(&Service::failing(2)).await, Ok(3));
    assert_eq!(type_of_a_macro(&Service::failing(2)), Ok(3));

    let (_run, service, counts) = watched(2);
    assert_eq!(of_future(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}
