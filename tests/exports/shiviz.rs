//! The log for ShiViz, by its published rules.

use std::collections::{BTreeMap, BTreeSet};

use paxos_playground::scenario::export::Format;

use super::{all, written};

type Clock = BTreeMap<String, u64>;

/// The hosts with their clocks, and the events, as the expression of the first line finds them.
fn read(log: &str) -> Vec<(String, Clock, String)> {
    let mut lines = log.lines();
    assert_eq!(
        lines.next(),
        Some(r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)")
    );
    assert_eq!(lines.next(), Some(""), "one run, so nothing separates");
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len().is_multiple_of(2));
    let pairs = lines.chunks(2).map(|pair| {
        let (host, clock) = pair[0].split_once(' ').expect("a host and a clock");
        let clock = serde_json::from_str(clock).expect("a clock is JSON");
        (host.to_owned(), clock, pair[1].to_owned())
    });
    pairs.collect()
}

#[test]
fn clocks_count_their_own_events_and_know_what_reached_them() {
    for (id, played) in all() {
        let mut history: BTreeMap<String, Vec<Clock>> = BTreeMap::new();
        for (host, clock, event) in read(&written(&played, Format::ShiViz)) {
            assert!(!event.is_empty());
            let own = history.entry(host.clone()).or_default();
            assert_eq!(clock[&host], own.len() as u64 + 1, "{id}: {event}");
            let empty = Clock::new();
            let before = own.last().unwrap_or(&empty).clone();
            let mut heard = 0;
            for (other, &count) in &clock {
                let known = before.get(other).copied().unwrap_or(0);
                assert!(count >= known, "{id}: a clock only rises");
                if *other == host || count == known {
                    continue;
                }
                heard += 1;
                // Whoever knows of an event knows all that was known there.
                let there = &history[other][count as usize - 1];
                for (process, count) in there {
                    assert!(clock[process] >= *count, "{id}: {event}");
                }
            }
            assert!(before.keys().all(|known| clock.contains_key(known)));
            let reaches = event.contains(" reaches ");
            assert!(heard == 0 || reaches, "{id}: only a message tells: {event}");
            history.get_mut(&host).unwrap().push(clock);
        }
    }
}

#[test]
fn a_host_has_one_name_without_spaces() {
    for (id, played) in all() {
        let hosts: BTreeSet<String> = read(&written(&played, Format::ShiViz))
            .into_iter()
            .map(|(host, ..)| host)
            .collect();
        let processes = &played.scenario().setup.processes;
        assert!(hosts.len() <= processes.len());
        assert!(hosts.iter().all(|host| !host.contains(char::is_whitespace)));
        if id == "awkward" {
            assert!(
                hosts.contains("a_b__c") && hosts.contains("a_b__c_2"),
                "{hosts:?}"
            );
        }
    }
}
