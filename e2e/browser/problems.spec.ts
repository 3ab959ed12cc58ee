import { expect, test } from "./apps.ts";

test("a note that is too long: a message, the note still there, nothing counted", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByText("New session: 1 visit")).toBeVisible();
  const note = page.getByLabel("Note to keep");
  await note.fill("x".repeat(70_000));
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.locator(".problem")).toContainText(
    "The note is too long. A session here holds 65,536 bytes.",
  );
  await expect(note).toHaveAttribute("aria-invalid", "true");
  expect((await note.inputValue()).length).toBe(70_000);
  await note.fill("short");
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByText("Session found: 2 visits")).toBeVisible();
  await expect(page.getByText("The note is too long.")).toBeHidden();
});

test("a form that another site sends: a message, and nothing is done", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  const action = await page.locator("form input[type=hidden]").first().getAttribute("name");
  await page.route("https://evil.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" enctype="multipart/form-data" action="${db.httpsUrl}/">
        <input name="${action}" value=""><button>Win</button></form>`,
    }),
  );
  await page.goto("https://evil.example/");
  await page.getByRole("button").click();
  await expect(page.locator(".problem")).toContainText("A request from another site was refused.");
  await page.goto(db.httpsUrl);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
});

test("while the store is down everything says so, and afterwards nothing is lost", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  await page.getByLabel(/Sign in with a name/).fill("Ada");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Signed in as Ada")).toBeVisible();

  await db.addonStop("heroku-postgresql");
  const message = "The session store does not answer. Nothing is lost";
  const alert = page.locator(".problem").filter({ hasText: message });
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(alert).toHaveCount(1);
  await page.getByRole("button", { name: "Visit 20 times" }).click();
  await expect(alert.first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session store not available");
  await expect(alert).toHaveCount(1);

  await db.addonStart("heroku-postgresql");
  await page.reload();
  await expect(page.getByText("Signed in as Ada")).toBeVisible();
});
