import type { Schema } from "@abgleich/client";
import { useEffect, useRef } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { useSentence } from "../../parts/evidence.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { OptOuts } from "../../parts/OptOuts.tsx";
import { Loading, Mark, Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import { useEntries } from "../../parts/useEntries.ts";
import { useRead } from "../../parts/useRead.ts";
import { TONES, useCount } from "./Results.tsx";
import { texts } from "./texts.ts";

type Record_ = Schema<"Record">;
type Shown = Schema<"CompanyPicture">["records"][number];

/** One company: its records, and why they are related to it. */
export function Picture({ integration, company, onClose }: { integration: string; company: string; onClose: () => void }) {
  const text = useText(texts);
  const format = useFormat();
  const count = useCount();
  const client = useClient();
  const box = useRef<HTMLDivElement>(null);
  const read = useRead(async (signal) => {
    const params = { path: { integration }, query: { company } };
    return (await client.GET("/v1/integrations/{integration}/companies", { params, signal })).data;
  }, [integration, company]);
  const entry = useEntries([company]).entries.get(company);
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { data } = read;
  return (
    <div ref={box} tabIndex={-1} className="picture" role="group" aria-label={company}>
      <Panel title={company} aside={<>{data && <Mark tone={TONES[data.status.inCrm]}>{text(data.status.inCrm)}</Mark>}<span className="grow" /><Button className="button" onPress={onClose}>{text("close")}</Button></>}>
        {read.error !== undefined && <Failure error={read.error} retry={read.again} />}
        {!data && read.error === undefined && <Loading />}
        {entry && <p><strong><Foreign text={entry.name} /></strong> <Foreign text={[entry.street, entry.zip, entry.city, entry.country].filter(Boolean).join(", ")} /></p>}
        {data && (
          <>
            <dl className="facts">
              {data.status.owner !== null && <div><dt>{text("owner")}</dt><dd><Foreign text={data.status.owner} /></dd></div>}
              <div><dt>{text("opportunities")}</dt><dd>{count(data.status.openOpportunities, data.status.isPartial)}</dd></div>
              <div><dt>{text("tasks")}</dt><dd>{count(data.status.openTasks, data.status.isPartial)}</dd></div>
              {data.status.lastActivity !== null && <div><dt>{text("activity")}</dt><dd>{format.day(data.status.lastActivity)}</dd></div>}
              {data.status.confirmed !== null && <div><dt>{text("confirmed")}</dt><dd>{format.moment(data.status.confirmed)}</dd></div>}
            </dl>
            <h3>{text("records")}</h3>
            {data.records.length === 0 && <p className="soft">{text("noRecords")}</p>}
            <ul className="records">{data.records.map((record) => <One key={`${record.object} ${record.id}`} record={record} company={company} />)}</ul>
          </>
        )}
      </Panel>
    </div>
  );
}

function One({ record, company }: { record: Shown; company: string }) {
  const text = useText(texts);
  const say = useSentence();
  const relation = record.relations.find((one) => one.company === company);
  return (
    <li>
      <Line record={record} />
      {relation && (
        <div className="why">
          <Mark tone={relation.status === "approved" ? "good" : relation.status === "suggested" ? "wait" : "plain"}>{text(relation.status)}</Mark> {text("score", { n: relation.score })}
          {relation.evidence.length === 0 ? <p>{text("byHand")}</p> : <ul>{relation.evidence.map((one) => <li key={one.field}>{say(one)}</li>)}</ul>}
        </div>
      )}
      {record.children.length > 0 && (
        <details>
          <summary>{text("children")} ({record.children.length})</summary>
          <ul>{record.children.map((child) => <li key={`${child.object} ${child.id}`}><Line record={child} /></li>)}</ul>
        </details>
      )}
      {record.hasMoreChildren && <p className="soft">{text("more")}</p>}
    </li>
  );
}

/** A record in one line. */
function Line({ record }: { record: Record_ }) {
  const text = useText(texts);
  const format = useFormat();
  const parts = [
    record.stage, record.open === null ? null : text(record.open ? "open" : "closed"), record.amount === null ? null : format.money(record.amount, record.currency),
    record.due === null ? null : text("due", { when: format.day(record.due) }), record.deletedInCrm ? text("deleted") : null,
  ].filter((part) => part !== null);
  return (
    <span className="line">
      <Mark tone="plain">{text(record.object)}</Mark> <strong>{record.label === null ? text("nameless") : <Foreign text={record.label} />}</strong>
      {parts.map((part, at) => <span key={at}> · <Foreign text={part} /></span>)} <OptOuts ways={record.optOut} />
    </span>
  );
}
