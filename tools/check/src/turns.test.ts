import { expect, test } from "vitest";
import { takeTurns } from "./turns.ts";

test("one program is shown as it speaks; what the others say meanwhile comes after it, each in whole", () => {
  const shown: string[] = [];
  const newSpeaker = takeTurns((text) => shown.push(String(text)));
  const [first, second, third] = [newSpeaker(), newSpeaker(), newSpeaker()];
  first.write("1a");
  second.write("2a");
  third.write("3a");
  first.write("1b");
  third.write("3b");
  third.end();
  expect(shown).toEqual(["1a", "1b"]);

  first.end();
  // The third has ended, so it does not wait for the second.
  expect(shown.slice(2)).toEqual(["3a", "3b", "2a"]);
  second.write("2b");
  expect(shown.at(-1)).toBe("2b");
  second.end();

  const fourth = newSpeaker();
  fourth.write("4a");
  expect(shown.at(-1)).toBe("4a");
});
