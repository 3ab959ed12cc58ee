import { createServer } from "node:http";

/** The cheapest dyno there is: it answers as `GET /api/plain` of an app does, and does nothing else. */
const body = Buffer.from(
  JSON.stringify({
    app: "plain-dyno",
    strategy: "none",
    dyno: "web.1",
    bootId: "9f86d081884c7d65",
    session: null,
  }),
);

const server = createServer({ keepAliveTimeout: 95_000 }, (_request, response) => {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "x-dyno": "web.1",
    "x-boot-id": "9f86d081884c7d65",
  });
  response.end(body);
});

server.listen(Number(process.env.PORT), "127.0.0.1");
