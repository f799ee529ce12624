import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { type Agreement, evidenceTexts, useSentence } from "../../parts/evidence.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { OptOuts } from "../../parts/OptOuts.tsx";
import { Loading, Mark, Panel, type Tone } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { type Entry, useEntries } from "../../parts/useEntries.ts";
import { useRead } from "../../parts/useRead.ts";
import { compared } from "./compared.ts";
import type { Decision, Suggestion } from "./queue.ts";
import { texts } from "./texts.ts";

const TONES: Record<Agreement, Tone> = { equal: "good", close: "good", partly: "wait", different: "bad" };

interface Props {
  integration: string;
  suggestion: Suggestion;
  /** The company in the database: null if it has none of this id, nothing if the answer is still to come. */
  entry: Entry | null | undefined;
  decision: Decision | undefined;
  /** Whether the user is naming another company. */
  isOther: boolean;
  onOther: (company: string) => void;
}

/** A record and the company that it may be, side by side, with what speaks for it and against it. */
export function Pair({ integration, suggestion, entry, decision, isOther, onOther }: Props) {
  const text = useText(texts);
  const word = useText(evidenceTexts);
  const say = useSentence();
  const { record, company, score, evidence } = suggestion;
  const facts = (["owner", "stage"] as const).map((name) => [text(name), record[name]] as const);
  const rivals = evidence.find(({ field }) => field === "rivals");
  return (
    <>
      {decision && <p role="status"><Mark tone={decision.verdict === "approved" ? "good" : "bad"}>{text(decision.verdict)}</Mark> {text(decision.verdict === "approved" ? "for_" : "not", { company: decision.company })}</p>}
      <div className="pair">
        <Panel title={text("record")} aside={<Mark tone="plain">{text(record.object)}</Mark>}>
          <p><strong>{record.label === null ? text("nameless") : <Foreign text={record.label} />}</strong> <OptOuts ways={record.optOut} /></p>
          <dl className="facts">{facts.map(([name, value]) => value !== null && <div key={name}><dt>{name}</dt><dd><Foreign text={value} /></dd></div>)}</dl>
        </Panel>
        <Panel title={text("company")} aside={<Mark tone="plain">{text("likely", { n: score })}</Mark>}>
          <p><strong><Foreign text={entry?.name ?? company} /></strong> {entry && <code>{company}</code>}</p>
          {entry === null && <p className="soft">{text("gone")}</p>}
          <Company integration={integration} company={company} />
        </Panel>
      </div>
      <Panel title={text("evidence")}>
        <div className="scroll" tabIndex={0} role="group" aria-label={text("evidence")}>
          <table className="table compared">
            <thead><tr><th scope="col">{text("field")}</th><th scope="col">{text("mine")}</th><th scope="col">{text("theirs")}</th><th scope="col">{text("agreement")}</th></tr></thead>
            <tbody>
              {compared(suggestion, entry).map(({ field, mine, theirs, agreement }) => (
                <tr key={field} className={agreement ?? ""}>
                  <th scope="row">{word(field)}</th>
                  <td><Values values={mine} /></td>
                  <td><Values values={theirs} /></td>
                  <td>{agreement && <><Mark tone={TONES[agreement]}>{word(agreement)}</Mark> <small>{say({ field, agreement })}</small></>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {rivals && <p><Mark tone={TONES[rivals.agreement]}>{word("rivals")}</Mark> {say(rivals)}</p>}
      </Panel>
      {isOther && !decision && <Other onOther={onOther} />}
    </>
  );
}

function Values({ values }: { values: string[] }) {
  return values.map((value) => <div key={value}><Foreign text={value} /></div>);
}

/** What else of the CRM belongs to the company: a record that belongs there has neighbours. */
function Company({ integration, company }: { integration: string; company: string }) {
  const text = useText(texts);
  const client = useClient();
  const read = useRead(async (signal) => {
    const params = { path: { integration }, query: { company } };
    return (await client.GET("/v1/integrations/{integration}/companies", { params, signal })).data;
  }, [integration, company]);
  if (read.error !== undefined) return <Failure error={read.error} retry={read.again} />;
  if (!read.data) return <Loading />;
  const { status, records } = read.data;
  return (
    <>
      <p>{text("inCrm")} <Mark tone={status.inCrm === "yes" ? "good" : "wait"}>{text(status.inCrm)}</Mark></p>
      <p className="soft">{text(status.isPartial ? "relatedAtLeast" : "related", { n: status.relatedRecords })}</p>
      <ul className="neighbours">
        {records.slice(0, 5).map((one) => <li key={`${one.object} ${one.id}`}>{text(one.object)}: {one.label === null ? text("nameless") : <Foreign text={one.label} />}</li>)}
      </ul>
    </>
  );
}

/** Names another company. What the id stands for is shown before it is sent. */
function Other({ onOther }: { onOther: (company: string) => void }) {
  const text = useText(texts);
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState<string[]>([]);
  const { entries } = useEntries(asked);
  const input = useRef<HTMLInputElement>(null);
  const company = typed.trim();
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    // Each letter would be a request.
    const timer = window.setTimeout(() => setAsked(company === "" ? [] : [company]), 300);
    return () => window.clearTimeout(timer);
  }, [company]);
  const entry = entries.get(company);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (company !== "") onOther(company);
  };
  return (
    <form className="other" onSubmit={submit}>
      <label className="field"><span>{text("otherLabel")}</span><input ref={input} value={typed} maxLength={128} autoComplete="off" spellCheck={false} onChange={({ target }) => setTyped(target.value)} /></label>
      <Button className="button main" type="submit" isDisabled={company === ""}>{text("link")}</Button>
      <p role="status">{entry === null ? text("gone") : entry && <Foreign text={[entry.name, entry.street, entry.zip, entry.city].filter(Boolean).join(", ")} />}</p>
    </form>
  );
}
