// A stream by Go's own library, begun again after each end with the last id.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	id := ""
	for {
		request, err := http.NewRequest("GET", os.Getenv("EVENTS"), nil)
		if err != nil {
			panic(err)
		}
		if id != "" {
			request.Header.Set("Last-Event-ID", id)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			lines := bufio.NewScanner(response.Body)
			for lines.Scan() {
				if value, ok := cut(lines.Text(), "id: "); ok {
					id = value
				}
				if value, ok := cut(lines.Text(), "data: "); ok {
					fmt.Println(value)
				}
			}
			response.Body.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func cut(line, name string) (string, bool) {
	return strings.TrimPrefix(line, name), strings.HasPrefix(line, name)
}
