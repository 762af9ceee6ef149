//! The forms of `main`.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

/// Without a value.
pub mod plain {
    /// Documented.
    #[monitor_runtime::main]
    pub fn main() {}
}

/// With parentheses.
pub mod with_parentheses {
    /// Documented.
    #[monitor_runtime::main()]
    pub(crate) fn main() {}
}

/// With an error.
pub mod fallible {
    use std::error::Error;

    /// Documented.
    #[monitor_runtime::main]
    pub fn main() -> Result<(), Box<dyn Error>> {
        let _: u32 = "7".parse()?;
        Ok(())
    }
}

/// With an exit code.
pub mod exit_code {
    use std::process::ExitCode;

    /// Documented.
    #[monitor_runtime::main]
    pub fn main() -> ExitCode {
        ExitCode::from(3)
    }
}

/// With tokio's runtime below.
pub mod tokio_below {
    /// Documented.
    #[monitor_runtime::main]
    #[tokio::main(flavor = "current_thread")]
    pub async fn main() -> anyhow::Result<()> {
        tokio::task::yield_now().await;
        Ok(())
    }
}

/// With tokio's runtime above.
pub mod tokio_above {
    /// Documented.
    #[tokio::main(flavor = "current_thread")]
    #[monitor_runtime::main]
    pub async fn main() {
        tokio::task::yield_now().await;
    }
}

/// As a stage of its own.
pub mod monitored {
    use monitor_runtime::{monitored, retry};

    /// Documented.
    #[monitor_runtime::main]
    #[monitored(stage = "NBA-17")]
    #[retry(max = 2)]
    pub fn main() -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

/// Where the runtime is re-exported.
pub mod exported {
    pub use monitor_runtime as runtime;

    /// Documented.
    #[runtime::main(crate = runtime)]
    pub fn main() {}
}

#[test]
fn every_form_keeps_its_type() {
    let _: [fn(); 4] = [
        plain::main,
        with_parentheses::main,
        tokio_above::main,
        exported::main,
    ];
    let _ = (fallible::main as fn() -> _, exit_code::main as fn() -> _);
    let _ = (tokio_below::main as fn() -> _, monitored::main as fn() -> _);
}
