import type { Schema } from "@abgleich/client";
import { useId, useState } from "react";
import { Button } from "react-aria-components/Button";
import { FieldNames } from "../../parts/FieldNames.tsx";
import { inOneLine } from "../../parts/Foreign.tsx";
import { Choice } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { useFields } from "../../parts/useFields.ts";
import { type Column, COLUMNS, type CompanyFields, type Filled, filled, linesOf, settingOf } from "./filled.ts";
import { texts as names } from "./texts.ts";

const texts = messages({
  en: {
    title: "Fields that a company fills in a new record", why: "When a record is created for a company, its columns fill the CRM's usual fields. Here you name more fields, other columns, or fields that stay empty.",
    object: "Object", field: "Field", column: "Filled from", empty: "stays empty", add: "Add a field that is filled", drop: "Leave out",
    id: "Id", name: "Name", legalForm: "Legal form", street: "Street", zip: "Postcode", city: "City", country: "Country", countryCode: "Country code", domain: "Domain", phone: "Phone", vatId: "VAT number",
    register: "Register entry", registerCourt: "Register court", registerNumber: "Register number", lei: "LEI", parentId: "Id of the parent company",
  },
  de: {
    title: "Felder, die eine Firma in einem neuen Datensatz füllt", why: "Wird ein Datensatz für eine Firma angelegt, füllen ihre Spalten die üblichen Felder des CRM. Hier nennen Sie weitere Felder, andere Spalten oder Felder, die leer bleiben.",
    object: "Objekt", field: "Feld", column: "Gefüllt aus", empty: "bleibt leer", add: "Feld hinzufügen, das gefüllt wird", drop: "Weglassen",
    id: "Kennung", name: "Name", legalForm: "Rechtsform", street: "Straße", zip: "Postleitzahl", city: "Ort", country: "Land", countryCode: "Ländercode", domain: "Domain", phone: "Telefon", vatId: "USt-IdNr.",
    register: "Registereintrag", registerCourt: "Registergericht", registerNumber: "Registernummer", lei: "LEI", parentId: "Kennung der Muttergesellschaft",
  },
});

/** Which columns of a company fill which fields of a record that is created for it. */
export function Filling({ integration, values, isDisabled, onChange }: { integration: string; values: Schema<"Settings">; isDisabled: boolean; onChange: (fields: CompanyFields) => void }) {
  const text = useText(texts);
  const [isOpen, setOpen] = useState(false);
  // Lines that have no field yet are in no setting, so they are kept here.
  const [lines, setLines] = useState<Filled[]>(() => linesOf(values.companyFields));
  const change = (next: Filled[]) => {
    setLines(next);
    onChange(settingOf(next));
  };
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{text("title")}</summary>
      <p className="soft">{text("why")}</p>
      <fieldset disabled={isDisabled}>
        {lines.map((line) => (
          <Line key={line.key} integration={integration} line={line} objects={values.objects} isAsking={isOpen && !isDisabled}
            onChange={(some) => change(lines.map((one) => (one.key === line.key ? { ...one, ...some } : one)))} onDrop={() => change(lines.filter((one) => one.key !== line.key))} />
        ))}
        <Button className="button" isDisabled={isDisabled} onPress={() => setLines([...lines, filled(values.objects[0] ?? "Account")])}>{text("add")}</Button>
      </fieldset>
    </details>
  );
}

interface LineProps {
  integration: string;
  line: Filled;
  objects: Schema<"Object">[];
  isAsking: boolean;
  onChange: (some: Partial<Filled>) => void;
  onDrop: () => void;
}

function Line({ integration, line, objects, isAsking, onChange, onDrop }: LineProps) {
  const text = useText(texts);
  const objectNames = useText(names);
  const id = useId();
  const known = useFields(integration, line.object, isAsking);
  const label = known.get(line.field)?.label;
  const choices = [...new Set([...objects, line.object])].map((object) => [object, objectNames(object)] as const);
  return (
    <div className="filled">
      <FieldNames id={id} fields={[...known.values()].filter((field) => field.settable)} />
      <Choice label={text("object")} isHidden value={line.object} choices={choices} onChange={(object) => onChange({ object })} />
      <span>
        <input aria-label={text("field")} list={id} value={line.field} pattern="[A-Za-z0-9_][A-Za-z0-9_\-]{0,99}" spellCheck={false} autoComplete="off" onChange={({ target }) => onChange({ field: target.value })} />
        {label && <small>{inOneLine(label)}</small>}
      </span>
      <Choice<Column | ""> label={text("column")} isHidden value={line.column ?? ""} choices={[["", text("empty")], ...COLUMNS.map((column) => [column, text(column)] as const)]}
        onChange={(column) => onChange({ column: column === "" ? null : column })} />
      <Button className="button quiet" aria-label={`${text("drop")}: ${line.field}`} onPress={onDrop}>×</Button>
    </div>
  );
}
