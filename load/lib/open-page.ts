import { multipart, noteFormOf } from "./page-form.ts";
import type { Visitor } from "./visitor.ts";

/** A page as somebody has it open in a tab: what its form sends was decided when it was loaded. */
export interface OpenPage {
  /** Submits the form, and says whether its note is in the session then. */
  submit(): Promise<boolean>;
}

export async function openPage(visitor: Visitor): Promise<OpenPage | undefined> {
  const fields = noteFormOf((await visitor.send("GET", "/")).text);
  if (!fields) return undefined;
  let submits = 0;
  return {
    async submit() {
      submits += 1;
      const note = `${visitor.name}, form ${submits}`;
      const { body, contentType } = multipart({ ...fields, note });
      visitor.mayHaveVisited();
      await visitor.send("POST", "/", { body, headers: { "content-type": contentType } });
      return (await visitor.send("GET", "/api/session")).session()?.note === note;
    },
  };
}
