import type { Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Choice, Loading, Panel } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { Mapping } from "./Mapping.tsx";
import { texts as names } from "./texts.ts";

const texts = messages({
  en: {
    title: "Settings", objects: "Objects that are copied", hour: "The daily run begins after", anyHour: "the operator's hour", utc: "{hour}:00 UTC", share: "Share of the CRM's daily budget", anyShare: "the operator's number", percent: "{n} %",
    save: "Save", saved: "Saved.", changed: "Somebody else changed the settings meanwhile. They are shown anew; your changes are not saved.", readOnly: "An administrator changes these.",
  },
  de: {
    title: "Einstellungen", objects: "Objekte, die kopiert werden", hour: "Der tägliche Lauf beginnt ab", anyHour: "der Stunde des Betreibers", utc: "{hour}:00 UTC", share: "Anteil am Tagesbudget des CRM", anyShare: "Zahl des Betreibers", percent: "{n} %",
    save: "Speichern", saved: "Gespeichert.", changed: "Jemand anderes hat die Einstellungen inzwischen geändert. Sie sind neu geladen; Ihre Änderungen sind nicht gespeichert.", readOnly: "Ihre Administration ändert diese.",
  },
});

type Values = Schema<"Settings">;
export const OBJECTS: Schema<"Object">[] = ["Account", "Contact", "Lead", "Task", "Opportunity"];
const SHARES = [5, 10, 25, 50, 75, 100];

export function Settings({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const read = useRead((signal) => client.GET("/v1/integrations/{integration}/settings", { params: { path: { integration } }, signal }), [integration]);
  return (
    <Panel title={text("title")}>
      {read.error !== undefined && <Failure error={read.error} retry={read.again} />}
      {read.data ? <Form key={read.data.etag} integration={integration} settings={read.data.data} etag={read.data.etag ?? ""} onSaved={read.again} /> : read.error === undefined && <Loading />}
    </Panel>
  );
}

function Form({ integration, settings, etag, onSaved }: { integration: string; settings: Values; etag: string; onSaved: () => void }) {
  const text = useText(texts);
  const objectNames = useText(names);
  const client = useClient();
  const mayChange = useMay("abgleich/admin");
  const [values, setValues] = useState(settings);
  const [error, setError] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const change = (some: Partial<Values>) => {
    setSaved(false);
    setValues({ ...values, ...some });
  };
  const save = async () => {
    setError(undefined);
    try {
      // With the version that was read: what somebody else changed since is not overwritten.
      await client.PUT("/v1/integrations/{integration}/settings", { params: { path: { integration }, header: { "If-Match": etag } }, body: values });
      setSaved(true);
      onSaved();
    } catch (cause) {
      setError(cause);
    }
  };
  const toggle = (object: Schema<"Object">) => {
    const chosen = new Set(values.objects);
    if (!chosen.delete(object)) chosen.add(object);
    change({ objects: OBJECTS.filter((one) => chosen.has(one)) });
  };
  const share = values.crmSharePercent ?? null;
  const shares = [...new Set([...SHARES, ...(share === null ? [] : [share])])].sort((a, b) => a - b);
  return (
    <form className="settings" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <fieldset disabled={!mayChange}>
        <legend>{text("objects")}</legend>
        {OBJECTS.map((object) => (
          <label key={object} className="check"><input type="checkbox" checked={values.objects.includes(object)} onChange={() => toggle(object)} /> {objectNames(object)}</label>
        ))}
      </fieldset>
      <fieldset disabled={!mayChange} className="row">
        <Choice label={text("hour")} value={String(values.scheduleHour ?? "")} onChange={(hour) => change({ scheduleHour: hour === "" ? null : Number(hour) })}
          choices={[["", text("anyHour")], ...Array.from({ length: 24 }, (_, hour) => [String(hour), text("utc", { hour: String(hour).padStart(2, "0") })] as const)]} />
        <Choice label={text("share")} value={String(share ?? "")} onChange={(percent) => change({ crmSharePercent: percent === "" ? null : Number(percent) })}
          choices={[["", text("anyShare")], ...shares.map((n) => [String(n), text("percent", { n })] as const)]} />
      </fieldset>
      <Mapping values={values} isDisabled={!mayChange} onChange={(fields) => change({ fields })} />
      {error !== undefined && <Failure error={error} isChange retry={onSaved} />}
      {mayChange ? (
        <div className="actions">
          {isSaved && <span role="status">{text("saved")}</span>}
          <Button type="submit" className="button main" isDisabled={values.objects.length === 0}>{text("save")}</Button>
        </div>
      ) : <p className="soft">{text("readOnly")}</p>}
    </form>
  );
}
