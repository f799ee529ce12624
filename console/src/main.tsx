import { createRoot } from "react-dom/client";
import { App, type Start } from "./app/App.tsx";
import { FIRST, HOME, readConfig, RETURN } from "./session/config.ts";
import { Oidc } from "./session/oidc.ts";
import { recall, returned, Session, tellOpener } from "./session/session.ts";
import "./styles/base.css";
import "./styles/parts.css";

/** Where users come back to from a CRM, if the operator names this page as OauthRedirectUrl. */
const CONSENT = "connected";

async function begin(): Promise<void> {
  const config = await readConfig();
  const oidc = new Oidc(config);
  const session = new Session(oidc);
  const start = await comeBack(oidc, session);
  createRoot(document.getElementById("console") as HTMLElement).render(<App {...{ config, oidc, session, start }} />);
}

/** Completes what another host sent the user back from. Codes leave the address before anything else is done. */
async function comeBack(oidc: Oidc, session: Session): Promise<Start> {
  const query = location.search;
  const back = returned(query);
  if (back.state === null) {
    // Back from a logout: the issuer knows this address, and there is no page at it.
    if (location.href === RETURN) history.replaceState(null, "", new URL(FIRST, HOME));
    return { kind: "fresh" };
  }
  const isConsent = location.pathname.endsWith(`/${CONSENT}`);
  history.replaceState(null, "", new URL(FIRST, HOME));
  const pending = isConsent ? undefined : recall();
  // Without a login of this window, the user comes back in a window that the console opened.
  if (!pending) {
    tellOpener(isConsent ? "consent" : "login", query);
    window.close();
    return { kind: "elsewhere" };
  }
  try {
    session.take(await oidc.complete(back, pending));
    history.replaceState(null, "", new URL(pending.page, HOME));
    return { kind: "fresh" };
  } catch (error) {
    return { kind: "failed", error };
  }
}

// A browser may show a page as it was left, for the way back. What it shows then is for whoever logs in anew.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

begin().catch(() => {
  // There is no language yet, and nothing to draw with.
  document.body.textContent = "The console could not start. · Die Konsole konnte nicht starten.";
});
