// better-sse: a head at once, `retry: 2000`, a comment every 10 seconds, random ids, and data that
// is JSON whatever it was.
import { createChannel, createSession } from "better-sse";
import express from "express";

const app = express();
const channel = createChannel();

app.get("/events", async (request, response) => {
  const session = await createSession(request, response);
  channel.register(session);
});

app.post("/publish", express.text({ type: "*/*" }), (request, response) => {
  channel.broadcast(request.body, "message");
  response.send(String(channel.sessionCount));
});

app.listen(Number(process.env.PORT), "127.0.0.1");
