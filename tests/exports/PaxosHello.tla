------------------------ MODULE PaxosHello ------------------------
\* Single-decree Paxos for one cluster, as a model for TLC. Whatever was sent can be
\* received at any time, any number of times, or never.
EXTENDS Integers, FiniteSets

Acceptors == {"A", "B", "C"}
Values == {"Hello"}
Ballots == 0..1
NoValue == "(none)"
NoBallot == -1

\* Who has to promise, and who has to vote: any so many.
PromiseQuorums == {Q \in SUBSET Acceptors : Cardinality(Q) = 2}
VoteQuorums == {Q \in SUBSET Acceptors : Cardinality(Q) = 2}

\* What the proposer of a ballot may propose if no vote binds it.
Wishes(b) == CASE b = 0 -> {"Hello"} [] b = 1 -> {"Hello"}

VARIABLES
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

\* A ballot has one value.
IsFree(b) == \A m \in Sent("2a") : m.bal # b

\* Which of these promises binds the proposer, by its report.
Binds(m, reports) == \A other \in reports : m.mbal >= other.mbal

\* If no vote is reported the proposer is free, and else bound.
Allows(promises, b, v) ==
    LET reports == {m \in promises : m.mbal # NoBallot}
    IN  IF reports = {} THEN v \in Wishes(b)
        ELSE \E m \in reports : m.mval = v /\ Binds(m, reports)

\* A promise reports the last vote.
Reported(a) == [bal |-> maxVBal[a], val |-> maxVal[a]]

\* Prepare is sent.
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

\* It has promised no higher ballot.
MayVote(a, b) == b >= maxBal[a]
\* A vote is a promise too.
AfterVote(a, b) == b

\* An acceptor receives Accept, and votes.
Phase2b(a) == \E m \in Sent("2a") :
    /\ MayVote(a, m.bal)
    /\ maxBal' = [maxBal EXCEPT ![a] = AfterVote(a, m.bal)]
    /\ maxVBal' = [maxVBal EXCEPT ![a] = m.bal]
    /\ maxVal' = [maxVal EXCEPT ![a] = m.val]
    /\ Send([type |-> "2b", acc |-> a, bal |-> m.bal, val |-> m.val])

Next ==
    \/ \E b \in Ballots : Phase1a(b)
    \/ \E b \in Ballots, v \in Values : Phase2a(b, v)
    \/ \E a \in Acceptors : Phase1b(a) \/ Phase2b(a)

Spec == Init /\ [][Next]_vars

Voted(a, b, v) == [type |-> "2b", acc |-> a, bal |-> b, val |-> v] \in msgs
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

\* A learner counts the votes of one ballot.
CanBeLearned(v) == IsChosen(v)
LearnedImpliesChosen == \A v \in Values : CanBeLearned(v) => IsChosen(v)
================================================================
