// express-sse: what is open goes to each new client, and each client's events are numbered from 0.
import express from "express";
import SSE from "express-sse";

const app = express();
const sse = new SSE([]);
const open = [];

app.get("/events", sse.init);

app.post("/publish", express.text({ type: "*/*" }), (request, response) => {
  const notice = { title: request.body };
  open.push(notice);
  sse.updateInit(open);
  sse.send(notice);
  response.send("1");
});

app.listen(Number(process.env.PORT), "127.0.0.1");
