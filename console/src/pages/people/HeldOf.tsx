import { Button } from "react-aria-components/Button";
import { Foreign } from "../../parts/Foreign.tsx";
import { Mark, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import type { Held } from "./person.ts";
import { texts } from "./texts.ts";

/** So many records are listed. The download has all of them. */
const LISTED = 200;

/** What is held about a person, with a file of all of it. */
export function HeldOf({ held, isReading, onStop }: { held: Held; isReading: boolean; onStop: () => void }) {
  const text = useText(texts);
  const { records, assessments, marks, source } = held;
  const isNothing = records.length === 0 && assessments.length === 0;
  return (
    <Panel title={text("held")} aside={isReading ? <Button className="button" onPress={onStop}>{text("stop")}</Button>
      : !isNothing && <Button className="button" onPress={() => save(held)}>{text("download")}</Button>}>
      <p role="status">{isReading ? text("reading", { n: records.length }) : isNothing ? text("nothing") : text("found", { n: records.length, assessments: assessments.length })}</p>
      {marks && (
        <p>
          <Mark tone={marks.objected ? "bad" : "plain"}>{text(marks.objected ? "objected" : "notObjected")}</Mark> {marks.erased && <Mark tone="bad">{text("erased")}</Mark>}
        </p>
      )}
      <ul className="held">
        {records.slice(0, LISTED).map((record) => (
          <li key={`${record.integration} ${record.object} ${record.id}`}>
            <Mark tone="plain">{text(record.object)}</Mark> <strong>{record.label === null ? text("nameless") : <Foreign text={record.label} />}</strong>
            <span className="soft"> {text(record.isOwn ? "own" : "names")} · <code>{record.integration} {record.id}</code></span>
          </li>
        ))}
      </ul>
      {source !== "" && !isNothing && <p className="soft">{text("source", { source })}</p>}
    </Panel>
  );
}

/** Gives the user a file. Its name says nothing about the person. */
function save(held: Held) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(held, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `held-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
