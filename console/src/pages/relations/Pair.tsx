import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { evidenceTexts } from "../../parts/evidence.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Loading, Mark, Panel, type Tone } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import type { Decision, Suggestion } from "./queue.ts";
import { texts } from "./texts.ts";

const TONES: Record<Suggestion["evidence"][number]["agreement"], Tone> = { equal: "good", close: "good", partly: "wait", different: "bad" };

interface Props {
  integration: string;
  suggestion: Suggestion;
  decision: Decision | undefined;
  /** Whether the user is naming another company. */
  isOther: boolean;
  onOther: (company: string) => void;
}

/** A record and the company that it may be, side by side, with what speaks for it and against it. */
export function Pair({ integration, suggestion, decision, isOther, onOther }: Props) {
  const text = useText(texts);
  const word = useText(evidenceTexts);
  const { record, company, score, evidence } = suggestion;
  const facts = (["owner", "stage", "website", "email", "phone"] as const).map((name) => [text(name), record[name]] as const);
  return (
    <>
      {decision && <p role="status"><Mark tone={decision.verdict === "approved" ? "good" : "bad"}>{text(decision.verdict)}</Mark> {text(decision.verdict === "approved" ? "for_" : "not", { company: decision.company })}</p>}
      <div className="pair">
        <Panel title={text("record")} aside={<Mark tone="plain">{text(record.object)}</Mark>}>
          <p><strong>{record.label === null ? text("nameless") : <Foreign text={record.label} />}</strong></p>
          <dl className="facts">{facts.map(([name, value]) => value !== null && <div key={name}><dt>{name}</dt><dd><Foreign text={value} /></dd></div>)}</dl>
        </Panel>
        <Panel title={text("company")} aside={<Mark tone="plain">{text("likely", { n: score })}</Mark>}>
          <p><strong><Foreign text={company} /></strong></p>
          <Company integration={integration} company={company} />
        </Panel>
      </div>
      <Panel title={text("evidence")}>
        <div className="scroll" tabIndex={0} role="group" aria-label={text("evidence")}>
          <table className="table">
            <thead><tr><th scope="col">{text("field")}</th><th scope="col">{text("agreement")}</th><th scope="col">{text("words")}</th></tr></thead>
            <tbody>
              {evidence.map((one) => (
                <tr key={one.field} className={one.agreement}>
                  <th scope="row">{word(one.field)}</th>
                  <td><Mark tone={TONES[one.agreement]}>{word(one.agreement)}</Mark></td>
                  <td><Foreign text={one.words} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {isOther && !decision && <Other onOther={onOther} />}
    </>
  );
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

function Other({ onOther }: { onOther: (company: string) => void }) {
  const text = useText(texts);
  const [company, setCompany] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (company.trim() !== "") onOther(company.trim());
  };
  return (
    <form className="other" onSubmit={submit}>
      <label className="field"><span>{text("otherLabel")}</span><input ref={input} value={company} maxLength={128} autoComplete="off" spellCheck={false} onChange={({ target }) => setCompany(target.value)} /></label>
      <Button className="button main" type="submit" isDisabled={company.trim() === ""}>{text("link")}</Button>
    </form>
  );
}
