// Plain Node.js: `writeHead` alone sends nothing; the head goes out with the first event.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const streams = new Set();

createServer(async (request, response) => {
  if (request.url === "/publish") {
    const words = await text(request);
    for (const stream of streams) stream.write(`data: ${words}\n\n`);
    response.end(String(streams.size));
    return;
  }
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    Connection: "keep-alive",
  });
  if (process.env.FLUSH) response.flushHeaders();
  streams.add(response);
  request.on("close", () => streams.delete(response));
}).listen(Number(process.env.PORT), "127.0.0.1");
