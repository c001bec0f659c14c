//! The page's entry point.

fn main() {
    #[cfg(target_arch = "wasm32")]
    paxos_playground::app::run();
    #[cfg(not(target_arch = "wasm32"))]
    println!("This is a web page: run script/server and open the address that it prints.");
}
