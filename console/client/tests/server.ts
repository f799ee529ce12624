import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { type ClientOptions, createClient } from "../src/index.ts";

/** A request as the server saw it. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}
export type Reply = (response: ServerResponse) => void;

const open: (() => void)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

/** A server that gives these replies in this order, and fails on one request more. */
export async function serve(...replies: Reply[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    const reply = replies.shift() ?? problem(418, "one-more", {});
    reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => server.close().closeAllConnections());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = (more: Partial<ClientOptions> = {}) => createClient({ baseUrl, token: () => "token-1", ...more });
  return { baseUrl, client, seen };
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => (response) =>
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "r-1", ...headers }).end(JSON.stringify(body));

export const problem = (status: number, type: string, more: object, headers: Record<string, string> = {}): Reply => (response) =>
  response
    .writeHead(status, { "content-type": "application/problem+json", "x-request-id": "r-1", ...headers })
    .end(JSON.stringify({ type: `urn:abgleich:problem:${type}`, title: `Title of ${type}`, status, requestId: "r-1", ...more }));

export const plain = (status: number, body = "", headers: Record<string, string> = {}): Reply => (response) =>
  response.writeHead(status, headers).end(body);

/** Takes the request, and ends the connection without an answer. */
export const lost: Reply = (response) => response.destroy();

/** Ends in the middle of the document, as a proxy does that gave up: the length is right for what was sent. */
export const cut = (body: unknown): Reply => (response) => {
  const whole = JSON.stringify(body);
  response.writeHead(200, { "content-type": "application/json", "x-request-id": "r-1" }).end(whole.slice(0, whole.length / 2));
};

/** Ends in the middle of what was announced. */
export const broken: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write('{"status":');
  setTimeout(() => response.destroy(), 5);
};
