import type { Schema } from "@abgleich/client";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Loading, Mark, Panel } from "../../parts/parts.tsx";
import { messages, useFormat, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { Controller } from "./Controller.tsx";
import "./facts.css";

const texts = messages({
  en: {
    intro: "The record of processing (Art. 30 GDPR), read from what is deployed and connected. As of {when}.", print: "Print", edit: "Change",
    controller: "Controller", processor: "Processor", identity: "Name", representative: "Representative (Art. 27)", dataProtectionOfficer: "Data protection officer", unstated: "not stated", nobody: "there is none",
    where: "Where", stage: "Stage", region: "Region", categories: "Kinds of data", subjects: "Whose data", integrations: "Connections", noIntegrations: "No CRM is connected.",
    subprocessors: "Other processors", name: "Name", purpose: "For what", place: "Where", transfers: "Transfers to third countries", noTransfers: "none", measures: "Technical measures", organisational: "Organisational measures",
    retention: "How long what is kept", what: "What", until: "Until", connection: "Connection", provider: "CRM", status: "State", objects: "What is copied",
    connected: "connected", needs_reconnect: "has to be connected again", removing: "is being removed", removed: "removed",
    Account: "Accounts", Contact: "Contacts", Lead: "Leads", Task: "Tasks", Opportunity: "Opportunities",
  },
  de: {
    intro: "Das Verzeichnis der Verarbeitungstätigkeiten (Art. 30 DSGVO), gelesen aus dem, was betrieben wird und verbunden ist. Stand: {when}.", print: "Drucken", edit: "Ändern",
    controller: "Verantwortlicher", processor: "Auftragsverarbeiter", identity: "Name", representative: "Vertreter (Art. 27)", dataProtectionOfficer: "Datenschutzbeauftragte", unstated: "nicht angegeben", nobody: "gibt es nicht",
    where: "Wo", stage: "Stufe", region: "Region", categories: "Arten von Daten", subjects: "Wessen Daten", integrations: "Verbindungen", noIntegrations: "Es ist kein CRM verbunden.",
    subprocessors: "Weitere Auftragsverarbeiter", name: "Name", purpose: "Wofür", place: "Wo", transfers: "Übermittlung in Drittländer", noTransfers: "keine", measures: "Technische Maßnahmen", organisational: "Organisatorische Maßnahmen",
    retention: "Was wie lange aufbewahrt wird", what: "Was", until: "Bis", connection: "Verbindung", provider: "CRM", status: "Zustand", objects: "Was kopiert wird",
    connected: "verbunden", needs_reconnect: "muss neu verbunden werden", removing: "wird gelöscht", removed: "gelöscht",
    Account: "Accounts", Contact: "Kontakte", Lead: "Leads", Task: "Aufgaben", Opportunity: "Verkaufschancen",
  },
});

type Party = Schema<"StatedParty">;
const PARTIES = ["identity", "representative", "dataProtectionOfficer"] as const;

/** What is told about the processing of personal data, for the tenant's own record and for whoever asks. */
export default function Facts() {
  const text = useText(texts);
  const format = useFormat();
  const client = useClient();
  const mayEdit = useMay("abgleich/admin");
  const [isEditing, setEditing] = useState(false);
  const read = useRead(async (signal) => ({ ...(await client.GET("/v1/facts/processing", { signal })).data, asOf: new Date().toISOString() }), []);
  const facts = read.data;
  if (!facts) return read.error === undefined ? <Loading /> : <Failure error={read.error} retry={read.again} />;
  const { transfers, organisationalMeasures } = facts;
  return (
    <div className="record">
      <div className="intro"><p>{text("intro", { when: format.moment(facts.asOf) })}</p><Button className="button" onPress={() => window.print()}>{text("print")}</Button></div>
      <Panel title={text("controller")} aside={<><code>{facts.controller.tenant}</code><span className="grow" />{mayEdit && !isEditing && <Button className="button" onPress={() => setEditing(true)}>{text("edit")}</Button>}</>}>
        {isEditing ? <Controller parties={facts.controller} onClose={() => setEditing(false)} onSaved={() => { setEditing(false); read.again(); }} /> : <Parties parties={facts.controller} />}
      </Panel>
      <Panel title={text("processor")}>
        <Parties parties={facts.processor} />
        <dl className="facts"><div><dt>{text("region")}</dt><dd>{facts.region}</dd></div><div><dt>{text("stage")}</dt><dd>{facts.stage}</dd></div></dl>
      </Panel>
      <Panel title={text("integrations")}>
        {facts.integrations.length === 0 ? <p>{text("noIntegrations")}</p> : (
          <Table title={text("integrations")} head={[text("connection"), text("provider"), text("status"), text("objects")]}
            rows={facts.integrations.map((one) => [one.integration, one.provider, text(one.status), one.objects.map((object) => text(object)).join(", ")])} />
        )}
      </Panel>
      <Panel title={text("categories")}><Points points={facts.categories} /></Panel>
      <Panel title={text("subjects")}><Points points={facts.subjects} /></Panel>
      <Panel title={text("subprocessors")}>
        <Table title={text("subprocessors")} head={[text("name"), text("purpose"), text("place")]} rows={facts.subprocessors.map((one) => [one.name, one.purpose, one.place])} />
      </Panel>
      <Panel title={text("transfers")}>
        {transfers.status !== "stated" ? <Unstated /> : transfers.value.length === 0 ? <p>{text("noTransfers")}</p> : <Points points={transfers.value.map((one) => Object.values(one).join(" · "))} />}
      </Panel>
      <Panel title={text("measures")}><Points points={facts.measures} /></Panel>
      <Panel title={text("organisational")}>{organisationalMeasures.status === "stated" ? <Points points={organisationalMeasures.value} /> : <Unstated />}</Panel>
      <Panel title={text("retention")}><Table title={text("retention")} head={[text("what"), text("until")]} rows={facts.retention.map((one) => [one.what, one.until])} /></Panel>
    </div>
  );
}

function Unstated() {
  const text = useText(texts);
  return <Mark tone="wait">{text("unstated")}</Mark>;
}

function Parties({ parties }: { parties: Record<(typeof PARTIES)[number], Party> }) {
  const text = useText(texts);
  const shown = (party: Party): ReactNode => (party.status === "stated" ? <><Foreign text={party.value.name} />, <Foreign text={party.value.contact} /></> : party.status === "none" ? text("nobody") : <Unstated />);
  return <dl className="facts">{PARTIES.map((name) => <div key={name}><dt>{text(name)}</dt><dd>{shown(parties[name])}</dd></div>)}</dl>;
}

function Points({ points }: { points: string[] }) {
  return <ul className="points">{points.map((point) => <li key={point}>{point}</li>)}</ul>;
}

function Table({ title, head, rows }: { title: string; head: string[]; rows: string[][] }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={title}>
      <table className="table">
        <thead><tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={row.join(" ")}>{row.map((cell, at) => (at === 0 ? <th key={at} scope="row">{cell}</th> : <td key={at}>{cell}</td>))}</tr>)}</tbody>
      </table>
    </div>
  );
}
