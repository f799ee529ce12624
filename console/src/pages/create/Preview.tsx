import type { Schema } from "@abgleich/client";
import { Button } from "react-aria-components/Button";
import { useReason } from "../../parts/codes.ts";
import { OptOuts } from "../../parts/OptOuts.tsx";
import { Mark, Panel } from "../../parts/parts.tsx";
import { Plain } from "../../parts/Plain.tsx";
import { useText } from "../../parts/text.tsx";
import type { CrmField } from "../../parts/useFields.ts";
import { texts } from "./texts.ts";

/** The CRM's fields by name, with what its users call them. */
export type Labels = ReadonlyMap<string, CrmField>;

type Cleared = Schema<"Preview">["notCleared"][number];
type Person = Schema<"Preview">["peopleNotCleared"][number];
const REASONS: Cleared[] = ["basis", "assessment", "balancing_outcome", "expiry", "objection", "erasure"];

/** What would be sent, and what stands against it. */
export function Preview({ preview, labels, onAssess }: { preview: Schema<"Preview">; labels: Labels; onAssess: () => void }) {
  const text = useText(texts);
  const reason = useReason();
  const named = (field: string) => labels.get(field)?.label ?? field;
  const { crm, duplicates, optedOut } = preview;
  const fields = Object.entries(preview.fields);
  const says = crm && { fine: text("fine"), no_duplicate: text("no_duplicate"), duplicate: text("duplicate_"), refused: text("refused_", { code: reason(crm.code ?? "") }), unknown: text("unknown_", { code: reason(crm.code ?? "") }) }[crm.verdict];
  return (
    <Panel title={text("sent")} aside={<Mark tone={preview.wouldCreate ? "good" : "bad"}>{text(preview.wouldCreate ? "would" : "wouldNot")}</Mark>}>
      <div role="status">
        {preview.unknownCompany && <p className="failure">{text("unknownCompany")}</p>}
        {fields.length > 0 && <dl className="facts wide">{fields.map(([name, value]) => <div key={name}><dt>{named(name)}</dt><dd><Plain>{typeof value === "string" ? value : JSON.stringify(value)}</Plain></dd></div>)}</dl>}
        {preview.missingFields.length > 0 && <p><strong>{text("missing")}:</strong> {preview.missingFields.map(named).join(", ")}</p>}
        {preview.refusedFields.length > 0 && <p><strong>{text("refused")}:</strong> {preview.refusedFields.map(({ field, problem }) => `${named(field)} (${text(problem)})`).join(", ")}</p>}
        <NotCleared missing={preview.notCleared} people={preview.peopleNotCleared} onAssess={onAssess} />
        {duplicates.length > 0 && <p><strong>{text("twins")}:</strong> <Twins twins={duplicates} /></p>}
        {says && <p><strong>{text("crmSays")}:</strong> {says} {crm.of && crm.of.length > 0 && <code>{crm.of.join(", ")}</code>}</p>}
        {optedOut.length > 0 && <p><strong>{text("optedOut")}:</strong> {optedOut.map((one) => <span key={one.object + one.id}><Twins twins={[one]} /><OptOuts ways={one.optOut} /> </span>)}</p>}
      </div>
    </Panel>
  );
}

export function Twins({ twins }: { twins: Schema<"Twin">[] }) {
  const text = useText(texts);
  return <>{twins.map(({ object, id }) => <span key={object + id}>{text(object)} <code>{id}</code> </span>)}</>;
}

/** What is missing for a clearance, with the way to it. An objection and an erasure have none. */
export function NotCleared({ missing, people = [], onAssess }: { missing: string[]; people?: Person[]; onAssess: () => void }) {
  const text = useText(texts);
  const word = (reason: string) => (REASONS.includes(reason as Cleared) ? text(reason as Cleared) : reason);
  if (missing.length === 0) return null;
  const isFinal = missing.some((reason) => reason === "objection" || reason === "erasure");
  return (
    <div className="notice">
      <strong>{text("clearance")}</strong>
      {people.length === 0 && <ul>{missing.map((reason) => <li key={reason}>{word(reason)}</li>)}</ul>}
      {people.length > 0 && (
        <ul>{people.map((one, at) => (
          <li key={at}>{text(`whom_${one.whom}`)} {one.object && one.id ? <Twins twins={[{ object: one.object, id: one.id }]} /> : <Plain>{one.emails.join(", ")}</Plain>}: {one.missing.map(word).join(", ")}</li>
        ))}</ul>
      )}
      {!isFinal && <Button className="button" onPress={onAssess}>{text("assess")}</Button>}
    </div>
  );
}
