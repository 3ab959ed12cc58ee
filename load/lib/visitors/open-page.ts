import { parseHTML } from "k6/html";
import { type NoteForm, noteFormOf } from "./note-form.ts";
import type { AppResponse, Visitor } from "./types.ts";
import { newNote } from "./visitor.ts";

/** What a page in an open tab may still ask for. */
export const kinds = ["script", "style", "navigation", "form"] as const;
export type Kind = (typeof kinds)[number];

export interface Asked {
  kind: Kind;
  /** `wrong`: an answer that the page cannot use. `unavailable`: no answer, or one that says nothing about the page. */
  answer: "right" | "wrong" | "unavailable";
  /** Milliseconds until the response was complete. */
  ms: number;
}

/** A page in an open tab. What it asks for was decided when it was loaded. */
export interface OpenPage {
  /** How many files of this kind it names. */
  names(kind: Kind): number;
  askForEverything(): Promise<Asked[]>;
}

interface Request {
  kind: Kind;
  send(): Promise<AppResponse>;
  isRight(response: AppResponse): boolean;
}

/** Opens the page. Requests that its own release does not answer rightly are left out. */
export async function openPage(visitor: Visitor): Promise<OpenPage> {
  const html = (await visitor.send("GET", "/")).text;
  const requests: Request[] = [...filesOf(html, visitor), navigationOf(html, visitor)];
  const form = noteFormOf(html);
  if (form) requests.push(submitOf(form, visitor));
  const served: Request[] = [];
  for (const request of requests)
    if (answerOf(request, await request.send()) === "right") served.push(request);
  return {
    names: (kind) => served.filter((request) => request.kind === kind).length,
    askForEverything: () =>
      Promise.all(
        served.map(async (request) => {
          const response = await request.send();
          return { kind: request.kind, answer: answerOf(request, response), ms: response.ms };
        }),
      ),
  };
}

function answerOf(request: Request, response: AppResponse): Asked["answer"] {
  if (response.status === 0 || response.status >= 500) return "unavailable";
  return response.status < 400 && request.isRight(response) ? "right" : "wrong";
}

/** In quotes in the page's markup or in its data, which quotes with backslashes: an absolute path of this site. */
const QUOTED_FILE = /["'](\/(?!\/)[^"'\\\s<>]+\.(?:m?js|css)(?:\?[^"'\\\s<>]*)?)\\*["']/g;

/** Every script and style of this site that the page names. */
function filesOf(html: string, visitor: Visitor): Request[] {
  const paths = [...html.matchAll(QUOTED_FILE)].map(([, path = ""]) =>
    path.replaceAll("&amp;", "&"),
  );
  return [...new Set(paths)].map((path) => ({
    kind: /\.css(\?|$)/.test(path) ? "style" : "script",
    send: () => visitor.send("GET", path),
    // A page that says "not found" with status 200 is no script.
    isRight: (response) => !response.header("content-type").startsWith("text/html"),
  }));
}

/** Where the page has a router of Next's: as that asks for the same page again. Elsewhere: the page. */
function navigationOf(html: string, visitor: Visitor): Request {
  const kind = "navigation";
  if (!html.includes("/_next/static/"))
    return { kind, send: () => visitor.send("GET", "/"), isRight: () => true };
  const id = parseHTML(html).find("html").attr("data-dpl-id");
  const headers = { rsc: "1", ...(id ? { "x-deployment-id": id } : {}) };
  return {
    kind,
    // `_rsc` is a hash of headers that this request does not have; the server redirects any other value to this one.
    send: () => visitor.send("GET", "/?_rsc", { headers }),
    isRight: (response) => response.header("content-type").startsWith("text/x-component"),
  };
}

function submitOf(form: NoteForm, visitor: Visitor): Request {
  return { kind: "form", send: () => form.submit(visitor, newNote()), isRight: () => true };
}
