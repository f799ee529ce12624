import { type DragEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Choice, Panel } from "../../parts/parts.tsx";
import { Foreign, inOneLine } from "../../parts/Foreign.tsx";
import { useText } from "../../parts/text.tsx";
import { type Choices, type List, MOST, needsChoice, readList } from "./lists.ts";
import { texts } from "./texts.ts";

/** What is pasted and longer than this is read like a file: browsers take seconds to put 5,000 lines into a field. */
const FIELD = 4_000;

/** Where a list is pasted, typed, chosen or dropped. */
export function Input({ onList }: { onList: (list: List) => void }) {
  const text = useText(texts);
  const [typed, setTyped] = useState("");
  const [source, setSource] = useState<string | Blob>("");
  const [list, setList] = useState<List>();
  const [choices, setChoices] = useState<Choices>({});
  const [isReading, setReading] = useState(false);
  const [isUnreadable, setUnreadable] = useState(false);
  const [isOver, setOver] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  const read = async (from: string | Blob, chosen: Choices = {}) => {
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setSource(from);
    setChoices(chosen);
    setReading(true);
    setUnreadable(false);
    try {
      const next = await readList(from, chosen, signal);
      setList(next);
      if (chosen.column !== undefined || !needsChoice(next)) onList(next);
    } catch {
      // A folder that was dropped, or a file that was taken away meanwhile. The browser says no more than that.
      if (!signal.aborted) {
        setUnreadable(true);
        setList(undefined);
      }
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
  const isAsked = list !== undefined && needsChoice(list) && choices.column === undefined;
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
      {isUnreadable && <p className="failure" role="alert">{text("unreadable")}</p>}
      <div role="status">{isReading ? <p>{text("reading")}</p> : list && <Told list={list} />}</div>
      {list && list.columns.length > 0 && (
        <div className="row">
          {list.columns.length > 1 && (
            <Choice label={text("column")} value={isAsked ? "" : String(list.column)} onChange={(column) => column !== "" && void read(source, { ...choices, column: Number(column) })}
              choices={[...(isAsked ? [["", text("choose")] as const] : []), ...list.columns.map((name, at) => [String(at), `${at + 1}: ${inOneLine(name).slice(0, 40)}`] as const)]} />
          )}
          <label className="check">
            <input type="checkbox" checked={list.isTitled} onChange={({ target }) => void read(source, { ...choices, isTitled: target.checked })} />
            <span>{text("titled")}: <Foreign text={list.columns.join(" · ")} /></span>
          </label>
        </div>
      )}
    </Panel>
  );
}

/** What a list has that is not looked up, and how it was read: nothing is left out in silence. */
function Told({ list }: { list: List }) {
  const text = useText(texts);
  const { encoding, unclosed, unfit, beyond, repeated } = list;
  return (
    <>
      {unclosed && <p className="notice">{text("unclosed", { line: unclosed.line, lines: unclosed.lines })}</p>}
      {unfit > 0 && <p className="notice">{text("unfit", { n: unfit })}</p>}
      {beyond > 0 && <p className="notice">{text("beyond", { n: beyond, most: MOST })}</p>}
      {repeated > 0 && <p className="soft">{text("repeated", { n: repeated })}</p>}
      {encoding && <p className="soft">{text(encoding === "windows-1252" ? "readAsLatin" : "readAs", { encoding: encoding.toUpperCase() })}</p>}
      {needsChoice(list) && <p className="notice">{text("columnText")}</p>}
    </>
  );
}
