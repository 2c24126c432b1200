/** Fakes of the page's backends, controlled by a test. */
export { FakeDesktop } from './desktop';
export { FakeBackend } from './backend';
export { configured, report, source, todo } from './data';
export { tree } from './preview';
