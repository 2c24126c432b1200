declare module 'lucide-static/icons/*.svg' {
  import type { Component } from 'svelte';

  /** A drawing in the colour of the text around it; hidden from screen readers without a label. */
  const icon: Component<{ size?: number; strokeWidth?: number; label?: string }>;
  export default icon;
}
