//! Reading a scenario.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use paxos_playground::scenario::{Scenario, built_in, limits};

/// A file of this name, or else the built-in scenario with this id.
pub fn read(source: &Path) -> Result<Scenario, String> {
    let name = source.display();
    let said = |why: &dyn std::fmt::Display| format!("{name}: {why}");
    let known = source.to_str().and_then(built_in);
    // One byte more than allowed is enough to see that it is too much.
    let limit = limits::FILE as u64 + 1;
    let mut bytes = Vec::new();
    let length = if source == Path::new("-") {
        io::stdin().take(limit).read_to_end(&mut bytes)
    } else {
        match File::open(source) {
            Ok(file) => file.take(limit).read_to_end(&mut bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return known.ok_or_else(|| {
                    said(&"there is no such file, and no built-in scenario with this id")
                });
            }
            Err(error) => Err(error),
        }
    };
    if let Err(error) = length {
        return Err(said(&error));
    }
    if bytes.len() > limits::FILE {
        let limit = limits::FILE;
        return Err(said(&format_args!(
            "the scenario is larger than {limit} bytes, which is the limit"
        )));
    }
    Scenario::from_bytes(&bytes).map_err(|why| said(&why))
}
