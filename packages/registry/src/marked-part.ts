/**
 * Replaces a generated part of a Markdown text: the lines between `<!-- NAME:start -->` and `<!-- NAME:end -->`. The
 * start may name the command that fills the part: `<!-- NAME:start, made by bin/… -->`.
 *
 * @throws an `Error` if the text has no such part
 */
export function fillPart(text: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name}:start\\b[^\\n]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!part.test(text)) {
    const lines = `<!-- ${name}:start -->\n<!-- ${name}:end -->`;
    throw new Error(
      `There is no place for the generated part \`${name}\`. Add these lines:\n${lines}`,
    );
  }
  return text.replace(part, (_, start, end) => `${start}${content.trimEnd()}\n${end}`);
}
