declare module '*.ftl' {
  /** The body of a Fluent resource as JSON. */
  const body: string;
  export default body;
}
