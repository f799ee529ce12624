import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { Chain } from "./Chain.tsx";
import { Erasure } from "./Erasure.tsx";
import { HeldOf } from "./HeldOf.tsx";
import { Objection } from "./Objection.tsx";
import { type Held, NOBODY, type Person, personOf, search } from "./person.ts";
import { texts } from "./texts.ts";
import "./people.css";

/** The rights of one person: to know, to object, to be erased. What is typed here is in this page's memory only. */
export default function People() {
  const text = useText(texts);
  const client = useClient();
  const isAdmin = useMay("abgleich/admin");
  const mayWrite = useMay("abgleich/write");
  const mayRead = useMay("abgleich/read");
  const [typed, setTyped] = useState(NOBODY);
  const [asked, setAsked] = useState<Person>();
  const [held, setHeld] = useState<Held>();
  const [isReading, setReading] = useState(false);
  const [error, setError] = useState<unknown>();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const person = personOf(typed);

  const look = async (about: Person) => {
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setAsked(about);
    setHeld(undefined);
    setError(undefined);
    setReading(true);
    try {
      await search(client, about, setHeld, signal);
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
    if (stop.current.signal === signal) setReading(false);
  };
  const forget = () => {
    stop.current.abort();
    setTyped(NOBODY);
    setAsked(undefined);
    setHeld(undefined);
    setError(undefined);
    setReading(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (person && isAdmin) void look(person);
  };
  const input = (name: "name" | "company" | "country", label: "name" | "firm" | "country") => (
    <label className="field"><span>{text(label)}</span><input value={typed[name]} autoComplete="off" maxLength={512} onChange={({ target }) => setTyped({ ...typed, [name]: target.value })} /></label>
  );
  const area = (name: "emails" | "phones") => (
    <label className="field"><span>{text(name)}</span><textarea rows={2} value={typed[name]} autoComplete="off" spellCheck={false} onChange={({ target }) => setTyped({ ...typed, [name]: target.value })} /><small>{text("emailsText")}</small></label>
  );
  // What belongs to one person must not be done to the next by mistake.
  const key = JSON.stringify(person ?? null);
  return (
    <>
      <Panel title={text("who")}>
        <form className="person" onSubmit={submit}>
          {area("emails")}{area("phones")}{input("name", "name")}{input("company", "firm")}{input("country", "country")}
          <p className="soft">{text("whoText")}</p>
          <div className="actions">
            <Button className="button quiet" onPress={forget}>{text("forget")}</Button>
            {isAdmin && <Button className="button main" type="submit" isDisabled={!person}>{text("search")}</Button>}
          </div>
        </form>
      </Panel>
      {error !== undefined && <Failure error={error} {...(asked && { retry: () => void look(asked) })} />}
      {held && <HeldOf held={held} isReading={isReading} onStop={() => { stop.current.abort(); setReading(false); }} />}
      {mayWrite && <Objection key={`objection ${key}`} person={person} />}
      {isAdmin && <Erasure key={`erasure ${key}`} person={person} onErased={() => setHeld(undefined)} />}
      {mayRead && <Chain />}
    </>
  );
}
