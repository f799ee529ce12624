import { type Answer, ProblemError, type Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Choice, Loading, Panel } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { Filling } from "./Filling.tsx";
import { Mapping } from "./Mapping.tsx";
import { merge } from "./merge.ts";
import { texts as names } from "./texts.ts";

const texts = messages({
  en: {
    title: "Settings", objects: "Objects that are copied", hour: "The daily run begins after", anyHour: "the operator's hour", utc: "{hour}:00 UTC", share: "Share of the CRM's daily budget", anyShare: "the operator's number", percent: "{n} %",
    save: "Save", saved: "Saved.", changed: "Somebody else changed the settings meanwhile. Nothing is saved yet: these are the settings of now with your changes in them. Save again if that is right.", readOnly: "An administrator changes these.",
  },
  de: {
    title: "Einstellungen", objects: "Objekte, die kopiert werden", hour: "Der tägliche Lauf beginnt ab", anyHour: "der Stunde des Betreibers", utc: "{hour}:00 UTC", share: "Anteil am Tagesbudget des CRM", anyShare: "Zahl des Betreibers", percent: "{n} %",
    save: "Speichern", saved: "Gespeichert.", changed: "Jemand anderes hat die Einstellungen inzwischen geändert. Noch ist nichts gespeichert: Hier stehen die jetzigen mit Ihren Änderungen darin. Speichern Sie erneut, wenn es so richtig ist.", readOnly: "Ihre Administration ändert diese.",
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
      {read.data ? <Form integration={integration} first={read.data} /> : read.error === undefined && <Loading />}
    </Panel>
  );
}

/** A version of the settings, as the API gave it. */
type Version = Pick<Answer<Values>, "data" | "etag">;

function Form({ integration, first }: { integration: string; first: Version }) {
  const text = useText(texts);
  const objectNames = useText(names);
  const client = useClient();
  const mayChange = useMay("abgleich/admin");
  const [base, setBase] = useState(first);
  const [values, setValues] = useState(first.data);
  const [error, setError] = useState<unknown>();
  const [told, setTold] = useState<"saved" | "changed">();
  const params = { path: { integration } };
  const change = (some: Partial<Values>) => {
    setTold(undefined);
    setValues({ ...values, ...some });
  };
  const show = (version: Version, shown: Values, why: "saved" | "changed") => {
    setBase(version);
    setValues(shown);
    setTold(why);
  };
  const save = async () => {
    setError(undefined);
    setTold(undefined);
    try {
      // With the version that was read: what somebody else changed since is not overwritten.
      const saved = await client.PUT("/v1/integrations/{integration}/settings", { params: { ...params, header: { "If-Match": base.etag ?? "" } }, body: values });
      show(saved, saved.data, "saved");
    } catch (cause) {
      if (!(cause instanceof ProblemError) || cause.status !== 412) return setError(cause);
      await rebase();
    }
  };
  // Nobody saves what he has not seen: both changes together are shown first.
  const rebase = async () => {
    try {
      const now = await client.GET("/v1/integrations/{integration}/settings", { params });
      show(now, merge(base.data, values, now.data), "changed");
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
      <Mapping integration={integration} values={values} isDisabled={!mayChange} onChange={(fields) => change({ fields })} />
      <Filling key={base.etag} integration={integration} values={values} isDisabled={!mayChange} onChange={(companyFields) => change({ companyFields })} />
      {error !== undefined && <Failure error={error} isChange retry={() => void save()} />}
      {told === "changed" && <p className="notice" role="status">{text("changed")}</p>}
      {mayChange ? (
        <div className="actions">
          {told === "saved" && <span role="status">{text("saved")}</span>}
          <Button type="submit" className="button main" isDisabled={values.objects.length === 0}>{text("save")}</Button>
        </div>
      ) : <p className="soft">{text("readOnly")}</p>}
    </form>
  );
}
