import type { Schema } from "@abgleich/client";
import { type ReactNode, useId } from "react";
import { Button } from "react-aria-components/Button";
import { FieldNames } from "../../parts/FieldNames.tsx";
import { inOneLine } from "../../parts/Foreign.tsx";
import { Choice, Panel } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { type Draft, linkRow, row, unnamed, withObject, withRows } from "./draft.ts";
import type { Labels } from "./Preview.tsx";
import { texts } from "./texts.ts";

export const OBJECTS: Schema<"Object">[] = ["Account", "Contact", "Lead", "Task", "Opportunity"];

interface Props {
  draft: Draft;
  labels: Labels;
  preview: Schema<"Preview"> | undefined;
  isDisabled: boolean;
  onChange: (some: Partial<Draft>) => void;
  children: ReactNode;
}

/** What the user writes. It is kept, whatever becomes of a request. */
export function Form({ draft, labels, preview, isDisabled, onChange, children }: Props) {
  const text = useText(texts);
  const id = useId();
  const settable = [...labels.values()].filter((field) => field.settable);
  const required = unnamed(draft, labels.values());
  const missing = new Set(preview?.missingFields);
  const refused = new Map(preview?.refusedFields.map(({ field, problem }) => [field, problem]));
  const objects = OBJECTS.map((object) => [object, text(object)] as const);
  const setRow = (key: number, some: Partial<Draft["rows"][number]>) => onChange({ rows: draft.rows.map((one) => (one.key === key ? { ...one, ...some } : one)) });
  const setLink = (key: number, some: Partial<Draft["links"][number]>) => onChange({ links: draft.links.map((one) => (one.key === key ? { ...one, ...some } : one)) });
  return (
    <Panel title={text("what")}>
      <fieldset disabled={isDisabled} className="create">
        <div className="row">
          <Choice label={text("object")} value={draft.object} choices={objects} onChange={(object) => onChange(withObject(draft, object))} />
        </div>
        <label className="field"><span>{text("company")}</span><small>{text("companyWhy")}</small>
          <input value={draft.company} onChange={({ target }) => onChange({ company: target.value })} autoComplete="off" />
        </label>
        <label className="field"><span>{text("purpose")}</span><small>{text("purposeWhy")}</small>
          <input value={draft.purpose} pattern="[a-z0-9\-]{3,60}" onChange={({ target }) => onChange({ purpose: target.value })} autoComplete="off" spellCheck={false} />
        </label>
        <h3>{text("fields")}</h3>
        <p className="soft">{text("fieldsWhy")}</p>
        <FieldNames id={id} fields={settable} />
        {required.length > 0 && (
          <p className="soft">
            {text("required", { names: required.map((name) => inOneLine(labels.get(name)?.label ?? name)).join(", ") })}{" "}
            <Button className="button quiet" onPress={() => onChange(withRows(draft, required))}>{text("addRequired")}</Button>
          </p>
        )}
        {draft.rows.map(({ key, name, value }) => {
          const problem = refused.get(name);
          const label = labels.get(name)?.label;
          const isMissing = missing.has(name) && value.trim() === "";
          return (
            <div key={key} className="pair">
              <span className="named">
                <input aria-label={text("name")} list={id} value={name} onChange={({ target }) => setRow(key, { name: target.value.trim() })} autoComplete="off" spellCheck={false} />
                {label && label !== name && <small>{inOneLine(label)}</small>}
              </span>
              <input aria-label={name === "" ? text("value") : name} aria-invalid={isMissing || problem !== undefined} value={value} onChange={({ target }) => setRow(key, { value: target.value })} autoComplete="off" />
              <Button className="button quiet" aria-label={`${text("drop")}: ${name}`} onPress={() => onChange({ rows: draft.rows.filter((one) => one.key !== key) })}>×</Button>
              {(isMissing || problem) && <small className="wrong">{isMissing ? text("missing") : text(problem ?? "unknown")}</small>}
            </div>
          );
        })}
        <Button className="button" onPress={() => onChange({ rows: [...draft.rows, row()] })}>{text("add")}</Button>
        {draft.links.map(({ key, object, id }, at) => {
          const problem = preview?.refusedLinks?.find(({ link }) => link === at)?.problem;
          return (
            <div key={key} className="pair">
              <Choice label={text("links")} isHidden value={object} choices={objects} onChange={(chosen) => setLink(key, { object: chosen })} />
              <input aria-label={text("linkId")} aria-invalid={problem !== undefined} value={id} onChange={({ target }) => setLink(key, { id: target.value })} autoComplete="off" spellCheck={false} />
              <Button className="button quiet" aria-label={`${text("drop")}: ${text("links")}`} onPress={() => onChange({ links: draft.links.filter((one) => one.key !== key) })}>×</Button>
              {problem && <small className="wrong">{text(problem)}</small>}
            </div>
          );
        })}
        <Button className="button" onPress={() => onChange({ links: [...draft.links, linkRow()] })}>{text("addLink")}</Button>
      </fieldset>
      {children}
    </Panel>
  );
}
