import { Button } from "react-aria-components/Button";
import { Foreign } from "../../parts/Foreign.tsx";
import { OptOuts } from "../../parts/OptOuts.tsx";
import { Mark, Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import { type Held, told } from "./person.ts";
import { texts } from "./texts.ts";

/** So many records and assessments are listed. The download has all of them. */
const LISTED = 200;

type Kind = "legitimate_interest" | "consent" | "contract";
const KINDS = new Set<string>(["legitimate_interest", "consent", "contract"] satisfies Kind[]);

/** What is held about a person, with a file of all of it. What is not all of it never looks as if it were. */
export function HeldOf({ held, isReading, onStop }: { held: Held; isReading: boolean; onStop: () => void }) {
  const text = useText(texts);
  const format = useFormat();
  const { isWhole, records, assessments, marks, source } = held;
  const counts = { n: records.length, assessments: assessments.length };
  const isNothing = counts.n === 0 && counts.assessments === 0;
  return (
    <Panel title={text("held")} aside={isReading ? <Button className="button" onPress={onStop}>{text("stop")}</Button>
      : !isNothing && <Button className="button" onPress={() => save(held)}>{text(isWhole ? "download" : "downloadPart")}</Button>}>
      <p role="status">{isReading ? text("reading", counts) : !isWhole ? text("soFar", counts) : text(isNothing ? "nothing" : "found", counts)}</p>
      {!isReading && !isWhole && <p className="notice" role="alert"><strong>{text("notWhole")}</strong> {text("notWholeText")}</p>}
      {marks && (
        <p>
          <Mark tone={marks.objected ? "bad" : "plain"}>{text(marks.objected ? "objected" : "notObjected")}</Mark> {marks.erased && <Mark tone="bad">{text("erased")}</Mark>}
        </p>
      )}
      <ul className="held">
        {records.slice(0, LISTED).map((record) => (
          <li key={`${record.integration} ${record.object} ${record.id}`}>
            <Mark tone="plain">{text(record.object)}</Mark> <strong>{record.label === null ? text("nameless") : <Foreign text={record.label} />}</strong>
            <span className="soft"> {text(record.isOwn ? "own" : "names")} · <code>{record.integration} {record.id}</code></span> <OptOuts ways={record.optOut} />
          </li>
        ))}
      </ul>
      {assessments.length > 0 && (
        <>
          <h3>{text("assessments")}</h3>
          <ul className="held">
            {assessments.slice(0, LISTED).map((one) => {
              const { purpose, kind } = told(one);
              return <li key={one.number}><strong>{one.number}</strong> <Foreign text={purpose} /> <span className="soft">{KINDS.has(kind) ? text(kind as Kind) : kind} · {format.moment(one.at)}</span></li>;
            })}
          </ul>
        </>
      )}
      {Math.max(records.length, assessments.length) > LISTED && <p className="soft">{text("firstOnly", { n: LISTED })}</p>}
      {source !== "" && !isNothing && <p className="soft">{text("source", { source })}</p>}
    </Panel>
  );
}

/** Gives the user a file. Its name says nothing about the person, and whether it is all. */
function save(held: Held) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(held, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${held.isWhole ? "held" : "held-incomplete"}-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
