/** The page's backends, with a world that a test writes. */
export { ScriptedApp } from './app';
export { Scripted } from './backend';
export { configured, report, source, todo } from './data';
export { tree } from './preview';
