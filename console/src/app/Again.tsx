import { useEffect, useRef, useState } from "react";
import { Ask } from "../parts/parts.tsx";
import { useText } from "../parts/text.tsx";
import { Way } from "../parts/Way.tsx";
import { LoginError } from "../session/oidc.ts";
import { useApp } from "./context.tsx";
import { texts } from "./texts.ts";

/** Asks for another login in another window, so that what is being done in this one goes on. */
export function Again() {
  const text = useText(texts);
  const { session } = useApp();
  const [way, setWay] = useState<string>();
  const [error, setError] = useState<unknown>();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const logIn = async () => {
    stop.current.abort();
    const { signal } = (stop.current = new AbortController());
    setError(undefined);
    setWay(undefined);
    try {
      await session.again(setWay, signal);
    } catch (cause) {
      if (signal.aborted) return;
      setWay(undefined);
      setError(cause);
    }
  };
  return (
    <Ask title={text("over")} does={text("logInAgain")} onDo={() => void logIn()}>
      <p>{text("overText")}</p>
      {error !== undefined && <p className="failure" role="alert">{text("loginFailed", { code: error instanceof LoginError ? error.code : "unknown" })}</p>}
      {way !== undefined && <Way url={way} />}
    </Ask>
  );
}
