import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Ask, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { erase, type Person } from "./person.ts";
import { texts } from "./texts.ts";

/** Erases a person from the copy, or lifts that. */
export function Erasure({ person, onErased }: { person: Person | undefined; onErased: () => void }) {
  const text = useText(texts);
  const client = useClient();
  const [reference, setReference] = useState("");
  const [everything, setEverything] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const [done, setDone] = useState<string[]>([]);
  const [error, setError] = useState<unknown>();
  const run = async (request: (person: Person) => Promise<void>) => {
    if (!person || isRunning) return;
    setAsking(false);
    setError(undefined);
    setDone([]);
    setRunning(true);
    try {
      await request(person);
    } catch (cause) {
      setError(cause);
    }
    setRunning(false);
  };
  const doErase = () => run(async (about) => {
    const more = { everything, ...(reference.trim() !== "" && { reference: reference.trim() }) };
    await erase(client, about, more, (erased, left) => setDone([text("wasErased", { n: erased }), ...(left > 0 ? [text("left", { n: left })] : [])]));
    onErased();
  });
  const lift = () => run(async (about) => {
    const { data } = await client.POST("/v1/subjects/erasures/lift", { body: { person: about } });
    setDone([text("lifted", { n: data.lifted })]);
  });
  return (
    <Panel title={text("erasure")}>
      <p className="soft">{text("erasureText")}</p>
      <label className="check"><input type="checkbox" checked={everything} onChange={({ target }) => setEverything(target.checked)} /> {text("everything")}</label>
      <label className="field"><span>{text("reference")}</span><input value={reference} maxLength={200} autoComplete="off" onChange={({ target }) => setReference(target.value)} /></label>
      {error !== undefined && <Failure error={error} isChange />}
      <div role="status">{done.map((line) => <p key={line}>{line}</p>)}</div>
      <div className="actions">
        <Button className="button" isDisabled={!person || isRunning} onPress={() => void lift()}>{text("lift")}</Button>
        <Button className="button danger" isDisabled={!person || isRunning} onPress={() => setAsking(true)}>{text("erase")}</Button>
      </div>
      {isAsking && (
        <Ask title={text("eraseAsk")} does={text("erase")} isDanger onDo={() => void doErase()} onClose={() => setAsking(false)}><p>{text("eraseSure")}</p></Ask>
      )}
    </Panel>
  );
}
