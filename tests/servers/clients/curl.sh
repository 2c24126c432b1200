#!/bin/bash
# A stream by curl, begun again after each end with the last id.
id=""
while true; do
  while IFS= read -r line; do
    case "$line" in
      "id: "*) id="${line#id: }" ;;
      "data: "*) printf '%s\n' "${line#data: }" ;;
    esac
  done < <(curl --silent --no-buffer ${id:+-H "Last-Event-ID: $id"} "$EVENTS")
  sleep 0.1
done
