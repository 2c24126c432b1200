<?php
// What most tutorials show: a loop that looks into the database each second, tells what is new
// since the Last-Event-ID, flushes, and ends in time so that no worker hangs forever.
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');

$last = (int) ($_SERVER['HTTP_LAST_EVENT_ID'] ?? 0);
$end = time() + 30;
while (time() < $end && !connection_aborted()) {
    $notices = @file(getenv('NOTICES'), FILE_IGNORE_NEW_LINES) ?: [];
    foreach (array_slice($notices, $last) as $notice) {
        $last++;
        echo "id: $last\ndata: " . json_encode(['title' => $notice]) . "\n\n";
    }
    if (ob_get_level() > 0) {
        ob_flush();
    }
    flush();
    sleep(1);
}
