import { expect } from "vitest";
import type { Visitor } from "./visitor.ts";

const BOUNDARY = "boundary";
/** The content type of what `visitForm` makes. */
export const multipart = `multipart/form-data; boundary=${BOUNDARY}`;

/** The page's visit form as a browser without JavaScript sends it. */
export async function visitForm(visitor: Visitor, note: string): Promise<string> {
  const { text } = await visitor.get("/");
  const form = /<form(?:(?!<\/form>).)*name="note".*?<\/form>/s.exec(text)?.[0] ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  expect(hidden.length).toBeGreaterThan(0);
  const fields = hidden.map(([, name, value = ""]) => [name, value.replaceAll("&quot;", '"')]);
  return [...fields, ["note", note]]
    .map(
      ([name, value]) =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .concat(`--${BOUNDARY}--\r\n`)
    .join("");
}
