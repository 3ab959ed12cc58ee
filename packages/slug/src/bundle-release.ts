import { build } from "esbuild";

// Libraries written for CommonJS find these three; a module of its own kind has none of them.
const commonJs = [
  'import { createRequire as createRequireForBundle } from "node:module";',
  "const require = createRequireForBundle(import.meta.url);",
  "const __filename = import.meta.filename;",
  "const __dirname = import.meta.dirname;",
].join("\n");

/** One file with everything the release script imports, because the slug's node_modules hold only what pages need. */
export async function bundleRelease(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: commonJs },
    external: ["pg-native"],
    logLevel: "warning",
  });
}
