/** What the console has to know of its deployment. */
export interface Config {
  issuer: string;
  /** Null: the operator has not made a client for the console. */
  clientId: string | null;
  scopes: string;
  audience: string;
}

/** Where the console is. Pages lie one segment below, so that this holds for all of them, whatever path an operator maps the API to. */
export const HOME = new URL("./", document.baseURI);
/** Where the issuer sends users back to. */
export const RETURN = new URL("login", HOME).href;
/** The page that is shown where no other is asked for. */
export const FIRST = "connections";
/** Where the API is, without a slash at the end. */
export const API = new URL("../", HOME).href.replace(/\/$/, "");

/** Reads it from the function that serves the pages. */
export async function readConfig(): Promise<Config> {
  const answer = await fetch(new URL("config.json", HOME), { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return (await answer.json()) as Config;
}
