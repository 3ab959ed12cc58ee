import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

let validate: ValidateFunction | undefined;

/** What Heroku would refuse in this app.json, one line per key; empty when it would take it. */
export function schemaErrors(manifest: unknown): string[] {
  validate ??= compile();
  if (validate(manifest)) return [];
  // When none of several forms fits, each form's own complaint would only confuse.
  const errors = (validate.errors ?? []).filter((error) => !/\/oneOf\//.test(error.schemaPath));
  return [...new Set(errors.map(explain))];
}

function compile(): ValidateFunction {
  // The package's `exports` hide the file.
  const folder = dirname(findPackageJSON("@heroku/mcp-server", import.meta.url) ?? "");
  const path = join(folder, "dist/utils/app-json.schema.json");
  const schema = JSON.parse(readFileSync(path, "utf8"));
  // Heroku refuses config vars and process types by other names; the schema leaves that open.
  schema.definitions.env.additionalProperties = false;
  schema.definitions.formation.additionalProperties = false;
  const uri = (text: string) => URL.canParse(text);
  return new Ajv({ allErrors: true, formats: { uri }, strict: false }).compile(schema);
}

function explain(error: ErrorObject): string {
  const key = error.instancePath.slice(1).replaceAll("/", ".");
  const inside = key === "" ? "" : `${key}.`;
  switch (error.keyword) {
    case "additionalProperties":
      return `\`${inside}${error.params.additionalProperty}\` is no key that Heroku knows there`;
    case "required":
      return `\`${inside}${error.params.missingProperty}\` is missing`;
    case "enum":
      return `\`${key}\` must be one of ${error.params.allowedValues.join(", ")}`;
    case "oneOf":
      return `\`${key}\` must be a plan's name, or an object with a \`plan\``;
    default:
      return `\`${key || "app.json"}\` ${error.message}`;
  }
}
