import { useSyncExternalStore } from "react";
import { HOME } from "../session/config.ts";

/** Where the user is: a page, and the integration that it is about. Nothing else is in an address, so nothing personal can be. */
export interface Route {
  page: string;
  integration: string | undefined;
}

const MOVED = "abgleich-moved";
let known: { address: string; route: Route } | undefined;

function current(): Route {
  const address = location.pathname + location.search;
  if (known?.address !== address) {
    const page = location.pathname.split("/").pop() ?? "";
    known = { address, route: { page, integration: new URLSearchParams(location.search).get("integration") ?? undefined } };
  }
  return known.route;
}

export function hrefOf({ page, integration }: Route): string {
  const url = new URL(page, HOME);
  if (integration !== undefined) url.searchParams.set("integration", integration);
  return url.href;
}

/** Goes to a page. `replace` leaves the page before out of the history. */
export function go(route: Route, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", hrefOf(route));
  window.dispatchEvent(new Event(MOVED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(MOVED, listener);
  };
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}
