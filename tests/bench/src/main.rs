//! `make bench`: counts what the product promises about speed and memory, and writes `target/bench.json`.

fn main() {}
