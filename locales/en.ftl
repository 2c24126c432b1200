## Page

page-title = My to-dos
page-settings = Settings
page-list = To-dos
page-todo = The to-do
page-unread-count = { $count ->
    [one] { $count } unread to-do
   *[other] { $count } unread to-dos
}
page-search = Search to-dos
page-search-clear = Clear the search
page-filter = Filter
page-filter-all = All
page-filter-unread = Unread
page-filter-urgent = Important
page-filter-done = Done
page-filter-snoozed = Snoozed
page-more = More
page-read-all = Mark all as read
page-show-snoozed = Snoozed
page-show-done = Completed
page-by-source = Group by source
page-group-overdue = Overdue
page-group-pinned = Pinned
page-group-today = Today
page-group-later = Later
page-group-no-date = No date
page-unread = Unread:
page-urgent = Urgent:
page-overdue-since = Overdue since
page-just-now = just now
page-day-and-time = { $day } { $time }
page-done = Done
page-done-named = Done: { $title }
page-reopen = Not done
page-read = Read
page-snooze = Snooze
page-snooze-minutes = 15 minutes
page-snooze-hour = 1 hour
page-snooze-evening = This evening
page-snooze-tomorrow = Tomorrow morning
page-snooze-monday = Monday morning
page-snooze-end = Back now
page-pin = Pin to the top
page-unpin = Unpin
page-snoozed = Snoozed until
page-snoozed-until = snoozed until { $when }
page-open = Open
page-back = Back to the list
page-close = Close
page-undo = Undo
page-saving = Saving …
page-did-read = { $count ->
    [one] 1 to-do marked as read
   *[other] { $count } to-dos marked as read
}
page-copy-address = Copy address
page-dismiss = Dismiss
page-copied = Copied.
page-not-copied = The clipboard cannot be used.
page-did-done = { $count ->
    [one] Done: { $title }
   *[other] { $count } to-dos done
}
page-did-snooze = { $count ->
    [one] Snoozed until { $when }: { $title }
   *[other] { $count } to-dos snoozed until { $when }
}
page-picked = { $count ->
    [one] { $count } selected
   *[other] { $count } selected
}
page-unpick = Clear the selection
page-choose = Choose a to-do to see it here.
page-due = Due
page-priority = Priority
page-priority-1 = Lowest
page-priority-2 = Low
page-priority-4 = High
page-priority-5 = Urgent
page-sender = From
page-source = Source
page-arrived = Arrived
page-tags = Tags
page-show-all = Show all of it
page-status = Connection
page-try-again = Try again
page-broken = This page has met an error
page-broken-again = Show it again
page-todo-gone = This to-do is no longer here.
page-sign-in = Sign in
page-full = the server is full
page-next-try = , next try in { $left }
page-missing-since = ; messages sent since { $when } may be missing
page-more-unwell = { $count ->
    [one] and { $count } more source
   *[other] and { $count } more sources
}
page-all-well = All { $count } sources connected
page-paused = Paused
page-paused-until = Paused until { $when }
page-resume = Resume
page-all-done = All done
page-all-done-words = You’re all caught up. New to-dos appear here automatically.
page-no-match = Nothing matches
page-no-match-words = No to-do fits this search and these filters.
page-show-everything = Show everything
page-more-found = More was found: these are the newest.
page-first-title = No server yet
page-first-words = Connect Belldot to your company’s server, and what it wants you to see arrives here.
page-first-connect = Connect to your server
page-first-demo = Try the demo
page-keys = Keyboard
page-key-next = Next to-do
page-key-previous = Previous to-do
page-key-open = Open in the browser
page-key-show = Show the to-do
page-key-done = Done, or not done
page-key-read = Mark as read or unread
page-key-snooze = Snooze
page-key-pick = Select several
page-key-pin = Pin or unpin
page-key-undo = Undo
page-key-search = Search
page-key-help = This help
page-key-settings = Settings
page-key-dismiss = Back, or close the window

## Web

web-bell = { $count ->
    [0] Nothing unread
    [one] { $count } unread to-do
   *[other] { $count } unread to-dos
}
web-language = Language
web-connect = Connect
web-disconnect = Disconnect
web-notify = Show notifications
web-notify-off = Turn off notifications
web-notify-blocked = This browser blocks notifications from this page. Allow them in the browser’s settings for this site.
web-notify-many = { $count ->
    [one] 1 new to-do
   *[other] { $count } new to-dos
}
web-local = Snoozing and pins are kept in this browser only.
web-pin = Pin to the top in this browser
web-token = Token
web-sign-in = Sign in
web-sign-in-words = This server wants a token. Paste yours; it is kept until this tab is closed.
web-wrong-token = The server does not accept this token. Check it, and paste it again.
web-off = Not connected
web-off-words = Connect, and new to-dos appear here as they arrive.
web-reconnecting = connection lost, the browser tries again
web-disconnected = disconnected
web-unreachable = The server cannot be reached. Try again in a moment.
web-late = The server has not answered within { $seconds } seconds. Try again in a moment.
web-late-change = The server has not answered within { $seconds } seconds. If it took the change, this page will show it by itself.
web-not-understood = The server answered with something that this page does not understand.
web-refused = The server refused that (status { $status }).

## Settings

settings-sources = Sources
settings-belldot = Belldot
settings-add-source = Add a source
settings-new = Connect to your server
settings-new-words = Paste the address of its event stream. Belldot looks at what is there before anything is saved.
settings-server = Server
settings-test = Test
settings-not-an-address = That is not an address. It should begin with https:// or http://.
settings-probe-asking = Asking { $url } …
settings-probe-ok = went well
settings-probe-not = did not go well
settings-probe-untried = worth knowing
settings-probe-use = Use this address
settings-probe-first = Its first messages would look like this
settings-millis = { $count } ms
settings-name = Name
settings-token = Token
settings-sign-in = Sign in with
settings-sign-in-token = A token
settings-sign-in-basic = A user name and a password
settings-sign-in-header = A header of its own
settings-signing-in = Signing in
settings-header-secret = Name of the header
settings-header-secret-value = Its secret value
settings-headers = Further headers
settings-headers-hint = Sent with every request. Nothing secret: they stand in the settings file.
settings-header-name = Name
settings-header-value = Value
settings-header-add = Add a header
settings-header-remove = Remove this header
settings-header-wrong = A header’s name is made of letters, digits and hyphens, and stands here once.
settings-messages = Messages
settings-preview = What would become of its messages
settings-preview-waits = No message has come yet. As soon as one does, it shows here as it would look.
settings-preview-decided = { $what ->
    [todo] Recognised: to-dos in Belldot’s own format.
    [count] Recognised: a count of what is unread.
    [text] Recognised: plain text, a to-do each.
    [json] Recognised: JSON.
    [cloudevents] Recognised: CloudEvents.
    [ntfy] Recognised: messages of ntfy.
    [home-assistant] Recognised: events of Home Assistant.
    [wikimedia] Recognised: events of Wikimedia.
    [not-understood] Not recognised. Say below what is what.
   *[nothing] Only signs of life so far.
}
settings-preview-nothing = A sign of life: nothing to show
settings-preview-count = Sets the unread count
settings-preview-not = Not understood with this format
settings-preview-gone = Changes a to-do that came before
settings-preview-unread = The server’s own unread count: { $count }
settings-teach-hint = Is something missing or wrong? Point at a value and say what it is, or click it.
settings-teach-open = Show what it says
settings-teach-close = Hide what it says
settings-teach-each = Each of these is a to-do
settings-teach-leave-out = Leave events like this out
settings-teach-take-in = No longer leave it out
settings-teach-left-out = Left out, as you said
settings-teach-undo = Undo
settings-teach-over = Start over
settings-teach-menu = What is this?
settings-teach-value = { $said ->
    [yes] { $name }: { $parts }: { $value }
   *[no] { $name }: { $value }
}
settings-teach-whole = The whole event
settings-teach-nothing = nothing
settings-teach-empty = empty
settings-teach-entries = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
settings-teach-more = and { $count } more
settings-secret-none = None
settings-secret-hint = Only if one is wanted. It goes to this computer’s keyring.
settings-secret-kept = Kept in this computer’s keyring.
settings-secret-fleeting = Kept until Belldot quits: this computer has no keyring that is open.
settings-secret-forget = Forget
settings-page = When I click the bell, open
settings-page-own = Belldot’s own list
settings-page-company = The company’s page
settings-page-hint = Or the company’s page, in a window of its own.
settings-page-address = Address of the page
settings-page-origins = The page may also go to
settings-page-origins-hint = Where you sign in, for example. Every other site opens in the browser.
settings-format = Messages are
settings-format-auto = Recognised by what they look like
settings-format-todo = To-dos in Belldot’s own format
settings-format-text = Plain text, a to-do each
settings-format-taught = Read as you showed
settings-format-json = JSON, mapped by hand
settings-format-cloudevents = CloudEvents
settings-format-ntfy = ntfy
settings-format-mercure = Mercure
settings-format-home-assistant = Home Assistant
settings-format-wikimedia = Wikimedia EventStreams
settings-zone = Time zone of the messages
settings-zone-hint = For times that name no zone. Empty: this computer’s, { $zone }.
settings-seen-todo = Seen last: a to-do in Belldot’s own format.
settings-seen-count = Seen last: a count of what is unread.
settings-seen-text = Seen last: plain text.
settings-seen-json = Seen last: JSON.
settings-seen-cloudevents = Seen last: a CloudEvent.
settings-seen-ntfy = Seen last: a message of ntfy.
settings-seen-home-assistant = Seen last: an event of Home Assistant.
settings-seen-wikimedia = Seen last: an event of Wikimedia.
settings-seen-not-understood = The last message was not understood. Say below what is what.
settings-map = Where the parts of a to-do are, as JSON Pointers such as /task/name
settings-map-show = The pointers behind it
settings-map-each = List of to-dos
settings-map-guess = Recognise what has no pointer here
settings-map-title = Title
settings-map-body = Text
settings-map-url = Link
settings-map-id = Id
settings-map-priority = Priority
settings-map-due = Due
settings-map-status = Status
settings-map-read = Read
settings-map-sender = Sender
settings-map-tags = Tags
settings-map-created = Created
settings-map-count = Unread count
settings-map-wrong = A JSON Pointer begins with a slash, such as /title.
settings-map-events = Only events of these types
settings-map-events-hint = Separated by commas; none means all.
settings-map-skip = Leave out
settings-map-skip-kind = Leave out events of the type
settings-map-skip-any-kind = any type
settings-map-skip-at = Leave out where there is
settings-map-skip-is = and it is
settings-map-skip-anything = anything
settings-map-skip-add = Leave out some messages
settings-map-skip-remove = Remove this rule
settings-cool-down = When the server is full, wait
settings-cool-down-minutes = { $count ->
    [one] about { $count } minute
   *[other] about { $count } minutes
}
settings-cool-down-never = until I try again
settings-cool-down-hint = Then Belldot tries again by itself.
settings-full-text = The server is full when it says
settings-full-text-hint = Only if yours says it in other words.
settings-plain = Send the token without encryption
settings-plain-hint = This address begins with http://: others on the network could read along.
settings-paused = Pause this source
settings-paused-hint = Its stream stays closed until you switch this off.
settings-stream = Stream
settings-back = Back to the source
settings-move-up = Move up
settings-move-down = Move down
settings-remove = Remove
settings-removed = Removed: { $name }
settings-done = Done
settings-cancel = Cancel
settings-add = Add
settings-notifications = Notifications
settings-toasts = Show notifications
settings-toasts-hint = The bell counts either way.
settings-private = Hide what they say
settings-private-hint = Shows how many to-dos arrived, and nothing of them.
settings-toast-test = Show a test notification
settings-toast-sent = Sent. It should be on the screen now.
settings-quiet = Quiet hours
settings-quiet-on = Be quiet every day for some hours
settings-quiet-hint = The bell counts on. Afterwards, one notification says what came.
settings-quiet-from = From
settings-quiet-to = To
settings-quiet-no-time = A time of day, such as 21:30.
settings-quiet-except = Even then, show
settings-quiet-except-none = nothing
settings-quiet-except-from = { $priority ->
    [5] what is urgent
    [4] what is high or urgent
    [3] what is normal or above
   *[other] all but the lowest
}
settings-quiet-days = Quiet all day on
settings-sounds = Sounds
settings-sound-low = Low priority
settings-sound-normal = Normal and high
settings-sound-high = Urgent
settings-sound-desktop = The desktop’s own
settings-sound-silent = None
settings-sound-message = Message
settings-sound-bell = Bell
settings-sound-alarm = Alarm
settings-not-read = The settings have not been read yet. Please try again in a moment.
settings-locked = Your administrator has fixed this.
settings-locked-why = Fixed by your administrator: { $reason }
settings-general = General
settings-language = Language
settings-theme = Theme
settings-theme-light = Light
settings-theme-dark = Dark
settings-system = As the system
settings-autostart = Start when I log in
settings-autostart-hint = Only the bell appears, no window.
settings-keep-done = Keep what is done for
settings-keep-done-hint = What is open stays, however old it is.
settings-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
settings-most = Use at most
settings-most-hint = Beyond that, what was done first goes first.
settings-megabytes = { $count } MB
settings-network = Network
settings-proxy = Proxy
settings-proxy-direct = None
settings-proxy-through = This one
settings-proxy-hint = All sources go through it. This computer itself is always reached directly.
settings-proxy-hint-system = The way to all servers. This computer itself is always reached directly.
settings-proxy-url = Address of the proxy
settings-proxy-not-an-address = That is not a proxy’s address. It should begin with http://, https://, socks5:// or socks5h://.
settings-user = User name
settings-password = Password
settings-proxy-user-hint = Only if the proxy wants one.
settings-proxy-except = Go directly to
settings-proxy-except-hint = Hosts, *.domains, addresses and networks, separated by commas; <local> for names without a dot.
settings-trust = Certificates
settings-ca = Also trust these authorities
settings-ca-hint = PEM files, beside what this computer trusts anyway.
settings-file-remove = Remove { $file }
settings-certificate = Client certificate
settings-certificate-hint = A PEM file with the certificate and its private key, if your server wants one.
settings-about-title = About
settings-about = A bell in the tray for what a company’s server wants its people to see.
settings-version = Version { $version }
settings-file = Settings
settings-inbox = To-dos
settings-logs = Logs
settings-files = Where its files are
settings-open-folder = Open the folder: { $what }
settings-diagnosis = Copy diagnosis
settings-diagnosis-hint = All that helps to see why something does not work, without secrets and without what your to-dos say.
settings-take-along = Take along
settings-export-json = To-dos as JSON
settings-export-calendar = To-dos as a calendar
settings-export = Export the settings
settings-import = Import settings …
settings-import-sure = Replace your settings?
settings-import-words = { $file } takes the place of all settings, sources included. Your to-dos stay, and so do the passwords and tokens of sources whose server stays the same.
settings-import-confirm = Replace
settings-imported = The settings are those of { $file } now.
settings-licence = Licence
settings-licence-words = Free software under { $licences }, as you choose.

## Streams

stream-show = What its stream has been doing
stream-attempts = Attempts
stream-opened = { $count } opened
stream-events = Events
stream-last-minute = { $count } in the last minute
stream-heartbeats = Heartbeats
stream-gap = usually every { $gap }
stream-no-gap = no usual gap yet
stream-received = Received
stream-skipped = { $count ->
    [one] { $count } too large, skipped
   *[other] { $count } too large, skipped
}
stream-last-heard = Last heard
stream-never = never
stream-last-id = Last event ID
stream-none = none
stream-not-understood = { $count ->
    [one] { $count } event was not understood
   *[other] { $count } events were not understood
}
stream-teach = Say what they mean
stream-history = What happened
stream-all = Show all { $count }
stream-copy = Copy report
stream-nothing = Nothing is known of this stream yet.

## Windows

window-todos = My to-dos
window-settings = Belldot settings
company-page-failed = { $name } cannot be shown
company-page-advice = The page is tried again every few seconds.
company-page-try-again = Try again
company-page-cause-name = The address { $host } was not found.
company-page-cause-refused = { $host } refused the connection.
company-page-cause-unreachable = { $host } cannot be reached.
company-page-cause-timeout = { $host } did not answer in time.
company-page-cause-proxy = The proxy on the way to { $host } cannot be used.
company-page-cause-broken = The connection to { $host } broke off.
company-page-cause-other = The page of { $host } could not be loaded.
company-page-cause-elsewhere = The page leads to { $host }, where its window may not go.
company-page-advice-elsewhere = If you sign in there, add { $origin } under “The page may also go to” in the settings of this server, or ask your administrator to. Then close this window and open it again.
company-page-open-in-browser = Open in the browser
company-page-cause-tls-authority = The certificate of { $host } is not signed by an authority that this computer trusts.
company-page-cause-tls-name = The certificate of { $host } belongs to another server.
company-page-cause-tls-expired = The certificate of { $host } has expired.
company-page-cause-tls-not-yet = The certificate of { $host } is not valid yet; perhaps this computer's clock is wrong.
company-page-cause-tls-revoked = The certificate of { $host } was revoked.
company-page-cause-tls-other = A secure connection to { $host } could not be made.
error-quitting = Belldot is about to quit. Start it again and repeat that.
error-keyring-keeps =
    Your keyring did not give the secret up, so it is still kept: { $detail ->
        [silent] it does not answer. Try again later.
        [absent] no keyring runs on this desktop.
        [failed] it answers with an error.
       *[locked] it is locked. Unlock it and try again.
    }
error-keyring-waits =
    The password or token is in your keyring, { $detail ->
        [silent] which does not answer.
        [absent] and no keyring runs on this desktop.
        [failed] which answers with an error.
       *[locked] which is locked. Unlock it and try again.
    }
error-instance-silent = Belldot is running, but does not answer. If that lasts, end its process and start it again.
error-instance-unclear = The running Belldot does not know this request; it may be another version. Quit it and start it again.
error-no-display = Belldot needs a desktop for its bell, and there is no display here: { $detail }. In a terminal, use “belldot watch” with the address of a stream.

## Probe: what stands at an address

probe-step-used = Used
probe-step-proxy = Proxy
probe-step-name = Name and address
probe-step-redirect = Redirect
probe-step-stream = Stream
probe-step-event = First event
probe-step-head = Head of the answer
probe-step-buffering = Buffering
probe-step-length = Length
probe-step-charset = Encoding
probe-step-end = End
probe-step-heartbeat = Heartbeat
probe-step-retry = Reconnection
probe-step-replay = Replay
probe-step-elsewhere = Another address

probe-used = { $what }
used-extra-ca = further authorities ({ $files })
used-client-certificate = client certificate { $file }
used-token = the token in BELLDOT_TOKEN
used-source = the source “{ $name }”
used-secret = its password or token from the keyring
used-no-secret = no password or token: the keyring holds none for it
used-no-keyring =
    no password or token: it is in your keyring, { $detail ->
        [silent] which does not answer
        [absent] and no keyring runs here
        [failed] which answers with an error
       *[locked] which is locked; unlock it and ask again
    }
used-headers = { $count ->
    [one] its further header
   *[other] its { $count } further headers
}

probe-through-proxy = { $proxy }
probe-name-address = { $host } → { $address }
probe-name-by-proxy = { $host } is not known on this computer; the proxy looks it up
probe-name-none = the name { $host } has no address
advice-name-none = Check how the name is written. If it is a name of your company’s network, connect to that network (VPN) first.
probe-redirected = { $status } → { $url }

probe-stream-open = open
probe-stream-full = the server is full: too many connections
advice-stream-full = Each window, tab and program that follows the stream is a connection. Close some, or ask the administrator for a higher limit per user.
probe-stream-unanswered = the server took the request and has sent nothing back yet
advice-stream-unanswered = This is usual with Flask, Tornado, plain Node, Go without Flush, and nginx in front of a quiet server: they send the head of the answer together with the first event. Belldot waits, and shows the event when it comes. To see at once that the stream is open, have the server send a comment (“:” and an empty line) as soon as somebody connects, and flush it; behind nginx add the header X-Accel-Buffering: no, or set proxy_buffering off.

probe-first-event = “{ $title }”
probe-event-unread = an event of the type “{ $kind }” came, and nothing in it was understood as a to-do
advice-event-unread = Choose another format for this source, or map its JSON.
probe-no-event = none yet; that is fine

probe-head-late = came only after { $seconds } s, together with the first event
advice-head-late = Until then nobody can tell whether the stream is open. Have the server send and flush a comment (“:” and an empty line) as soon as somebody connects; behind nginx add the header X-Accel-Buffering: no, or set proxy_buffering off.
probe-buffering-none = none: events come one by one
probe-buffering-end = everything came at once, when the answer was over
advice-buffering-end = Something collects the whole answer before it passes it on. Flush after each event; switch buffering and compression off (PHP: ob_end_flush and flush; nginx: X-Accel-Buffering: no, proxy_buffering off or fastcgi_buffering off).
probe-buffering-lumps = events come several at a time
advice-buffering-lumps = Something on the way collects them. Flush after each event; switch buffering and compression off for this address (nginx: X-Accel-Buffering: no or proxy_buffering off; Apache: flushpackets=on).
probe-buffering-blocks = events stop in the middle of a line and go on later
advice-buffering-blocks = A buffer of fixed size is passed on only when it is full. Flush after each event; switch buffering and compression off for this address (nginx: X-Accel-Buffering: no or proxy_buffering off).
probe-length = the answer says that it is { $bytes } bytes long (Content-Length): a file, not a live stream
advice-length = A stream has no length. Send it without Content-Length, and keep the connection open.
probe-charset-wrong = not UTF-8; the server says “{ $name }”
advice-charset-wrong = An event stream is always UTF-8, whatever the server says. Have it write UTF-8; until then characters are shown as “�”.
probe-charset-broken = not UTF-8, though nothing else is said
advice-charset-broken = An event stream is always UTF-8. Have the server write UTF-8; until then characters are shown as “�”.
probe-charset-named = the server says “{ $name }”; an event stream is read as UTF-8 all the same
probe-end-orderly = the server ended the stream after { $seconds } s
advice-end-orderly = Belldot connects again by itself. If it ends after the same time each time, there is a limit: HAProxy “timeout server” and “timeout tunnel”, PHP max_execution_time, Spring SseEmitter(0L), a gateway’s idle timeout. A comment every 15 s keeps an idle stream open.
probe-end-cut = the connection was cut after { $seconds } s
advice-end-cut = Belldot connects again by itself. If it is cut after the same time each time, a proxy or gateway on the way has a limit (nginx proxy_read_timeout, HAProxy “timeout server”). A comment every 15 s keeps an idle stream open.
probe-heartbeat-gap = every { $seconds } s
probe-heartbeat-once = one within { $seconds } s
probe-heartbeat-none = none within { $seconds } s
advice-heartbeat-none = Without heartbeats a dead connection is noticed late, and a proxy may cut an idle one. Have the server send a comment (“:” and an empty line) every 15 to 30 s.
probe-retry = the server asks to wait { $seconds } s before connecting again
probe-replay-yes = what was missed is sent again (Last-Event-ID)
probe-replay-repeats = Last-Event-ID is ignored; everything is sent from the beginning
probe-replay-ignored = Last-Event-ID is ignored; what was missed is not sent again
advice-replay-ignored = What is sent while this computer is offline is lost. Have the server send the events after Last-Event-ID first.
probe-replay-refused = a connection with Last-Event-ID is refused ({ $status })
advice-replay-refused = The server does not take its own event ID back. It should answer with what came after it, or ignore the header.
probe-replay-nothing = there was nothing to send again
probe-replay-no-ids = its events have no ids, so what was missed cannot be sent again
advice-replay-no-ids = What is sent while this computer is offline is lost. Give each event an “id:” line, and send the events after Last-Event-ID first.

probe-elsewhere-scheme = { $url } answers
probe-elsewhere-belldot = this is a Belldot server; its stream is at { $url }
probe-elsewhere-linked = the page names its stream: { $url }

advice-refused = Is the server running? Check the port. A firewall may refuse it, too.
advice-timeout = Check the address and the port, and whether a firewall or VPN is in the way.
advice-broken = Something cut the connection before there was an answer: the server, a proxy, or a firewall.
advice-broken-unreachable = Is this computer connected to the network of the server (VPN)?
advice-tls-other = The server’s TLS cannot be used; its administrator can test it with “openssl s_client”.
advice-tls-unknown-authority = Ask for the certificate of its authority (PEM), and add it in the settings under Network or in the file as network.extra_ca. A certificate that is signed by itself is its own authority.
advice-tls-expired = Its administrator has to renew it. Is this computer’s clock right?
advice-tls-wrong-name = It is not for { $host }. Use the name that it was made for.
advice-tls-revoked = Its administrator has to replace it.
advice-tls-bad-certificate = Its administrator has to replace it.
advice-tls-client-certificate = Name yours in the settings under Network, or in the file as network.client_certificate.
advice-tls-incompatible = Belldot needs TLS 1.2 or 1.3.
advice-proxy = Check the proxy in the settings under Network, or the variables https_proxy and no_proxy.
advice-sign-in-anonymous = Enter a token, or a user name and password{ $scheme ->
    [Basic] {" "}(this server takes user name and password)
    [Bearer] {" "}(this server takes a token)
   *[other] {""}
}. In the terminal: BELLDOT_TOKEN, or --source with a source of the settings.
advice-sign-in-signed-in = The server does not take these credentials. Is the token complete, not expired, and of this server?{ $scheme ->
    [Basic] {" "}It asks for a user name and a password (Basic).
    [Negotiate] {" "}It asks for Kerberos (Negotiate), which Belldot does not speak.
    [NTLM] {" "}It asks for NTLM, which Belldot does not speak.
   *[other] {""}
}
advice-status-400 = The server does not understand the request. Check the path and what stands behind the “?”.
advice-status-403-anonymous = The server lets nobody in without a sign-in, or not from this network. Enter a token and test again.
advice-status-403-signed-in = The server knows you and does not let you see this stream. Ask its administrator for the right to read it.
advice-status-404 = There is a server, but nothing at this path. Ask for the exact address of the stream.
advice-status-405 = At this address something can be sent, not read. Ask for the address of the stream.
advice-status-406 = The server has no event stream (text/event-stream) at this address.
advice-status-429 = The server gets too many requests from here. Wait, and try again.
advice-status-500 = The server has an error of its own; its log says which.
advice-status-502 = A proxy answers, and the program behind it does not run or broke off. Start it, and look into its log.
advice-status-503 = The server, or the program behind a proxy, is not available. It may be starting, overloaded or under maintenance.
advice-status-504 = A proxy answers, and the program behind it did not answer in time. A quiet stream needs a comment every 15 s, or a longer timeout in the proxy (nginx proxy_read_timeout).
advice-not-an-event-stream-page = This is a web page: the page of the program, or of a sign-in, or of a network that wants one. The address of the stream is another one.
advice-not-an-event-stream-compressed = Switch compression off for this address: a compressed stream is held back until a block is full.
advice-not-an-event-stream-unnamed = The server does not say what it sends. A stream has the header Content-Type: text/event-stream.
advice-not-an-event-stream-other = A stream has the header Content-Type: text/event-stream. Check the address, or the server.
advice-redirect = Use the address that it leads to, if that is the right one.
advice-closed = The server says that there is nothing to follow here (204).
advice-gone = Ask for the new address.
advice-unusable-plain-credentials = Use https, or allow it for this source (allow_plain_http) if the network is trusted.

probe-instead = Try { $url }
probe-two-sentences = { $one } { $two }
probe-found-belldot = A Belldot server. It replays what you missed and takes back what you finish.
probe-found-belldot-base = A Belldot server, but not the address of its stream.
probe-found-sse = An event stream. Its events become to-dos.
probe-found-full = The server is full: too many connections. Try again later, or ask its administrator for room.
probe-found-unanswered = The server is there and has nothing to say yet. If this is the address of the stream, add it: Belldot waits for the first event.
probe-found-sign-in = The server wants a sign-in. Enter your token and test again.
probe-found-sign-in-refused = The server does not accept this sign-in. Check the token or password, and test again.
probe-found-forbidden = The server does not let you see this stream. Ask its administrator for access.
probe-found-forbidden-anonymous = The server does not let everybody in. Enter your token and test again.
probe-found-not-a-stream = There is a server, but not an event stream ({ $why }). Check the address; it should be the one of the stream itself.
probe-found-other-type = There is a server, but it does not send an event stream. Check the address; it should be the one of the stream itself.
probe-found-page = This is a web page, not an event stream. Check the address; it should be the one of the stream itself.
probe-found-compressed = This is an event stream, but a compressed one, which Belldot does not read. Switch compression off for this address.
probe-found-other-scheme = The server is there, but not by the scheme of this address.
probe-found-not-secure = There is a server, but no secure connection to it ({ $why }).
probe-found-down = The server is there, but the program behind it does not answer ({ $why }).
probe-found-proxy = The proxy does not let Belldot through ({ $why }). Check the proxy in the settings under Network.
probe-found-nothing = No event stream can be had there ({ $why }). Check the address and your network.
probe-found-unusable = That is not an address that Belldot can use ({ $why }). It should begin with https:// or http://.
probe-found-no-address = { $why }

## Addresses and secrets as people type and paste them

address-empty = There is no address. An address looks like https://todo.example.com/api/v1/events.
address-scheme = An address that begins with { $scheme }: is not one of an event stream. It begins with https:// or http://.
address-not-one = That is not an address of a server. An address looks like https://todo.example.com/api/v1/events.
secret-empty = There is no token in what was entered.
secret-character = The token cannot be sent: character { $at } is not a letter, digit or sign of the English keyboard. Copy the token again, and nothing around it.

## Command line

watch-done = done: { $title }
watch-cancelled = withdrawn: { $title }
watch-assumed = Asking { $url }. Write http:// or https:// before the address to choose.
doctor-listens = Listening for up to { $seconds } s …
error-token = { $name } is not used. { $detail }
error-no-source = There is no source with the id { $id } in the settings. There are: { $known }
error-no-way = The network is not set up yet. Try again in a moment.
watch-unread = { $count ->
    [one] { $count } unread to-do
   *[other] { $count } unread to-dos
}

## Test toast

toast-test-title = This is a test
toast-test-body = Belldot’s notifications arrive.

## Demo

demo-source = Demo
demo-runs-already = Belldot is already running with these folders, so no second demo was started; its to-dos are open now.
demo-running = The demo’s server is at { $url }. Click the bell in the panel to see your to-dos; a new one arrives every few seconds.
demo-title-1 = Production release needs your confirmation
demo-sender-1 = Release desk
demo-title-2 = Minutes of the weekly meeting were updated
demo-sender-2 = Wang Lei
demo-title-3 = Supplier contract 2026-118 to countersign
demo-sender-3 = Legal
demo-title-4 = Approve travel expenses, third quarter
demo-sender-4 = Chen Jing
demo-title-5 = Hand in the weekly report
demo-sender-5 = HR
demo-title-6 = Security training (mandatory)
demo-sender-6 = Training

## States

state-line = { $source } · { $state }
state-connecting = connecting …
state-connecting-name = looking up the server’s name …
state-connecting-proxy = connecting through the proxy …
state-connecting-head = connected, nothing heard yet
state-open = connected
state-waiting = { $cause }, next try at { $time }
state-full = the server is full, next try at { $time }
state-full-never = the server is full; try again when it suits you
state-stopped = { $cause }
state-paused = paused
time-tomorrow = { $clock } tomorrow
time-day-today = today
time-day-tomorrow = tomorrow
time-date = { $clock } on { $date }

## Causes

cause-ended = the server ended the stream
cause-broken =
    { $detail ->
        [reset] the connection was broken off
        [unreachable] no way leads to the server from this network
        [not-http] what answers there does not speak http; perhaps the address should begin with https://
        [cut-off] the connection broke off in the middle of an answer
       *[other] the connection broke
    }
cause-refused = nothing answers at that address
cause-dns = the name { $detail } has no address
cause-tls =
    { $detail ->
        [unknown-authority] this computer does not trust the server’s certificate; if it is your company’s, add its authority in the settings under Network
        [no-trust-store] this computer trusts no certificate at all; install the package ca-certificates
        [expired] the server’s certificate has expired
        [not-yet-valid] the server’s certificate is not valid yet; check this computer’s clock
        [wrong-name] the server’s certificate is for another host name
        [revoked] the server’s certificate was revoked
        [bad-certificate] the server’s certificate cannot be used
        [client-certificate] the server wants a client certificate, or does not take this one
        [not-tls] the address says https, but the server does not speak it there; perhaps it is http
        [incompatible] the server’s TLS is too old, or has nothing in common with this computer’s
       *[other] no secure connection
    }
cause-timeout = the server does not answer
cause-silent = nothing was heard for too long
cause-proxy =
    { $detail ->
        [unreachable] the proxy cannot be reached
        [unknown-name] the proxy’s name has no address
        [silent] the proxy does not answer
        [tls] no secure connection to the proxy
        [other] the proxy does not let us through
       *[status] the proxy does not let us through ({ $detail })
    }
cause-proxy-sign-in =
    { $detail ->
        [Basic] sign-in needed at the proxy; enter name and password in the settings under Network
        [unnamed] sign-in needed at the proxy
       *[schemes] sign-in needed at the proxy by { $detail }, which Belldot cannot do itself; use a local helper such as px or cntlm as the proxy, or ask your IT
    }
cause-status = the server answered { $detail }
cause-sign-in = sign-in needed
cause-keyring =
    { $detail ->
        [silent] your keyring does not answer; Belldot waits for it
        [absent] no keyring runs on this desktop; Belldot waits for the one with the password
        [failed] your keyring answers with an error; Belldot asks again
       *[locked] Belldot waits for your keyring: unlock it
    }
cause-closed = closed by the server
cause-gone = this address is gone for good
cause-not-an-event-stream = that is not an event stream; perhaps a network’s sign-in page
cause-wants-https = the server speaks https there; the address should begin with https://
cause-redirect =
    { $detail ->
        [to-http] the server points from https to http, which is not followed
        [too-many] the server points from one place to the next without end
       *[nowhere] the server points somewhere that cannot be followed
    }
cause-unusable =
    { $detail ->
        [scheme] the address should begin with http:// or https://
        [plain-credentials] the sign-in would be sent over plain http, where others can read it
        [address] the address cannot be used
       *[other] the network settings cannot be used ({ $detail })
    }
cause-woke = the computer was asleep
cause-network-changed = the network changed
cause-requested = tried again on request
cause-other = not connected { $detail }

## Bell

bell-name = Belldot
bell-unread = { $count ->
    [one] { $count } unread to-do
   *[other] { $count } unread to-dos
}
menu-open = Open my to-dos ({ $count })
menu-todo-due = { $title } · { $time }
menu-todo-high = ! { $title }
menu-todo-urgent = !! { $title }
menu-try-again = Try again
menu-pause = Pause
menu-pause-hour = For an hour
menu-pause-tomorrow = Until tomorrow morning
menu-pause-resume = Until I resume
menu-paused-until = Paused until { $time }
menu-paused = Paused
menu-resume = Resume
menu-read-all = Mark all as read
menu-settings = Settings …
menu-about = About Belldot
menu-quit = Quit

## Toasts

toast-open = Open
toast-done = Done
toast-snooze-quarter = In 15 minutes
toast-snooze-hour = In an hour
toast-snooze-tomorrow = Tomorrow
toast-digest = { $count ->
    [one] { $count } new to-do
   *[other] { $count } new to-dos
}
toast-private = { $count ->
    [one] A new to-do
   *[other] { $count } new to-dos
}
toast-many-due = { $count ->
    [one] One to-do is due
   *[other] { $count } to-dos are due
}
toast-due = Due now: { $title }
toast-due-private = A to-do is due

## Notices

notice-title = Belldot
notice-sign-in = { $source } wants a sign-in. Open the settings and enter your token.
notice-keyring =
    { $detail ->
        [silent] Your keyring does not answer. Sources whose password or token is in it wait; the others go on.
        [absent] No keyring runs on this desktop. Sources whose password or token is in one wait; the others go on.
        [failed] Your keyring answers with an error. Sources whose password or token is in it wait; the others go on.
       *[locked] Your keyring is locked. Unlock it, and the sources whose password or token is in it go on by themselves.
    }
notice-secret-elsewhere = The password or token of “{ $source }” was entered for { $origin } and is sent nowhere else. If the new address wants one, enter it in the settings.
notice-no-tray = No tray on this desktop: Belldot keeps a window instead. A panel with a system tray, or GNOME’s AppIndicator extension, brings the bell back.
notice-no-notifier = The desktop takes no notifications ({ $detail }). The bell still counts; start a notification service to see them again.
notice-notifier-silent = The desktop’s notification service does not answer. The bell still counts, and clicks on earlier notifications still work; what waits is shown when the service answers.
notice-disk-full = The disk is full. Belldot has stopped reading and goes on as soon as there is room; nothing is lost.
notice-disk-room = There is room on the disk again; Belldot goes on.
notice-corrupt = The inbox was damaged and is kept as { $path }. Belldot began a new one; your servers fill it again.
notice-not-opened = { $why ->
    [no-program] Belldot found no program on this desktop that opens links. Here is the address to copy:
    [no-answer] The desktop has not said whether the link is open. If you see no browser, here is the address to copy:
   *[other] The desktop could not open the link. Here is the address to copy:
}
notice-window-crashed = The window ended unexpectedly. Your streams go on; click to open it again.
notice-no-window = Belldot cannot open a window; your streams go on. { $detail }
notice-panicked = Belldot ended unexpectedly last time. No to-do is lost. What happened is described in { $path }.
notice-inbox = The inbox cannot be written: { $detail }
notice-not-understood = { $count ->
    [one] An event of { $source } could not be understood.
   *[other] { $count } events of { $source } could not be understood.
} Check its format in the settings.
notice-not-utf8 = { $charset ->
    [none] { $source } sends text that is not UTF-8; some characters are shown as �. Its server should send its stream as UTF-8.
   *[other] { $source } sends text that is not UTF-8 but, as it says, { $charset }; some characters are shown as �. Its server should send its stream as UTF-8.
}
notice-server-says = { $source } says: { $text }
notice-refused-unknown = { $source } no longer knows “{ $title }”; your change stays here only.
notice-refused-sign-in = { $source } wants a sign-in before it takes your changes; they wait. Open the settings and enter your token.
notice-refused-conflict = “{ $title }” was changed at { $source } meanwhile; what the server says is shown.
notice-refused = { $source } did not take your change to “{ $title }” ({ $detail }); what the server says is shown.

## Errors of files

error-settings-not-a-file = { $path } is not a regular file, so Belldot does not read it. Belldot uses its defaults until a file stands there.
error-settings-locked = The settings are locked, because the policy for this computer cannot be used. Please tell your administrator.
error-settings-network = The network settings cannot be used: { $detail }
error-autostart = The settings are kept, but Belldot cannot be started with your session: { $detail }
error-settings-file = Belldot cannot use { $path }: { $detail }. Check that the file and its folder belong to you.
error-settings-invalid = { $path }, line { $line }: { $detail }. Belldot uses its defaults until the line is corrected; the file stays as it is.
error-settings-edit-invalid = { $path }, line { $line }: { $detail }. Belldot goes on with its settings as they were until the line is corrected.
notice-settings-both = The settings file was edited while you changed the same setting here. Yours is in effect; the edited file is kept as { $path }.
error-settings-no-name = The source “{ $id }” has no name; give it one.
error-settings-not-an-id = “{ $id }” cannot be a source’s id: use at most 64 lower-case letters, digits and hyphens.
error-settings-same-id = Two sources have the id “{ $id }”; change one of them.
error-settings-not-a-pointer = “{ $pointer }” (source “{ $source }”) is not a JSON Pointer; it should begin with “/”, such as /title.
error-settings-skips-all = A rule about what to leave out (source “{ $source }”) says nothing: it would leave out everything.
error-settings-not-an-origin = { $url } (source “{ $source }”) cannot be a page origin. Write scheme, host and port only, without wildcards: https://login.example.
error-settings-not-http = { $url } (source “{ $source }”) is not a web address; it should begin with https:// or http://.
error-settings-not-a-header = “{ $name }” (source “{ $source }”) is not a header that can be sent. Its name takes letters, digits and hyphens; its value takes plain English letters and signs.
error-settings-own-header = Belldot sends the header “{ $name }” by itself (source “{ $source }”). Remove it; a secret belongs into the sign-in.
error-settings-not-a-user = The user’s name of the source “{ $source }” must not have a colon in it.
error-settings-not-a-zone = “{ $zone }” of the source “{ $source }” is not the name of a time zone; it should look like Europe/Berlin or Asia/Shanghai.
error-settings-not-a-proxy = “{ $url }” is not the address of a proxy; it should look like http://proxy.example:3128 or socks5h://proxy.example:1080, without a name or password.
error-settings-never-quiet = The quiet hours begin and end at the same time. Choose two different times, or whole days.
error-import-invalid = { $path }, line { $line }: { $detail }. Nothing was changed.
error-policy-invalid = { $path }, line { $line }: { $detail }. Until this policy is corrected, your servers stay disconnected and the settings are locked. Please tell your administrator.
error-policy-file = Belldot cannot read the policy { $path }: { $detail }. Until it can, your servers stay disconnected and the settings are locked. Please tell your administrator.
error-policy-not-a-file = The policy { $path } is not a regular file. Until it is one, your servers stay disconnected and the settings are locked. Please tell your administrator.
error-policy-writable = The policy { $path } does not count, because others than an administrator can change it. Until that is corrected, your servers stay disconnected and the settings are locked. Please tell your administrator.
error-policy-unknown-key = { $path }, line { $line }: this version of Belldot does not know “{ $key }” and skips it; the rest of the policy holds.
error-inbox-in-use = Another program is using { $path }. Quit the other Belldot first.
error-inbox-newer = { $path } was written by a newer Belldot (version { $found }; this one knows up to { $known }). Install the newer Belldot again.
error-inbox-full = The disk is full. Make room and start Belldot again.
error-inbox-corrupt = The inbox is damaged. Start Belldot again: it keeps the damaged file aside and begins a new one.
error-inbox-unusable = Belldot cannot use its inbox: { $detail }. Check that its folder belongs to you.

## Reports

report-version = Belldot { $value }
report-time = Time: { $value }
report-system = System: { $value }
report-desktop = Desktop: { $value }
report-webview = WebView: { $value }
report-settings = Settings: { $value }
report-inbox = Inbox: { $value }
report-logs = Logs: { $value }
report-notifications = Notifications: { $value }
report-notifications-taken = the desktop takes them
report-notifications-untried = none so far
report-unread = Unread: { $value }
report-address = Address: { $value }
report-attempts = Attempts: { $value }
report-opened = Opened: { $value }
report-events = Events: { $value }
report-minute = Events in the last minute: { $value }
report-skipped = Events skipped for their size: { $value }
report-not-understood = Events not understood: { $value }
report-a-text = text
report-heartbeats = Heartbeats: { $value }
report-gap = Seconds between heartbeats: { $value }
report-bytes = Bytes received: { $value }
report-heard = Last heard: { $value }
report-last-id = Last event ID: { $value }
report-imported-file = the chosen file
