//! Sentences that only the page needs: commands, and names where there is little room.

use super::*;
use crate::protocol::{Ballot, Round, Value};

#[test]
fn a_command_says_what_it_is_done_to() {
    let play = play("PABC");
    let names = Names::new(&play.setup, &play.cluster);
    let says = |command: Command| names.command(&command).to_string();
    let message = play.nth(Kind::Accept, 'P', 'A', 1);
    assert_eq!(
        says(Command::Drop { message }),
        "drop accept number 1 from P to A"
    );
    let message = Some(Selector::Id(MessageId(7)));
    assert_eq!(says(Command::Hold { message }), "hold message 7");
    let process = play.id('B');
    assert_eq!(says(Command::Restart { process }), "restart B");
    let link = play.both_ways('A', 'B');
    assert_eq!(says(Command::Cut { link }), "cut between A and B");
    let link = Some(link);
    assert_eq!(says(Command::Heal { link }), "heal between A and B");
    assert_eq!(says(Command::Heal { link: None }), "heal");
}

#[test]
fn where_there_is_little_room_values_and_owners_are_shorter() {
    let mut play = play_with("PABC", |setup| {
        setup.processes[0].name = "proposer-number-one".into();
    });
    let process = ProcessId(0);
    let value = "abcdefghijklmnopqrstuvwxyz".into();
    play.apply(Command::Propose { process, value });
    let names = Names::new(&play.setup, &play.cluster);
    let (round, proposer) = (Round(1), process);
    let ballot = Ballot { round, proposer };
    let texts = |names: Names| (names.value_text(Value(0)), names.ballot_text(ballot));
    let whole = ("abcdefghijklmnopqrstuvw…", "1.proposer-number-one");
    assert_eq!(texts(names), (whole.0.into(), whole.1.into()));
    let short = ("abcdefghijklm…", "1.pro…one");
    assert_eq!(texts(names.shortened(14)), (short.0.into(), short.1.into()));
}
