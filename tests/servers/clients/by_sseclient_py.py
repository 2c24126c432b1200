"""A stream by sseclient-py and requests, begun again after each end."""

import os
import time

import requests
import sseclient

last_event_id = None
session = requests.Session()
session.trust_env = False
while True:
    headers = {"Accept": "text/event-stream"}
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    try:
        response = session.get(os.environ["EVENTS"], stream=True, headers=headers)
        for event in sseclient.SSEClient(response).events():
            last_event_id = event.id or last_event_id
            if event.event == "todo":
                print(event.data, flush=True)
    except requests.RequestException:
        pass
    time.sleep(0.1)
