import type { Schema } from "@abgleich/client";

type Provider = Schema<"Provider">;

/** What people call the CRMs. The compiler says which one is missing. */
export const PROVIDERS: Record<Provider, string> = { salesforce: "Salesforce", hubspot: "HubSpot", dynamics: "Dynamics 365" };

/** What a connection may name beside the CRM: a page of its own on which the login begins, by an example, and one of several environments with an API each. */
export const PLACES: Record<Provider, { login: string | null; hasEnvironments: boolean }> = {
  salesforce: { login: "https://NAME.my.salesforce.com", hasEnvironments: false }, hubspot: { login: null, hasEnvironments: false },
  dynamics: { login: null, hasEnvironments: true },
};
