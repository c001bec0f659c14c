// What the installed package does in Node.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { Cluster, check } from "paxos-playground";
import * as alone from "paxos-playground/check";

const repository = process.env.PAXOS_REPOSITORY;
const library = join(repository, "src/scenario/library");
const scenario = (id) => readFileSync(join(library, `${id}.json`), "utf8");
const lines = (events) => events.map(({ at, text }) => `${String(at).padStart(7)}  ${text}\n`).join("");

test("hello goes from the proposal to what the learner knows", () => {
  const cluster = new Cluster(JSON.parse(scenario("hello")));
  const events = cluster.run();
  assert.deepEqual(events, cluster.events());
  const { chosen, processes, nextDue, time } = cluster.state();
  assert.deepEqual(chosen, { value: "Hello", ballot: "1.P", at: 176 });
  assert.deepEqual(processes.at(-1).learner.learned, { value: "Hello", ballot: "1.P" });
  assert.deepEqual([time, nextDue, cluster.step()], [253, null, null]);
});

test("every scenario of the library gives the events that it gives natively", () => {
  const files = readdirSync(library).filter((file) => file.endsWith(".json"));
  assert.ok(files.length >= 25);
  for (const file of files) {
    const id = file.slice(0, -".json".length);
    const told = readFileSync(join(repository, "tests/library", `${id}.txt`), "utf8");
    const text = scenario(id);
    assert.equal(`# ${JSON.parse(text).title}\n${lines(new Cluster(text).run())}`, told, id);
  }
});

test("the same calls give the same events", () => {
  const play = () => {
    const cluster = new Cluster(scenario("rough-network"));
    cluster.runUntil(120);
    cluster.crash("A");
    cluster.network({ loss: 0.3 });
    cluster.run();
    cluster.restart("A");
    cluster.run();
    return cluster.events();
  };
  assert.deepEqual(play(), play());
});

test("what is forgotten is gone, and what comes is counted as if it were not", () => {
  const [whole, short] = [new Cluster(scenario("hello")), new Cluster(scenario("hello"))];
  for (const time of [60, 200, 400]) {
    assert.deepEqual(short.runUntil(time), whole.runUntil(time));
    const [events, before] = [whole.events(), short.state()];
    short.forget();
    assert.deepEqual([short.events(), short.events(events.length)], [[], []]);
    assert.deepEqual([short.state(), before], [whole.state(), whole.state()]);
  }
  const told = short.propose("P", "again");
  assert.ok(told.length > 0);
  const after = whole.events().length;
  assert.deepEqual(whole.propose("P", "again"), told);
  for (const from of [0, after - 1, after]) assert.deepEqual(short.events(from), told);
  assert.deepEqual(short.events(after + 1), whole.events(after + 1));
});

test("commands return what they brought, and say why they change nothing", () => {
  const cluster = new Cluster(scenario("hello"));
  assert.deepEqual(cluster.restart("A").map(({ event, text }) => [event, text]), [["refused", "A cannot restart: it is up"]]);
  assert.deepEqual(cluster.crash("A").map(({ event }) => event), ["crashed"]);
  assert.equal(cluster.drop(0)[0].event, "refused");
  assert.equal(cluster.drop({ kind: "promise", from: "B", to: "P" })[0].event, "waits");
  cluster.step();
  const [first] = cluster.state().inFlight;
  assert.equal(cluster.hold(first)[0].message.id, first.id);
  assert.equal(cluster.state().inFlight.at(-1).held, true);
  assert.equal(cluster.deliver(first.id)[0].event, first.to === "A" ? "lost" : "delivered");
});

test("bad input throws an Error that names the field, and changes nothing", () => {
  const cluster = new Cluster(scenario("hello"));
  cluster.runUntil(50);
  const before = [cluster.state(), cluster.events()];
  const circle = {};
  circle.self = circle;
  const wrong = [
    [() => cluster.propose("X", "a"), 'propose.process is "X", and there is no such process'],
    [() => cluster.propose("P"), "propose.value is null, and must be a text"],
    [() => cluster.propose("P", ""), "propose.value must not be empty"],
    [() => cluster.propose("P", "x".repeat(100_001)), "propose.value must not have more than 100000 characters"],
    [() => cluster.propose("P", "\ud800"), "propose.value must not hold half a character"],
    [() => cluster.crash("A", "never"), 'crash.amnesia is "never", and must be all, promise or vote'],
    [() => cluster.partition([["A", "A1"]]), 'partition.groups[0][1] is "A1", and there is no such process'],
    [() => cluster.cut("A", "A"), "cut.to must be another process than from: a process always reaches itself"],
    [() => cluster.heal(undefined), "heal.from is null, and must be a text"],
    [() => cluster.hold(undefined), "hold.message is null, and must be an object"],
    [() => cluster.drop({ kind: "hello", from: "P", to: "A" }), 'drop.message.kind is "hello", and must be prepare, promise, accept, accepted or nack'],
    [() => cluster.drop(1.5), "drop.message.id is 1.5, and must be a whole number from 0 to 9007199254740991"],
    [() => cluster.network({ speed: 2 }), "network.speed is unknown here, where a field is delay, loss or duplicate"],
    [() => cluster.network({ loss: 2 }), "network.loss is 2, and must be from 0 to 1"],
    [() => cluster.network({ loss: 2n }), "network is no JSON: Do not know how to serialize a BigInt"],
    [() => cluster.network(), "network is null, and must be an object"],
    [() => cluster.runUntil("5"), "ms must be a whole number from 0 to 1000000000"],
    [() => cluster.runUntil(-1), "ms must be a whole number from 0 to 1000000000"],
    [() => cluster.events(0.5), "from must be a whole number from 0 to 4294967295"],
    [() => new Cluster(), "scenario must be an object or a JSON text"],
    [() => new Cluster({ version: 1 }), "processes is missing"],
    [() => new Cluster('{"version": 1}'), "processes is missing (line 1, column 1)"],
    [() => new Cluster("{"), "the scenario is no JSON: the text ends too early (line 1, column 2)"],
  ];
  for (const [act, message] of wrong) {
    assert.throws(act, (error) => error instanceof Error && error.message === message, message);
  }
  assert.throws(() => new Cluster(circle), /^TypeError: scenario is no JSON/);
  assert.deepEqual([cluster.state(), cluster.events()], before);
});

test("a freed cluster says so, and freeing it again does nothing", () => {
  const cluster = new Cluster(scenario("hello"));
  cluster.free();
  cluster.free();
  assert.throws(() => cluster.state(), /^Error: the cluster was freed$/);
  if (Symbol.dispose) assert.equal(typeof cluster[Symbol.dispose], "function");
});

test("checks count as TLC does, and tell how far they are", async () => {
  assert.equal(alone.check, check);
  const { verdict, distinct, depth } = await check(null);
  assert.deepEqual([verdict, distinct, depth], ["holds", 3_921, 17]);
  const told = [];
  const larger = await check(null, { ballots: 4, maxStates: 3_000_000 }, ({ distinct }) => told.push(distinct));
  assert.equal(larger.limit, "max-states");
  assert.ok(told.length > 0 && told.every((states, i) => i === 0 || states > told[i - 1]), String(told));
  const broken = await check(JSON.parse(scenario("quorums-that-do-not-meet")));
  assert.equal(broken.verdict, "violated");
  const played = new Cluster(broken.counterexample);
  played.run();
  assert.ok(played.state().violations.some(({ invariant }) => invariant === broken.property));
});

test("a check can be stopped, others run beside it, and its errors name the option", async () => {
  const abort = new AbortController();
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 5);
  setTimeout(() => abort.abort(), 200);
  const stopped = await check(null, { ballots: 6, signal: abort.signal });
  clearInterval(ticking);
  assert.equal(stopped.limit, "stopped");
  assert.ok(ticks > 3, `${ticks} timers ran`);
  assert.equal((await check(null, { ballots: 6, signal: AbortSignal.abort() })).limit, "stopped");
  await assert.rejects(check(null, { acceptors: 0 }), { message: "options.acceptors is 0, and must be from 1 to 32" });
  await assert.rejects(check(null, { break: () => {} }), { message: "options.break must be a list of rules" });
  await assert.rejects(check({ version: 1 }), { message: "processes is missing" });
  await assert.rejects(check(5), { message: "scenario must be an object or a JSON text" });
});

test("a program ends when its check does", () => {
  const program = 'import { check } from "paxos-playground/check"; console.log((await check(null)).distinct);';
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000, encoding: "utf8" });
  assert.equal(out, "3921\n");
});
