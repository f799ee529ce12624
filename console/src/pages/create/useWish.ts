import type { Client } from "@abgleich/client";
import { useSyncExternalStore } from "react";
import { useApp } from "../../app/context.tsx";
import { hold } from "../../app/leaving.ts";
import { keptIn } from "./kept.ts";
import { Wish } from "./wish.ts";

/** They live as long as the client does, which is until the page is loaded anew. */
const wishes = new WeakMap<Client, Map<string, Wish>>();

/** The wish of a connection. It stays the same one, wherever the user goes in between. */
export function useWish(integration: string): Wish {
  const { client, session } = useApp();
  const ofClient = wishes.get(client) ?? new Map<string, Wish>();
  wishes.set(client, ofClient);
  let wish = ofClient.get(integration);
  if (!wish) {
    const owner = {};
    const kept = keptIn(sessionStorage, session.user?.tenant ?? "", integration);
    wish = new Wish({ client, integration, kept, onHold: (isHeld) => hold(owner, isHeld) });
    ofClient.set(integration, wish);
  }
  const { subscribe } = wish;
  const found = wish;
  useSyncExternalStore(subscribe, () => found.state);
  return found;
}
