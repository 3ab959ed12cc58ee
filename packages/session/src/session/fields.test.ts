import { expect, test } from "vitest";
import { carryOver } from "./fields.ts";

const ada = { id: "github:1", name: "Ada" };

test.each([
  ["from nothing", null, { user: ada }, { user: ada }],
  ["from anonymous to signed in", { note: "x" }, { user: ada }, { note: "x", user: ada }],
  ["within one user", { note: "x", user: ada }, { user: ada }, { note: "x", user: ada }],
  [
    "within one user who changed the name",
    { note: "x", user: ada },
    { user: { ...ada, name: "Countess" } },
    { note: "x", user: { ...ada, name: "Countess" } },
  ],
  [
    "without a sign-in",
    { note: "x", user: ada },
    { role: "admin" },
    { note: "x", user: ada, role: "admin" },
  ],
])("data moves %s", (_, before, more, after) => {
  expect(carryOver(before, more)).toEqual(after);
});

test.each([
  ["to another user", ada, { id: "github:2", name: "Bob" }],
  ["to another user of the same name", ada, { id: "github:2", name: "Ada" }],
  ["to a user of another provider", ada, { id: "credentials:Ada", name: "Ada" }],
  ["between users without an id", "ada", "bob"],
  ["from an invalid user", null, ada],
])("nothing moves %s", (_, before, user) => {
  expect(carryOver({ note: "x", visits: 3, user: before }, { user })).toEqual({ user });
});
