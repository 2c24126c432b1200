"""Tornado: a handler that writes and flushes. The head goes out with the first event; there are
neither ids nor heartbeats."""

import asyncio
import json
import os

import tornado.web

streams = set()


class Events(tornado.web.RequestHandler):
    async def get(self):
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        queue = asyncio.Queue()
        streams.add(queue)
        try:
            while True:
                notice = await queue.get()
                self.write(f"data: {json.dumps(notice)}\n\n")
                await self.flush()
        finally:
            streams.discard(queue)

    def on_connection_close(self):
        super().on_connection_close()


class Publish(tornado.web.RequestHandler):
    def post(self):
        for queue in streams:
            queue.put_nowait({"title": self.request.body.decode()})
        self.write(str(len(streams)))


async def main():
    app = tornado.web.Application([("/events", Events), ("/publish", Publish)])
    app.listen(int(os.environ["PORT"]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
