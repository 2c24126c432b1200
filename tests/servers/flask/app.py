"""Flask, as its pattern "Streaming Contents" has it, under Gunicorn.

Its notices are rows of a database that every worker sees; a client that tells the last one it
had gets the later ones. Nothing goes out before the first of them, not even the head."""

import os
import sqlite3
import time

from flask import Flask, Response, request

app = Flask(__name__)
FILE = os.environ["NOTICES"]


def database():
    connection = sqlite3.connect(FILE, timeout=30)
    connection.execute("CREATE TABLE IF NOT EXISTS notices (id INTEGER PRIMARY KEY, words TEXT)")
    return connection


@app.get("/events")
def events():
    last = int(request.headers.get("Last-Event-ID", 0))

    def stream(last):
        notices = database()
        while True:
            for last, words in notices.execute("SELECT * FROM notices WHERE id > ?", (last,)):
                yield f"id: {last}\ndata: {words}\n\n"
            time.sleep(0.2)

    return Response(stream(last), mimetype="text/event-stream")


@app.post("/publish")
def publish():
    with database() as notices:
        notices.execute("INSERT INTO notices (words) VALUES (?)", (request.get_data(as_text=True),))
    return "1"
