import type { Client, Schema } from "@abgleich/client";

export type Status = Schema<"CompanyStatus">;

/** So many companies may be asked about at a time. */
export const STEP = 100;

/**
 * Asks about companies, step by step. `onStep` gets what came so far; a failure leaves it there, so that the rest can be asked later.
 * What is known already is not asked again.
 */
export async function check(
  client: Pick<Client, "POST">, integration: string, ids: readonly string[], known: ReadonlyMap<string, Status>, onStep: (found: Map<string, Status>) => void, signal: AbortSignal,
): Promise<void> {
  const found = new Map(known);
  const left = ids.filter((id) => !found.has(id));
  for (let at = 0; at < left.length; at += STEP) {
    const companies = left.slice(at, at + STEP);
    const { data } = await client.POST("/v1/integrations/{integration}/companies/status", { params: { path: { integration } }, body: { companies }, signal });
    for (const one of data.companies) found.set(one.company, one);
    onStep(new Map(found));
  }
}
