import type { Schema } from "@abgleich/client";
import { useId, useState } from "react";
import { FieldNames } from "../../parts/FieldNames.tsx";
import { inOneLine } from "../../parts/Foreign.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { useFields } from "../../parts/useFields.ts";
import { texts as names } from "./texts.ts";

const texts = messages({
  en: {
    title: "Fields of your own that say more about a company", why: "Where your CRM keeps something outside its usual fields, name the field. The next run then reads and matches all records again.",
    company: "Company name", street: "Street", zip: "Postcode", city: "City", country: "Country", website: "Web site", phone: "Phone", email: "E-mail", vatId: "VAT number", register: "Register number", lei: "LEI",
  },
  de: {
    title: "Eigene Felder, die mehr über eine Firma sagen", why: "Wo Ihr CRM etwas außerhalb seiner üblichen Felder führt, nennen Sie das Feld. Der nächste Lauf liest und vergleicht dann alle Datensätze neu.",
    company: "Firmenname", street: "Straße", zip: "Postleitzahl", city: "Ort", country: "Land", website: "Website", phone: "Telefon", email: "E-Mail", vatId: "USt-IdNr.", register: "Registernummer", lei: "LEI",
  },
});

const MEANINGS = ["company", "street", "zip", "city", "country", "website", "phone", "email", "vatId", "register", "lei"] as const;
type Fields = NonNullable<Schema<"Settings">["fields"]>;

/** Which of the customer's own fields says what. */
export function Mapping({ integration, values, isDisabled, onChange }: { integration: string; values: Schema<"Settings">; isDisabled: boolean; onChange: (fields: Fields) => void }) {
  const text = useText(texts);
  const [isOpen, setOpen] = useState(false);
  const fields = values.fields ?? {};
  const put = (object: Schema<"Object">, meaning: string, field: string) => {
    const { [meaning as "company"]: _, ...rest } = fields[object] ?? {};
    const mine = field === "" ? rest : { ...rest, [meaning]: field };
    const { [object]: __, ...others } = fields;
    onChange((Object.keys(mine).length === 0 ? others : { ...others, [object]: mine }) as Fields);
  };
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{text("title")}</summary>
      <p className="soft">{text("why")}</p>
      {values.objects.map((object) => (
        <OfObject key={object} integration={integration} object={object} mine={fields[object] ?? {}} isDisabled={isDisabled} isOpen={isOpen} onPut={(meaning, field) => put(object, meaning, field)} />
      ))}
    </details>
  );
}

interface OfObjectProps {
  integration: string;
  object: Schema<"Object">;
  mine: Partial<Record<string, string>>;
  isDisabled: boolean;
  /** Whether it can be seen: only then is the CRM asked for its fields. */
  isOpen: boolean;
  onPut: (meaning: string, field: string) => void;
}

function OfObject({ integration, object, mine, isDisabled, isOpen, onPut }: OfObjectProps) {
  const text = useText(texts);
  const objectNames = useText(names);
  const id = useId();
  const known = useFields(integration, object, isOpen && !isDisabled);
  return (
    <fieldset disabled={isDisabled} className="mapping">
      <legend>{objectNames(object)}</legend>
      <FieldNames id={id} fields={known.values()} />
      {MEANINGS.map((meaning) => {
        const field = mine[meaning] ?? "";
        const label = known.get(field)?.label;
        return (
          <label key={meaning} className="field">
            <span>{text(meaning)}</span>
            <input value={field} list={id} pattern="[A-Za-z0-9_][A-Za-z0-9_\-]{0,99}" spellCheck={false} autoComplete="off" onChange={({ target }) => onPut(meaning, target.value)} />
            {label && <small>{inOneLine(label)}</small>}
          </label>
        );
      })}
    </fieldset>
  );
}
