// Go's net/http. The head goes out with the first Flush, or with the end of the handler: /events
// flushes after each event; /unflushed never does, and so has to end for its event to arrive.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
)

var (
	mutex   sync.Mutex
	streams = map[chan string]bool{}
)

func subscribe() chan string {
	mutex.Lock()
	defer mutex.Unlock()
	stream := make(chan string, 16)
	streams[stream] = true
	return stream
}

func unsubscribe(stream chan string) {
	mutex.Lock()
	defer mutex.Unlock()
	delete(streams, stream)
}

func events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	stream := subscribe()
	defer unsubscribe(stream)
	for {
		select {
		case words := <-stream:
			fmt.Fprintf(w, "data: %s\n\n", words)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func unflushed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	stream := subscribe()
	defer unsubscribe(stream)
	select {
	case words := <-stream:
		fmt.Fprintf(w, "data: %s\n\n", words)
	case <-r.Context().Done():
	}
}

func publish(w http.ResponseWriter, r *http.Request) {
	words, _ := io.ReadAll(r.Body)
	mutex.Lock()
	defer mutex.Unlock()
	for stream := range streams {
		stream <- string(words)
	}
	fmt.Fprint(w, len(streams))
}

func main() {
	http.HandleFunc("/events", events)
	http.HandleFunc("/unflushed", unflushed)
	http.HandleFunc("/publish", publish)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
