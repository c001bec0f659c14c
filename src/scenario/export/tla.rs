//! TLA+: the cluster as a module that TLC checks, alone or on many machines, and its
//! configuration.
//!
//! The model is that of `paxos check`, state by state: every message that was sent can be received
//! at any time, any number of times, or never. Acceptors and values are strings in the module, so
//! a trace of TLC shows the names of the cluster.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::checker::{Cast, Model, ModelError, Property};
use crate::protocol::{Invariant, Rule};
use crate::scenario::Question;

use super::Played;
use super::itf::NO_VALUE;
use super::names::unique;

/// The two files, and the module's name, which is theirs.
pub struct Module {
    pub name: String,
    pub module: String,
    pub cfg: String,
}

pub fn write(played: &Played, question: &Question) -> Result<Module, ModelError> {
    let (model, cast) = question.model(Some(&played.scenario))?;
    let name = module_name(&played.scenario.id);
    Ok(Module {
        module: module(&name, &model, &cast),
        cfg: cfg(&name, &model),
        name,
    })
}

/// `hello-world` is `PaxosHelloWorld`.
fn module_name(id: &str) -> String {
    let mut name = String::from("Paxos");
    let words = id.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.extend(letters);
    }
    name
}

/// The invariants with their names in the module. Those with a `true` speak of a step, and are
/// properties for TLC.
fn definition(invariant: Invariant) -> (&'static str, bool) {
    match invariant {
        Invariant::Agreement => ("Agreement", false),
        Invariant::Validity => ("Validity", false),
        Invariant::OneValuePerBallot => ("OneValuePerBallot", false),
        Invariant::PromiseNeverFalls => ("PromiseNeverFalls", true),
        Invariant::PromiseAtLeastVote => ("PromiseAtLeastVote", false),
        Invariant::ReportedVotesWereCast => ("ReportedVotesWereCast", true),
        Invariant::AcceptIsSafe => ("AcceptIsSafe", true),
        Invariant::LearnedImpliesChosen => ("LearnedImpliesChosen", false),
    }
}

fn cfg(name: &str, model: &Model) -> String {
    let mut text = format!("\\* {name}.tla, checked by TLC.\nSPECIFICATION Spec\n");
    // No need to switch off the search for deadlocks, which old versions cannot: Prepare can always
    // be sent again.
    text.push_str("INVARIANT TypeOK\n");
    for invariant in Invariant::ALL {
        let (name, of_a_step) = definition(invariant);
        let off = match model.property {
            Property::All => "",
            Property::One(one) if one == invariant => "",
            Property::One(_) => "\\* ",
        };
        let kind = if of_a_step { "PROPERTY" } else { "INVARIANT" };
        let _ = writeln!(text, "{off}{kind} {name}");
    }
    text
}

/// The names as strings of TLA+, which know only ASCII; any other name becomes a letter and a
/// number, and a comment says whose it is.
fn strings(letter: char, names: &[Arc<str>]) -> (Vec<String>, String) {
    let plain = |name: &str| {
        let short = name.len() <= 40 && name != NO_VALUE;
        let fit = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\');
        short && name.chars().all(fit)
    };
    let named = names
        .iter()
        .enumerate()
        .map(|(index, name)| match plain(name) {
            true => name.to_string(),
            false => format!("{letter}{}", index + 1),
        });
    let strings = unique(named);
    let mut comments = String::new();
    for (string, name) in strings.iter().zip(names) {
        if **string != **name {
            let shown: String = name
                .chars()
                .take(40)
                .flat_map(char::escape_default)
                .collect();
            let _ = writeln!(comments, "\\* {string} is {shown}");
        }
    }
    (strings, comments)
}

fn set(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    format!("{{{}}}", items.join(", "))
}

fn module(name: &str, model: &Model, cast: &Cast) -> String {
    let rules = model.rules;
    let breaks = |rule| rules.breaks(rule);
    let dashes = "-".repeat(24);
    let mut text = format!("{dashes} MODULE {name} {dashes}\n");
    let mut say = |lines: &str| {
        text.push_str(lines);
        text.push('\n');
    };
    say("\\* Single-decree Paxos for one cluster, as a model for TLC. Whatever was sent can be");
    say("\\* received at any time, any number of times, or never.");
    for rule in rules.broken() {
        say(&format!("\\* Broken rule: {}.", rule.name()));
    }
    say("EXTENDS Integers, FiniteSets\n");
    let (acceptors, comments) = strings('a', &cast.acceptors);
    let (values, more) = strings('v', &cast.values);
    say((comments + &more).trim_end());
    say(&format!("Acceptors == {}", set(&acceptors)));
    say(&format!("Values == {}", set(&values)));
    say(&format!("Ballots == 0..{}", model.ballots - 1));
    say(&format!("NoValue == \"{NO_VALUE}\""));
    say("NoBallot == -1\n");
    say("\\* Who has to promise, and who has to vote: any so many.");
    let quorums = |size| format!("{{Q \\in SUBSET Acceptors : Cardinality(Q) = {size}}}");
    say(&format!("PromiseQuorums == {}", quorums(model.phase1)));
    say(&format!("VoteQuorums == {}\n", quorums(model.phase2)));
    say("\\* What the proposer of a ballot may propose if no vote binds it.");
    say(&format!("Wishes(b) == {}\n", wishes(model, &values)));
    say(VARIABLES);
    say(if breaks(Rule::SharedBallots) {
        "\\* Several proposers share a ballot, so another value may have been sent in it.\nIsFree(b) == TRUE\n"
    } else {
        "\\* A ballot has one value.\nIsFree(b) == \\A m \\in Sent(\"2a\") : m.bal # b\n"
    });
    say("\\* Which of these promises binds the proposer, by its report.");
    say(&format!("Binds(m, reports) == {}\n", binds(model)));
    say(if breaks(Rule::OwnValueAlways) {
        "\\* It sends its own value, whatever is reported.\nAllows(promises, b, v) == v \\in Wishes(b)\n"
    } else {
        ALLOWS
    });
    say(if breaks(Rule::PromiseHidesVote) {
        "\\* A promise hides the vote.\nReported(a) == [bal |-> NoBallot, val |-> NoValue]\n"
    } else {
        "\\* A promise reports the last vote.\nReported(a) == [bal |-> maxVBal[a], val |-> maxVal[a]]\n"
    });
    say(PROPOSERS);
    say(if breaks(Rule::AcceptIgnoresPromise) {
        "\\* It votes in any ballot.\nMayVote(a, b) == TRUE"
    } else {
        "\\* It has promised no higher ballot.\nMayVote(a, b) == b >= maxBal[a]"
    });
    say(if breaks(Rule::AcceptKeepsPromise) {
        "\\* A vote leaves the promise as it is.\nAfterVote(a, b) == maxBal[a]\n"
    } else {
        "\\* A vote is a promise too.\nAfterVote(a, b) == b\n"
    });
    say(PHASE2B);
    let crashes: Vec<&str> = [
        (Rule::Amnesia, "Forget(a, NoBallot, NoBallot, NoValue)"),
        (
            Rule::AmnesiaPromise,
            "Forget(a, maxVBal[a], maxVBal[a], maxVal[a])",
        ),
        (Rule::AmnesiaVote, "Forget(a, maxBal[a], NoBallot, NoValue)"),
    ]
    .into_iter()
    .filter_map(|(rule, action)| breaks(rule).then_some(action))
    .collect();
    if !crashes.is_empty() {
        say(FORGET);
    }
    say(NEXT);
    for action in crashes {
        say(&format!("    \\/ \\E a \\in Acceptors : {action}"));
    }
    say("\nSpec == Init /\\ [][Next]_vars\n");
    say(INVARIANTS);
    say(if breaks(Rule::LearnerAddsBallots) {
        "\\* A learner adds up the votes of all ballots.\nCanBeLearned(v) == \\E Q \\in VoteQuorums : \\A a \\in Q : \\E b \\in Ballots : Voted(a, b, v)"
    } else {
        "\\* A learner counts the votes of one ballot.\nCanBeLearned(v) == IsChosen(v)"
    });
    say("LearnedImpliesChosen == \\A v \\in Values : CanBeLearned(v) => IsChosen(v)");
    text.push_str(&"=".repeat(64));
    text.push('\n');
    // Where nothing had to be said.
    text.replace("\n\n\n", "\n\n")
}

fn wishes(model: &Model, values: &[String]) -> String {
    let wish = |wish: &u32| &values[*wish as usize];
    match &model.wishes {
        None => "Values".to_owned(),
        Some(_) if model.rules.breaks(Rule::SharedBallots) => {
            let all: Vec<&String> = model.wishes.iter().flatten().map(wish).collect();
            let mut all: Vec<String> = all.into_iter().cloned().collect();
            all.sort();
            all.dedup();
            set(&all)
        }
        Some(wishes) => {
            let cases = wishes.iter().enumerate();
            let cases: Vec<String> = cases
                .map(|(ballot, its)| format!("b = {ballot} -> {{\"{}\"}}", wish(its)))
                .collect();
            format!("CASE {}", cases.join(" [] "))
        }
    }
}

/// A report `m` among `reports`, which are those of a vote.
fn binds(model: &Model) -> &'static str {
    let rules = model.rules;
    if rules.breaks(Rule::AnyVote) {
        "TRUE"
    } else if rules.breaks(Rule::LowestVote) {
        "\\A other \\in reports : m.mbal <= other.mbal"
    } else {
        "\\A other \\in reports : m.mbal >= other.mbal"
    }
}

const VARIABLES: &str = r#"VARIABLES
    maxBal,   \* the promise of each acceptor
    maxVBal,  \* the ballot of its last vote
    maxVal,   \* the value of its last vote
    msgs      \* all that was ever sent
vars == <<maxBal, maxVBal, maxVal, msgs>>

Sent(kind) == {m \in msgs : m.type = kind}
Send(m) == msgs' = msgs \cup {m}

Messages ==
         [type : {"1a"}, bal : Ballots]
    \cup [type : {"1b"}, acc : Acceptors, bal : Ballots,
          mbal : Ballots \cup {NoBallot}, mval : Values \cup {NoValue}]
    \cup [type : {"2a"}, bal : Ballots, val : Values]
    \cup [type : {"2b"}, acc : Acceptors, bal : Ballots, val : Values]

TypeOK ==
    /\ maxBal \in [Acceptors -> Ballots \cup {NoBallot}]
    /\ maxVBal \in [Acceptors -> Ballots \cup {NoBallot}]
    /\ maxVal \in [Acceptors -> Values \cup {NoValue}]
    /\ msgs \subseteq Messages

Init ==
    /\ maxBal = [a \in Acceptors |-> NoBallot]
    /\ maxVBal = [a \in Acceptors |-> NoBallot]
    /\ maxVal = [a \in Acceptors |-> NoValue]
    /\ msgs = {}
"#;

const ALLOWS: &str = r"\* If no vote is reported the proposer is free, and else bound.
Allows(promises, b, v) ==
    LET reports == {m \in promises : m.mbal # NoBallot}
    IN  IF reports = {} THEN v \in Wishes(b)
        ELSE \E m \in reports : m.mval = v /\ Binds(m, reports)
";

const PROPOSERS: &str = r#"\* Prepare is sent.
Phase1a(b) ==
    /\ Send([type |-> "1a", bal |-> b])
    /\ UNCHANGED <<maxBal, maxVBal, maxVal>>

\* An acceptor receives Prepare of a higher ballot, and promises.
Phase1b(a) == \E m \in Sent("1a") :
    /\ m.bal > maxBal[a]
    /\ maxBal' = [maxBal EXCEPT ![a] = m.bal]
    /\ Send([type |-> "1b", acc |-> a, bal |-> m.bal,
             mbal |-> Reported(a).bal, mval |-> Reported(a).val])
    /\ UNCHANGED <<maxVBal, maxVal>>

\* A quorum has promised, and Accept is sent with a value that its promises allow.
Phase2a(b, v) ==
    /\ IsFree(b)
    /\ \E Q \in PromiseQuorums :
         LET promises == {m \in Sent("1b") : m.bal = b /\ m.acc \in Q}
         IN  /\ \A a \in Q : \E m \in promises : m.acc = a
             /\ Allows(promises, b, v)
    /\ Send([type |-> "2a", bal |-> b, val |-> v])
    /\ UNCHANGED <<maxBal, maxVBal, maxVal>>
"#;

const PHASE2B: &str = r#"\* An acceptor receives Accept, and votes.
Phase2b(a) == \E m \in Sent("2a") :
    /\ MayVote(a, m.bal)
    /\ maxBal' = [maxBal EXCEPT ![a] = AfterVote(a, m.bal)]
    /\ maxVBal' = [maxVBal EXCEPT ![a] = m.bal]
    /\ maxVal' = [maxVal EXCEPT ![a] = m.val]
    /\ Send([type |-> "2b", acc |-> a, bal |-> m.bal, val |-> m.val])
"#;

const FORGET: &str = r"\* An acceptor crashes, and restarts with this.
Forget(a, promise, ballot, value) ==
    /\ maxBal' = [maxBal EXCEPT ![a] = promise]
    /\ maxVBal' = [maxVBal EXCEPT ![a] = ballot]
    /\ maxVal' = [maxVal EXCEPT ![a] = value]
    /\ UNCHANGED msgs
";

const NEXT: &str = r"Next ==
    \/ \E b \in Ballots : Phase1a(b)
    \/ \E b \in Ballots, v \in Values : Phase2a(b, v)
    \/ \E a \in Acceptors : Phase1b(a) \/ Phase2b(a)";

const INVARIANTS: &str = r#"Voted(a, b, v) == [type |-> "2b", acc |-> a, bal |-> b, val |-> v] \in msgs
IsChosenIn(b, v) == \E Q \in VoteQuorums : \A a \in Q : Voted(a, b, v)
IsChosen(v) == \E b \in Ballots : IsChosenIn(b, v)

\* At most one value is ever chosen.
Agreement == \A v, w \in Values : IsChosen(v) /\ IsChosen(w) => v = w

\* Only what somebody wants is sent, and only what was sent is voted for.
Validity ==
    /\ \A m \in Sent("2a") : \E b \in Ballots : m.val \in Wishes(b)
    /\ \A m \in Sent("2b") : [type |-> "2a", bal |-> m.bal, val |-> m.val] \in msgs

\* All votes of one ballot are for the same value.
OneValuePerBallot ==
    \A m, n \in Sent("2b") : m.bal = n.bal => m.val = n.val

\* No vote is in a ballot above the promise.
PromiseAtLeastVote == \A a \in Acceptors : maxBal[a] >= maxVBal[a]

\* A promise only rises.
PromiseNeverFalls == [][\A a \in Acceptors : maxBal'[a] >= maxBal[a]]_vars

\* Whoever voted in a ballot, or can still vote in it.
CanVote(a, b, v) == Voted(a, b, v) \/ maxBal[a] <= b
IsSafeAt(b, v) ==
    \A c \in 0..(b - 1), w \in Values \ {v} :
        ~ \E Q \in VoteQuorums : \A a \in Q : CanVote(a, c, w)

\* When Accept is sent, no lower ballot has chosen another value or still can.
AcceptIsSafe == [][\A m \in msgs' \ msgs : m.type = "2a" => IsSafeAt(m.bal, m.val)]_vars

\* A promise reports a vote that was cast, and keeps no later one back.
ReportsTruly(m) ==
    /\ m.mbal # NoBallot => Voted(m.acc, m.mbal, m.mval)
    /\ \A n \in Sent("2b") : n.acc = m.acc /\ n.bal < m.bal => n.bal <= m.mbal
ReportedVotesWereCast == [][\A m \in msgs' \ msgs : m.type = "1b" => ReportsTruly(m)]_vars
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Rules;

    #[test]
    fn names_that_are_no_strings_of_tla_become_letters_and_numbers() {
        let long = "x".repeat(41);
        let names = [
            "A",
            "two words",
            "żółw",
            "a\"b",
            "a\\b",
            NO_VALUE,
            &long,
            &long[1..],
            "",
        ];
        let (strings, comments) = strings('v', &names.map(Arc::from));
        assert_eq!(
            strings,
            [
                "A",
                "two words",
                "v3",
                "v4",
                "v5",
                "v6",
                "v7",
                &long[1..],
                ""
            ]
        );
        assert_eq!(comments.lines().count(), 5);
        assert!(comments.starts_with("\\* v3 is \\u{17c}"), "{comments}");
    }

    #[test]
    fn whoever_shares_a_ballot_may_propose_what_any_of_them_wants() {
        let mut model = Model::new(3, 3, 3);
        let values = ["a", "b", "c"].map(String::from);
        assert_eq!(wishes(&model, &values), "Values");
        model.wishes = Some(vec![2, 0, 2]);
        assert_eq!(
            wishes(&model, &values),
            r#"CASE b = 0 -> {"c"} [] b = 1 -> {"a"} [] b = 2 -> {"c"}"#
        );
        model.rules = Rules::breaking([Rule::SharedBallots]);
        assert_eq!(wishes(&model, &values), r#"{"a", "c"}"#);
    }
}
