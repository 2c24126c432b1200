## Page

page-title = My to-dos
page-done = Done


## Windows

window-todos = My to-dos
window-settings = Belldot settings
error-quitting = Belldot is about to quit. Start it again and repeat that.

## Probe: what stands at an address

probe-step-name = Name and address
probe-step-stream = Stream
probe-step-event = First event
probe-stream-open = open
probe-first-event = “{ $title }”
probe-no-event = none yet; that is fine
probe-found-belldot = A Belldot server. It replays what you missed and takes back what you finish.
probe-found-sse = An event stream. Its events become to-dos.
probe-found-full = The server is full: too many connections. Try again later, or ask its administrator for room.
probe-found-sign-in = The server wants a sign-in. Enter your token and test again.
probe-found-not-a-stream = There is a server, but not an event stream: { $why } Check the address; it should be the one of the stream itself.
probe-found-nothing = Nothing answers there: { $why } Check the address and your network.
probe-found-unusable = That is not an address that Belldot can use ({ $why }). It should begin with https:// or http://.

## Command line

watch-unread = { $count ->
    [one] { $count } unread to-do
   *[other] { $count } unread to-dos
}

## Test toast

toast-test-title = This is a test
toast-test-body = Belldot’s notifications arrive.

## Demo

demo-source = Demo
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
