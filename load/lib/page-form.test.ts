import { expect, test } from "vitest";
import { multipart, noteFormOf } from "./page-form.ts";

test("the hidden fields of the note's form are read as a browser reads them", () => {
  const html = `<form action="/other"><input type="hidden" name="a" value="b"/></form>
    <form action="" method="POST"><input type="hidden" name="$ACTION_REF_1"/>
    <input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;60&quot;}"/>
    <input id="x" name="note" value="typed"/></form>`;
  expect(noteFormOf(html)).toEqual({ $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"60"}' });
});

test("a page without such a form has none", () => {
  expect(noteFormOf('<form><input name="note"/></form>')).toBeUndefined();
});

test("a form in parts can be read by others", async () => {
  const { body, contentType } = multipart({ $ACTION_ID_1: "", note: "two\r\nlines" });
  const read = await new Response(body, { headers: { "content-type": contentType } }).formData();
  expect([...read]).toEqual([
    ["$ACTION_ID_1", ""],
    ["note", "two\r\nlines"],
  ]);
});
