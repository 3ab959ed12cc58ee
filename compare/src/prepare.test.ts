import type { Preparation } from "@repo/registry/peers";
import { expect, it } from "vitest";
import { type Column, folderColumn } from "./columns.ts";
import { prepareColumns } from "./prepare.ts";

const prepare: Preparation = {
  makes: "package.json",
  commands: [],
  programs: ["sh"],
  hint: "a shell",
};

/** A column in this package's folder, which has what it needs. */
function column(name: string, more: Partial<NonNullable<Column["local"]>>): Column {
  const { local, ...common } = folderColumn(name, `${import.meta.dirname}/..`, null);
  if (!local) throw new Error("a folder is local");
  return { ...common, local: { ...local, prepare, ...more } };
}

it("leaves out the columns that lack something, says what, and prepares the others", async () => {
  const columns = [
    column("whole", {}),
    column("has", { needs: { command: "true", hint: "nothing" } }),
    column("lacks", { needs: { command: "false", hint: "`gem install x`" } }),
  ];
  const output = { write: () => {} };
  const left = await prepareColumns(columns, output, new AbortController().signal);
  expect([...left]).toEqual([["lacks", "It needs `gem install x`."]]);
});

it("says which program a folder needs, and which command failed", async () => {
  const output = { write: () => {} };
  const failure = async (more: Partial<typeof prepare>) => {
    const one = column("one", { prepare: { ...prepare, ...more } });
    return (await prepareColumns([one], output, new AbortController().signal)).get("one");
  };
  expect(await failure({ programs: ["no-such-program"] })).toBe(
    "no-such-program is missing. Install it: a shell",
  );
  expect(await failure({ makes: "no-such-file", commands: ["echo no network; exit 1"] })).toBe(
    "`echo no network; exit 1` failed: no network",
  );
});
