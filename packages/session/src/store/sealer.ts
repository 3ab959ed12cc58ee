import { Memo } from "./memo.ts";
import { open, seal } from "./seal.ts";

export interface Opened {
  readonly text: string;
  /** Sealed with a previous secret. */
  readonly isOutdated: boolean;
}

export interface Sealer {
  /** Seals by the first secret, for the record under `key`. */
  seal(text: string, key: string): string;
  /** null where no secret opens it, or where it was sealed for another key. */
  open(sealed: string, key: string): Opened | null;
}

/** With MEMO_CHARACTERS at most 9 MB: a seal is 4/3 of its text, which may take two bytes a character. */
const MEMO_ENTRIES = 1_000;
const MEMO_CHARACTERS = 3_500;

/**
 * Seals and opens the records of a store. It remembers what it last sealed or opened for a key, because most reads find what
 * the read before found, and opening it again takes about a third of a read's JavaScript (decisions/028). What differs in a
 * single character is opened like any other.
 *
 * @param secrets the first seals, all of them open
 */
export function createSealer(secrets: () => readonly [string, ...string[]]): Sealer {
  const memo = new Memo<Opened & { sealed: string }>(MEMO_ENTRIES);

  function remember(key: string, sealed: string, opened: Opened): void {
    if (sealed.length > MEMO_CHARACTERS) memo.delete(key);
    else memo.set(key, { sealed, ...opened });
  }

  function openWithAny(sealed: string, key: string): Opened | null {
    for (const [index, secret] of secrets().entries()) {
      const text = open(sealed, secret, key);
      if (text !== null) return { text, isOutdated: index > 0 };
    }
    return null;
  }

  return {
    seal(text, key) {
      const [secret] = secrets();
      const sealed = seal(text, secret, key);
      remember(key, sealed, { text, isOutdated: false });
      return sealed;
    },

    open(sealed, key) {
      const known = memo.get(key);
      if (known?.sealed === sealed) return known;
      const opened = openWithAny(sealed, key);
      if (opened) remember(key, sealed, opened);
      return opened;
    },
  };
}
