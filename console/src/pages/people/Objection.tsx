import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import type { Person } from "./person.ts";
import { texts } from "./texts.ts";

/** Records a person's objection, or withdraws it. */
export function Objection({ person }: { person: Person | undefined }) {
  const text = useText(texts);
  const format = useFormat();
  const client = useClient();
  const [reference, setReference] = useState("");
  const [isSending, setSending] = useState(false);
  const [done, setDone] = useState("");
  const [error, setError] = useState<unknown>();
  const send = async (request: (person: Person) => Promise<string>) => {
    if (!person || isSending) return;
    setError(undefined);
    setDone("");
    setSending(true);
    try {
      setDone(await request(person));
    } catch (cause) {
      setError(cause);
    }
    setSending(false);
  };
  const record = (about: Person) => send(async () => {
    const { data } = await client.POST("/v1/objections", { body: { person: about, ...(reference.trim() !== "" && { reference: reference.trim() }) } });
    return text("recorded", { when: format.moment(data.recorded) });
  });
  const withdraw = (about: Person) => send(async () => {
    const { data } = await client.POST("/v1/objections/withdrawal", { body: { person: about } });
    return text("withdrawn", { n: data.withdrawn });
  });
  return (
    <Panel title={text("objection")}>
      <p className="soft">{text("objectionText")}</p>
      <label className="field"><span>{text("reference")}</span><input value={reference} maxLength={100} autoComplete="off" onChange={({ target }) => setReference(target.value)} /></label>
      {error !== undefined && <Failure error={error} isChange />}
      <p role="status">{done}</p>
      <div className="actions">
        <Button className="button" isDisabled={!person || isSending} onPress={() => person && void withdraw(person)}>{text("withdraw")}</Button>
        <Button className="button main" isDisabled={!person || isSending} onPress={() => person && void record(person)}>{text("object")}</Button>
      </div>
    </Panel>
  );
}
