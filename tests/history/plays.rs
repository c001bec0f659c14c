//! What undo, redo, branches and positions mean, one short story each.

use std::sync::Arc;

use paxos_playground::cluster::Millis;
use paxos_playground::history::{BranchId, Position, Run};
use paxos_playground::protocol::ProcessId;
use paxos_playground::scenario::Scenario;

use super::world::{crash, propose, scenario, shown};

fn run() -> Run {
    Run::new(scenario(1)).unwrap()
}

#[test]
fn a_command_is_played_again_between_the_same_two_events_of_one_instant() {
    let mut run = run();
    // Two messages to oneself and two others arrive when the delays are all the same.
    let mut same = Scenario::clone(run.scenario());
    same.setup.network = paxos_playground::cluster::Network::with_delay(10, 10).unwrap();
    same.script.clear();
    run = Run::new(Arc::new(same)).unwrap();
    run.apply(propose(0, "X"));
    assert!(run.step());
    let (at, due) = (run.cursor(), run.next_due().unwrap());
    assert_eq!(at.time, due, "more happens at this very instant");
    run.apply(crash(2));
    run.run_until(Millis(100));
    let (end, events) = (run.cursor(), run.events().to_vec());
    run.seek(Millis(0));
    run.seek_to(end);
    assert_eq!(run.events(), events);
    run.seek_to(at);
    assert_eq!(run.cursor(), at);
    assert!(run.cluster().process(ProcessId(2)).unwrap().up);
}

#[test]
fn time_that_only_passes_counts() {
    let mut run = run();
    run.run_until(Millis(17));
    run.apply(propose(1, "X"));
    run.run_until(Millis(400));
    let events = run.events().to_vec();
    run.seek(Millis(16));
    assert!(run.events().is_empty());
    assert_eq!(run.cluster().now(), Millis(16));
    run.run_until(Millis(400));
    assert_eq!(run.events(), events);
    assert_eq!(run.branches().len(), 1, "nothing new happened");
}

#[test]
fn acting_in_the_past_keeps_the_old_future() {
    let mut run = run();
    run.run_until(Millis(500));
    let old = run.recorded().to_vec();
    run.seek(Millis(60));
    let past = run.events().len();
    run.apply(crash(2));
    run.run_until(Millis(500));
    assert_ne!(run.recorded(), old);
    assert_eq!(run.recorded().range(0..past), old[..past]);
    let [main, branch] = run.branches() else {
        panic!("{:?}", run.branches())
    };
    assert_eq!(branch.parent(), Some(main.id()));
    assert_eq!(
        branch.fork(),
        Position {
            steps: branch.fork().steps,
            time: Millis(60)
        }
    );
    let main = main.id();
    run.switch(main).unwrap();
    assert_eq!(run.recorded(), old);
    assert_eq!(run.cursor().time, Millis(60), "where it was left");
}

#[test]
fn a_pause_at_the_end_is_no_future() {
    let mut run = run();
    while run.step() {}
    run.run_until(Millis(90_000));
    run.seek(Millis(80_000));
    run.apply(propose(1, "X"));
    assert_eq!(run.branches().len(), 1);
    assert_eq!(run.cursor().time, Millis(80_000));
}

#[test]
fn undo_shows_the_moment_before_and_redo_where_one_was() {
    let mut run = run();
    run.run_until(Millis(60));
    let before = shown(&run);
    run.apply(crash(2));
    run.run_until(Millis(500));
    let after = shown(&run);
    assert!(run.undo());
    assert_eq!(run.cluster(), &before.cluster);
    assert_eq!(
        run.recorded(),
        before.events,
        "the crash is not ahead either"
    );
    assert!(run.redo());
    assert_eq!(shown(&run), after);
    assert!(!run.redo());
    assert_eq!(run.branches().len(), 1);
}

#[test]
fn after_undo_one_can_play_on_without_the_command_and_still_redo() {
    let mut run = run();
    run.run_until(Millis(60));
    run.apply(crash(2));
    run.run_until(Millis(500));
    let with = shown(&run);
    for _ in 0..3 {
        run.undo();
        run.run_until(Millis(500));
        assert!(run.cluster().process(ProcessId(2)).unwrap().up);
        assert_eq!(run.branches().len(), 2, "one for with, one for without");
        run.redo();
        assert_eq!(shown(&run), with);
    }
}

#[test]
fn undo_of_a_command_in_the_past_goes_back_to_the_future_that_it_left() {
    let mut run = run();
    run.run_until(Millis(60));
    run.apply(propose(1, "X"));
    run.run_until(Millis(500));
    run.seek(Millis(100));
    let before = shown(&run);
    run.apply(crash(2));
    run.undo();
    assert_eq!(shown(&run), before);
    // Undone in turn: the command before, on that branch.
    assert_eq!(run.undoable(), Some(&propose(1, "X")));
    run.undo();
    assert_eq!(run.cursor().time, Millis(60));
    run.redo();
    assert_eq!(shown(&run), before);
    run.redo();
    assert_eq!(run.undoable(), Some(&crash(2)));
}

#[test]
fn a_new_command_after_undo_ends_redo_and_loses_nothing() {
    let mut run = run();
    run.apply(propose(1, "X"));
    run.run_until(Millis(500));
    let old = run.recorded().to_vec();
    run.undo();
    run.apply(propose(1, "Y"));
    assert_eq!(run.redoable(), None);
    run.switch(BranchId(0)).unwrap();
    assert_eq!(run.recorded(), old);
}

#[test]
fn what_is_undone_to_the_start_is_still_worth_keeping() {
    let mut run = run();
    assert!(run.is_fresh());
    run.apply(crash(1));
    run.undo();
    assert!(run.events().is_empty());
    assert!(!run.is_fresh());
}

#[test]
fn branches_are_named_and_deleted_and_their_children_stay() {
    let mut run = run();
    run.run_until(Millis(500));
    for time in [80, 120] {
        run.seek(Millis(time));
        run.apply(crash(2));
        run.run_until(Millis(600));
    }
    let last = shown(&run);
    let [main, child, grandchild] = [0, 1, 2].map(BranchId);
    assert_eq!(run.branches()[2].parent(), Some(child));
    run.rename_branch(child, "  C is down\n").unwrap();
    assert_eq!(run.branches()[1].name(), Some("C is down"));
    run.rename_branch(child, "").unwrap();
    assert_eq!(run.branches()[1].name(), None);
    run.delete(child).unwrap();
    assert_eq!(shown(&run), last);
    assert_eq!(run.branch().parent(), Some(main));
    assert_eq!(run.branch().fork().time, Millis(80));
    assert!(run.rename_branch(child, "gone").is_err());
    assert!(run.switch(child).is_err());
    run.delete(grandchild).unwrap();
    assert_eq!(run.branch().id(), main);
    let error = run.delete(main).unwrap_err();
    assert_eq!(
        error.to_string(),
        "branch 0 is the only one, and a run needs one"
    );
}

#[test]
fn a_branch_that_begins_in_the_past_of_two_leaves_the_older_one() {
    let mut run = run();
    run.run_until(Millis(500));
    for time in [120, 80] {
        run.seek(Millis(time));
        run.apply(crash(2));
        run.run_until(Millis(600));
    }
    let parents: Vec<_> = run.branches().iter().map(|b| b.parent()).collect();
    assert_eq!(parents, [None, Some(BranchId(0)), Some(BranchId(0))]);
    assert_eq!(run.branch().fork().time, Millis(80));
}

#[test]
fn what_was_undone_on_a_branch_that_is_deleted_cannot_be_redone() {
    let mut run = run();
    run.run_until(Millis(500));
    run.seek(Millis(80));
    run.apply(crash(2));
    run.undo();
    assert_eq!(run.branch().id(), BranchId(0));
    run.delete(BranchId(1)).unwrap();
    assert_eq!(run.redoable(), None);
    assert!(!run.redo());
    // Nor does undo go back to a branch that is gone: the command counts as one of its own.
    run.seek(Millis(80));
    run.apply(crash(2));
    run.delete(BranchId(0)).unwrap();
    run.undo();
    assert_eq!(run.branch().id(), BranchId(2));
    assert_eq!(run.end(), run.cursor());
}
