/** The browser's EventSource, as far as the page may rely on it. */
export class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 0;
  onopen = () => {};
  onerror = () => {};
  onmessage = (_: { data: string }) => {};

  /** The one that was opened last. */
  static get last(): FakeSource {
    const last = FakeSource.opened.at(-1);
    if (!last) throw new Error('no stream was opened');
    return last;
  }

  constructor(readonly url: URL) {
    super();
    FakeSource.opened.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  send(type: string, data: unknown, lastEventId = '') {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  fail(readyState: number) {
    this.readyState = readyState;
    this.onerror();
  }

  close() {
    this.readyState = 2;
  }
}
