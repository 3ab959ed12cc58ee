import { build } from "esbuild";

// Libraries written for CommonJS find these three; an ES module has none of them.
const commonJs = [
  'import { createRequire as createRequireForBundle } from "node:module";',
  "const require = createRequireForBundle(import.meta.url);",
  "const __filename = import.meta.filename;",
  "const __dirname = import.meta.dirname;",
].join("\n");

/**
 * One file with everything that `code` imports, because the slug's node_modules hold only what pages need.
 *
 * @param folder where relative imports and packages are looked for
 */
export async function bundle(code: string, outfile: string, folder: string): Promise<void> {
  await build({
    stdin: { contents: code, resolveDir: folder, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: commonJs },
    // As `next build` decides it: what runs from a slug is production.
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["pg-native"],
    logLevel: "warning",
  });
}
