/**
 * Gives the access token of whoever is logged in. If the API refused a token, it is called once more with that token, and should give
 * another: by a refresh, say.
 */
export type TokenProvider = (refused?: string) => string | Promise<string>;

/** Asks the provider. Requests that are refused at the same time ask once. */
export class Tokens {
  readonly #provider: TokenProvider;
  readonly #renewals = new Map<string, Promise<string>>();

  constructor(provider: TokenProvider) {
    this.#provider = provider;
  }

  async current(): Promise<string> {
    return this.#provider();
  }

  /** Another token after one was refused. */
  async instead(refused: string): Promise<string> {
    const under = this.#renewals.get(refused);
    if (under) return under;
    const renewal = Promise.resolve(this.#provider(refused)).finally(() => this.#renewals.delete(refused));
    this.#renewals.set(refused, renewal);
    return renewal;
  }
}
