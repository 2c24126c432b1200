<?php
// A line to a notice: the smallest of databases.
file_put_contents(getenv('NOTICES'), file_get_contents('php://input') . "\n", FILE_APPEND | LOCK_EX);
echo '1';
