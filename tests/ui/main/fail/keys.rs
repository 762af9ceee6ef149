mod unknown {
    #[monitor_runtime::main(config = "monitor.toml")]
    pub fn main() {}
}

mod misspelt {
    #[monitor_runtime::main(crat = monitor_runtime)]
    pub fn main() {}
}

mod of_tokio {
    #[monitor_runtime::main(flavor = "current_thread", worker_threads = 2)]
    #[tokio::main]
    pub async fn main() {}
}

mod text {
    #[monitor_runtime::main("nba_pipeline")]
    pub fn main() {}
}

fn main() {
    unknown::main();
    misspelt::main();
    of_tokio::main();
    text::main();
    let _ = monitor_runtime::embedded_config!("monitor.toml");
}
