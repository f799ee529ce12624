import { type Client, ProblemError, type Schema } from "@abgleich/client";

export type Status = Schema<"CompanyStatus">;

/** What is known about the companies of a list. */
export interface Known {
  found: ReadonlyMap<string, Status>;
  /** The ids that the API does not take for one. */
  refused: ReadonlySet<string>;
}

export const NOTHING: Known = { found: new Map(), refused: new Set() };
/** So many companies may be asked about at a time. */
export const STEP = 100;

/**
 * Asks about companies, step by step. `onStep` gets what is known so far; a failure leaves it there, so that the rest can be asked later.
 * What is known already is not asked again. An id that the API refuses is left out: it must not stand in the way of the others.
 */
export async function check(
  client: Pick<Client, "POST">, integration: string, ids: readonly string[], known: Known, onStep: (known: Known) => void, signal: AbortSignal,
): Promise<void> {
  const found = new Map(known.found);
  const refused = new Set(known.refused);
  const left = ids.filter((id) => !found.has(id) && !refused.has(id));
  for (let at = 0; at < left.length; at += STEP) {
    let companies = left.slice(at, at + STEP);
    while (companies.length > 0) {
      try {
        const { data } = await client.POST("/v1/integrations/{integration}/companies/status", { params: { path: { integration } }, body: { companies }, signal });
        for (const one of data.companies) found.set(one.company, one);
        break;
      } catch (cause) {
        const id = refusedOf(cause, companies);
        if (id === undefined) throw cause;
        refused.add(id);
        companies = companies.filter((one) => one !== id);
      }
    }
    onStep({ found: new Map(found), refused: new Set(refused) });
  }
}

/** The one id for which a step was refused, if the refusal names one. */
function refusedOf(cause: unknown, companies: readonly string[]): string | undefined {
  if (!(cause instanceof ProblemError) || cause.status !== 422 || cause.path.length !== 2 || cause.path[0] !== "companies") return undefined;
  return companies[Number(cause.path[1])];
}
