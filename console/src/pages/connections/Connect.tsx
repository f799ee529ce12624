import type { Schema } from "@abgleich/client";
import { useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { go } from "../../app/route.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Choice } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { Way } from "../../parts/Way.tsx";
import { elsewhere } from "../../session/session.ts";
import { suggested, wrongWith } from "./names.ts";
import { PLACES, PROVIDERS } from "./providers.ts";

const texts = messages({
  en: {
    connect: "Connect", again: "Connect again", provider: "CRM", before: "You consent on the CRM's own page, in a new window. It asks for reading companies, people, tasks and deals, and for creating them if your operator's app does. Whatever is granted beyond that is named afterwards, under Rights in the CRM.",
    name: "Name of the connection", nameText: "Lower-case letters, digits and hyphens. It stays, and is seen in addresses.", badName: "3 to 40 lower-case letters, digits and hyphens.", takenName: "There is a connection of this name.",
    places: "The login begins at another address", loginUrl: "Address of the login", loginUrlText: "For a sandbox or a domain of your own, {example} for example.", environment: "Address of the CRM's environment",
    waiting: "Waiting for your consent in the other window. If you closed it, begin anew.", refused: "The CRM did not grant it ({code}). Nothing was changed.",
  },
  de: {
    connect: "Verbinden", again: "Neu verbinden", provider: "CRM", before: "Sie stimmen auf der Seite des CRM zu, in einem neuen Fenster. Gefragt wird nach dem Lesen von Firmen, Personen, Aufgaben und Verkaufschancen und nach dem Anlegen, wenn die App Ihres Betreibers das tut. Was darüber hinaus gewährt wird, steht danach unter Rechte im CRM.",
    name: "Name der Verbindung", nameText: "Kleinbuchstaben, Ziffern und Bindestriche. Er bleibt und steht in Adressen.", badName: "3 bis 40 Kleinbuchstaben, Ziffern und Bindestriche.", takenName: "Eine Verbindung dieses Namens gibt es schon.",
    places: "Die Anmeldung beginnt an einer anderen Adresse", loginUrl: "Adresse der Anmeldung", loginUrlText: "Für eine Sandbox oder eine eigene Domain, zum Beispiel {example}.", environment: "Adresse der Umgebung des CRM",
    waiting: "Wartet auf Ihre Zustimmung im anderen Fenster. Wenn Sie es geschlossen haben, beginnen Sie neu.", refused: "Das CRM hat es nicht gewährt ({code}). Es wurde nichts geändert.",
  },
});

type Provider = Schema<"Provider">;

/** Connects a CRM, or connects one again: the user consents in another window, so that nobody has to log in here anew. */
export function Connect({ integration, provider: fixed, onConnected }: { integration?: string; provider?: Provider; onConnected?: () => void }) {
  const text = useText(texts);
  const client = useClient();
  const all = Object.entries(PROVIDERS) as [Provider, string][];
  const [provider, setProvider] = useState<Provider>(fixed ?? all[0]?.[0] as Provider);
  const [typed, setTyped] = useState<string>();
  const [places, setPlaces] = useState({ loginUrl: "", environment: "" });
  /** The CRM's page, while its answer is waited for. */
  const [way, setWay] = useState<string>();
  // Who looks at another page meanwhile still gets the connection: leaving this one ends nothing.
  const stop = useRef(new AbortController());
  const [refusal, setRefusal] = useState<string>();
  const [error, setError] = useState<unknown>();
  const isNew = integration === undefined;
  const list = useRead(async (signal) => {
    const names: string[] = [];
    if (isNew) for await (const { integrations } of client.pages("/v1/integrations", { signal })) names.push(...integrations.map((one) => one.integration));
    return names;
  }, [isNew]);
  const taken = list.data ?? [];
  const name = integration ?? typed ?? suggested(provider, taken);
  const wrong = isNew ? wrongWith(name, taken) : undefined;
  const { login, hasEnvironments } = PLACES[provider];
  const connect = async () => {
    // Whoever begins anew waits for the new answer alone: an answer is used once.
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setWay(undefined);
    setError(undefined);
    setRefusal(undefined);
    const body = {
      provider, ...(login !== null && places.loginUrl !== "" && { loginUrl: places.loginUrl.trim() }), ...(hasEnvironments && places.environment !== "" && { environment: places.environment.trim() }),
    };
    try {
      const { data } = await client.POST("/v1/integrations/{integration}/connection", { params: { path: { integration: name } }, body });
      signal.throwIfAborted();
      setWay(data.authorizationUrl);
      const back = new URLSearchParams(await elsewhere("consent", data.authorizationUrl, signal));
      const [state, code] = [back.get("state"), back.get("code")];
      if (state === null || code === null) setRefusal(back.get("error") ?? "no_code");
      else {
        await client.POST("/v1/connections", { body: { state, code } });
        go({ page: "connections", integration: name });
        // The address may be the same as before.
        onConnected?.();
      }
    } catch (cause) {
      if (signal.aborted) return;
      setError(cause);
    }
    setWay(undefined);
  };
  return (
    <div className="connect">
      <p>{text("before")}</p>
      <div className="row">
        {!fixed && <Choice<Provider> label={text("provider")} value={provider} choices={all} onChange={setProvider} />}
        <Button className="button main" isDisabled={list.data === undefined || wrong !== undefined} onPress={() => void connect()}>{text(isNew ? "connect" : "again")}</Button>
      </div>
      {list.error !== undefined && <Failure error={list.error} retry={list.again} />}
      {isNew && (
        <label className="field">
          <span>{text("name")}</span>
          <input value={name} maxLength={40} autoComplete="off" spellCheck={false} aria-invalid={wrong !== undefined} onChange={({ target }) => setTyped(target.value)} />
          <small>{text(wrong ?? "nameText")}</small>
        </label>
      )}
      {(login !== null || hasEnvironments) && (
        <details>
          <summary>{text("places")}</summary>
          {login !== null && (
            <label className="field">
              <span>{text("loginUrl")}</span>
              <input type="url" value={places.loginUrl} autoComplete="off" spellCheck={false} onChange={({ target }) => setPlaces({ ...places, loginUrl: target.value })} />
              <small>{text("loginUrlText", { example: login })}</small>
            </label>
          )}
          {hasEnvironments && (
            <label className="field">
              <span>{text("environment")}</span>
              <input type="url" value={places.environment} autoComplete="off" spellCheck={false} onChange={({ target }) => setPlaces({ ...places, environment: target.value })} />
            </label>
          )}
        </details>
      )}
      <div role="status">{way !== undefined && <><p className="soft">{text("waiting")}</p><Way url={way} /></>}</div>
      {refusal !== undefined && <p className="failure" role="alert">{text("refused", { code: refusal })}</p>}
      {error !== undefined && <Failure error={error} isChange />}
    </div>
  );
}
