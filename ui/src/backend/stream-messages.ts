import type { Cause } from './types/Cause';

/** What the stream that the tabs share is doing. */
export type StreamStatus =
  | { state: 'connecting'; again: boolean }
  | { state: 'open'; since: string }
  | { state: 'waiting'; until: string; attempt: number; cause: Cause }
  | { state: 'full' }
  | { state: 'stopped'; cause: Cause };

/** What a tab asks of the hub. */
export type StreamRequest =
  | {
      type: 'follow';
      /** The address of the events. */
      url: string;
      token: string | null;
    }
  | { type: 'leave' }
  | {
      type: 'attention';
      /** Whether the user wants notifications, and this tab may show them. */
      notify: boolean;
      /** Whether the user is looking at this tab. */
      focused: boolean;
    };

/** What the hub tells a tab that follows a stream. */
export type StreamMessage =
  | {
      /** The first message, and the basis of all later ones. */
      type: 'snapshot';
      /** Every open to-do, as the protocol carries it. */
      todos: unknown[];
      /** The largest event id that was a number. */
      latest: number | null;
      /** The server's own count, for servers that send nothing else. */
      unread: number | null;
      status: StreamStatus;
    }
  | { type: 'status'; status: StreamStatus }
  | { type: 'todo'; todo: unknown; latest: number | null }
  | { type: 'unread'; count: number }
  | {
      /** To-dos that arrived while nobody was looking; only one tab is told. */
      type: 'announce';
      todos: unknown[];
    };
