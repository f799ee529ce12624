import type { Schema } from "@abgleich/client";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading, Mark, Panel } from "../../parts/parts.tsx";
import { messages, useFormat, useText } from "../../parts/text.tsx";
import { texts as objects } from "./texts.ts";

const texts = messages({
  en: {
    title: "Rights in the CRM", check: "Check now", why: "Asks the CRM what the connected user may do, and what of it is missing or never used.", ready: "everything that copying needs is there", notReady: "something is missing",
    scopes: "Scopes", permissions: "Permissions", missing: "missing", excess: "never used; the grant could be narrower", missingFields: "missing, so that it cannot be copied", unread: "missing, so that fewer companies are recognised",
    mapped: "named in the settings, and not in the CRM", unsettable: "named in the settings, and cannot be set in a new record", unreadable: "cannot be read", absent: "not in the organisation; runs leave it out", none: "Nothing is missing and nothing is too much.",
    forecast: "The next run will take about {requests} requests.", ofLeft: "That is {percent} of what is left today.",
  },
  de: {
    title: "Rechte im CRM", check: "Jetzt prüfen", why: "Fragt das CRM, was der verbundene Nutzer darf und was davon fehlt oder nie gebraucht wird.", ready: "alles da, was das Kopieren braucht", notReady: "etwas fehlt",
    scopes: "Scopes", permissions: "Berechtigungen", missing: "fehlt", excess: "nie gebraucht; es könnte enger sein", missingFields: "fehlt, darum wird nicht kopiert", unread: "fehlt, darum werden weniger Firmen erkannt",
    mapped: "in den Einstellungen genannt, im CRM nicht vorhanden", unsettable: "in den Einstellungen genannt, beim Anlegen nicht setzbar", unreadable: "nicht lesbar", absent: "gibt es in der Organisation nicht; Läufe lassen es aus", none: "Es fehlt nichts, und nichts ist zu viel.",
    forecast: "Der nächste Lauf braucht etwa {requests} Anfragen.", ofLeft: "Das sind {percent} dessen, was heute noch übrig ist.",
  },
});

/** What is missing in the CRM, and what is too much. It asks the CRM, so it is asked for; before the first run nobody has to ask. */
export function Preflight({ integration, isNew }: { integration: string; isNew: boolean }) {
  const text = useText(texts);
  const names = useText(objects);
  const format = useFormat();
  const client = useClient();
  const [found, setFound] = useState<Schema<"Preflight">>();
  const [error, setError] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);
  const check = async () => {
    setAsking(true);
    setError(undefined);
    try {
      setFound((await client.GET("/v1/integrations/{integration}/preflight", { params: { path: { integration } } })).data);
    } catch (cause) {
      setError(cause);
    }
    setAsking(false);
  };
  const wasAsked = useRef(false);
  useEffect(() => {
    if (!isNew || wasAsked.current) return;
    wasAsked.current = true;
    void check();
  });
  const lines: [string, string, string[]][] = !found ? [] : [
    ...(["scopes", "permissions"] as const).flatMap((kind): [string, string, string[]][] => [
      [text(kind), text("missing"), found[kind]?.missing ?? []], [text(kind), text("excess"), found[kind]?.excess ?? []],
    ]),
    ...found.objects.flatMap((one): [string, string, string[]][] => [
      [names(one.object), text("absent"), one.present ? [] : [one.object]],
      [names(one.object), text("unreadable"), one.readable || !one.present ? [] : [one.object]], [names(one.object), text("missing"), one.missingRights],
      [names(one.object), text("missingFields"), one.missingFields], [names(one.object), text("unread"), one.unreadFields],
      [names(one.object), text("mapped"), one.missingMappedFields], [names(one.object), text("unsettable"), one.unsettableFields],
      [names(one.object), text("excess"), one.excessRights],
    ]),
  ].filter(([, , some]) => some.length > 0) as [string, string, string[]][];
  return (
    <Panel title={text("title")} aside={<Button className="button" isDisabled={isAsking} onPress={() => void check()}>{text("check")}</Button>}>
      {error !== undefined && <Failure error={error} />}
      {isAsking && <Loading />}
      {!found && !isAsking && <p className="soft">{text("why")}</p>}
      {found && (
        <div role="status">
          <p><Mark tone={found.ready ? "good" : "bad"}>{text(found.ready ? "ready" : "notReady")}</Mark></p>
          {lines.length === 0 ? <p>{text("none")}</p> : (
            <ul className="plain">{lines.map(([where, what, some]) => <li key={where + what}><strong>{where}</strong>: <code>{some.join(", ")}</code> <span className="soft">({what})</span></li>)}</ul>
          )}
          {found.forecast && (
            <p className="soft">{text("forecast", { requests: found.forecast.requests })} {found.forecast.percentOfLeft !== null && text("ofLeft", { percent: format.percent(found.forecast.percentOfLeft) })}</p>
          )}
        </div>
      )}
    </Panel>
  );
}
