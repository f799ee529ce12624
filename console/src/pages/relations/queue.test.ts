import { expect, test } from "vitest";
import { type Action, EMPTY, keyOf, type Queue, reduce, type Suggestion } from "./queue.ts";

const some = (...ids: string[]) => ids.map((id) => ({ record: { object: "Account", id }, company: "C" }) as Suggestion);
const play = (...actions: Action[]): Queue => actions.reduce(reduce, EMPTY);
const more: Action = { kind: "more", suggestions: some("1", "2", "3") };
const key = (id: string) => keyOf(some(id)[0] as Suggestion);
const decide = (id: string): Action => ({ kind: "decide", key: key(id), company: "C", verdict: "approved" });

test("pages follow each other, and nothing comes twice", () => {
  expect(play(more, { kind: "more", suggestions: some("3", "4") }).suggestions.map(({ record }) => record.id)).toEqual(["1", "2", "3", "4"]);
});

test("going ends at both ends", () => {
  expect([play(more, { kind: "go", to: -1 }).at, play(more, { kind: "go", to: 9 }).at]).toEqual([0, 2]);
});

test("a decision leads to the next one that is open, round the end", () => {
  expect(play(more, decide("1")).at).toBe(1);
  expect(play(more, decide("2"), { kind: "go", to: 2 }, decide("3")).at).toBe(0);
  expect(play(more, decide("1"), decide("2"), decide("3")).at).toBe(2);
});

test("what is decided already is not decided again", () => {
  const queue = play(more, decide("1"));
  expect(reduce(queue, { kind: "decide", key: key("1"), company: "D", verdict: "blocked" })).toBe(queue);
});

test("what is taken back is open again, and is where the user is", () => {
  const queue = play(more, decide("1"), { kind: "done", key: key("1") }, decide("2"), { kind: "undo", key: key("1") }, { kind: "withdrawn", key: key("1") });
  expect([queue.at, queue.order, [...queue.decisions.keys()]]).toEqual([0, [key("2")], [key("2")]]);
});

test("an answer that comes while it is taken back changes nothing; if that fails, the decision stays", () => {
  const state = (...actions: Action[]) => play(more, decide("1"), ...actions).decisions.get(key("1"))?.state;
  expect(state({ kind: "undo", key: key("1") }, { kind: "done", key: key("1") })).toBe("undone");
  expect(state({ kind: "undo", key: key("1") }, { kind: "kept", key: key("1") })).toBe("done");
});

test("what was not taken is marked, and leaves the user where he is", () => {
  const before = play(more, decide("1"), decide("2"));
  const queue = reduce(before, { kind: "failed", key: key("1") });
  expect([before.at, queue.at, [...queue.failed], queue.order, queue.decisions.has(key("1"))]).toEqual([2, 2, [key("1")], [key("2")], false]);
  expect([...reduce(queue, decide("1")).failed]).toEqual([]);
});

test("taking back moves the selection when the user asks for it, and not when the answer comes", () => {
  const asked = play(more, decide("1"), { kind: "undo", key: key("1") });
  expect([asked.at, play(more, decide("1"), { kind: "undo", key: key("1") }, { kind: "go", to: 2 }, { kind: "withdrawn", key: key("1") }).at]).toEqual([0, 2]);
});
