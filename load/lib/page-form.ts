/** The fields of the page's form that keeps a note by a server action, as a browser without JavaScript has them. */
export function noteFormOf(html: string): Record<string, string> | undefined {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/gi) ?? [];
  const form = forms.find((one) => /name="note"/.test(one) && /name="\$ACTION_/.test(one));
  if (form === undefined) return undefined;
  const inputs = form.match(/<input\b[^>]*type="hidden"[^>]*>/gi) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]),
  );
}

/** A form in parts: the only one that Next.js takes for a server action without JavaScript. */
export function multipart(fields: Record<string, string>): { body: string; contentType: string } {
  const boundary = `----fields${Math.random().toString(36).slice(2)}`;
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    body: `${parts.join("")}--${boundary}--\r\n`,
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
