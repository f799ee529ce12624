import type { Schema } from "@abgleich/client";

/** What people call the CRMs. The compiler says which one is missing. */
export const PROVIDERS: Record<Schema<"Provider">, string> = { salesforce: "Salesforce", hubspot: "HubSpot" };
