import type { Schema } from "@abgleich/client";
import { messages, useText } from "../../parts/text.tsx";
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
export function Mapping({ values, isDisabled, onChange }: { values: Schema<"Settings">; isDisabled: boolean; onChange: (fields: Fields) => void }) {
  const text = useText(texts);
  const objectNames = useText(names);
  const fields = values.fields ?? {};
  const put = (object: Schema<"Object">, meaning: string, field: string) => {
    const { [meaning as "company"]: _, ...rest } = fields[object] ?? {};
    const mine = field === "" ? rest : { ...rest, [meaning]: field };
    const { [object]: __, ...others } = fields;
    onChange((Object.keys(mine).length === 0 ? others : { ...others, [object]: mine }) as Fields);
  };
  return (
    <details>
      <summary>{text("title")}</summary>
      <p className="soft">{text("why")}</p>
      {values.objects.map((object) => (
        <fieldset key={object} disabled={isDisabled} className="mapping">
          <legend>{objectNames(object)}</legend>
          {MEANINGS.map((meaning) => (
            <label key={meaning} className="field">
              <span>{text(meaning)}</span>
              <input value={fields[object]?.[meaning] ?? ""} pattern="[A-Za-z0-9_]{1,100}" spellCheck={false} autoComplete="off"
                onChange={({ target }) => put(object, meaning, target.value)} />
            </label>
          ))}
        </fieldset>
      ))}
    </details>
  );
}
