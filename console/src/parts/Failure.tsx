import { LostAnswerError, ProblemError } from "@abgleich/client";
import { type ReactNode, use, useEffect, useRef } from "react";
import { Button } from "react-aria-components/Button";
import { useReason } from "./codes.ts";
import { titleOf } from "./problems.ts";
import { messages, SpeechContext, useText } from "./text.tsx";

const texts = messages({
  en: {
    lost: "No answer came", lostText: "The service could not be reached, or its answer was lost.", internal: "Something in this page went wrong",
    field: "Field", parameter: "Parameter", request: "Request", retry: "Try again", wait: "It may succeed in {seconds} seconds.", happened: "It is not known whether it took effect.",
  },
  de: {
    lost: "Es kam keine Antwort", lostText: "Der Dienst war nicht erreichbar, oder seine Antwort ging verloren.", internal: "In dieser Seite ist ein Fehler aufgetreten",
    field: "Feld", parameter: "Parameter", request: "Anfrage", retry: "Erneut versuchen", wait: "In {seconds} Sekunden kann es gelingen.", happened: "Ob es wirksam wurde, ist nicht bekannt.",
  },
});

interface Props {
  error: unknown;
  /** Whether the request was to change something. */
  isChange?: boolean;
  /** Whether the user has gone on meanwhile: the focus then stays where it is, and the failure is read out all the same. */
  isBeside?: boolean;
  retry?: () => void;
  children?: ReactNode;
}

/** What went wrong: the problem's title, its detail, the field, and the id by which the operator finds the request. */
export function Failure({ error, isChange = false, isBeside = false, retry, children }: Props) {
  const text = useText(texts);
  const reason = useReason();
  const { language } = use(SpeechContext);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChange && !isBeside) box.current?.focus();
  }, [error, isChange, isBeside]);
  if (error === undefined || error === null) return null;
  const problem = error instanceof ProblemError ? error : undefined;
  const lost = error instanceof LostAnswerError ? error : undefined;
  const facts: [string, string | undefined][] = [
    [text("field"), problem?.field], [text("parameter"), problem?.parameter], [text("request"), (problem ?? lost)?.requestId],
  ];
  return (
    <div className="failure" role="alert" ref={box} tabIndex={-1}>
      <strong>{problem ? titleOf(problem, language) : text(lost ? "lost" : "internal")}</strong>
      {problem?.detail && <Detail text={problem.detail} words={reason(problem.detail)} />}
      {lost && <p>{text("lostText")}</p>}
      {problem?.retryAfter !== undefined && <p>{text("wait", { seconds: problem.retryAfter })}</p>}
      {isChange && (problem ?? lost)?.mayHaveHappened && <p>{text("happened")}</p>}
      <dl className="facts">
        {facts.map(([name, value]) => value !== undefined && <div key={name}><dt>{name}</dt><dd><code>{value}</code></dd></div>)}
      </dl>
      {children}
      {retry && <Button className="button" onPress={retry}>{text("retry")}</Button>}
    </div>
  );
}

/** The detail of a problem: a code in words, or the API's own sentence, which is English. */
function Detail({ text, words }: { text: string; words: string }) {
  return words === text ? <p lang="en">{text}</p> : <p>{words}</p>;
}
