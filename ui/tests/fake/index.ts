/** The page's backends, with a world that a test writes. */
export { FakeDesktop } from './desktop';
export { FakeBackend } from './backend';
export { configured, report, source, todo } from './data';
export { tree } from './preview';
