<?php
// The same without ids, and shorter: it tells all that is open and ends. The browser asks again
// when the `retry:` is over, and is told the same again.
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');

echo "retry: 3000\n\n";
foreach (@file(getenv('NOTICES'), FILE_IGNORE_NEW_LINES) ?: [] as $notice) {
    echo 'data: ' . json_encode(['title' => $notice]) . "\n\n";
}
