import { createClient } from "@abgleich/client";
import { type ReactNode, use, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Button } from "react-aria-components/Button";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { Choice } from "../parts/parts.tsx";
import { chosen, keep, type Language, LANGUAGES, localeOf, SpeechContext, useText } from "../parts/text.tsx";
import { API, type Config, FIRST } from "../session/config.ts";
import { LoginError, type Oidc } from "../session/oidc.ts";
import { remember, type Session } from "../session/session.ts";
import { AppContext, useApp } from "./context.tsx";
import { Frame } from "./Frame.tsx";
import { texts } from "./texts.ts";

/** How the page was come to: fresh, back from another window's login, or after a login that failed. */
export type Start = { kind: "fresh" } | { kind: "elsewhere" } | { kind: "failed"; error: unknown };

interface Props {
  config: Config;
  oidc: Oidc;
  session: Session;
  start: Start;
}

export function App({ config, oidc, session, start }: Props) {
  const app = useMemo(() => ({ config, session, client: createClient({ baseUrl: API, token: session.token }) }), [config, session]);
  const user = useSyncExternalStore(session.subscribe, () => session.user);
  const hasEnded = useSyncExternalStore(session.subscribe, () => session.hasEnded);
  return (
    <Speech>
      <AppContext value={app}>{hasEnded ? <Ended /> : user ? <Frame /> : <Welcome oidc={oidc} start={start} />}</AppContext>
    </Speech>
  );
}

function Speech({ children }: { children: ReactNode }) {
  const [language, speak] = useState<Language>(() => chosen());
  const locale = localeOf(language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo(() => ({ language, locale, speak: (next: Language) => { keep(next); speak(next); } }), [language, locale]);
  return <SpeechContext value={speech}><I18nProvider locale={locale}>{children}</I18nProvider></SpeechContext>;
}

/** What is there until the browser has left. */
function Ended() {
  const text = useText(texts);
  return <main className="welcome"><p role="status">{text("ended")}</p></main>;
}

/** The page before the login. */
function Welcome({ oidc, start }: { oidc: Oidc; start: Start }) {
  const text = useText(texts);
  const { config } = useApp();
  const { language, speak } = use(SpeechContext);
  const [error, setError] = useState<unknown>(start.kind === "failed" ? start.error : undefined);
  const logIn = async () => {
    try {
      const { url, pending } = await oidc.begin((location.pathname.split("/").pop() || FIRST) + location.search);
      remember(pending);
      location.assign(url);
    } catch (cause) {
      setError(cause);
    }
  };
  if (start.kind === "elsewhere") return <main className="welcome"><p role="status">{text("closeWindow")}</p></main>;
  return (
    <main className="welcome">
      <p className="brand">Abgleich</p>
      <Choice<Language> label={text("language")} isHidden value={language} choices={Object.entries(LANGUAGES) as [Language, string][]} onChange={speak} />
      <h1>{text("welcome")}</h1>
      <p>{text("welcomeText")}</p>
      {config.clientId === null ? <p className="failure" role="alert">{text("notSetUp")}</p> : (
        <Button className="button main" onPress={() => void logIn()}>{text("logIn")}</Button>
      )}
      {error !== undefined && (
        <p className="failure" role="alert">{text("loginFailed", { code: error instanceof LoginError ? error.code : "unknown" })}</p>
      )}
    </main>
  );
}
