"""A stream by httpx-sse, begun again after each end as its README says."""

import os
import time

import httpx
from httpx_sse import connect_sse

last_event_id, pause = "", 0.1
with httpx.Client(timeout=httpx.Timeout(10, read=None), trust_env=False) as client:
    while True:
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        try:
            with connect_sse(client, "GET", os.environ["EVENTS"], headers=headers) as source:
                for event in source.iter_sse():
                    last_event_id = event.id
                    if event.retry is not None:
                        pause = event.retry / 1000
                    if event.event == "todo":
                        print(event.data, flush=True)
        except (httpx.TransportError, httpx.StreamError):
            pass
        time.sleep(pause)
