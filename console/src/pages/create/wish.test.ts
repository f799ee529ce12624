import { type Client, LostAnswerError, ProblemError } from "@abgleich/client";
import { expect, test } from "vitest";
import { row } from "./draft.ts";
import { keptIn } from "./kept.ts";
import { Wish } from "./wish.ts";

const lost = new LostAnswerError("No answer came");
const created = { outcome: "created", id: "1", inCopy: false };
const refusal = (status: number, type: string, outcome: string) =>
  new ProblemError(status, { type: `urn:abgleich:problem:${type}`, title: type, requestId: "request-1", field: "/fields/Name", outcome: { outcome } as never });

function store() {
  const values = new Map<string, string>();
  return { values, getItem: (name: string) => values.get(name) ?? null, setItem: (name: string, value: string) => void values.set(name, value), removeItem: (name: string) => void values.delete(name) };
}

interface Asked {
  method: string;
  key: string | undefined;
  body: { fields: Record<string, string>; allowDuplicate: boolean };
}

/** An API that answers in this order; a promise is an answer that takes its time. */
function world(answers: unknown[], storage = store()) {
  const asked: Asked[] = [];
  const held: boolean[] = [];
  const ask = (method: string) => async (_: string, init: { params: { header?: Record<string, string> }; body: Asked["body"] }) => {
    asked.push({ method, key: init.params.header?.["Idempotency-Key"], body: init.body });
    const answer = await answers.shift();
    if (answer === undefined) throw new Error("one request more");
    if (answer instanceof Error) throw answer;
    return { data: answer };
  };
  const client = { GET: ask("GET"), POST: ask("POST") } as unknown as Client;
  const open = (tenant = "acme") => new Wish({ client, integration: "crm", kept: keptIn(storage, tenant, "crm"), onHold: (isHeld) => held.push(isHeld) });
  return { asked, held, storage, open };
}

function written(wish: Wish, name = "Musterwerk") {
  wish.change({ rows: [row("Name", name)] });
  return wish;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("an unsettled creation is kept with its key over a reload, and asked for before anything else is sent", async () => {
  const { asked, held, storage, open } = world([lost, { records: [created] }, created]);
  const wish = written(open());
  await wish.create();
  expect([wish.isUnsettled, held.at(-1)]).toEqual([true, true]);
  expect([...storage.values.values()]).toEqual([asked[0]?.key]);
  expect(JSON.stringify([...storage.values])).not.toContain("Musterwerk");

  const later = open();
  expect(later.isUnsettled).toBe(true);
  written(later, "Another");
  await settled();
  expect(asked[1]).toMatchObject({ method: "GET", key: asked[0]?.key });
  expect([later.state.outcome, later.isUnsettled, held.at(-1), storage.values.size]).toEqual([created, false, false, 0]);
  await written(later, "Another").create();
  expect(asked[2]?.key).not.toBe(asked[0]?.key);
});

test("the key of one tenant is not asked for another", async () => {
  const { asked, open } = world([lost]);
  await written(open()).create();
  expect(open("globex").isUnsettled).toBe(false);
  await settled();
  expect(asked).toHaveLength(1);
});

test("a creation under way is held, and its outcome comes to whoever looks then", async () => {
  let answer: (value: unknown) => void = () => {};
  const { held, storage, open } = world([new Promise((resolve) => (answer = resolve))]);
  const wish = written(open());
  const sent = wish.create();
  expect([wish.state.isSending, held.at(-1), storage.values.size]).toEqual([true, true, 1]);
  answer(created);
  await sent;
  expect([wish.state.outcome, held.at(-1), storage.values.size]).toEqual([created, false, 0]);
});

test("what is refused as a duplicate is said of that record only: a changed one is not sent all the same", async () => {
  const { asked, open } = world([refusal(409, "duplicate", "duplicate"), created]);
  const wish = written(open());
  await wish.create();
  expect(wish.state.outcome).toEqual({ outcome: "duplicate" });
  written(wish, "Another");
  expect([wish.state.outcome, wish.state.error]).toEqual([undefined, undefined]);
  await wish.create();
  expect(asked[1]?.body).toMatchObject({ fields: { Name: "Another" }, allowDuplicate: false });
});

test("a duplicate is created all the same if that is said of it", async () => {
  const { asked, open } = world([refusal(409, "duplicate", "duplicate"), created]);
  const wish = written(open());
  await wish.create();
  await wish.create(true);
  expect(asked[1]?.body).toMatchObject({ fields: { Name: "Musterwerk" }, allowDuplicate: true });
});

test("a refusal keeps its request id and field beside the outcome", async () => {
  const { open } = world([refusal(403, "not-cleared", "not_cleared")]);
  const wish = written(open());
  await wish.create();
  expect(wish.state).toMatchObject({ outcome: { outcome: "not_cleared" }, error: { requestId: "request-1", field: "/fields/Name" } });
});

test("an earlier outcome does not stand for a creation whose answer was lost", async () => {
  const { open } = world([refusal(409, "duplicate", "duplicate"), lost]);
  const wish = written(open());
  await wish.create();
  await wish.create(true);
  expect([wish.state.outcome, wish.isUnsettled]).toEqual([undefined, true]);
});

test.each([
  ["after Create another", (wish: Wish) => void written((wish.again(), wish))],
  ["after a change there and back", (wish: Wish) => void written(written(wish, "Another"))],
  ["after a check", (wish: Wish) => wish.check()],
])("another record with equal content is created %s", async (_, between) => {
  const preview = { records: [{ missingFields: [] }] };
  const { asked, open } = world([created, ...(_ === "after a check" ? [preview] : []), { ...created, id: "2" }]);
  const wish = written(open());
  await wish.create();
  await between(wish);
  await wish.create();
  expect(wish.state.outcome).toMatchObject({ id: "2" });
  expect(asked.at(-1)?.key).not.toBe(asked[0]?.key);
});

test("the answers of an assessment outlive its dialog, and are not offered for anybody else", async () => {
  const { open } = world([]);
  const wish = open();
  const about = (email: string) => wish.change({ rows: [row("Email", email)], purpose: "outreach" });
  about("mara@example.com");
  wish.assess({ step: "balancing", answers: { ...wish.assessing.answers, texts: { interest: "why" } } });
  about("otto@example.com");
  expect(wish.assessing).toMatchObject({ step: "who", answers: { emails: "otto@example.com", texts: {} } });
  about("mara@example.com");
  expect(wish.assessing).toMatchObject({ step: "balancing", answers: { emails: "mara@example.com", texts: { interest: "why" } } });
  wish.assessed("outreach");
  expect(wish.assessing.step).toBe("who");
});
