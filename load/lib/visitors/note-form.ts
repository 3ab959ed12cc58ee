import { parseHTML } from "k6/html";
import http from "k6/http";
import type { AppResponse, Visitor } from "./types.ts";

/** The form of a page in an open tab: what it sends was decided when the page was loaded. */
export interface NoteForm {
  submit(visitor: Visitor, note: string): Promise<AppResponse>;
}

/** The form that keeps a note by a server action, as a browser without JavaScript has it. */
const NOTE_FORM = 'form:has(input[name="note"]):has(input[name^="$ACTION_"])';

/** `undefined` where the page has no such form. */
export function noteFormOf(page: string): NoteForm | undefined {
  const form = parseHTML(page).find(NOTE_FORM).first();
  if (form.size() === 0) return undefined;
  const fields = form.serializeObject();
  return {
    submit(visitor, note) {
      // k6 encodes a form as multipart/form-data, which a server action needs, only if a field is a file.
      const body = { ...fields, note, unused: http.file("", "unused") };
      visitor.mayHaveVisited();
      return visitor.send("POST", "/", { body, op: "form", note });
    },
  };
}
