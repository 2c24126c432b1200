// A stream by the package eventsource, which begins again by itself, as a browser does.
import { EventSource } from 'eventsource';

const stream = new EventSource(process.env.EVENTS);
stream.addEventListener('todo', ({ data }) => console.log(data));
