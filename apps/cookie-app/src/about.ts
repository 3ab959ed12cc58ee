import pkg from "../package.json";

const { title, how } = pkg.strategy;

/** What tells this app from its twins, from package.json alone. */
export const about = {
  app: pkg.name,
  /** `cookie`, `database`, `cache` or `file`. */
  strategy: title.toLowerCase(),
  title,
  /** Three plain sentences for the page. */
  how,
};
