import { type DragEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Choice, Panel } from "../../parts/parts.tsx";
import { inOneLine } from "../../parts/Foreign.tsx";
import { useText } from "../../parts/text.tsx";
import { type List, needsChoice, readList } from "./lists.ts";
import { texts } from "./texts.ts";

/** What is pasted and longer than this is read like a file: browsers take seconds to put 5,000 lines into a field. */
const FIELD = 4_000;

/** Where a list is pasted, typed, chosen or dropped. */
export function Input({ onList }: { onList: (list: List) => void }) {
  const text = useText(texts);
  const [typed, setTyped] = useState("");
  const [source, setSource] = useState<string | Blob>("");
  const [list, setList] = useState<List>();
  const [isReading, setReading] = useState(false);
  const [isOver, setOver] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  const read = async (from: string | Blob, column?: number) => {
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setSource(from);
    setReading(true);
    try {
      const next = await readList(from, column, signal);
      setList(next);
      if (column !== undefined || !needsChoice(next)) onList(next);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    } finally {
      if (stop.current.signal === signal) setReading(false);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    void read(file ?? event.dataTransfer.getData("text/plain"));
  };
  return (
    <Panel title={text("ask")}>
      <div className={`drop ${isOver ? "over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <label className="field">
          <span>{text("list")}</span>
          <textarea rows={4} value={typed} spellCheck={false} autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData("text/plain");
              if (pasted.length <= FIELD) return;
              event.preventDefault();
              void read(pasted);
            }} />
        </label>
        <div className="ask">
          <label className="field">
            <span>{text("file")}</span>
            <input type="file" accept=".csv,.txt,.tsv,text/*" onChange={({ target }) => { const file = target.files?.[0]; if (file) void read(file); target.value = ""; }} />
          </label>
          <Button className="button main" isDisabled={typed.trim() === "" || isReading} onPress={() => void read(typed)}>{text("look")}</Button>
        </div>
      </div>
      <div role="status">
        {isReading && <p>{text("reading")}</p>}
        {!isReading && list && list.unfit > 0 && <p className="notice">{text("unfit", { n: list.unfit })}</p>}
        {!isReading && list && list.repeated > 0 && <p className="soft">{text("repeated", { n: list.repeated })}</p>}
        {!isReading && list && needsChoice(list) && <p className="notice">{text("columnText")}</p>}
      </div>
      {list && list.columns.length > 1 && (
        <Choice label={text("column")} value={String(list.column)} choices={list.columns.map((name, at) => [String(at), `${at + 1}: ${inOneLine(name).slice(0, 40)}`] as const)}
          onChange={(column) => void read(source, Number(column))} />
      )}
    </Panel>
  );
}
