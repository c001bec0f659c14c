// What must not compile: each line below a mark is an error, or the mark itself is one. It never runs.

import { Cluster, check, type PaxosEvent, type Scenario } from "paxos-playground";
import { check as alone } from "paxos-playground/check";

export async function misuse(cluster: Cluster, event: PaxosEvent): Promise<void> {
  // @ts-expect-error A scenario needs processes.
  new Cluster({ version: 1 });
  // @ts-expect-error There is no such role.
  new Cluster({ version: 1, processes: [{ id: "P", roles: ["leader"] }] });
  // @ts-expect-error A scenario has no such field.
  new Cluster({ version: 1, processes: [], colour: "red" });
  // @ts-expect-error A crash has no value.
  const scenario: Scenario = { version: 1, processes: [], script: [{ at: 0, do: "crash", process: "A", value: "x" }] };
  // @ts-expect-error A process is called by its name.
  cluster.propose(1, "Hello");
  // @ts-expect-error The value is missing.
  cluster.propose("P");
  // @ts-expect-error There is no such amnesia.
  cluster.crash("A", "total");
  // @ts-expect-error A link has two ends.
  cluster.heal("A");
  // @ts-expect-error There is no such kind of message.
  cluster.drop({ kind: "hello", from: "P", to: "A" });
  // @ts-expect-error The network has no such setting.
  cluster.network({ speed: 2 });
  // @ts-expect-error Nothing may be left.
  cluster.step().length;
  // @ts-expect-error Not every event is about a process.
  event.process;
  // @ts-expect-error An acceptor may have promised nothing.
  cluster.state().processes[0]?.acceptor?.promised.length;
  // @ts-expect-error There is no such rule.
  await check(null, { break: ["gravity"] });
  // @ts-expect-error There is no such option.
  await alone(null, { speed: 1 });
  // @ts-expect-error A state holds nothing that has to be given back.
  using kept = new Cluster({ version: 1, processes: [] }).state();
  using freed: Cluster = cluster;
  void [scenario, kept, freed];
}
