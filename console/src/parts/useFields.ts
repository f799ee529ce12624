import type { Schema } from "@abgleich/client";
import { useClient, useMay } from "../app/context.tsx";
import { useRead } from "./useRead.ts";

export type CrmField = Schema<"CrmFields">["fields"][number];

/**
 * The fields of an object in the CRM, by name. They are a help: without them (no right, or the CRM does not answer) a form takes names as
 * they are typed, so a failure is not shown.
 */
export function useFields(integration: string, object: Schema<"Object">, isWanted = true): ReadonlyMap<string, CrmField> {
  const client = useClient();
  const mayAsk = useMay("abgleich/read") && isWanted;
  const read = useRead(async (signal) => {
    if (!mayAsk) return [];
    const params = { path: { integration }, query: { object } };
    return (await client.GET("/v1/integrations/{integration}/fields", { params, signal })).data.fields;
  }, [integration, object, mayAsk]);
  return new Map((read.data ?? []).map((field) => [field.name, field]));
}
