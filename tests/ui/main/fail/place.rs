mod another_function {
    #[monitor_runtime::main]
    pub fn start() {}
}

mod a_struct {
    #[monitor_runtime::main]
    pub struct Main;
}

mod a_trait {
    pub trait Program {
        #[monitor_runtime::main]
        fn main();
    }
}

fn main() {
    another_function::start();
    let _ = a_struct::Main;
}
