import { StreamHub } from './stream-hub';
import type { StreamMessage, StreamRequest } from './stream-messages';

/** Connects this tab to the hub of all tabs; where there can be none, to a hub of its own. */
export function connectToHub(
  receive: (message: StreamMessage) => void,
): (request: StreamRequest) => void {
  const own = () => new StreamHub().connect(receive);
  if (typeof SharedWorker === 'undefined') return own();
  try {
    const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), {
      type: 'module',
      name: 'belldot',
    });
    let send = (request: StreamRequest) => worker.port.postMessage(request);
    const sent = new Map<StreamRequest['type'], StreamRequest>();
    // The script could not be had, or not run: nothing that was sent has arrived.
    worker.onerror = () => {
      send = own();
      for (const request of sent.values()) send(request);
      sent.clear();
    };
    worker.port.onmessage = ({ data }) => receive(data);
    return (request) => {
      sent.set(request.type, request);
      if (request.type === 'leave') sent.delete('follow');
      send(request);
    };
  } catch {
    return own();
  }
}
