"""sse-starlette under uvicorn: the head at once, a comment every 15 seconds, events with a name
and an id that the application counts from its start."""

import asyncio
import itertools
import json

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

streams = set()
numbers = itertools.count(1)


async def events(request):
    async def stream():
        queue = asyncio.Queue()
        streams.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            streams.discard(queue)

    return EventSourceResponse(stream())


async def publish(request):
    words = (await request.body()).decode()
    event = {"event": "notice", "id": str(next(numbers)), "data": json.dumps({"message": words})}
    for queue in streams:
        queue.put_nowait(event)
    return PlainTextResponse(str(len(streams)))


app = Starlette(
    routes=[Route("/events", events), Route("/publish", publish, methods=["POST"])],
)
