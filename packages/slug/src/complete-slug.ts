#!/usr/bin/env node
// Run in an app's folder after `next build`: makes its standalone output a slug, all that web and release need.
import { relative } from "node:path";
import { completeSlug } from "./complete.ts";
import { megabytes, sizeOf } from "./size.ts";

try {
  const slug = await completeSlug(process.cwd());
  console.log(`[slug] ${relative(process.cwd(), slug)}: ${megabytes(await sizeOf(slug))} MB`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
