import type { Schema } from "@abgleich/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Choice } from "../../parts/parts.tsx";
import { messages, useText } from "../../parts/text.tsx";
import { fitting, type Parties, PARTIES, type Typed, typedOf } from "./typed.ts";

const texts = messages({
  en: {
    identity: "Who is the controller", representative: "Representative (Art. 27)", dataProtectionOfficer: "Data protection officer", state: "Statement", not_stated: "not stated", none: "there is none", stated: "stated",
    name: "Name", contact: "Address and other contact", why: "It is kept sealed, longer than any connection, and is in the record of processing. It replaces what was stated before.", save: "Save", cancel: "Cancel",
  },
  de: {
    identity: "Wer der Verantwortliche ist", representative: "Vertreter (Art. 27)", dataProtectionOfficer: "Datenschutzbeauftragte", state: "Angabe", not_stated: "nicht angegeben", none: "gibt es nicht", stated: "angegeben",
    name: "Name", contact: "Anschrift und weitere Kontaktdaten", why: "Die Angabe wird versiegelt aufbewahrt, länger als jede Verbindung, und steht im Verzeichnis. Sie ersetzt die bisherige.", save: "Speichern", cancel: "Abbrechen",
  },
});

/** States who the tenant is, for the record of processing. */
export function Controller({ parties, onSaved, onClose }: { parties: Parties; onSaved: () => void; onClose: () => void }) {
  const text = useText(texts);
  const client = useClient();
  const [typed, setTyped] = useState<Typed>(() => typedOf(parties));
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector("select")?.focus(), []);
  const body = fitting(typed);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!body || isSending) return;
    setError(undefined);
    setSending(true);
    try {
      await client.PUT("/v1/facts/controller", { body });
      onSaved();
    } catch (cause) {
      setError(cause);
    }
    setSending(false);
  };
  return (
    <form className="stating" ref={first} onSubmit={(event) => void save(event)}>
      <p className="soft">{text("why")}</p>
      {PARTIES.map((party) => {
        const { status, name, contact } = typed[party];
        const set = (some: Partial<Typed[typeof party]>) => setTyped({ ...typed, [party]: { ...typed[party], ...some } });
        // A controller always exists.
        const choices: readonly Schema<"StatedParty">["status"][] = party === "identity" ? ["not_stated", "stated"] : ["not_stated", "none", "stated"];
        return (
          <fieldset key={party}>
            <legend>{text(party)}</legend>
            <Choice label={text("state")} value={status} choices={choices.map((one) => [one, text(one)] as const)} onChange={(one) => set({ status: one })} />
            {status === "stated" && (
              <>
                <label className="field"><span>{text("name")}</span><input value={name} maxLength={200} autoComplete="off" onChange={({ target }) => set({ name: target.value })} /></label>
                <label className="field"><span>{text("contact")}</span><textarea rows={2} value={contact} maxLength={1000} autoComplete="off" onChange={({ target }) => set({ contact: target.value })} /></label>
              </>
            )}
          </fieldset>
        );
      })}
      {error !== undefined && <Failure error={error} isChange />}
      <div className="actions">
        <Button className="button" onPress={onClose}>{text("cancel")}</Button>
        <Button className="button main" type="submit" isDisabled={!body || isSending}>{text("save")}</Button>
      </div>
    </form>
  );
}
