import type { Schema } from "@abgleich/client";
import { useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { go } from "../../app/route.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Choice } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { Way } from "../../parts/Way.tsx";
import { elsewhere } from "../../session/session.ts";
import { PROVIDERS } from "./providers.ts";

const texts = messages({
  en: {
    connect: "Connect", again: "Connect again", provider: "CRM", before: "You consent on the CRM's own page, in a new window. It asks for reading companies, people, tasks and deals, and for creating them if your operator's app does. Whatever is granted beyond that is named afterwards, under Rights in the CRM.",
    waiting: "Waiting for your consent in the other window. If you closed it, begin anew.", refused: "The CRM did not grant it ({code}). Nothing was changed.",
  },
  de: {
    connect: "Verbinden", again: "Neu verbinden", provider: "CRM", before: "Sie stimmen auf der Seite des CRM zu, in einem neuen Fenster. Gefragt wird nach dem Lesen von Firmen, Personen, Aufgaben und Verkaufschancen und nach dem Anlegen, wenn die App Ihres Betreibers das tut. Was darüber hinaus gewährt wird, steht danach unter Rechte im CRM.",
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
  /** The CRM's page, while its answer is waited for. */
  const [way, setWay] = useState<string>();
  // Who looks at another page meanwhile still gets the connection: leaving this one ends nothing.
  const stop = useRef(new AbortController());
  const [refusal, setRefusal] = useState<string>();
  const [error, setError] = useState<unknown>();
  const connect = async () => {
    // Whoever begins anew waits for the new answer alone: an answer is used once.
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setWay(undefined);
    setError(undefined);
    setRefusal(undefined);
    const name = integration ?? provider;
    try {
      const { data } = await client.POST("/v1/integrations/{integration}/connection", { params: { path: { integration: name } }, body: { provider } });
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
        <Button className="button main" onPress={() => void connect()}>{text(integration === undefined ? "connect" : "again")}</Button>
      </div>
      <div role="status">{way !== undefined && <><p className="soft">{text("waiting")}</p><Way url={way} /></>}</div>
      {refusal !== undefined && <p className="failure" role="alert">{text("refused", { code: refusal })}</p>}
      {error !== undefined && <Failure error={error} isChange />}
    </div>
  );
}
