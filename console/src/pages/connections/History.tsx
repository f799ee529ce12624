import type { Schema } from "@abgleich/client";
import { useId, useState } from "react";
import { useClient } from "../../app/context.tsx";
import { useReason } from "../../parts/codes.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Choice, Loading, Panel } from "../../parts/parts.tsx";
import { messages, useFormat, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { TONES, Verdicted } from "./Objects.tsx";
import { texts as objects } from "./texts.ts";

const texts = messages({
  en: {
    title: "History", records: "Records", requests: "Requests to the CRM", measure: "Show", none: "No run has ended yet.", written: "written", unchanged: "unchanged", deleted: "deleted",
    chart: "{n} runs, the newest on the right. The highest bar is {most}.", verdicts: "Verdicts", table: "The same as a table", began: "Begun", took: "Seconds", failed: "failed: {code}",
  },
  de: {
    title: "Verlauf", records: "Datensätze", requests: "Anfragen an das CRM", measure: "Zeigen", none: "Es ist noch kein Lauf zu Ende.", written: "geschrieben", unchanged: "unverändert", deleted: "gelöscht",
    chart: "{n} Läufe, der neueste rechts. Der höchste Balken ist {most}.", verdicts: "Ergebnisse", table: "Dasselbe als Tabelle", began: "Begonnen", took: "Sekunden", failed: "gescheitert: {code}",
  },
});

type Run = Schema<"Run">;
type Measure = "records" | "requests";
const SHOWN = 30;
const HEIGHT = 120;
const STEP = 22;
const PARTS = { records: ["unchanged", "written", "deleted"], requests: ["requests"] } as const;

/** The finished runs as a chart: what each wrote and deleted, or what it asked of the CRM, with its verdicts below. */
export function History({ integration, version }: { integration: string; version: string }) {
  const text = useText(texts);
  const client = useClient();
  const [measure, setMeasure] = useState<Measure>("records");
  const read = useRead(async (signal) => {
    const { data } = await client.GET("/v1/integrations/{integration}/runs", { params: { path: { integration }, query: { limit: SHOWN } }, signal });
    return data.runs.toReversed();
  }, [integration, version]);
  const runs = read.data;
  return (
    <Panel title={text("title")} aside={
      <Choice<Measure> label={text("measure")} value={measure} onChange={setMeasure} choices={[["records", text("records")], ["requests", text("requests")]]} />
    }>
      {read.error !== undefined && <Failure error={read.error} retry={read.again} />}
      {!runs ? read.error === undefined && <Loading /> : runs.length === 0 ? <p className="soft">{text("none")}</p> : <><Chart runs={runs} measure={measure} /><Table runs={runs} /></>}
    </Panel>
  );
}

function sum(run: Run, part: "unchanged" | "written" | "deleted" | "requests"): number {
  return run.objects.reduce((all, object) => all + object[part], 0);
}

function Chart({ runs, measure }: { runs: Run[]; measure: Measure }) {
  const text = useText(texts);
  const format = useFormat();
  const id = useId();
  const parts = PARTS[measure];
  const most = Math.max(1, ...runs.map((run) => parts.reduce((all, part) => all + sum(run, part), 0)));
  // A delta of ten records would not be seen beside a first run of ten thousand: heights grow with the root.
  const scale = (value: number) => HEIGHT * Math.sqrt(value / most);
  const width = runs.length * STEP + 8;
  return (
    <figure className="chart">
      <div className="scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <svg style={{ minWidth: width }} height={HEIGHT + 26} role="img" aria-labelledby={id}>
          <line x1="0" x2="100%" y1={HEIGHT + 2} y2={HEIGHT + 2} className="axis" />
          {runs.map((run, at) => {
            const x = at * STEP + 2;
            let low = 0;
            const worst = run.failure !== null ? "bad" : worstOf(run);
            return (
              <g key={run.run}>
                <title>{`${format.moment(run.begun)}: ${parts.map((part) => `${format.number(sum(run, part))} ${text(part)}`).join(", ")}`}</title>
                {parts.map((part) => {
                  const from = scale(low);
                  low += sum(run, part);
                  const height = scale(low) - from;
                  return <rect key={part} className={part} x={x} width={STEP - 6} y={HEIGHT + 2 - from - height} height={height} />;
                })}
                <circle className={worst} cx={x + (STEP - 6) / 2} cy={HEIGHT + 15} r="4.5" />
              </g>
            );
          })}
        </svg>
      </div>
      <figcaption>
        <span id={id}>{text("chart", { n: runs.length, most })}</span>
        {parts.map((part) => <span key={part} className={`key ${part}`}>{text(part)}</span>)}
      </figcaption>
    </figure>
  );
}

/** The tone of the verdict that an administrator has to see first. */
function worstOf(run: Run): string {
  const tones = run.objects.map(({ verdict }) => (verdict === null ? "plain" : TONES[verdict]));
  return ["bad", "wait", "plain"].find((tone) => tones.some((one) => one === tone)) ?? "good";
}

function Table({ runs }: { runs: Run[] }) {
  const text = useText(texts);
  const reason = useReason();
  const names = useText(objects);
  const format = useFormat();
  return (
    <details>
      <summary>{text("table")}</summary>
      <div className="scroll" tabIndex={0} role="group" aria-label={text("title")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{text("began")}</th><th scope="col" className="number">{text("took")}</th>
              {(["written", "unchanged", "deleted", "requests"] as const).map((part) => <th key={part} scope="col" className="number">{text(part)}</th>)}
              <th scope="col">{text("verdicts")}</th>
            </tr>
          </thead>
          <tbody>
            {runs.toReversed().map((run) => (
              <tr key={run.run}>
                <th scope="row">{format.moment(run.begun)}</th>
                <td className="number">{format.number(Math.round((Date.parse(run.ended) - Date.parse(run.begun)) / 1_000))}</td>
                {(["written", "unchanged", "deleted", "requests"] as const).map((part) => <td key={part} className="number">{format.number(sum(run, part))}</td>)}
                <td className="verdicts">
                  {run.failure !== null && text("failed", { code: reason(run.failure) })}
                  {run.objects.map((one) => <span key={one.object}>{names(one.object)} <Verdicted {...one} /></span>)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
