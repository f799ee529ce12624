import type { Client } from "@abgleich/client";
import { createContext, use, useSyncExternalStore } from "react";
import type { Config } from "../session/config.ts";
import type { Scope, Session } from "../session/session.ts";

interface App {
  client: Client;
  session: Session;
  config: Config;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error("there is no app around this part");
  return app;
}

/** The client of the API, with the user's token. */
export function useClient(): Client {
  return useApp().client;
}

/** Whether the user may do what needs a scope. What is not allowed is not offered. */
export function useMay(scope: Scope): boolean {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, () => session.may(scope));
}
