// Run by tests/house/test_client.py with node: the built package against an API that is deployed. It prints what came of it as JSON.
import { Attempt, createClient, ProblemError } from "@abgleich/client";

const { API_URL = "", TOKENS = "[]", INTEGRATION = "" } = process.env;
/** The token that is given at first, and the one after a refusal. */
const [first, second] = JSON.parse(TOKENS) as string[];

let sent = 0;
/** With this many answers thrown away after they arrived. */
function client(lose = 0) {
  return createClient({
    baseUrl: API_URL,
    token: (refused) => (refused === undefined ? first : second) ?? "",
    fetch: async (request) => {
      sent += 1;
      const response = await fetch(request);
      if (sent > lose) return response;
      await response.text();
      throw new TypeError("the answer was thrown away");
    },
  });
}

const where = { params: { path: { integration: INTEGRATION } } };
const SETTINGS = "/v1/integrations/{integration}/settings";
const account = (name: string) => ({ object: "Account" as const, fields: { Name: name } });

async function refusal(request: Promise<unknown>) {
  const cause = await request.then(() => "no refusal", (cause: unknown) => cause);
  if (!(cause instanceof ProblemError)) throw new Error("no problem", { cause });
  const { type, status, title, parameter, path, requestId, mayHaveHappened } = cause;
  return { type, status, title, parameter, path, hasId: Boolean(requestId), mayHaveHappened };
}

const scenarios: Record<string, () => Promise<unknown>> = {
  async lists() {
    const ids: string[] = [];
    let pages = 0;
    const query = { object: "Account" as const, limit: 20 };
    for await (const page of client().pages("/v1/integrations/{integration}/records", { params: { ...where.params, query } })) {
      pages += 1;
      ids.push(...page.records.map(({ id }) => id));
    }
    return { ids, pages };
  },
  async edits() {
    const api = client();
    let readings = 0;
    const { data } = await api.edit(SETTINGS, where, async (current) => {
      readings += 1;
      // Somebody else is faster.
      if (readings === 1) await api.edit(SETTINGS, where, (theirs) => ({ ...theirs, scheduleHour: 4 }));
      return { ...current, crmSharePercent: 30 };
    });
    return { data, readings, stored: (await api.GET(SETTINGS, where)).data };
  },
  async lost() {
    const { data, status } = await new Attempt(client(1), INTEGRATION).create(account("Verlorene Antwort GmbH"));
    return { ...data, status, sent };
  },
  async expired() {
    const { data, status } = await new Attempt(client(), INTEGRATION).create(account("Abgelaufen GmbH"));
    return { ...data, status, sent };
  },
  async clicked() {
    const attempt = new Attempt(client(), INTEGRATION);
    const answers = await Promise.all([1, 2, 3].map(() => attempt.create(account("Dreimal Geklickt GmbH"))));
    const outcome = await attempt.outcome();
    return { ids: answers.map(({ data }) => data.id), outcome: outcome?.records, isUnsettled: attempt.isUnsettled };
  },
  async refused() {
    const api = client();
    return {
      nothing: await refusal(api.GET("/v1/integrations/{integration}", { params: { path: { integration: "nothing" } } })),
      limit: await refusal(api.GET("/v1/integrations/{integration}/runs", { params: { ...where.params, query: { limit: 0 } } })),
      nobody: await refusal(createClient({ baseUrl: API_URL, token: () => "garbage" }).GET("/v1/integrations")),
      field: await refusal(new Attempt(api, INTEGRATION).create({ object: "Account", fields: { Name: "x", "Not~a/field": "y" } })),
    };
  },
};

const scenario = scenarios[process.argv[2] ?? ""];
if (!scenario) throw new Error(`one of ${Object.keys(scenarios)}`);
console.log(JSON.stringify(await scenario()));
