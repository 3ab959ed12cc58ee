import { z } from "zod";

/** What an app declares about its strategy. The traits describe several dynos without session affinity. */
export const traitsSchema = z.strictObject({
  sharedByDynos: z.boolean(),
  survivesDynoRestart: z.boolean(),
  /** `null` if the app has no store. */
  survivesStoreRestart: z.boolean().nullable(),
  /** A copied cookie is useless after sign-out. */
  revocable: z.boolean(),
  keepsParallelWrites: z.boolean(),
  /** A user's sessions can be listed and ended, on whichever dyno they started. */
  listsSessions: z.boolean(),
  /** Bytes of a session's data as JSON. */
  maxBytes: z.number().positive(),
});

export type Traits = z.infer<typeof traitsSchema>;
